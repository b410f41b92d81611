/// What the text of a CREATE TABLE says beyond what PRAGMAs tell, read token by token.
///
/// Any text gives a definition; what is malformed is passed over.
struct TableDefinition: Hashable, Sendable {
  /// A UNIQUE with its column list.
  struct Unique: Hashable, Sendable {
    let name: String?
    let columns: [String]
    let position: Int
  }

  /// A CHECK anywhere in the table.
  struct Check: Hashable, Sendable {
    let name: String?
    let sql: String
    let position: Int
  }

  /// A REFERENCES clause, inside a column or after FOREIGN KEY.
  struct Reference: Hashable, Sendable {
    var name: String?
    var columns: [String]
    var target: ForeignKey
    var deferrable: Bool?
    var initially: String?
    var position: Int
    /// True if SQLAlchemy's pattern for foreign keys finds the clause.
    var isRecognized: Bool
  }

  var primaryKeyName: String?
  var uniques: [Unique] = []
  var checks: [Check] = []
  var references: [Reference] = []
  /// The collation by column.
  var collations: [String: String] = [:]
  /// The columns, or the constraints without one, with an ON CONFLICT clause.
  var conflictClauses = 0
  var hasAutoincrement = false
  var isWithoutRowid = false
  var isStrict = false

  /// Reads the text of a table.
  init(_ sql: String) {
    let source = SQLBytes(sql)
    let tokens = source.tokens()
    guard let open = tokens.firstIndex(where: { $0.isSymbol("(") }) else { return }
    let close = Self.closing(of: open, in: tokens)
    var start = open + 1
    while start < close {
      var end = start
      while end < close, !tokens[end].isSymbol(",") {
        end = tokens[end].isSymbol("(") ? Self.closing(of: end, in: tokens) + 1 : end + 1
      }
      var reader = DefinitionItemReader(
        source: source,
        tokens: Array(tokens[start..<min(end, close)])
      )
      reader.read(into: &self)
      start = end + 1
    }
    let tail = tokens.dropFirst(close + 1)
    isWithoutRowid = zip(tail, tail.dropFirst()).contains {
      $0.isKeyword("WITHOUT") && $1.isKeyword("ROWID")
    }
    isStrict = tail.contains { $0.isKeyword("STRICT") }
    for (columns, position) in source.inlineUniques() {
      uniques.append(Unique(name: nil, columns: columns, position: position))
    }
  }

  /// The index of the parenthesis that closes the one at `open`, or the count of tokens.
  static func closing(of open: Int, in tokens: [SQLToken]) -> Int {
    var depth = 0
    for index in open..<max(open, tokens.count) {
      if tokens[index].isSymbol("(") { depth += 1 }
      if tokens[index].isSymbol(")") {
        depth -= 1
        if depth == 0 { return index }
      }
    }
    return tokens.count
  }
}
