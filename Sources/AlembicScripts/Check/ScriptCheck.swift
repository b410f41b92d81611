internal import PythonSyntax
internal import Schema

/// Walks everything that a function of a script can reach, before anything is run, and refuses what is not read.
///
/// The rule is that of the run: a construct that `Evaluator` does not know, a name that has no readable value, an argument
/// that a function of `op` or `sa` does not take. All branches count, since which one runs depends on the database.
final class ScriptCheck {
  private let evaluator: Evaluator
  // Functions that were found, and those of them that are still to be checked: calls may go deeper than any stack.
  private var found: Set<ObjectIdentifier> = []
  private var pending: [PythonFunction] = []
  // Names of the module whose values were looked through for functions.
  private var names: Set<String> = []

  /// What is known of a value before anything runs.
  enum Shape {
    case op
    case batch
    case sqlalchemy
    case function
    case anything
  }

  init(_ script: Script, limits: RunLimits = RunLimits()) {
    evaluator = Evaluator(
      path: script.path,
      module: script.module,
      actions: nil,
      limits: limits
    )
    evaluator.loadModule()
  }

  /// Checks a function of the script and all that it calls.
  ///
  /// - Parameter name: `upgrade` or `downgrade`.
  /// - Throws: `ScriptError` with the place of the first construct that is not read.
  func check(function name: String) throws(ScriptError) {
    // What fails on the top level fails before `upgrade` is called: nothing was touched, and nothing can be run.
    if let refusal = evaluator.moduleRefusal {
      throw .notRead(refusal.description, at: refusal.location)
    }
    switch evaluator.globals.values[name] {
    case .function(let function)?:
      let parameters = function.definition.parameters.all
      guard parameters.allSatisfy({ $0.defaultValue != nil }) else {
        throw notRead("a function '\(name)' with parameters is not read", parameters[0].position)
      }
      note(function)
      while let next = pending.popLast() { try check(next.definition, in: CheckScope()) }
    case .unread(let error)?: throw error
    default:
      throw ScriptError(
        .configuration,
        "the script has no function '\(name)'",
        at: evaluator.location(SourcePosition(line: 1, column: 1)),
        hint: "add the function; alembic needs it too"
      )
    }
  }

  /// Notes a function that can be reached.
  private func note(_ function: PythonFunction) {
    if found.insert(ObjectIdentifier(function)).inserted { pending.append(function) }
  }

  private func check(_ definition: FunctionDefinition, in outer: CheckScope) throws(ScriptError) {
    var scope = outer
    for parameter in definition.parameters.all {
      scope.shapes[parameter.name] = .anything
      if let value = parameter.defaultValue { try check(value, outer) }
    }
    guard definition.parameters.variadic == nil, definition.parameters.keywordVariadic == nil else {
      throw notRead(
        "a function with * or ** parameters is not read",
        definition.parameters.all[0].position
      )
    }
    // A name that is assigned anywhere in a function is local everywhere in it.
    for name in definition.body.flatMap(\.allBoundNames) { scope.shapes[name] = .anything }
    try check(definition.body, &scope)
  }

  private func check(_ body: [Statement], _ scope: inout CheckScope) throws(ScriptError) {
    for statement in body { try check(statement, &scope) }
  }

  private func check(_ statement: Statement, _ scope: inout CheckScope) throws(ScriptError) {
    switch statement.kind {
    case .pass, .break, .continue: return
    case .expression(let value), .annotatedAssign(_, _, let value?, _): try check(value, scope)
    case .annotatedAssign(_, _, nil, _): return
    case .assign(let targets, let value):
      try check(value, scope)
      for target in targets { try check(target: target) }
    case .augmentedAssign(let target, _, let value):
      try check(target: target)
      try check(target, scope)
      try check(value, scope)
    case .import(let names):
      for name in names {
        scope.bind(
          name.asName ?? name.firstPart,
          Self.shape(of: Modules.imported(name, in: evaluator))
        )
      }
    case .importFrom(let module, let names, let level):
      for name in names {
        guard name.name != "*" else { throw notRead("'import *' is not read", name.position) }
        let value = Modules.imported(name, from: module, level: level, in: evaluator)
        scope.bind(name.asName ?? name.name, Self.shape(of: value))
      }
    case .functionDefinition(let definition):
      guard definition.decorators.isEmpty, !definition.isAsync else {
        throw notRead(
          "a function with decorators, or an asynchronous one, is not read",
          statement.position
        )
      }
      try check(definition, in: scope)
    case .if(let branches, let orElse):
      for branch in branches {
        try check(branch.test, scope)
        try check(branch.body, &scope)
      }
      try check(orElse, &scope)
    case .for(let target, let iterable, let body, let orElse, false):
      try check(target: target)
      try check(iterable, scope)
      try check(body, &scope)
      try check(orElse, &scope)
    case .with(let items, let body, false):
      for item in items { try check(item, &scope) }
      try check(body, &scope)
    case .return(let value):
      if let value { try check(value, scope) }
    case .raise(let exception, let cause):
      guard let exception else {
        throw notRead("'raise' without an exception is not read", statement.position)
      }
      try check(exception, scope)
      if let cause { try check(cause, scope) }
    default:
      throw notRead("\(statement.kind.shownName) is not read", statement.position)
    }
  }

  private func check(_ item: WithItem, _ scope: inout CheckScope) throws(ScriptError) {
    guard
      case .call(let function, _) = item.context.kind,
      case .attribute(let value, "batch_alter_table") = function.kind,
      shape(of: value, scope) == .op
    else { throw notRead("'with' is read only for batch_alter_table", item.context.position) }
    try check(item.context, scope)
    guard let target = item.target else { return }
    try check(target: target)
    for name in target.targetNames { scope.shapes[name] = .batch }
  }

  private func check(target: Expression) throws(ScriptError) {
    switch target.kind {
    case .name: return
    case .tuple(let elements), .list(let elements):
      for element in elements { try check(target: element) }
    default: throw notRead("an assignment to anything but names is not read", target.position)
    }
  }

  func notRead(_ message: String, _ position: SourcePosition) -> ScriptError {
    evaluator.notRead(message, at: position)
  }

  private static func shape(of value: PythonValue?) -> Shape? {
    switch value {
    case .object(let object)?:
      switch object {
      case is OpModule: .op
      case is SQLAlchemyModule: .sqlalchemy
      case is FunctionModule: .function
      default: .anything
      }
    case .unread?, nil: nil
    default: .anything
    }
  }

  /// What is known of an expression's value.
  func shape(of expression: Expression, _ scope: CheckScope) -> Shape {
    switch expression.kind {
    case .name(let name):
      if let local = scope.shapes[name] { return local }
      return Self.shape(of: evaluator.globals.lookUp(name)) ?? .anything
    case .attribute(let value, let name) where shape(of: value, scope) == .sqlalchemy:
      return Self.shape(of: SQLAlchemyModule().attribute(name)) ?? .anything
    default: return .anything
    }
  }

  /// Checks the use of a name: local, of the module, or built in.
  func check(name: String, at position: SourcePosition, _ scope: CheckScope) throws(ScriptError) {
    if scope.shapes[name] != nil { return }
    if scope.unread.contains(name) {
      throw notRead("'\(name)' is imported from what is not read", position)
    }
    switch evaluator.globals.lookUp(name) {
    case .unread(let error)?:
      throw notRead("'\(name)' is used, and \(error.message)", position)
    case nil: throw notRead("the name '\(name)' is not defined", position)
    case .some(let value):
      guard names.insert(name).inserted else { return }
      try noteFunctions(in: value, at: position, depth: 0)
    }
  }

  /// Functions that a value holds may be called through it.
  private func noteFunctions(
    in value: PythonValue,
    at position: SourcePosition,
    depth: Int
  ) throws(ScriptError) {
    guard depth < 20 else { return }
    // What holds one thing many times is looked through as often.
    guard evaluator.budget.allows(work: 1) else {
      throw evaluator.budget.refusal(at: evaluator.location(position))
    }
    let held: [PythonValue]
    switch value {
    case .function(let function): return note(function)
    case .list(let list): held = list.elements
    case .tuple(let elements): held = elements
    case .dictionary(let dictionary): held = dictionary.items.map(\.value)
    default: return
    }
    for element in held { try noteFunctions(in: element, at: position, depth: depth + 1) }
  }
}

/// What is known of the local names while a function is checked.
struct CheckScope {
  var shapes: [String: ScriptCheck.Shape] = [:]
  /// Names imported from modules that are not read.
  var unread: Set<String> = []

  /// Binds an imported name; one that is not read must not be used.
  mutating func bind(_ name: String, _ shape: ScriptCheck.Shape?) {
    shapes[name] = shape
    if shape == nil { unread.insert(name) } else { unread.remove(name) }
  }
}
