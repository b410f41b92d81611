/// Quoting of names as SQLAlchemy's preparer for SQLite does it: only where it must.
package enum Identifier {
  /// The name as it appears in SQL: bare if every character is an ASCII lower-case letter, a digit,
  /// `_` or `$`, the first is neither digit nor `$`, and it is not reserved; else in double quotes.
  ///
  /// Upper-case letters force quotes, since SQLAlchemy takes only all-lower-case names as
  /// case-insensitive.
  package static func quoted(_ name: String) -> String {
    guard needsQuotes(name) else { return name }
    var text = "\""
    for character in name.unicodeScalars {
      if character == "\"" { text.unicodeScalars.append("\"") }
      text.unicodeScalars.append(character)
    }
    return text + "\""
  }

  /// The names quoted and joined with a comma and a space, as column lists are.
  package static func list(_ names: [String]) -> String {
    names.map(quoted).joined(separator: ", ")
  }

  /// The words that SQLAlchemy's SQLite dialect takes as reserved (compared in lower case).
  package static let reservedWords: Set<String> = Set(
    """
    add after all alter analyze and as asc attach autoincrement before begin between by
    cascade case cast check collate column commit conflict constraint create cross
    current_date current_time current_timestamp database default deferrable deferred delete
    desc detach distinct drop each else end escape except exclusive exists explain fail false
    for foreign from full glob group having if ignore immediate in index indexed initially
    inner insert instead intersect into is isnull join key left like limit match natural not
    notnull null of offset on or order outer plan pragma primary query raise references
    reindex rename replace restrict right rollback row select set table temp temporary then to
    transaction trigger true union unique update using vacuum values view virtual when where
    """.split { $0 == " " || $0 == "\n" }.map(String.init)
  )

  private static func needsQuotes(_ name: String) -> Bool {
    guard let first = name.utf8.first else { return true }
    if first == UInt8(ascii: "$") || isDigit(first) { return true }
    for byte in name.utf8 {
      let isLowerCase = byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
      let isSign = byte == UInt8(ascii: "_") || byte == UInt8(ascii: "$")
      if !isLowerCase && !isDigit(byte) && !isSign { return true }
    }
    return reservedWords.contains(name)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}
