internal import DurableFiles
internal import SQLite

/// Whether the copy that a rebuild has left holds anything that its original does not have.
///
/// Values are compared by storage class and bytes, and equal rows are counted: under a collation 'a' is 'A', and 1 is 1.0 for
/// SQLite, and yet they are not the same.
struct CopyComparison {
  let connection: Connection
  let copy: String
  let original: String

  /// What the copy has more, as the end of a sentence; nil if it can go without loss.
  ///
  /// - Parameter rows: How many rows it has.
  /// - Returns: The clause.
  /// - Throws: `SQLiteError`.
  func whatIsMore(_ rows: Int64) throws -> String? {
    guard rows > 0 else { return nil }
    let own = Set(try columns(original).map { $0.name.lowercased() })
    let all = try columns(copy)
    let common = all.filter { own.contains($0.name.lowercased()) }
    guard !common.isEmpty else {
      return "in columns that \(original.shownAsPath) does not have"
    }
    for column in all where !own.contains(column.name.lowercased()) {
      let values = try values(in: column)
      // A column that was renamed is new here as well, and its values cannot be compared.
      guard values == 0 else {
        return
          "with \(values.shown(as: "value")) in its column \(column.name.shownAsPath), which \(original.shownAsPath) does not have"
      }
    }
    guard try strangers(common.map(\.name)) == 0 else {
      return "that \(original.shownAsPath) does not all have"
    }
    return nil
  }

  /// How many values of a new column are neither NULL nor the default that it was added with.
  private func values(in column: Column) throws -> Int64 {
    let name = Connection.quoted(column.name)
    var condition = "\(name) IS NOT NULL"
    if let literal = column.literal { condition += " AND \(name) IS NOT \(literal)" }
    return try connection.value(
      "SELECT count(*) FROM \(Connection.quoted(copy)) WHERE \(condition)"
    )?.integerValue ?? 0
  }

  private func strangers(_ columns: [String]) throws -> Int64 {
    let values = columns.map(Connection.quoted).map {
      "typeof(\($0)), CASE typeof(\($0)) WHEN 'text' THEN CAST(\($0) AS BLOB) ELSE \($0) END"
    }.joined(separator: ", ")
    func rows(_ table: String) -> String {
      "SELECT \(values), row_number() OVER (PARTITION BY \(values)) FROM \(Connection.quoted(table))"
    }
    return try connection.value(
      "SELECT count(*) FROM (\(rows(copy)) EXCEPT \(rows(original)))"
    )?.integerValue ?? 0
  }

  private struct Column {
    var name: String
    /// The default, if it is a plain number or text.
    var literal: String?
  }

  private func columns(_ table: String) throws -> [Column] {
    // What is hidden is computed from the others.
    try connection.query(
      "SELECT name, dflt_value FROM pragma_table_xinfo(?) WHERE hidden = 0",
      [.text(table)]
    )
    .compactMap { row in
      row[0].textValue.map { Column(name: $0, literal: Self.literal(row[1].textValue)) }
    }
  }

  private static func literal(_ text: String?) -> String? {
    guard let text, !text.isEmpty else { return nil }
    let isNumber = text.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 || $0 == 45 }
    if isNumber, Double(text) != nil { return text }
    let inner = text.dropFirst().dropLast()
    let isText = text.utf8.count > 1 && text.hasPrefix("'") && text.hasSuffix("'")
    return isText && !inner.utf8.contains(39) && !inner.utf8.contains(0) ? text : nil
  }
}
