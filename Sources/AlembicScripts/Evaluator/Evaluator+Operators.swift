internal import PythonSyntax

/// Operators.
extension Evaluator {
  func unary(
    _ sign: UnaryOperator,
    _ operand: PythonValue,
    at position: SourcePosition
  ) throws -> PythonValue {
    if case .core(let clause) = operand, let result = clause.unary(sign) { return .core(result) }
    switch (sign, operand) {
    case (.not, .schema), (.not, .core):
      throw raised("TypeError", "Boolean value of this clause is not defined", at: position)
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
    if let clause = try CoreExpression.operation(left, sign, right, at: location(position)) {
      return .core(clause)
    }
    if case .string(let format) = left, sign == .modulo {
      return .string(try PythonFormat.percent(format, right, at: location(position)))
    }
    if let result = try collections(left, sign, right, at: position)
      ?? numbers(left, sign, right, at: position)
    {
      return result
    }
    throw notRead(
      "'\(sign.symbol)' between values of type \(left.typeName) and \(right.typeName) is not read",
      at: position
    )
  }

  private func collections(
    _ left: PythonValue,
    _ sign: BinaryOperator,
    _ right: PythonValue,
    at position: SourcePosition
  ) throws -> PythonValue? {
    if sign == .add, !RunBudget.allows(bytes: left.weight + right.weight) { return nil }
    switch (left, sign, right) {
    case (.string(let left), .add, .string(let right)): return .string(left + right)
    case (.bytes(let left), .add, .bytes(let right)): return .bytes(left + right)
    case (.list(let left), .add, .list(let right)):
      return .list(PythonList(left.elements + right.elements))
    case (.tuple(let left), .add, .tuple(let right)): return .tuple(left + right)
    case (.string(let text), .multiply, .integer(let count)),
      (.integer(let count), .multiply, .string(let text)):
      return .string(String(repeating: text, count: try size(text.utf8.count, count, position)))
    case (.list(let list), .multiply, .integer(let count)),
      (.integer(let count), .multiply, .list(let list)):
      let times = try size(list.elements.count, count, position)
      return .list(PythonList(Array(repeatElement(list.elements, count: times).joined())))
    case (.tuple(let elements), .multiply, .integer(let count)):
      let times = try size(elements.count, count, position)
      return .tuple(Array(repeatElement(elements, count: times).joined()))
    case (.dictionary(let left), .bitwiseOr, .dictionary(let right)):
      let merged = PythonDictionary(left.items)
      for item in right.items { _ = merged.set(item.key, to: item.value) }
      return .dictionary(merged)
    case (.set(let left), _, .set(let right)):
      return try sets(left, sign, right, at: position)
    default: return nil
    }
  }

  private func sets(
    _ left: PythonSet,
    _ sign: BinaryOperator,
    _ right: PythonSet,
    at position: SourcePosition
  ) throws -> PythonValue? {
    let elements: [PythonValue]
    switch sign {
    case .bitwiseOr: elements = left.elements + right.elements
    case .bitwiseAnd: elements = left.elements.filter { right.contains($0) == true }
    case .subtract: elements = left.elements.filter { right.contains($0) == false }
    case .bitwiseXor:
      elements =
        left.elements.filter { right.contains($0) == false }
        + right.elements.filter { left.contains($0) == false }
    default: return nil
    }
    return .set(try set(of: elements, at: position))
  }

  /// How often something is repeated; the result must not take all memory.
  private func size(_ length: Int, _ count: Int64, _ position: SourcePosition) throws -> Int {
    guard count > 0, length > 0 else { return 0 }
    let (size, overflow) = Int64(length).multipliedReportingOverflow(by: count)
    guard !overflow, size <= 10_000_000 else {
      throw notRead("a value of more than ten million parts is not read", at: position)
    }
    guard RunBudget.allows(bytes: 8 * Int(size)) else { return 0 }
    return Int(count)
  }

  private func numbers(
    _ left: PythonValue,
    _ sign: BinaryOperator,
    _ right: PythonValue,
    at position: SourcePosition
  ) throws -> PythonValue? {
    if let left = left.wholeNumber, let right = right.wholeNumber {
      return try integers(left, sign, right, at: position)
    }
    guard let left = left.number, let right = right.number else { return nil }
    switch sign {
    case .add: return .float(left + right)
    case .subtract: return .float(left - right)
    case .multiply: return .float(left * right)
    case .divide:
      guard right != 0 else {
        throw raised("ZeroDivisionError", "float division by zero", at: position)
      }
      return .float(left / right)
    default: return nil
    }
  }

  private func integers(
    _ left: Int64,
    _ sign: BinaryOperator,
    _ right: Int64,
    at position: SourcePosition
  ) throws -> PythonValue? {
    let outcome: (partialValue: Int64, overflow: Bool)
    switch sign {
    case .add: outcome = left.addingReportingOverflow(right)
    case .subtract: outcome = left.subtractingReportingOverflow(right)
    case .multiply: outcome = left.multipliedReportingOverflow(by: right)
    case .floorDivide, .modulo:
      guard right != 0 else {
        throw raised("ZeroDivisionError", "integer division or modulo by zero", at: position)
      }
      let (quotient, overflow) = left.dividedReportingOverflow(by: right)
      guard !overflow else { throw tooLarge(position) }
      let rest = left - quotient * right
      // Python rounds towards minus infinity, Swift towards zero.
      let isLow = rest != 0 && (rest < 0) != (right < 0)
      return .integer(
        sign == .floorDivide ? quotient - (isLow ? 1 : 0) : rest + (isLow ? right : 0)
      )
    case .divide:
      guard right != 0 else { throw raised("ZeroDivisionError", "division by zero", at: position) }
      guard let left = Double(exactly: left), let right = Double(exactly: right) else {
        throw tooLarge(position)
      }
      return .float(left / right)
    case .bitwiseAnd: return .integer(left & right)
    case .bitwiseOr: return .integer(left | right)
    case .bitwiseXor: return .integer(left ^ right)
    default: return nil
    }
    guard !outcome.overflow else { throw tooLarge(position) }
    return .integer(outcome.partialValue)
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
      case .less: subset(left, right, isProper: true) ?? left.order(right).map { $0 < 0 }
      case .lessOrEqual: subset(left, right, isProper: false) ?? left.order(right).map { $0 <= 0 }
      case .greater: subset(right, left, isProper: true) ?? left.order(right).map { $0 > 0 }
      case .greaterOrEqual:
        subset(right, left, isProper: false) ?? left.order(right).map { $0 >= 0 }
      }
    guard let known else {
      throw notRead(
        "'\(sign.symbol)' between values of type \(left.typeName) and \(right.typeName) is not read",
        at: position
      )
    }
    return known
  }

  private func subset(_ left: PythonValue, _ right: PythonValue, isProper: Bool) -> Bool? {
    guard case .set(let left) = left, case .set(let right) = right else { return nil }
    for element in left.elements where right.contains(element) != true { return false }
    return !isProper || left.elements.count < right.elements.count
  }

  /// `is`, as far as it does not depend on how Python keeps its objects.
  private func isIdentical(_ left: PythonValue, _ right: PythonValue) -> Bool? {
    switch (left, right) {
    case (.none, .none): true
    case (.none, _), (_, .none): false
    case (.boolean(let left), .boolean(let right)): left == right
    case (.boolean, _), (_, .boolean): false
    case (.list(let left), .list(let right)): left === right
    case (.dictionary(let left), .dictionary(let right)): left === right
    case (.object(let left), .object(let right)): left === right
    default: nil
    }
  }

  private func contains(_ container: PythonValue, _ element: PythonValue) -> Bool? {
    switch container {
    case .string(let text):
      guard case .string(let part) = element else { return nil }
      guard RunBudget.allows(searching: text, for: part) else { return nil }
      return PythonText.find(part, in: text) != nil
    case .dictionary(let dictionary):
      switch dictionary.index(of: element) {
      case .found: return true
      case .absent: return false
      case .unknown: return nil
      }
    case .set(let set): return set.contains(element)
    case .object(let object):
      if let answer = object.contains(element) { return answer }
    default: break
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

  private func tooLarge(_ position: SourcePosition) -> ScriptError {
    notRead("a number beyond 64 bits is not read", at: position)
  }
}
