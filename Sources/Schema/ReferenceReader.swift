/// Reads a REFERENCES clause: target, columns, actions, deferrability.
struct ReferenceReader {
  let source: SQLBytes
  let tokens: [SQLToken]
  var position: Int

  /// The clause whose word REFERENCES is the current token; nil if no table follows.
  ///
  /// SQLAlchemy finds only clauses of FOREIGN KEY with a column list, names in double quotes or
  /// plain words, and then reads ON clauses, DEFERRABLE and INITIALLY in this order up to the first
  /// other word. What it does not find it takes from the PRAGMA, without name and options.
  mutating func read(
    columns: [String],
    name: String?,
    start: Int,
    isTableLevel: Bool
  ) -> TableDefinition.Reference? {
    position += 1
    guard let table = token, table.isName else { return nil }
    var isRecognized = isTableLevel && table.isPlainName
    position += 1
    var targets: [String] = []
    if let open = token, open.isSymbol("(") {
      let close = TableDefinition.closing(of: position, in: tokens)
      let list = tokens[(position + 1)..<max(position + 1, min(close, tokens.count))]
      targets = list.filter(\.isName).map(\.text)
      isRecognized =
        isRecognized && !targets.isEmpty
        && list.allSatisfy { item in
          item.isPlainName || item.isSymbol(",")
        }
      position = close + 1
    } else {
      isRecognized = false
    }
    var reference = TableDefinition.Reference(
      name: name,
      columns: columns,
      target: ForeignKey(table: table.text, columns: targets),
      position: start,
      isRecognized: isRecognized
    )
    readOptions(of: &reference)
    return reference
  }

  private mutating func readOptions(of reference: inout TableDefinition.Reference) {
    while keyword("ON"), let event = token(1), let action = action(at: position + 2) {
      let words = action.words == "NO ACTION" ? nil : action.words
      if event.isKeyword("DELETE") {
        reference.target.onDelete = words ?? reference.target.onDelete
      } else if event.isKeyword("UPDATE") {
        reference.target.onUpdate = words ?? reference.target.onUpdate
      } else {
        return
      }
      position = action.end
    }
    if keyword("NOT"), token(1)?.isKeyword("DEFERRABLE") == true {
      reference.deferrable = false
      position += 2
    } else if keyword("DEFERRABLE") {
      reference.deferrable = true
      position += 1
    }
    if keyword("INITIALLY"), let mode = token(1),
      mode.isKeyword("DEFERRED") || mode.isKeyword("IMMEDIATE")
    {
      reference.initially = mode.text.uppercased()
      position += 2
    }
  }

  private func action(at start: Int) -> (words: String, end: Int)? {
    guard start < tokens.count else { return nil }
    let first = tokens[start]
    if first.isKeyword("CASCADE") || first.isKeyword("RESTRICT") {
      return (first.text.uppercased(), start + 1)
    }
    guard start + 1 < tokens.count else { return nil }
    let second = tokens[start + 1]
    let isPair =
      first.isKeyword("SET") && (second.isKeyword("NULL") || second.isKeyword("DEFAULT"))
      || first.isKeyword("NO") && second.isKeyword("ACTION")
    return isPair ? ("\(first.text) \(second.text)".uppercased(), start + 2) : nil
  }

  private var token: SQLToken? { token(0) }

  private func token(_ ahead: Int) -> SQLToken? {
    position + ahead < tokens.count ? tokens[position + ahead] : nil
  }

  private func keyword(_ word: String) -> Bool {
    token(0)?.isKeyword(word) ?? false
  }
}
