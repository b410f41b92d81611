/// What the text of one SQL statement tells that SQLite's authorizer does not.
package struct StatementText {
  let tokens: [SQLToken]

  /// Reads a statement.
  ///
  /// - Parameter sql: The statement; any text will do.
  package init(_ sql: String) {
    tokens = SQLBytes(sql).tokens()
  }

  /// Every word and quoted name of the text: whatever table it names is among them.
  package var words: [String] {
    tokens.filter(\.isName).map(\.text)
  }

  /// Whether the text holds a SELECT, so that its INSERT or CREATE TABLE copies rows.
  package var readsRows: Bool {
    tokens.contains { $0.isKeyword("SELECT") }
  }

  /// Whether the text says REPLACE as the conflict clause of its INSERT or UPDATE: the rows in the way are deleted
  /// (https://www.sqlite.org/lang_conflict.html).
  package var replacesRows: Bool {
    tokens.indices.contains { index in
      isKeyword("REPLACE", at: index) && isKeyword("INTO", at: index + 1)
        || isKeyword("UPDATE", at: index) && isKeyword("OR", at: index + 1)
          && isKeyword("REPLACE", at: index + 2)
    }
  }

  func isKeyword(_ word: String, at index: Int) -> Bool {
    tokens.indices.contains(index) && tokens[index].isKeyword(word)
  }
}
