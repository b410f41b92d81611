/// Expressions from the outside: lists with commas, `:=`, conditionals, lambdas and `yield`.
extension Parser {
  /// Whether an expression can begin with the next token.
  var isAtExpressionStart: Bool {
    switch token.kind {
    case .name, .number, .string, .formattedStart: true
    case .keyword(let keyword):
      switch keyword {
      case .lambda, .not, .await, .none, .true, .false: true
      default: false
      }
    case .punctuator(let punctuator):
      switch punctuator {
      case .leftParenthesis, .leftBracket, .leftBrace, .plus, .minus, .tilde, .star, .ellipsis: true
      default: false
      }
    default: false
    }
  }

  /// Reads expressions with commas between them, which make a tuple, or just one.
  mutating func starExpressions() throws(PythonSyntaxError) -> Expression {
    let start = token.position
    let first = try starExpression()
    guard isAt(.comma) else { return first }
    var elements = [first]
    while accept(.comma), isAtExpressionStart { elements.append(try starExpression()) }
    return try make(.tuple(elements), at: start)
  }

  /// Reads an expression that may have a star before it.
  mutating func starExpression() throws(PythonSyntaxError) -> Expression {
    isAt(.star) ? try starred() : try expression()
  }

  /// Reads a star and what it unpacks.
  mutating func starred() throws(PythonSyntaxError) -> Expression {
    let start = advance().position
    return try make(.starred(operation(minimum: .bitwiseOr)), at: start)
  }

  /// Reads an element of a display: it may have a star or be named.
  mutating func element() throws(PythonSyntaxError) -> Expression {
    let start = token.position
    let value = isAt(.star) ? try starred() : try namedExpression()
    return try captured(value, at: start)
  }

  /// Reads an expression that may be named with `:=`.
  mutating func namedExpression() throws(PythonSyntaxError) -> Expression {
    let start = token.position
    guard token.kind == .name, peek(1) == .punctuator(.walrus) else {
      let value = try expression()
      guard !isAt(.walrus) else {
        throw PythonSyntaxError(
          "cannot use assignment expressions with \(value.kind.noun)",
          at: value.position
        )
      }
      return value
    }
    let target = try make(.name(expectName()), at: start)
    advance()
    return try make(.named(target: target, value: expression()), at: start)
  }

  /// Reads a conditional expression, a lambda or an operation.
  mutating func expression() throws(PythonSyntaxError) -> Expression {
    if isAt(.lambda) { return try lambda() }
    let start = token.position
    let first = try operation()
    // Behind a pattern, `if` begins the condition of the case.
    return isAt(.if) && !isReadingPattern ? try conditional(first, at: start) : first
  }

  /// Reads the rest of a conditional expression; each `else` may go on with another one.
  private mutating func conditional(
    _ first: Expression,
    at start: SourcePosition
  ) throws(PythonSyntaxError) -> Expression {
    var bodies = [(value: first, start: start)]
    var tests: [Expression] = []
    while accept(.if) {
      tests.append(try operation())
      guard accept(.else) else { throw unexpected("'else' after 'if' expression") }
      let start = token.position
      bodies.append((isAt(.lambda) ? try lambda() : try operation(), start))
    }
    guard var result = bodies.popLast()?.value else { return first }
    while let test = tests.popLast(), let body = bodies.popLast() {
      result = try make(.conditional(test: test, body: body.value, orElse: result), at: body.start)
    }
    return result
  }

  /// Reads a lambda.
  private mutating func lambda() throws(PythonSyntaxError) -> Expression {
    try enter()
    let start = advance().position
    let parameters = try parameters(until: .colon, areAnnotated: false)
    try expect(.colon)
    let body = try expression()
    leave()
    return try make(.lambda(parameters: parameters, body: body), at: start)
  }

  /// Reads a `yield` or `yield from`.
  mutating func yieldExpression() throws(PythonSyntaxError) -> Expression {
    let start = advance().position
    if accept(.from) { return try make(.yieldFrom(expression()), at: start) }
    return try make(.yield(isAtExpressionStart ? starExpressions() : nil), at: start)
  }
}
