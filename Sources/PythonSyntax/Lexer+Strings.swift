/// Strings and the text of f-strings: where they end.
extension Lexer {
  /// Where the lexer is with respect to f-strings.
  enum Mode {
    /// In the text of an f-string.
    case text(FormattedLiteral)
    /// In a field, whose brace is the bracket of this number from the outside.
    case field(level: Int)
    /// In the specification of the field that is the mode below.
    case specification(FormattedLiteral)
  }

  /// The form of an f-string.
  struct FormattedLiteral {
    /// The prefix and opening quotes.
    let opening: Range<Int>
    /// The quote, once.
    let quote: Unicode.Scalar
    /// How many quotes end the string.
    let quoteCount: Int
    /// Whether backslashes stand for themselves.
    let isRaw: Bool
  }

  /// Reads a string from its prefix; the current character is the first quote.
  mutating func readString(from start: Int) throws(PythonSyntaxError) {
    let prefix = start == index ? "" : source.text(start..<index).lowercased()
    let quote = current
    let quoteCount = next == quote && source[index + 2] == quote ? 3 : 1
    index += quoteCount
    if prefix.contains("f") {
      append(.formattedStart, from: start)
      let literal = FormattedLiteral(
        opening: start..<index,
        quote: quote,
        quoteCount: quoteCount,
        isRaw: prefix.contains("r")
      )
      modes.append(.text(literal))
      return
    }
    while !isAtQuotes(quote, count: quoteCount) {
      guard !isAtEnd, current != "\n" || quoteCount == 3 else {
        throw unterminated(quote: quote, quoteCount: quoteCount, from: start)
      }
      index += current == "\\" ? 2 : 1
    }
    index += quoteCount
    append(.string, from: start)
  }

  /// The error for a string that does not end.
  private func unterminated(
    quote: Unicode.Scalar,
    quoteCount: Int,
    from start: Int
  ) -> PythonSyntaxError {
    for case .text(let outer) in modes.reversed() {
      // The quote was meant to end the f-string around it.
      guard outer.quote == quote, outer.quoteCount == quoteCount else { break }
      return error("f-string: expecting '}'", at: start)
    }
    return error("unterminated \(quoteCount == 3 ? "triple-quoted " : "")string literal", at: start)
  }

  /// Whether the quotes that end a string come next.
  private func isAtQuotes(_ quote: Unicode.Scalar, count: Int) -> Bool {
    guard current == quote else { return false }
    return count == 1 || (next == quote && source[index + 2] == quote)
  }

  /// Reads the text of an f-string up to the next field or the end.
  mutating func readFormattedText(
    _ literal: FormattedLiteral,
    isSpecification: Bool
  ) throws(PythonSyntaxError) {
    let start = index
    while true {
      guard !isAtEnd, current != "\n" || literal.quoteCount == 3 else {
        let kind = literal.quoteCount == 3 ? "triple-quoted f-string" : "f-string"
        throw error("unterminated \(kind) literal", at: literal.opening.lowerBound)
      }
      if isAtQuotes(literal.quote, count: literal.quoteCount) {
        if isSpecification { throw error("f-string: expecting '}'", at: index) }
        return endFormattedString(literal, textFrom: start)
      }
      switch current {
      case "{", "}":
        guard isSpecification || next != current else {
          index += 2
          continue
        }
        return try readBrace(textFrom: start, isSpecification: isSpecification)
      case "\\" where next == "{" || next == "}": index += 1
      case "\\" where !literal.isRaw && next == "N" && source[index + 2] == "{":
        throw error(StringLiteral.namedEscape, at: index)
      case "\\": index += 2
      default: index += 1
      }
    }
  }

  /// Ends the text of an f-string at its closing quotes.
  private mutating func endFormattedString(_ literal: FormattedLiteral, textFrom start: Int) {
    if index > start { append(.formattedText, from: start) }
    let end = index
    index += literal.quoteCount
    append(.formattedEnd, from: end)
    modes.removeLast()
  }

  /// Ends the text of an f-string at a brace that opens a field or ends a specification.
  private mutating func readBrace(
    textFrom start: Int,
    isSpecification: Bool
  ) throws(PythonSyntaxError) {
    if index > start { append(.formattedText, from: start) }
    if current == "{" {
      try open(.leftBrace, at: index)
      modes.append(.field(level: brackets.count))
      index += 1
      append(.punctuator(.leftBrace), from: index - 1)
    } else {
      guard isSpecification else {
        throw error("f-string: single '}' is not allowed", at: index)
      }
      // The brace itself is read in the mode below, as the bracket that ends the field.
      modes.removeLast()
    }
  }

  /// Reads the `:` or `!` of a field, if it comes next and is not within further brackets.
  mutating func readFieldMark() throws(PythonSyntaxError) -> Bool {
    guard case .field(let level) = modes.last, level == brackets.count else { return false }
    if current == "!", next != "=" {
      index += 1
      append(.punctuator(.exclamation), from: index - 1)
      return true
    }
    guard current == ":" else { return false }
    index += 1
    append(.punctuator(.colon), from: index - 1)
    for case .text(let literal) in modes.reversed() {
      modes.append(.specification(literal))
      break
    }
    return true
  }
}
