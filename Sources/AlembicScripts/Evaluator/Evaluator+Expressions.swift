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
      guard let value = scope.lookUp(name) else {
        throw raised("NameError", "name '\(name)' is not defined here", at: position)
      }
      // The place of use helps more than the place where the name got its unreadable value.
      if case .unread(let error) = value {
        guard error.code == .notRead else { throw error }
        var refusal = notRead("'\(name)' is used, and \(error.message)", at: position)
        refusal.reason = error.message
        throw refusal
      }
      return value
    case .formattedString(let parts):
      return .string(try text(of: parts, in: scope))
    case .attribute(let value, let name):
      return try attribute(name, of: try evaluate(value, in: scope), at: position)
    case .subscript(let value, let index):
      return try element(
        of: try evaluate(value, in: scope),
        at: try evaluate(index, in: scope),
        position: position
      )
    case .call(let function, let arguments):
      return try call(function, arguments, at: position, in: scope)
    case .tuple(let elements):
      return .tuple(try elements.map { try evaluate($0, in: scope) })
    case .list(let elements):
      return .list(PythonList(try elements.map { try evaluate($0, in: scope) }))
    case .dictionary(let items):
      return .dictionary(try dictionary(items, in: scope))
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

  /// Whether Python takes the value of an expression for true.
  func isTrue(_ expression: Expression, in scope: Scope) throws -> Bool {
    try truth(of: try evaluate(expression, in: scope), at: expression.position)
  }

  private func truth(of value: PythonValue, at position: SourcePosition) throws -> Bool {
    if case .schema = value {
      throw raised("TypeError", "Boolean value of this clause is not defined", at: position)
    }
    return value.isTrue
  }

  private func value(of constant: Constant, at position: SourcePosition) throws -> PythonValue {
    switch constant {
    case .none: return .none
    case .true: return .boolean(true)
    case .false: return .boolean(false)
    case .integer(_, let value?): return .integer(value)
    case .float(let value): return .float(value)
    case .string(let text): return .string(text)
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
      guard field.specification == nil, field.conversion != .ascii else {
        throw notRead("a format in an f-string is not read", at: field.position)
      }
      let text = field.conversion == .representation ? value.representation : value.text
      guard let text else {
        throw notRead(
          "a value of type \(value.typeName) in an f-string is not read",
          at: field.position
        )
      }
      return text
    }
  }

  func attribute(
    _ name: String,
    of value: PythonValue,
    at position: SourcePosition
  ) throws -> PythonValue {
    if case .object(let object) = value {
      guard let attribute = object.attribute(name) else {
        throw notRead("'\(name)' of \(object.typeName) is not read", at: position)
      }
      return attribute
    }
    if let method = ValueMethods.method(name, of: value) { return method }
    throw notRead("'\(name)' of a value of type \(value.typeName) is not read", at: position)
  }

  private func element(
    of value: PythonValue,
    at index: PythonValue,
    position: SourcePosition
  ) throws -> PythonValue {
    if case .dictionary(let dictionary) = value {
      switch dictionary.index(of: index) {
      case .found(let place): return dictionary.items[place].value
      case .absent: throw raised("KeyError", index.representation ?? "", at: position)
      case .unknown: throw notRead("a key of type \(index.typeName) is not read", at: position)
      }
    }
    if case .string(let text) = value, case .integer(let number) = index {
      return try character(of: text, at: number, position: position)
    }
    guard let elements = value.storage, case .integer(let number) = index else {
      throw notRead("this subscript of a value of type \(value.typeName) is not read", at: position)
    }
    let offset = number < 0 ? number + Int64(elements.count) : number
    guard offset >= 0, offset < elements.count else {
      throw raised("IndexError", "\(value.typeName) index out of range", at: position)
    }
    return elements[Int(offset)]
  }

  private func character(
    of text: String,
    at number: Int64,
    position: SourcePosition
  ) throws -> PythonValue {
    let scalars = text.unicodeScalars
    guard RunBudget.allows(work: text.utf8.count / 16) else { return .none }
    let count = Int64(scalars.count)
    guard (-count..<count).contains(number) else {
      throw raised("IndexError", "string index out of range", at: position)
    }
    let offset = Int(number < 0 ? number + count : number)
    return .string(String(scalars[scalars.index(scalars.startIndex, offsetBy: offset)]))
  }

  private func dictionary(_ items: [DictionaryItem], in scope: Scope) throws -> PythonDictionary {
    let dictionary = PythonDictionary([])
    for item in items {
      guard let expression = item.key else {
        throw notRead("a dictionary unpacked into another is not read", at: item.value.position)
      }
      let key = try evaluate(expression, in: scope)
      let value = try evaluate(item.value, in: scope)
      switch dictionary.index(of: key) {
      case .found(let index): dictionary.items[index].value = value
      case .absent: dictionary.items.append((key, value))
      case .unknown:
        throw notRead("a key of type \(key.typeName) is not read", at: expression.position)
      }
    }
    return dictionary
  }

  private func call(
    _ function: Expression,
    _ arguments: [Argument],
    at position: SourcePosition,
    in scope: Scope
  ) throws -> PythonValue {
    let callee = try evaluate(function, in: scope)
    var call = CallArguments(positional: [], keywords: [], location: location(position))
    for argument in arguments {
      let value = try evaluate(argument.value, in: scope)
      switch argument.kind {
      case .positional: call.positional.append(value)
      case .keyword(let name): call.keywords.append((name, value))
      case .unpackedSequence:
        guard let elements = value.elements else {
          throw raised("TypeError", "argument after * must be an iterable", at: argument.position)
        }
        guard RunBudget.allows(bytes: 8 * elements.count) else { break }
        call.positional += elements
      case .unpackedMapping:
        throw notRead("arguments unpacked from a dictionary are not read", at: argument.position)
      }
    }
    do {
      return try self.call(callee, call)
    } catch let error as SchemaError {
      throw Self.scriptError(error, at: call.location)
    }
  }

  private func call(_ callee: PythonValue, _ arguments: CallArguments) throws -> PythonValue {
    switch callee {
    case .function(let function): return try self.call(function, arguments)
    case .native(let function): return try function.call(arguments)
    case .exceptionClass(let name):
      return .exception(PythonException(name: name, arguments: arguments.positional))
    case .schema(.typeName(let name)):
      return .schema(.type(try SQLAlchemyModule.type(name, arguments)))
    case let value:
      throw arguments.raised("TypeError", "'\(value.typeName)' object is not callable")
    }
  }

  /// An error of the schema as what Python would have raised, or as what we do not do.
  static func scriptError(_ error: SchemaError, at location: Revision.Location) -> ScriptError {
    error.code == .refused
      ? .notRead(error.message, at: location)
      : ScriptError(.raised(error.code.exception), error.message, at: location)
  }

  private func boolean(
    _ sign: BooleanOperator,
    _ values: [Expression],
    in scope: Scope
  ) throws -> PythonValue {
    var result = PythonValue.none
    for value in values {
      result = try evaluate(value, in: scope)
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
    case .set: "a set"
    case .listComprehension, .setComprehension, .dictionaryComprehension: "a comprehension"
    case .generator: "a generator"
    case .lambda: "a lambda"
    case .named: "an assignment inside an expression"
    case .await, .yield, .yieldFrom: "an asynchronous expression or a generator"
    default: "this expression"
    }
  }
}
