/// The words for what the parser did not expect.
extension Parser {
  /// The error for the next token, where something else had to be.
  func unexpected(_ expected: String) -> PythonSyntaxError {
    let message =
      switch token.kind {
      case .indent: "unexpected indent"
      default: "expected \(expected), found \(tokenDescription)"
      }
    return error(message)
  }

  /// An error at the next token.
  func error(_ message: String) -> PythonSyntaxError {
    PythonSyntaxError(message, at: token.position)
  }

  /// What the next token is, for errors.
  private var tokenDescription: String {
    switch token.kind {
    case .name, .keyword, .punctuator, .number: "'\(text.prefix(40))'"
    case .string, .formattedStart: "a string"
    case .formattedText: "the text of an f-string"
    case .formattedEnd: "the end of an f-string"
    case .newline: "the end of the line"
    case .indent: "an indent"
    case .dedent: "the end of the block"
    case .end: "the end of the file"
    }
  }
}
