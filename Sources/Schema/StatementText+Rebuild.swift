/// What the statements of a rebuild tell of it, read from their text alone.
extension StatementText {
  /// The index or trigger that the statement drops; nil if it is another statement.
  package var droppedObject: String? {
    guard isKeyword("DROP", at: 0), isKeyword("INDEX", at: 1) || isKeyword("TRIGGER", at: 1) else {
      return nil
    }
    return name(at: skipping(["IF", "EXISTS"], at: 2))?.name
  }

  /// The table that the statement copies rows of another one into, and the new names of the columns that it copies, by their old ones.
  ///
  /// A value is a column, with the table in front or not, or a CAST of one; what else there may be is passed over.
  package var copiedColumns: (table: String, columns: [String: String])? {
    guard isKeyword("INSERT", at: 0), isKeyword("INTO", at: 1), let table = name(at: 2),
      tokens.indices.contains(table.next), tokens[table.next].isSymbol("(")
    else { return nil }
    let close = TableDefinition.closing(of: table.next, in: tokens)
    guard isKeyword("SELECT", at: close + 1) else { return nil }
    let targets = tokens[(table.next + 1)..<close].filter(\.isName).map(\.text)
    let sources = values(from: close + 2)
    guard targets.count == sources.count else { return nil }
    var columns: [String: String] = [:]
    for (target, source) in zip(targets, sources) {
      if let source { columns[source] = target }
    }
    return (table.name, columns)
  }

  /// The columns that the items of a SELECT take, in order; nil for an item that is something else.
  private func values(from start: Int) -> [String?] {
    var items: [[SQLToken]] = [[]]
    var depth = 0
    for index in tokens.indices.dropFirst(start) {
      let token = tokens[index]
      if depth == 0, token.isKeyword("FROM") { break }
      if token.isSymbol("(") { depth += 1 }
      if token.isSymbol(")") { depth -= 1 }
      if depth == 0, token.isSymbol(",") {
        items.append([])
      } else {
        items[items.count - 1].append(token)
      }
    }
    return items.map { item in
      let isCast = item.count > 2 && item[0].isKeyword("CAST") && item[1].isSymbol("(")
      let rest = isCast ? Array(item.dropFirst(2)) : item
      guard let first = rest.first, first.isName else { return nil }
      guard rest.count > 2, rest[1].isSymbol("."), rest[2].isName else {
        return rest.count > 1 && rest[1].isSymbol("(") ? nil : first.text
      }
      return rest[2].text
    }
  }
}
