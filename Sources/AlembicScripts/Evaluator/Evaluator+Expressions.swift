internal import PythonSyntax
internal import Revisions
internal import Schema

/// Expressions.
extension Evaluator {
  func evaluate(_ expression: Expression, in scope: Scope) throws -> PythonValue {
    try step(at: expression.position) {
      let value = try value(of: expression, in: scope)
      switch expression.kind {
      case .name, .attribute, .subscript, .conditional, .booleanOperation: break
      default: budget.keep(value)
      }
      return value
    }
  }

  private func value(of expression: Expression, in scope: Scope) throws -> PythonValue {
    let position = expression.position
    switch expression.kind {
    case .constant(let constant):
      return try value(of: constant, at: position)
    case .name(let name):
      return try value(ofName: name, at: position, in: scope)
    case .formattedString(let parts):
      return .string(try text(of: parts, in: scope))
    case .attribute(let value, let name):
      return try attribute(name, of: try evaluate(value, in: scope), at: position)
    case .subscript(let value, let index):
      return try element(of: value, at: index, in: scope)
    case .call(let function, let arguments):
      return try call(function, arguments, at: position, in: scope)
    case .tuple(let elements):
      return .tuple(try self.elements(elements, in: scope))
    case .list(let elements):
      return .list(PythonList(try self.elements(elements, in: scope)))
    case .set(let elements):
      return .set(try set(of: try self.elements(elements, in: scope), at: position))
    case .dictionary(let items):
      return .dictionary(try dictionary(items, in: scope))
    case .listComprehension, .setComprehension, .dictionaryComprehension, .generator:
      return try comprehension(expression, in: scope)
    case .lambda(let parameters, let body):
      return try lambda(parameters, body, at: position, in: scope)
    case .named(let target, let value):
      let value = try evaluate(value, in: scope)
      try assign(value, to: target, in: scope)
      return value
    case .unaryOperation(let sign, let operand):
      return try unary(sign, try evaluate(operand, in: scope), at: position)
    case .binaryOperation(let left, let sign, let right):
      return try binary(
        try evaluate(left, in: scope),
        sign,
        try evaluate(right, in: scope),
        at: position
      )
    case .booleanOperation(let sign, let values):
      return try boolean(sign, values, in: scope)
    case .comparison(let left, let operators, let comparators):
      return try comparison(left, operators, comparators, in: scope)
    case .conditional(let test, let body, let orElse):
      return try evaluate(try isTrue(test, in: scope) ? body : orElse, in: scope)
    default:
      throw notRead("\(expression.kind.shownName) is not read", at: position)
    }
  }

  private func value(
    ofName name: String,
    at position: SourcePosition,
    in scope: Scope
  ) throws -> PythonValue {
    guard let value = scope.lookUp(name) else {
      if Builtins.unread.contains(name) { throw notRead("'\(name)' is not read", at: position) }
      throw raised("NameError", "name '\(name)' is not defined here", at: position)
    }
    // The place of use helps more than the place where the name got its unreadable value.
    if case .unread(let error) = value {
      guard error.code == .notRead else { throw error }
      var refusal = notRead("'\(name)' is used, and \(error.message)", at: position)
      refusal.reason = error.message
      refusal.hint = error.hint ?? refusal.hint
      throw refusal
    }
    return value
  }

  /// Whether Python takes the value of an expression for true.
  func isTrue(_ expression: Expression, in scope: Scope) throws -> Bool {
    try truth(of: try evaluate(expression, in: scope), at: expression.position)
  }

  private func truth(of value: PythonValue, at position: SourcePosition) throws -> Bool {
    switch value {
    case .schema, .core:
      throw raised("TypeError", "Boolean value of this clause is not defined", at: position)
    default: return value.isTrue
    }
  }

  private func value(of constant: Constant, at position: SourcePosition) throws -> PythonValue {
    switch constant {
    case .none: return .none
    case .true: return .boolean(true)
    case .false: return .boolean(false)
    case .integer(_, let value?): return .integer(value)
    case .float(let value): return .float(value)
    case .string(let text): return .string(text)
    case .bytes(let bytes): return .bytes(bytes)
    default: throw notRead("this literal is not read", at: position)
    }
  }

  private func text(of parts: [FormattedPart], in scope: Scope) throws -> String {
    var text = ""
    for part in parts {
      let more = try self.text(of: part, in: scope)
      guard RunBudget.allows(bytes: more.utf8.count) else { break }
      text += more
    }
    return text
  }

  private func text(of part: FormattedPart, in scope: Scope) throws -> String {
    switch part {
    case .literal(let text): return text
    case .field(let field):
      let value = try evaluate(field.value, in: scope)
      let place = location(field.position)
      let specification = try text(of: field.specification ?? [], in: scope)
      return try PythonFormat.text(
        of: value,
        conversion: field.conversion.map { $0.rawValue },
        specification: specification,
        at: place
      )
    }
  }

  func attribute(
    _ name: String,
    of value: PythonValue,
    at position: SourcePosition
  ) throws -> PythonValue {
    switch value {
    case .object(let object):
      guard let attribute = object.attribute(name) else {
        throw notRead("'\(name)' of \(object.typeName) is not read", at: position)
      }
      if case .unread(let error) = attribute {
        var refusal = notRead("'\(name)' is used, and \(error.message)", at: position)
        refusal.reason = error.message
        refusal.hint = error.hint ?? refusal.hint
        throw refusal
      }
      return attribute
    default:
      if let method = ValueMethods.method(name, of: value, in: self) { return method }
      throw notRead("'\(name)' of a value of type \(value.typeName) is not read", at: position)
    }
  }

  /// The elements of a display, with what `*` unpacks.
  private func elements(_ expressions: [Expression], in scope: Scope) throws -> [PythonValue] {
    var values: [PythonValue] = []
    for expression in expressions {
      if case .starred(let value) = expression.kind {
        let more = try iterated(try evaluate(value, in: scope), at: expression.position)
        guard RunBudget.allows(bytes: 8 * more.count) else { break }
        values += more
      } else {
        values.append(try evaluate(expression, in: scope))
      }
    }
    return values
  }

  /// What a value is gone through as.
  func iterated(_ value: PythonValue, at position: SourcePosition) throws -> [PythonValue] {
    if let elements = value.elements { return elements }
    if case .set = value {
      throw notRead("the order of a set of these values is not read", at: position)
    }
    throw raised("TypeError", "'\(value.typeName)' object is not iterable", at: position)
  }

  func set(of elements: [PythonValue], at position: SourcePosition) throws -> PythonSet {
    guard let set = PythonSet(elements) else {
      throw notRead("a set of these values is not read", at: position)
    }
    return set
  }

  private func dictionary(_ items: [DictionaryItem], in scope: Scope) throws -> PythonDictionary {
    let dictionary = PythonDictionary([])
    for item in items {
      let value = try evaluate(item.value, in: scope)
      guard let expression = item.key else {
        guard case .dictionary(let other) = value else {
          throw raised(
            "TypeError",
            "'\(value.typeName)' object is not a mapping",
            at: item.value.position
          )
        }
        for (key, value) in other.items { _ = dictionary.set(key, to: value) }
        continue
      }
      let key = try evaluate(expression, in: scope)
      guard dictionary.set(key, to: value) else {
        throw notRead("a key of type \(key.typeName) is not read", at: expression.position)
      }
    }
    return dictionary
  }

  private func lambda(
    _ parameters: Parameters,
    _ body: Expression,
    at position: SourcePosition,
    in scope: Scope
  ) throws -> PythonValue {
    let definition = FunctionDefinition.lambda(parameters, body, at: position)
    return .function(
      PythonFunction(
        definition,
        scope: scope,
        defaults: try defaults(of: parameters, in: scope),
        evaluator: self
      )
    )
  }

  private func boolean(
    _ sign: BooleanOperator,
    _ values: [Expression],
    in scope: Scope
  ) throws -> PythonValue {
    var result = PythonValue.none
    for (index, value) in values.enumerated() {
      result = try evaluate(value, in: scope)
      // The last value is the result whatever it is.
      guard index < values.count - 1 else { break }
      if try truth(of: result, at: value.position) != (sign == .and) { break }
    }
    return result
  }

  private func comparison(
    _ left: Expression,
    _ operators: [ComparisonOperator],
    _ comparators: [Expression],
    in scope: Scope
  ) throws -> PythonValue {
    var left = try evaluate(left, in: scope)
    for (sign, comparator) in zip(operators, comparators) {
      let right = try evaluate(comparator, in: scope)
      if let clause = try CoreExpression.comparison(
        left,
        sign,
        right,
        at: location(comparator.position)
      ) {
        guard operators.count == 1 else {
          throw raised(
            "TypeError",
            "Boolean value of this clause is not defined",
            at: comparator.position
          )
        }
        return .core(clause)
      }
      guard try compare(left, sign, right, at: comparator.position) else { return .boolean(false) }
      left = right
    }
    return .boolean(true)
  }
}

extension Expression.Kind {
  /// What to call the expression in a message.
  var shownName: String {
    switch self {
    case .slice: "a slice"
    case .starred: "an unpacked value"
    case .await, .yield, .yieldFrom: "an asynchronous expression or a generator"
    default: "this expression"
    }
  }
}
