internal import PythonSyntax

/// What is known of expressions before anything runs.
extension ScriptCheck {
  func shape(of expression: Expression, _ scope: CheckScope, depth: Int = 0) -> StaticShape {
    guard depth < 20 else { return .anything }
    switch expression.kind {
    case .constant(let constant):
      switch constant {
      case .none: return .known(.none)
      case .true: return .known(.boolean(true))
      case .false: return .known(.boolean(false))
      case .string(let text): return .known(.string(text))
      case .integer(_, let value?): return .known(.integer(value))
      default: return .anything
      }
    case .name(let name):
      if let local = scope.shapes[name] { return local }
      guard scope.unread[name] == nil, let value = evaluator.globals.lookUp(name) else {
        return .anything
      }
      if case .unread = value { return .anything }
      return .known(value)
    case .attribute(let value, let name):
      return shape(of: value, scope, depth: depth + 1).attribute(name, in: evaluator)
    case .call(let function, let arguments):
      return shape(ofCall: function, arguments, scope, depth: depth + 1)
    case .comparison, .booleanOperation, .unaryOperation(.not, _):
      return truth(of: expression, scope, depth: depth + 1).map { .known(.boolean($0)) }
        ?? .anything
    case .conditional(let test, let body, let orElse):
      guard let truth = truth(of: test, scope, depth: depth + 1) else { return .anything }
      return shape(of: truth ? body : orElse, scope, depth: depth + 1)
    default: return .anything
    }
  }

  private func shape(
    ofCall function: Expression,
    _ arguments: [Argument],
    _ scope: CheckScope,
    depth: Int
  ) -> StaticShape {
    switch shape(of: function, scope, depth: depth) {
    case .known(.native(let native)): return .handed(native.result)
    case .known(.function(let called)):
      // A function that only returns something is as good as what it returns.
      let body = called.definition.body.filter { statement in
        if case .expression(let value) = statement.kind { return value.stringLiteral == nil }
        return true
      }
      guard called.evaluator === evaluator, body.count == 1,
        case .return(let value?) = body[0].kind
      else { return .anything }
      var inner = CheckScope()
      inner.shapes = shapes(of: arguments, for: called, scope)
      for parameter in called.definition.parameters.all where inner.shapes[parameter.name] == nil {
        inner.shapes[parameter.name] = .anything
      }
      return shape(of: value, inner, depth: depth + 1)
    case .known(.object(let object)) where object is InspectorClass: return .handed(.inspector)
    default: return .anything
    }
  }

  /// What is known of the arguments of a call, by the names of the parameters.
  func shapes(
    of arguments: [Argument],
    for function: PythonFunction,
    _ scope: CheckScope
  ) -> [String: StaticShape] {
    let parameters = function.definition.parameters
    let byPosition = parameters.positionalOnly + parameters.positional
    var shapes: [String: StaticShape] = [:]
    for (index, argument) in arguments.enumerated() {
      switch argument.kind {
      case .positional where index < byPosition.count:
        shapes[byPosition[index].name] = shape(of: argument.value, scope)
      case .keyword(let name): shapes[name] = shape(of: argument.value, scope)
      case .positional: continue
      // What is in it, only the run can tell, and it may be any parameter.
      case .unpackedSequence, .unpackedMapping: return [:]
      }
    }
    return shapes
  }

  /// Whether a condition holds; nil where only the run can tell.
  func truth(of expression: Expression, _ scope: CheckScope, depth: Int = 0) -> Bool? {
    guard depth < 20 else { return nil }
    switch expression.kind {
    case .unaryOperation(.not, let operand):
      return truth(of: operand, scope, depth: depth + 1).map { !$0 }
    case .booleanOperation(let sign, let values):
      let truths = values.map { truth(of: $0, scope, depth: depth + 1) }
      if truths.contains(sign == .or) { return sign == .or }
      return truths.contains(nil) ? nil : sign == .and
    case .comparison(let left, let operators, let comparators) where operators.count == 1:
      guard let left = shape(of: left, scope, depth: depth + 1).constant else { return nil }
      let right = comparators[0]
      switch operators[0] {
      case .equal, .is:
        return shape(of: right, scope, depth: depth + 1).constant.flatMap { left.equals($0) }
      case .notEqual, .isNot:
        return shape(of: right, scope, depth: depth + 1).constant.flatMap { left.equals($0) }
          .map { !$0 }
      case .in: return isMember(left, of: right, scope, depth)
      case .notIn: return isMember(left, of: right, scope, depth).map { !$0 }
      default: return nil
      }
    default: return shape(of: expression, scope, depth: depth + 1).constant?.isTrue
    }
  }

  private func isMember(
    _ value: PythonValue,
    of container: Expression,
    _ scope: CheckScope,
    _ depth: Int
  ) -> Bool? {
    let elements: [Expression]
    switch container.kind {
    case .tuple(let given), .list(let given), .set(let given): elements = given
    default:
      let shape = shape(of: container, scope, depth: depth + 1)
      if case .known(.string(let text)) = shape, case .string(let part) = value {
        return PythonText.find(part, in: text) != nil
      }
      guard case .known(.tuple(let values)) = shape else { return nil }
      return values.contains { value.equals($0) == true }
    }
    var isKnown = true
    for element in elements {
      guard let constant = shape(of: element, scope, depth: depth + 1).constant,
        let isEqual = value.equals(constant)
      else {
        isKnown = false
        continue
      }
      if isEqual { return true }
    }
    return isKnown ? false : nil
  }
}
