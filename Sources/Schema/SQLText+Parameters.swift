/// The bind parameters of a text.
extension SQLText {
  /// A piece of a text: SQL as it is, or a parameter.
  package enum Piece: Hashable, Sendable {
    /// SQL, in which `\:` has become `:` already.
    case sql(String)
    /// `:name`.
    case parameter(String)
  }

  /// Cuts a text at its bind parameters, as SQLAlchemy's `text()` finds them.
  ///
  /// `:name` is a parameter wherever it stands, even inside a string literal, unless a colon, a word character or a backslash
  /// precedes it or a colon follows it.
  package static func pieces(of sql: String) -> [Piece] {
    let characters = Array(sql.unicodeScalars)
    var pieces: [Piece] = []
    var text = String.UnicodeScalarView()
    var position = 0
    while position < characters.count {
      let character = characters[position]
      if character == "\\", let end = colonName(in: characters, at: position + 1) {
        // The backslash goes; the colon and the word after it are already judged.
        text.append(contentsOf: characters[(position + 1)..<end])
        position = end
        continue
      }
      if character == ":" {
        let precedes = position > 0 ? characters[position - 1] : " "
        let isFree = precedes != ":" && precedes != "\\" && !isWord(precedes)
        if isFree, let end = colonName(in: characters, at: position), end > position + 1 {
          if !text.isEmpty { pieces.append(.sql(String(text))) }
          text = String.UnicodeScalarView()
          pieces.append(
            .parameter(String(String.UnicodeScalarView(characters[(position + 1)..<end])))
          )
          position = end
          continue
        }
      }
      text.append(character)
      position += 1
    }
    if !text.isEmpty { pieces.append(.sql(String(text))) }
    return pieces
  }

  /// The text that `text()` makes this SQL of: the colon of what looks like a parameter gets a backslash.
  ///
  /// - Parameter sql: The SQL.
  /// - Returns: The text.
  static func escaped(_ sql: String) -> String {
    pieces(of: sql).map { piece in
      switch piece {
      case .sql(let text): text
      case .parameter(let name): "\\:" + name
      }
    }.joined()
  }

  /// The end of a colon and the word after it, if no further colon follows.
  private static func colonName(in characters: [Unicode.Scalar], at start: Int) -> Int? {
    guard start < characters.count, characters[start] == ":" else { return nil }
    var end = start + 1
    while end < characters.count, isWord(characters[end]) { end += 1 }
    if end < characters.count, characters[end] == ":" { return nil }
    return end
  }
}
