/// A piece of the source that the parser takes as one.
struct Token: Sendable {
  /// What it is.
  let kind: Kind
  /// The characters it covers.
  let range: Range<Int>
  /// Where it begins.
  let position: SourcePosition

  /// What a token is.
  enum Kind: Sendable, Hashable {
    case name
    case number
    /// A string that is not an f-string, with its prefix and quotes.
    case string
    /// The prefix and opening quotes of an f-string.
    case formattedStart
    /// Text between the fields of an f-string, or within a specification.
    case formattedText
    /// The closing quotes of an f-string.
    case formattedEnd
    case keyword(Keyword)
    case punctuator(Punctuator)
    case newline
    case indent
    case dedent
    /// The end of the file, or of what of it could be split into tokens.
    case end
  }
}
