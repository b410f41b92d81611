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
    var text = ""
    for piece in pieces(of: sql) {
      switch piece {
      case .sql(let part): text += part
      case .parameter(let name):
        throw SchemaError(
          .refused,
          "the SQL text holds :\(name), which SQLAlchemy takes as a bind parameter without a"
            + " value; write \\:\(name) if a colon is meant"
        )
      }
    }
    return text
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
}
