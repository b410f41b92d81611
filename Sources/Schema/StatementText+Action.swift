/// What a statement says that it does to a table, read from its text alone: for statements that somebody else has executed.
extension StatementText {
  /// What is done.
  package enum Action: Hashable, Sendable {
    /// Rows are inserted.
    case insert
    /// These columns of rows are set.
    case update(columns: [String])
    /// Rows are deleted.
    case delete
    /// The table is created.
    case create
    /// The table is dropped.
    case drop
    /// The table gets another name.
    case rename(to: String)
    /// A column is added, renamed or dropped.
    case alter
  }

  /// The action and the table, as the statement itself names it; nil if it is another statement, or about another
  /// database than `main`.
  package var action: (action: Action, table: String)? {
    guard let start = firstVerb, tokens[start].kind == .word else { return nil }
    switch tokens[start].text.uppercased() {
    case "INSERT", "REPLACE":
      guard let into = index(of: "INTO", from: start + 1, within: 3) else { return nil }
      return name(at: into + 1).map { (.insert, $0.name) }
    case "UPDATE":
      let at = isKeyword("OR", at: start + 1) ? start + 3 : start + 1
      return name(at: at).map { (.update(columns: columns(from: $0.next)), $0.name) }
    case "DELETE":
      guard isKeyword("FROM", at: start + 1) else { return nil }
      return name(at: start + 2).map { (.delete, $0.name) }
    case "CREATE":
      let at = isKeyword("VIRTUAL", at: start + 1) ? start + 2 : start + 1
      guard isKeyword("TABLE", at: at) else { return nil }
      return name(at: skipping(["IF", "NOT", "EXISTS"], at: at + 1)).map { (.create, $0.name) }
    case "DROP":
      guard isKeyword("TABLE", at: start + 1) else { return nil }
      return name(at: skipping(["IF", "EXISTS"], at: start + 2)).map { (.drop, $0.name) }
    case "ALTER":
      guard isKeyword("TABLE", at: start + 1), let table = name(at: start + 2) else { return nil }
      guard isKeyword("RENAME", at: table.next), isKeyword("TO", at: table.next + 1),
        let new = name(at: table.next + 2)
      else { return (.alter, table.name) }
      return (.rename(to: new.name), table.name)
    default: return nil
    }
  }

  /// Whether the statement inserts rows, wherever that may be.
  package var addsRows: Bool {
    guard let start = firstVerb else { return false }
    return isKeyword("INSERT", at: start) || isKeyword("REPLACE", at: start)
  }

  /// Where the statement's verb is: behind a WITH clause, if there is one.
  private var firstVerb: Int? {
    guard !tokens.isEmpty, isKeyword("WITH", at: 0) else { return tokens.isEmpty ? nil : 0 }
    var depth = 0
    for (index, token) in tokens.enumerated() {
      if token.isSymbol("(") { depth += 1 }
      if token.isSymbol(")") { depth -= 1 }
      guard depth == 0, index > 0 else { continue }
      for verb in ["INSERT", "REPLACE", "UPDATE", "DELETE", "SELECT"] where token.isKeyword(verb) {
        return index
      }
    }
    return nil
  }

  private func index(of word: String, from start: Int, within count: Int) -> Int? {
    (start..<start + count).first { isKeyword(word, at: $0) }
  }

  func skipping(_ words: [String], at start: Int) -> Int {
    for (offset, word) in words.enumerated() where !isKeyword(word, at: start + offset) {
      return start
    }
    return start + words.count
  }

  /// A name, with `main.` in front or not, and what follows it.
  func name(at index: Int) -> (name: String, next: Int)? {
    guard tokens.indices.contains(index), tokens[index].isName else { return nil }
    guard tokens.indices.contains(index + 2), tokens[index + 1].isSymbol(".") else {
      return (tokens[index].text, index + 1)
    }
    guard tokens[index].text.lowercased() == "main", tokens[index + 2].isName else { return nil }
    return (tokens[index + 2].text, index + 3)
  }

  /// The columns that an UPDATE sets: the names before an equals sign, outside of parentheses.
  private func columns(from start: Int) -> [String] {
    guard let set = tokens.indices.dropFirst(start).first(where: { isKeyword("SET", at: $0) })
    else { return [] }
    var columns: [String] = []
    var depth = 0
    var list: [String] = []
    for index in tokens.indices.dropFirst(set + 1) {
      let token = tokens[index]
      if depth == 0, token.isKeyword("WHERE") || token.isKeyword("FROM") { break }
      if token.isSymbol("(") {
        depth += 1
        list = []
      } else if token.isSymbol(")") {
        depth -= 1
      } else if token.isSymbol("="), depth == 0, index > 0 {
        // `(a, b) = (...)` sets the columns of the list.
        columns += tokens[index - 1].isSymbol(")") ? list : [tokens[index - 1].text]
      } else if depth == 1, token.isName {
        list.append(token.text)
      }
    }
    return columns
  }
}
