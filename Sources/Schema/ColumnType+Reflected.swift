extension ColumnType {
  /// The type that SQLAlchemy's reflection makes of the declared type of a column.
  ///
  /// Known names keep their numbers; other names are mapped by what they contain, in SQLite's order
  /// of affinity rules, and what contains nothing known becomes NUMERIC (`uuid`, `money`,
  /// `string`).
  ///
  /// - Throws: For two numbers in a text type and for a flag in a boolean type, where SQLAlchemy
  ///   breaks down or invents a CHECK, and for numbers too large to be kept.
  package static func reflected(_ declared: String) throws(SchemaError) -> ColumnType {
    let (word, arguments) = split(declared.uppercased())
    let name = reflectedName(word)
    guard let name, let rule = TypeRule.all[name] else { return .null }
    var numbers: [Int] = []
    for digits in arguments {
      guard let number = Int(digits) else {
        throw SchemaError(.refused, "the declared type \(declared) holds a number out of range")
      }
      numbers.append(number)
    }
    var type = ColumnType(name: name, rule: rule)
    // More numbers than the type takes: SQLAlchemy warns and goes on without any.
    guard numbers.count <= rule.parameters.count else { return type }
    for (parameter, number) in zip(rule.parameters, numbers) {
      switch parameter {
      case .length: type.length = number
      case .precision: type.precision = number
      case .scale: type.scale = number
      case .collation, .absent, .createConstraint, .constraintName:
        if number == 0 && parameter == .createConstraint { continue }
        throw SchemaError(
          .refused,
          "the declared type \(declared) is one that SQLAlchemy cannot carry over"
        )
      case .flag, .number, .element: continue
      }
    }
    return type
  }

  /// The leading words of a declared type, and the runs of digits in the parentheses behind them.
  ///
  /// Only blanks join words, and a line break inside the parentheses hides them, as in SQLAlchemy.
  private static func split(_ declared: String) -> (word: String, arguments: [String]) {
    let characters = Array(declared.unicodeScalars)
    var end = 0
    while end < characters.count, characters[end] == " " || SQLText.isWord(characters[end]) {
      end += 1
    }
    let word = String(String.UnicodeScalarView(characters[..<end]))
    guard end > 0, end < characters.count, characters[end] == "(",
      let close = characters[end...].firstIndex(where: { $0 == ")" || $0 == "\n" }),
      characters[close] == ")"
    else { return (word, []) }
    let digits = characters[end..<close].split { $0.properties.numericType != .decimal }
    return (word, digits.map { String(String.UnicodeScalarView($0)) })
  }

  private static func reflectedName(_ word: String) -> String? {
    switch word {
    case "BIGINT", "BLOB", "BOOLEAN", "CHAR", "DATE", "DATETIME", "DOUBLE", "DECIMAL", "FLOAT",
      "INTEGER", "JSON", "JSONB", "NUMERIC", "REAL", "SMALLINT", "TEXT", "TIME", "TIMESTAMP",
      "VARCHAR", "NVARCHAR", "NCHAR":
      return word
    case "BOOL": return "BOOLEAN"
    case "INT": return "INTEGER"
    case "DATE_CHAR": return "DATE"
    case "DATETIME_CHAR": return "DATETIME"
    case "TIME_CHAR": return "TIME"
    case "": return nil
    default: break
    }
    func holds(_ parts: String...) -> Bool { parts.contains { word.contains($0) } }
    if holds("INT") { return "INTEGER" }
    if holds("CHAR", "CLOB", "TEXT") { return "TEXT" }
    if holds("BLOB") { return nil }
    return holds("REAL", "FLOA", "DOUB") ? "REAL" : "NUMERIC"
  }
}
