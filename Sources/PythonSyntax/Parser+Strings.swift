/// Strings and f-strings, and those written next to each other.
extension Parser {
  /// Reads all strings that stand next to each other, as one value.
  mutating func strings() throws(PythonSyntaxError) -> Expression {
    let start = token.position
    if token.kind == .string, peek(1) != .string, peek(1) != .formattedStart,
      let text = StringLiteral(token, in: source).plainText
    {
      advance()
      return try make(.constant(.string(text)), at: start)
    }
    var parts = FormattedParts()
    var isFormatted = false
    var isBytes: Bool?
    while token.kind == .string || token.kind == .formattedStart {
      var isBytesHere = false
      if token.kind == .string {
        let literal = StringLiteral(token, in: source)
        isBytesHere = literal.isBytes
        parts.append(try literal.scalars())
        advance()
      } else {
        isFormatted = true
        try readFormattedString(into: &parts)
      }
      guard isBytes == nil || isBytes == isBytesHere else {
        throw PythonSyntaxError("cannot mix bytes and nonbytes literals", at: start)
      }
      isBytes = isBytesHere
    }
    if isFormatted { return try make(.formattedString(parts.finish()), at: start) }
    guard isBytes == true else { return try make(.constant(.string(parts.text)), at: start) }
    let bytes = parts.pending.map { UInt8(truncatingIfNeeded: $0.value) }
    return try make(.constant(.bytes(bytes)), at: start)
  }

  /// Reads one f-string.
  private mutating func readFormattedString(
    into parts: inout FormattedParts
  ) throws(PythonSyntaxError) {
    let isRaw = text.contains { $0 == "r" || $0 == "R" }
    advance()
    try readFormattedParts(into: &parts, isRaw: isRaw, isSpecification: false)
    guard token.kind == .formattedEnd else { throw unexpected("the end of the f-string") }
    advance()
  }

  /// Reads text and fields as long as they come.
  private mutating func readFormattedParts(
    into parts: inout FormattedParts,
    isRaw: Bool,
    isSpecification: Bool
  ) throws(PythonSyntaxError) {
    while true {
      if token.kind == .formattedText {
        var literal = StringLiteral(
          source: source,
          range: token.range,
          isRaw: isRaw,
          isBytes: false
        )
        literal.doublesBraces = !isSpecification
        parts.append(try literal.scalars())
        advance()
      } else if isAt(.leftBrace) {
        try readField(into: &parts, isRaw: isRaw)
      } else {
        return
      }
    }
  }

  /// Reads one field with its braces.
  private mutating func readField(
    into parts: inout FormattedParts,
    isRaw: Bool
  ) throws(PythonSyntaxError) {
    try enter()
    let brace = advance()
    switch token.kind {
    case .punctuator(.rightBrace), .punctuator(.exclamation), .punctuator(.colon),
      .punctuator(.equal):
      throw error("f-string: valid expression required before '\(text)'")
    default: break
    }
    let value = isAt(.yield) ? try yieldExpression() : try starExpressions()
    let isShown = accept(.equal)
    if isShown {
      parts.append(source.scalars[brace.range.upperBound..<token.range.lowerBound])
    }
    var conversion = try conversion()
    var specification: [FormattedPart]?
    if accept(.colon) {
      var nested = FormattedParts()
      try readFormattedParts(into: &nested, isRaw: isRaw, isSpecification: true)
      specification = nested.finish()
    }
    if isShown, conversion == nil, specification == nil { conversion = .representation }
    guard accept(.rightBrace) else { throw unexpected("'}' of the field") }
    leave()
    let field = FormattedField(
      position: brace.position,
      value: value,
      conversion: conversion,
      specification: specification
    )
    parts.append(field)
  }

  /// Reads the `!` of a field and its letter, if they are next.
  private mutating func conversion() throws(PythonSyntaxError) -> FormattedField.Conversion? {
    guard accept(.exclamation) else { return nil }
    guard token.kind == .name else { throw unexpected("'s', 'r', or 'a' after '!'") }
    let letter = text
    guard letter.count == 1, let conversion = letter.first.flatMap(FormattedField.Conversion.init)
    else {
      throw error(
        "f-string: invalid conversion character '\(letter)': expected 's', 'r', or 'a'"
      )
    }
    advance()
    return conversion
  }
}
