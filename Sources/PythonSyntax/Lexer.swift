/// The lexer: splits a source into tokens, with the blocks marked by indents and dedents.
struct Lexer {
  /// What is split.
  let source: SourceText
  /// The next character to look at.
  var index = 0
  /// What was found so far.
  var tokens: [Token] = []
  /// The widths of the blocks that are open, outermost first.
  var indentation = [Indentation(width: 0, alternative: 0)]
  /// The brackets that are open, outermost first.
  var brackets: [Bracket] = []
  /// The f-strings, and the fields in them, that are open.
  var modes: [Mode] = []
  /// Whether the next character begins a logical line.
  var isAtLineStart = true
  /// The line of the latest token: tokens come in order, so no search is needed.
  private var line = 0

  /// An open bracket.
  struct Bracket {
    let opener: Punctuator
    let start: Int
  }

  /// Splits a source as far as that is possible.
  ///
  /// The tokens end with an `end` token in any case, so that the parser can go first over what
  /// comes before the error, which may be the cause of it.
  static func tokens(of source: SourceText) -> (tokens: [Token], error: PythonSyntaxError?) {
    var lexer = Lexer(source: source)
    var failure: PythonSyntaxError?
    do throws(PythonSyntaxError) {
      try lexer.readAll()
    } catch {
      failure = error
    }
    lexer.append(.end, from: lexer.source.scalars.count)
    return (lexer.tokens, failure)
  }

  private init(source: SourceText) {
    self.source = source
    tokens.reserveCapacity(source.scalars.count / 4)
  }

  /// The character at the current index.
  var current: Unicode.Scalar { source[index] }
  /// The character after the current one.
  var next: Unicode.Scalar { source[index + 1] }
  /// Whether all characters are read.
  var isAtEnd: Bool { index >= source.scalars.count }

  /// Adds the token that ends before the current index.
  mutating func append(_ kind: Token.Kind, from start: Int) {
    while line + 1 < source.lineStarts.count, source.lineStarts[line + 1] <= start { line += 1 }
    let position = SourcePosition(line: line + 1, column: start - source.lineStarts[line] + 1)
    let end = min(max(start, index), source.scalars.count)
    tokens.append(Token(kind: kind, range: start..<end, position: position))
  }

  /// Opens a bracket that starts at an index.
  ///
  /// The parser refuses less depth already; the limit here keeps looking for the f-string around a
  /// field short.
  mutating func open(_ opener: Punctuator, at start: Int) throws(PythonSyntaxError) {
    guard brackets.count < 2 * Parser.maximumNesting else {
      throw error("too many nested parentheses", at: start)
    }
    brackets.append(Bracket(opener: opener, start: start))
  }

  /// An error at an index of the source.
  func error(_ message: String, at index: Int) -> PythonSyntaxError {
    PythonSyntaxError(message, at: source.position(of: index))
  }

  /// Reads to the end of the file.
  private mutating func readAll() throws(PythonSyntaxError) {
    while true {
      switch modes.last {
      case .text(let literal): try readFormattedText(literal, isSpecification: false)
      case .specification(let literal): try readFormattedText(literal, isSpecification: true)
      case .field, nil:
        if isAtLineStart, brackets.isEmpty { try readIndentation() }
        try skipBlanks()
        if isAtEnd { return try finish() }
        try readToken()
      }
    }
  }

  /// Passes spaces, comments and continued lines.
  private mutating func skipBlanks() throws(PythonSyntaxError) {
    while true {
      switch current {
      case " ", "\t", "\u{0C}": index += 1
      case "#": skipComment()
      case "\\": try skipContinuation()
      default: return
      }
    }
  }

  /// Passes a comment, up to the end of its line.
  mutating func skipComment() {
    while !isAtEnd, current != "\n" { index += 1 }
  }

  /// Passes a backslash that joins two lines.
  mutating func skipContinuation() throws(PythonSyntaxError) {
    guard next == "\n" else {
      throw error(
        index + 1 < source.scalars.count
          ? "unexpected character after line continuation character"
          : "unexpected end of file after line continuation character",
        at: index
      )
    }
    index += 2
    guard !isAtEnd else {
      throw error("unexpected end of file after line continuation character", at: index - 2)
    }
  }

  /// Reads one token that is not part of the text of an f-string.
  private mutating func readToken() throws(PythonSyntaxError) {
    switch current {
    case "\n":
      index += 1
      guard brackets.isEmpty else { return }
      append(.newline, from: index - 1)
      isAtLineStart = true
    case "0"..."9": try readNumber()
    case "." where ("0"..."9").contains(next): try readNumber()
    case "\"", "'": try readString(from: index)
    case let scalar where scalar.isNameStart: try readNameOrString()
    default: try readPunctuator()
    }
  }

  /// Ends the last line and all blocks.
  private mutating func finish() throws(PythonSyntaxError) {
    if let bracket = brackets.last {
      throw error("'\(bracket.opener.rawValue)' was never closed", at: bracket.start)
    }
    if !isAtLineStart { append(.newline, from: index) }
    for _ in indentation.dropFirst() { append(.dedent, from: index) }
  }
}
