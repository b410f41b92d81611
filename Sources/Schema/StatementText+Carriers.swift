/// What rows of a table go on through, read from the text of a statement alone: views, and tables that are not the database's.
extension StatementText {
  /// The view that the statement creates; nil if it is another statement.
  package var createdView: String? { created("VIEW")?.name }

  /// The temporary table that the statement creates; nil if it is another statement.
  package var createdTemporaryTable: String? {
    guard let found = created("TABLE"), found.isTemporary else { return nil }
    return found.name
  }

  /// Whether a table is named with its database, `main`, in front.
  package var saysMain: Bool {
    tokens.indices.contains { index in
      isKeyword("MAIN", at: index) && tokens.indices.contains(index + 1)
        && tokens[index + 1].isSymbol(".")
    }
  }

  private func created(_ kind: String) -> (name: String, isTemporary: Bool)? {
    guard isKeyword("CREATE", at: 0) else { return nil }
    let isTemporary = isKeyword("TEMP", at: 1) || isKeyword("TEMPORARY", at: 1)
    let at = isTemporary ? 2 : 1
    guard isKeyword(kind, at: at) else { return nil }
    let start = skipping(["IF", "NOT", "EXISTS"], at: at + 1)
    guard tokens.indices.contains(start), tokens[start].isName else { return nil }
    guard tokens.indices.contains(start + 2), tokens[start + 1].isSymbol(".") else {
      return (tokens[start].text, isTemporary)
    }
    return (tokens[start + 2].text, isTemporary || tokens[start].text.lowercased() == "temp")
  }
}
