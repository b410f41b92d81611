internal import PythonSyntax

/// Operators.
extension Evaluator {
  func unary(
    _ sign: UnaryOperator,
    _ operand: PythonValue,
    at position: SourcePosition
  ) throws -> PythonValue {
    switch (sign, operand) {
    case (.not, _): return .boolean(!operand.isTrue)
    case (.negate, .integer(let value)):
      let (result, overflow) = Int64(0).subtractingReportingOverflow(value)
      guard !overflow else { throw tooLarge(position) }
      return .integer(result)
    case (.negate, .float(let value)): return .float(-value)
    case (.plus, .integer), (.plus, .float): return operand
    default:
      throw notRead(
        "'\(sign.symbol)' of a value of type \(operand.typeName) is not read",
        at: position
      )
    }
  }

  func binary(
    _ left: PythonValue,
    _ sign: BinaryOperator,
    _ right: PythonValue,
    at position: SourcePosition
  ) throws -> PythonValue {
    switch (left, sign, right) {
    case (.string(let left), .add, .string(let right)):
      guard RunBudget.allows(bytes: left.utf8.count + right.utf8.count) else { break }
      return .string(left + right)
    case (.list(let left), .add, .list(let right)):
      guard RunBudget.allows(bytes: 8 * (left.elements.count + right.elements.count)) else { break }
      return .list(PythonList(left.elements + right.elements))
    case (.tuple(let left), .add, .tuple(let right)):
      guard RunBudget.allows(bytes: 8 * (left.count + right.count)) else { break }
      return .tuple(left + right)
    case (.integer(let left), _, .integer(let right)):
      let outcome: (partialValue: Int64, overflow: Bool)? =
        switch sign {
        case .add: left.addingReportingOverflow(right)
        case .subtract: left.subtractingReportingOverflow(right)
        case .multiply: left.multipliedReportingOverflow(by: right)
        default: nil
        }
      guard let outcome else { break }
      guard !outcome.overflow else { throw tooLarge(position) }
      return .integer(outcome.partialValue)
    default: break
    }
    throw notRead(
      "'\(sign.symbol)' between values of type \(left.typeName) and \(right.typeName) is not read",
      at: position
    )
  }

  func compare(
    _ left: PythonValue,
    _ sign: ComparisonOperator,
    _ right: PythonValue,
    at position: SourcePosition
  ) throws -> Bool {
    let known: Bool? =
      switch sign {
      case .equal: left.equals(right)
      case .notEqual: left.equals(right).map { !$0 }
      case .is: isIdentical(left, right)
      case .isNot: isIdentical(left, right).map { !$0 }
      case .in: contains(right, left)
      case .notIn: contains(right, left).map { !$0 }
      case .less: order(left, right).map { $0 < 0 }
      case .lessOrEqual: order(left, right).map { $0 <= 0 }
      case .greater: order(left, right).map { $0 > 0 }
      case .greaterOrEqual: order(left, right).map { $0 >= 0 }
      }
    guard let known else {
      throw notRead(
        "'\(sign.symbol)' between values of type \(left.typeName) and \(right.typeName) is not read",
        at: position
      )
    }
    return known
  }

  /// `is`, as far as it does not depend on how Python keeps its objects: None, True and False.
  private func isIdentical(_ left: PythonValue, _ right: PythonValue) -> Bool? {
    switch (left, right) {
    case (.none, .none): true
    case (.none, _), (_, .none): false
    case (.boolean(let left), .boolean(let right)): left == right
    case (.boolean, _), (_, .boolean): false
    default: nil
    }
  }

  private func contains(_ container: PythonValue, _ element: PythonValue) -> Bool? {
    if case .string(let text) = container {
      guard case .string(let part) = element else { return nil }
      guard RunBudget.allows(work: text.utf8.count + part.utf8.count) else { return nil }
      return PythonText.contains(text, part)
    }
    guard let elements = container.elements else { return nil }
    var isKnown = true
    for candidate in elements {
      switch candidate.equals(element) {
      case true?: return true
      case nil: isKnown = false
      case false?: continue
      }
    }
    return isKnown ? false : nil
  }

  private func order(_ left: PythonValue, _ right: PythonValue) -> Int? {
    if let left = left.wholeNumber, let right = right.wholeNumber {
      return left < right ? -1 : left == right ? 0 : 1
    }
    if let left = left.number, let right = right.number {
      return left < right ? -1 : left == right ? 0 : left > right ? 1 : nil
    }
    guard case .string(let left) = left, case .string(let right) = right else { return nil }
    guard RunBudget.allows(work: min(left.utf8.count, right.utf8.count)) else { return nil }
    if left.unicodeScalars.elementsEqual(right.unicodeScalars) { return 0 }
    return left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars) {
      $0.value < $1.value
    } ? -1 : 1
  }

  private func tooLarge(_ position: SourcePosition) -> ScriptError {
    notRead("a number beyond 64 bits is not read", at: position)
  }
}
