/// Reads one item between the commas of a CREATE TABLE: a column, or table constraints.
struct DefinitionItemReader {
  let source: SQLBytes
  let tokens: [SQLToken]
  private var position = 0
  private var column: String?
  private var pendingName: (text: String, isPlain: Bool, end: Int)?

  init(source: SQLBytes, tokens: [SQLToken]) {
    self.source = source
    self.tokens = tokens
  }

  /// Adds what the item says to the definition.
  mutating func read(into definition: inout TableDefinition) {
    guard let first = token(0) else { return }
    let constraintWords = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"]
    if !constraintWords.contains(where: first.isKeyword) {
      column = first.text
      position = 1
    }
    while let token = token(0) {
      if token.isKeyword("CONSTRAINT"), let name = self.token(1), name.isName {
        pendingName = (name.text, name.isPlainName, name.range.upperBound)
        position += 2
      } else if token.isKeyword("PRIMARY"), isKeyword("KEY", ahead: 1) {
        // SQLAlchemy takes the first named one and reads only names in double quotes or plain
        // words.
        if definition.primaryKeyName == nil { definition.primaryKeyName = plainName(before: token) }
        advance(past: 2)
      } else if token.isKeyword("UNIQUE") {
        readUnique(token, into: &definition)
      } else if token.isKeyword("CHECK"), isSymbol("(", ahead: 1) {
        readCheck(token, into: &definition)
      } else if token.isKeyword("FOREIGN"), isKeyword("KEY", ahead: 1), isSymbol("(", ahead: 2) {
        readForeignKey(token, into: &definition)
      } else if token.isKeyword("REFERENCES") {
        let columns = column.map { [$0] } ?? []
        readReference(columns: columns, name: pendingName?.text, from: token, into: &definition)
        pendingName = nil
      } else {
        readOther(token, into: &definition)
      }
    }
  }

  private mutating func readOther(_ token: SQLToken, into definition: inout TableDefinition) {
    // A name belongs to the constraint right behind it, such as the NOT NULL that is passed over
    // here.
    pendingName = nil
    if token.isKeyword("COLLATE"), let name = self.token(1), name.isName {
      if let column { definition.collations[column] = name.text }
      position += 2
    } else if token.isKeyword("AUTOINCREMENT") {
      definition.hasAutoincrement = true
      position += 1
    } else if token.isKeyword("ON"), isKeyword("CONFLICT", ahead: 1) {
      definition.conflictClauses += 1
      position += 2
    } else if token.isSymbol("(") {
      position = TableDefinition.closing(of: position, in: tokens) + 1
    } else {
      position += 1
    }
  }

  private mutating func readUnique(_ token: SQLToken, into definition: inout TableDefinition) {
    let name = plainName(before: token)
    guard isSymbol("(", ahead: 1), let open = self.token(1) else {
      // Inside a column: found by `inlineUniques()`.
      advance(past: 1)
      return
    }
    let close = TableDefinition.closing(of: position + 1, in: tokens)
    if close < tokens.count {
      // The list must stand on one line to be found.
      let list = open.range.upperBound..<tokens[close].range.lowerBound
      let columns = source.hasLineBreak(list) ? [] : source.names(in: list)
      definition.uniques.append(
        TableDefinition.Unique(name: name, columns: columns, position: token.range.lowerBound)
      )
    }
    pendingName = nil
    position = close + 1
  }

  private mutating func readCheck(_ token: SQLToken, into definition: inout TableDefinition) {
    let close = TableDefinition.closing(of: position + 1, in: tokens)
    if let open = self.token(1), close < tokens.count {
      let range = open.range.upperBound..<tokens[close].range.lowerBound
      definition.checks.append(
        TableDefinition.Check(
          name: pendingName?.text,
          sql: source.trimmed(range),
          position: token.range.lowerBound
        )
      )
    }
    pendingName = nil
    position = close + 1
  }

  private mutating func readForeignKey(_ token: SQLToken, into definition: inout TableDefinition) {
    let name = plainName(before: token)
    let open = position + 2
    let close = TableDefinition.closing(of: open, in: tokens)
    pendingName = nil
    guard close + 1 < tokens.count, tokens[close + 1].isKeyword("REFERENCES") else {
      position = close + 1
      return
    }
    let list = tokens[open].range.upperBound..<tokens[close].range.lowerBound
    let columns = source.names(in: list)
    let isOnOneLine = !source.trimmed(list).utf8.contains(UInt8(ascii: "\n"))
    let isApart = source.isBlank(
      from: tokens[close].range.upperBound,
      to: tokens[close + 1].range.lowerBound
    )
    position = close + 1
    readReference(
      columns: columns,
      name: name,
      from: token,
      isTableLevel: isOnOneLine && isApart,
      into: &definition
    )
  }

  /// Reads REFERENCES and what follows; the current token is that word.
  private mutating func readReference(
    columns: [String],
    name: String?,
    from start: SQLToken,
    isTableLevel: Bool = false,
    into definition: inout TableDefinition
  ) {
    var reader = ReferenceReader(source: source, tokens: tokens, position: position)
    let reference = reader.read(
      columns: columns,
      name: name,
      start: start.range.lowerBound,
      isTableLevel: isTableLevel
    )
    position = reader.position
    if let reference { definition.references.append(reference) }
  }

  /// The name of the constraint that begins here, if SQLAlchemy's patterns read it.
  private func plainName(before token: SQLToken) -> String? {
    guard let pendingName, pendingName.isPlain,
      source.isBlank(from: pendingName.end, to: token.range.lowerBound)
    else { return nil }
    return pendingName.text
  }

  private mutating func advance(past count: Int) {
    position += count
    pendingName = nil
  }

  private func token(_ ahead: Int) -> SQLToken? {
    position + ahead < tokens.count ? tokens[position + ahead] : nil
  }

  private func isKeyword(_ word: String, ahead: Int) -> Bool {
    token(ahead)?.isKeyword(word) ?? false
  }

  private func isSymbol(_ symbol: String, ahead: Int) -> Bool {
    token(ahead)?.isSymbol(symbol) ?? false
  }
}
