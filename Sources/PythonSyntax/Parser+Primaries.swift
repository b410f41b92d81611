/// Atoms, and the attributes, calls and subscripts behind them.
extension Parser {
  /// Reads an operand.
  mutating func primary() throws(PythonSyntaxError) -> Expression {
    guard isAt(.await) else { return try postfix() }
    let start = advance().position
    return try make(.await(postfix()), at: start)
  }

  /// Reads an atom and everything that follows it without an operator.
  private mutating func postfix() throws(PythonSyntaxError) -> Expression {
    let start = token.position
    var value = try atom()
    while case .punctuator(let punctuator) = token.kind {
      switch punctuator {
      case .dot:
        advance()
        value = try make(.attribute(value: value, name: expectName()), at: start)
      case .leftParenthesis:
        value = try make(.call(function: value, arguments: arguments()), at: start)
      case .leftBracket:
        value = try make(.subscript(value: value, index: subscriptIndex()), at: start)
      default: return value
      }
    }
    return value
  }

  /// Reads a name, a literal or something in brackets.
  private mutating func atom() throws(PythonSyntaxError) -> Expression {
    let start = token.position
    switch token.kind {
    case .name: return try make(.name(expectName()), at: start)
    case .number: return try make(.constant(number()), at: start)
    case .string, .formattedStart: return try strings()
    case .punctuator(.leftParenthesis): return try group()
    case .punctuator(.leftBracket): return try listDisplay()
    case .punctuator(.leftBrace): return try braceDisplay()
    case .punctuator(.ellipsis): return try constant(.ellipsis)
    case .keyword(.none): return try constant(.none)
    case .keyword(.true): return try constant(.true)
    case .keyword(.false): return try constant(.false)
    default: throw unexpected("an expression")
    }
  }

  /// Passes the token that is a whole constant.
  private mutating func constant(_ constant: Constant) throws(PythonSyntaxError) -> Expression {
    let start = advance().position
    return try make(.constant(constant), at: start)
  }

  /// Reads a number.
  private mutating func number() throws(PythonSyntaxError) -> Constant {
    guard let constant = NumberLiteral.constant(of: text) else {
      throw error("invalid decimal literal")
    }
    advance()
    return constant
  }

  /// Reads the arguments of a call or class, with their brackets.
  mutating func arguments() throws(PythonSyntaxError) -> [Argument] {
    try enter()
    let open = advance().position
    var arguments: [Argument] = []
    var order = ArgumentOrder()
    while !isAt(.rightParenthesis) {
      let argument = try argument(after: order, open: open)
      order.note(argument.kind)
      arguments.append(argument)
      guard accept(.comma) else { break }
      if arguments.count == 1, arguments[0].isBareGenerator(at: open) {
        throw PythonSyntaxError(
          "generator expression must be parenthesized",
          at: arguments[0].position
        )
      }
    }
    guard accept(.rightParenthesis) else { throw unexpected("',' or ')'") }
    leave()
    return arguments
  }

  /// Reads one argument.
  private mutating func argument(
    after previous: ArgumentOrder,
    open: SourcePosition
  ) throws(PythonSyntaxError) -> Argument {
    let start = token.position
    if accept(.doubleStar) {
      return Argument(position: start, kind: .unpackedMapping, value: try expression())
    }
    if accept(.star) {
      guard !previous.hasMapping else {
        throw PythonSyntaxError(
          "iterable argument unpacking follows keyword argument unpacking",
          at: start
        )
      }
      return Argument(position: start, kind: .unpackedSequence, value: try expression())
    }
    if token.kind == .name, peek(1) == .punctuator(.equal) {
      let name = try expectName()
      advance()
      let valueStart = token.position
      let value = try captured(expression(), at: valueStart)
      return Argument(position: start, kind: .keyword(name), value: value)
    }
    return try positionalArgument(after: previous, open: open)
  }

  /// Reads an argument without a keyword; alone, it may be a generator without own brackets.
  private mutating func positionalArgument(
    after previous: ArgumentOrder,
    open: SourcePosition
  ) throws(PythonSyntaxError) -> Argument {
    let start = token.position
    var value = try element()
    if isAt(.equal) {
      throw PythonSyntaxError(
        "expression cannot contain assignment, perhaps you meant \"==\"?",
        at: start
      )
    }
    if isAtComprehension {
      guard previous.isEmpty else {
        throw PythonSyntaxError("generator expression must be parenthesized", at: start)
      }
      value = try make(.generator(element: value, clauses: comprehensions()), at: open)
    }
    guard !previous.hasKeyword, !previous.hasMapping else {
      let unpacking = previous.hasMapping ? " unpacking" : ""
      throw PythonSyntaxError(
        "positional argument follows keyword argument\(unpacking)",
        at: start
      )
    }
    return Argument(position: start, kind: .positional, value: value)
  }
}

/// What came before an argument, as far as it limits what may follow.
private struct ArgumentOrder {
  var isEmpty = true
  var hasKeyword = false
  var hasMapping = false

  mutating func note(_ kind: Argument.Kind) {
    isEmpty = false
    switch kind {
    case .keyword: hasKeyword = true
    case .unpackedMapping: hasMapping = true
    case .positional, .unpackedSequence: break
    }
  }
}

extension Argument {
  /// Whether this is a generator that has only the brackets of its call.
  fileprivate func isBareGenerator(at open: SourcePosition) -> Bool {
    guard case .generator = value.kind else { return false }
    return value.position == open
  }
}
