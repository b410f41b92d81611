/// Operators and their operands, read by a loop with a stack of its own.
///
/// Recursion would need a dozen calls for each bracket, and one for each operator of a chain.
extension Parser {
  /// Reads operands and the operators between them that bind at least as tightly as a minimum.
  mutating func operation(
    minimum: Precedence = .disjunction
  ) throws(PythonSyntaxError) -> Expression {
    var operands: [Operand] = []
    var pending: [PendingOperator] = []
    while true {
      while let prefix = prefixOperator(minimum: minimum, after: pending.last) {
        pending.append(prefix)
        advance()
      }
      let start = token.position
      let operand = try primary()
      guard let infix = infixOperator(), infix.precedence >= minimum else {
        if pending.isEmpty { return operand }
        operands.append(Operand(value: operand, start: start))
        break
      }
      operands.append(Operand(value: operand, start: start))
      while let last = pending.last, last.precedence.binds(before: infix.precedence) {
        try reduce(&operands, &pending)
      }
      pending.append(infix)
      advance()
      // The second word of `not in` and `is not`.
      if infix.symbol.isTwoWords { advance() }
    }
    while !pending.isEmpty { try reduce(&operands, &pending) }
    guard let result = operands.last else { throw unexpected("an expression") }
    return result.value
  }

  /// The prefix operator that is next, if it may stand where it does.
  private func prefixOperator(
    minimum: Precedence,
    after last: PendingOperator?
  ) -> PendingOperator? {
    let symbol: UnaryOperator
    switch token.kind {
    case .keyword(.not):
      // As an operand of anything tighter, `not` needs brackets.
      let outer = max(minimum, last?.precedence ?? minimum)
      guard outer <= .negation else { return nil }
      return PendingOperator(
        symbol: .unary(.not),
        precedence: .negation,
        position: token.position
      )
    case .punctuator(.minus): symbol = .negate
    case .punctuator(.plus): symbol = .plus
    case .punctuator(.tilde): symbol = .invert
    default: return nil
    }
    return PendingOperator(symbol: .unary(symbol), precedence: .sign, position: token.position)
  }

  /// The operator between operands that is next, if one is.
  private func infixOperator() -> PendingOperator? {
    let (symbol, precedence): (PendingOperator.Symbol, Precedence)
    switch token.kind {
    case .keyword(.or): (symbol, precedence) = (.boolean(.or), .disjunction)
    case .keyword(.and): (symbol, precedence) = (.boolean(.and), .conjunction)
    case .keyword(.in): (symbol, precedence) = (.comparison(.in), .comparison)
    case .keyword(.not) where peek(1) == .keyword(.in):
      (symbol, precedence) = (.comparison(.notIn), .comparison)
    case .keyword(.is):
      let isNot = peek(1) == .keyword(.not)
      (symbol, precedence) = (.comparison(isNot ? .isNot : .is), .comparison)
    case .punctuator(let punctuator):
      if let comparison = punctuator.comparisonOperator {
        (symbol, precedence) = (.comparison(comparison), .comparison)
      } else if let binary = punctuator.binaryOperator {
        (symbol, precedence) = (.binary(binary), binary.precedence)
      } else {
        return nil
      }
    default: return nil
    }
    return PendingOperator(symbol: symbol, precedence: precedence, position: token.position)
  }

  /// Replaces the last operator and its operands by their operation.
  private func reduce(
    _ operands: inout [Operand],
    _ pending: inout [PendingOperator]
  ) throws(PythonSyntaxError) {
    guard let last = pending.popLast(), let right = operands.popLast() else { return }
    switch last.symbol {
    case .unary(let symbol):
      let kind = Expression.Kind.unaryOperation(operator: symbol, operand: right.value)
      operands.append(Operand(value: try make(kind, at: last.position), start: last.position))
    case .binary(let symbol):
      guard let left = operands.popLast() else { return }
      let kind = Expression.Kind.binaryOperation(
        left: left.value,
        operator: symbol,
        right: right.value
      )
      operands.append(Operand(value: try make(kind, at: left.start), start: left.start))
    case .boolean, .comparison:
      // All of one chain: none of it was reduced before.
      var chain = [last]
      var values = [right.value]
      var start = right.start
      while let left = operands.popLast() {
        values.append(left.value)
        start = left.start
        guard let next = pending.last, next.precedence == last.precedence else { break }
        chain.append(next)
        pending.removeLast()
      }
      values.reverse()
      let kind = Self.chainKind(of: chain.reversed(), values)
      operands.append(Operand(value: try make(kind, at: start), start: start))
    }
  }

  /// The operation that a chain of boolean operators or comparisons is.
  private static func chainKind(
    of chain: [PendingOperator],
    _ values: [Expression]
  ) -> Expression.Kind {
    if case .boolean(let symbol) = chain[0].symbol {
      return .booleanOperation(operator: symbol, values: values)
    }
    return .comparison(
      left: values[0],
      operators: chain.compactMap(\.symbol.comparison),
      comparators: Array(values.dropFirst())
    )
  }
}
