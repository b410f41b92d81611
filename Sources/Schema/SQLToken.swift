/// A piece of SQL text with its place, as SQLite's own tokenizer would cut it.
struct SQLToken: Hashable, Sendable {
  /// What kind of piece.
  enum Kind: Hashable, Sendable {
    /// A bare word or number: letters, digits, `_`, `$` and everything beyond ASCII.
    case word
    /// A name in double quotes.
    case quoted
    /// A name in brackets or backticks.
    case foreignQuoted
    /// A string in single quotes; SQLite also takes it as a name where it must.
    case string
    /// Any other single character.
    case symbol
  }

  /// The kind.
  let kind: Kind
  /// The text, without quotes and with doubled quotes made single.
  let text: String
  /// Where the piece begins and ends, in bytes.
  let range: Range<Int>

  /// True for this unquoted keyword (given in upper case).
  func isKeyword(_ word: String) -> Bool {
    kind == .word && text.utf8.count == word.utf8.count && text.uppercased() == word
  }

  /// True for this symbol.
  func isSymbol(_ symbol: String) -> Bool {
    kind == .symbol && text == symbol
  }

  /// True if the token can stand for a name.
  var isName: Bool { kind != .symbol }

  /// True if SQLAlchemy's patterns can read the token as a name: double quotes, or ASCII letters,
  /// digits and underscores.
  var isPlainName: Bool {
    switch kind {
    case .quoted: true
    case .word: text.utf8.allSatisfy(SQLBytes.isPlain)
    default: false
    }
  }
}
