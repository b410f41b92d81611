/// Text that goes into SQL: literals, and what SQLAlchemy's `text()` makes of a string.
package enum SQLText {
  /// A string literal, single quotes doubled.
  package static func literal(_ value: String) -> String {
    var text = "'"
    for character in value.unicodeScalars {
      if character == "'" { text.unicodeScalars.append("'") }
      text.unicodeScalars.append(character)
    }
    return text + "'"
  }

  /// The SQL that SQLAlchemy sends for `text(sql)`: `\:` becomes `:`, all else stays.
  ///
  /// `:name` is a bind parameter to SQLAlchemy wherever it stands, even inside a string literal,
  /// unless a colon, a word character or a backslash precedes it or a colon follows it. Nobody
  /// gives it a value in a migration: `op.execute` would fail, and in a CHECK or a default
  /// SQLAlchemy silently writes `NULL` in its place. Here it is refused.
  package static func rendered(_ sql: String) throws(SchemaError) -> String {
    let characters = Array(sql.unicodeScalars)
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
          let name = String(String.UnicodeScalarView(characters[(position + 1)..<end]))
          throw SchemaError(
            .refused,
            "the SQL text holds :\(name), which SQLAlchemy takes as a bind parameter without a"
              + " value; write \\:\(name) if a colon is meant"
          )
        }
      }
      text.append(character)
      position += 1
    }
    return String(text)
  }

  /// Python's `\w`: a letter, a number or an underscore.
  static func isWord(_ character: Unicode.Scalar) -> Bool {
    if character == "_" { return true }
    switch character.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber:
      return true
    default:
      return false
    }
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
