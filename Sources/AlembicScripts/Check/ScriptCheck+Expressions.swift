internal import PythonSyntax
internal import Schema

/// Expressions.
extension ScriptCheck {
  /// Methods that some value of the run has; whether this one has it, only the run can tell.
  private static let methods = ValueMethods.names
    .union(InspectorDirectives.all.keys).union(BindDirectives.all.keys)
    .union(BatchDirectives.all.keys).union(ResultDirectives.results.keys)
    .union(CoreDirectives.tables.keys).union(CoreDirectives.selects.keys)
    .union(CoreDirectives.inserts.keys).union(CoreDirectives.updates.keys)
    .union(CoreDirectives.deletes.keys).union(CoreDirectives.joins.keys)
    .union(TypeMethods.all.keys).union(SADirectives.metadata.keys)
    .union(LoggerObject.methods)
    .union([
      "astimezone", "autocommit_block", "_asdict", "isoformat", "strftime", "date", "replace",
      "_copy", "copy",
      "first", "one",
    ])

  func check(_ expression: Expression, _ scope: CheckScope) throws(ScriptError) {
    try step(at: expression.position) { () throws(ScriptError) in
      try checkKind(of: expression, scope)
    }
  }

  private func checkKind(of expression: Expression, _ scope: CheckScope) throws(ScriptError) {
    let position = expression.position
    switch expression.kind {
    case .name(let name):
      try check(name: name, at: position, scope)
    case .attribute(let value, let name):
      try check(value, scope)
      try check(attribute: name, of: value, at: position, isCalled: false, scope)
    case .call(let function, let arguments):
      try check(callee: function, scope)
      for argument in arguments { try check(argument.value, scope) }
      try check(callOf: function, arguments, scope)
    case .formattedString(let parts): try check(parts, scope)
    case .constant(let constant):
      guard constant.isRead else { throw notRead("this literal is not read", position) }
    case .binaryOperation(_, let sign, _):
      guard ![.matrixMultiply, .leftShift, .rightShift, .power].contains(sign) else {
        throw notRead("the operator '\(sign.symbol)' is not read", position)
      }
      try checkChildren(of: expression, scope)
    case .lambda(let parameters, let body):
      var inner = scope
      for parameter in parameters.all {
        if let value = parameter.defaultValue { try check(value, scope) }
        inner.shapes[parameter.name] = .anything
        inner.unread[parameter.name] = nil
      }
      try check(body, inner)
    case .listComprehension(let element, let clauses),
      .setComprehension(let element, let clauses):
      try check([element], clauses, scope)
    case .generator(let element, let clauses):
      try check([element], clauses, scope)
      let parts = [element] + clauses.flatMap(\.conditions)
      if let call = parts.lazy.compactMap({ self.action(in: $0, scope) }).first {
        throw notRead("a generator that changes the database as it goes is not read", call.position)
      }
    case .dictionaryComprehension(let key, let value, let clauses):
      try check([key, value], clauses, scope)
    case .conditional(let test, let body, let orElse):
      try check(test, scope)
      let truth = truth(of: test, scope)
      if truth != false { try check(body, scope) }
      if truth != true { try check(orElse, scope) }
    case .booleanOperation(let sign, let values):
      for value in values {
        try check(value, scope)
        // What follows is not looked at.
        if truth(of: value, scope) == (sign == .or) { return }
      }
    case .tuple, .list, .set, .dictionary, .subscript, .slice, .starred, .named, .unaryOperation,
      .comparison:
      try checkChildren(of: expression, scope)
    default:
      throw notRead("\(expression.kind.shownName) is not read", position)
    }
  }

  private func checkChildren(of expression: Expression, _ scope: CheckScope) throws(ScriptError) {
    for child in expression.children { try check(child, scope) }
  }

  private func check(_ parts: [FormattedPart], _ scope: CheckScope) throws(ScriptError) {
    for part in parts {
      guard case .field(let field) = part else { continue }
      guard field.conversion != .ascii else {
        throw notRead("a format in an f-string is not read", field.position)
      }
      try check(field.value, scope)
      try check(field.specification ?? [], scope)
    }
  }

  private func check(
    _ elements: [Expression],
    _ clauses: [Comprehension],
    _ scope: CheckScope
  ) throws(ScriptError) {
    var inner = scope
    for name in clauses.flatMap(\.target.targetNames) {
      inner.shapes[name] = .anything
      inner.unread[name] = nil
    }
    for (index, clause) in clauses.enumerated() {
      guard !clause.isAsync else {
        throw notRead("an asynchronous comprehension is not read", clause.iterable.position)
      }
      try check(clause.iterable, index == 0 ? scope : inner)
      for condition in clause.conditions { try check(condition, inner) }
    }
    for element in elements { try check(element, inner) }
  }

  /// A call of `op` or of a batch below an expression.
  private func action(in expression: Expression, _ scope: CheckScope) -> Expression? {
    if case .call(let function, _) = expression.kind,
      case .known(.native(let native)) = shape(of: function, scope),
      native.name.hasPrefix("op.") || native.name.hasPrefix("batch_op.")
    {
      return expression
    }
    return expression.children.lazy.compactMap { self.action(in: $0, scope) }.first
  }

  /// Checks the use of a name: local, of the module, or built in.
  func check(name: String, at position: SourcePosition, _ scope: CheckScope) throws(ScriptError) {
    let value = try known(name: name, at: position, scope)
    if let value { try checkFunctions(in: value, at: position) }
  }

  /// The refusal of a name that has got an unreadable value, with what is to be done about that.
  private func used(_ name: String, _ error: ScriptError, _ position: SourcePosition) -> ScriptError
  {
    var refusal = notRead("'\(name)' is used, and \(error.message)", position)
    refusal.hint = error.hint ?? refusal.hint
    return refusal
  }

  /// The value of a name outside of the function; nil for a local one.
  private func known(
    name: String,
    at position: SourcePosition,
    _ scope: CheckScope
  ) throws(ScriptError) -> PythonValue? {
    if scope.shapes[name] != nil { return nil }
    if let error = scope.unread[name] { throw used(name, error, position) }
    switch evaluator.globals.lookUp(name) {
    case .unread(let error)?: throw used(name, error, position)
    case nil where Builtins.unread.contains(name):
      throw notRead("'\(name)' is not read", position)
    case nil: throw notRead("the name '\(name)' is not defined", position)
    case let value?: return value
    }
  }

  private func check(callee function: Expression, _ scope: CheckScope) throws(ScriptError) {
    switch function.kind {
    case .name(let name):
      // A function that is called is checked with what is known of its arguments.
      let value = try known(name: name, at: function.position, scope)
      if case .function? = value { return }
      if let value { try checkFunctions(in: value, at: function.position) }
    case .attribute(let value, let name):
      try check(value, scope)
      try check(attribute: name, of: value, at: function.position, isCalled: true, scope)
    default: try check(function, scope)
    }
  }

  private func check(
    attribute name: String,
    of value: Expression,
    at position: SourcePosition,
    isCalled: Bool,
    _ scope: CheckScope
  ) throws(ScriptError) {
    let owner = shape(of: value, scope)
    if case .known(.object(let object)) = owner, case .unread(let error)? = object.attribute(name) {
      throw used(name, error, position)
    }
    // A row and a table have attributes of any name; but what is called must be known to some value.
    let isKnown = owner.has(name, in: evaluator) ?? (!isCalled || Self.methods.contains(name))
    guard isKnown else { throw notRead("'\(name)' of \(owner.shownName) is not read", position) }
  }

  private func check(
    callOf function: Expression,
    _ arguments: [Argument],
    _ scope: CheckScope
  ) throws(ScriptError) {
    let native: NativeFunction
    switch shape(of: function, scope) {
    case .known(.function(let called)):
      return try check(called, shapes(of: arguments, for: called, scope))
    case .known(.native(let value)): native = value
    case .handed(.anything):
      guard case .attribute(let owner, let name) = function.kind,
        case .handed(.batch) = shape(of: owner, scope),
        let directive = BatchDirectives.all[name]
      else { return }
      native = NativeFunction(name: directive.signature.name, signature: directive.signature) { _ in
        .none
      }
    default: return
    }
    if let problem = native.signature?.problem(with: arguments) {
      throw notRead(problem.message, problem.position)
    }
    if native.name == "op.execute" || native.name == "batch_op.execute",
      let argument = arguments.first
    {
      try check(sql: argument.value)
    }
  }
}

extension Constant {
  /// Whether the evaluator makes a value of the constant.
  fileprivate var isRead: Bool {
    switch self {
    case .none, .true, .false, .integer(_, .some), .float, .string, .bytes: true
    case .integer, .ellipsis, .imaginary: false
    }
  }
}
