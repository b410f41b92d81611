/// `match` statements, whose patterns are read as the expressions they look like.
extension Parser {
  /// Whether the name `match` that is next begins a statement: a block of `case` follows its line.
  var isMatchStatement: Bool {
    var offset = 1
    while peek(offset) != .newline, peek(offset) != .end { offset += 1 }
    guard
      offset > 2,
      peek(offset - 1) == .punctuator(.colon),
      peek(offset + 1) == .indent,
      peek(offset + 2) == .name
    else { return false }
    return text(at: offset + 2) == "case"
  }

  /// Reads a `match` statement.
  mutating func matchStatement() throws(PythonSyntaxError) -> Statement {
    let position = advance().position
    let subject = try subjectExpression()
    try expect(.colon)
    try enter()
    defer { leave() }
    // The line's end and the indent are known from the look ahead.
    advance()
    advance()
    var cases: [MatchCase] = []
    while token.kind != .dedent, token.kind != .end { cases.append(try matchCase()) }
    if token.kind == .dedent { advance() }
    return Statement(position: position, kind: .match(subject: subject, cases: cases))
  }

  /// Reads one `case`.
  private mutating func matchCase() throws(PythonSyntaxError) -> MatchCase {
    guard isAt(word: "case") else { throw unexpected("'case'") }
    let position = advance().position
    isReadingPattern = true
    defer { isReadingPattern = false }
    let pattern = try subjectExpression()
    isReadingPattern = false
    let guardTest = accept(.if) ? try namedExpression() : nil
    let body = try block(of: "'case' statement", at: position)
    return MatchCase(position: position, pattern: pattern, guardTest: guardTest, body: body)
  }

  /// Reads a subject or a pattern: several with commas between them are a tuple.
  private mutating func subjectExpression() throws(PythonSyntaxError) -> Expression {
    let start = token.position
    let first = try element()
    guard isAt(.comma) else { return first }
    var elements = [first]
    while accept(.comma), !isAt(.colon), !isAt(.if) { elements.append(try element()) }
    return try make(.tuple(elements), at: start)
  }

  /// Puts the name after `as` to a pattern, if one follows.
  mutating func captured(
    _ pattern: Expression,
    at start: SourcePosition
  ) throws(PythonSyntaxError) -> Expression {
    guard isReadingPattern, accept(.as) else { return pattern }
    let name = try expectName()
    return try make(.capture(pattern: pattern, name: name), at: start)
  }
}
