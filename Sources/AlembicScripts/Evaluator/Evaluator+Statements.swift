internal import PythonSyntax

/// Statements.
extension Evaluator {
  /// How a statement ended.
  enum Flow {
    case next
    case returned(PythonValue)
    case broke
    case continued
  }

  func execute(_ body: [Statement], in scope: Scope) throws -> Flow {
    for statement in body {
      switch try execute(statement, in: scope) {
      case .next: continue
      case let flow: return flow
      }
    }
    return .next
  }

  func execute(_ statement: Statement, in scope: Scope) throws -> Flow {
    try step(at: statement.position) { try flow(of: statement, in: scope) }
  }

  private func flow(of statement: Statement, in scope: Scope) throws -> Flow {
    switch statement.kind {
    case .pass: return .next
    case .break: return .broke
    case .continue: return .continued
    case .expression(let expression):
      _ = try evaluate(expression, in: scope)
      return .next
    case .assign(let targets, let value):
      let value = try evaluate(value, in: scope)
      for target in targets { try assign(value, to: target, in: scope) }
      return .next
    case .annotatedAssign(let target, _, let value, _):
      if let value { try assign(try evaluate(value, in: scope), to: target, in: scope) }
      return .next
    case .augmentedAssign(let target, let sign, let value):
      let left = try evaluate(target, in: scope)
      let right = try evaluate(value, in: scope)
      if case .list(let list) = left, sign == .add, let elements = right.elements {
        // Python extends the list in place, for all who hold it.
        if RunBudget.allows(bytes: 8 * elements.count) { list.elements += elements }
        return .next
      }
      let result = try binary(left, sign, right, at: statement.position)
      budget.keep(result)
      try assign(result, to: target, in: scope)
      return .next
    case .import(let names):
      guard budget.allows(work: 10 * names.count) else { return .next }
      for name in names {
        scope.values[name.asName ?? name.firstPart] = Modules.imported(name, in: self)
      }
      return .next
    case .importFrom(let module, let names, let level):
      guard budget.allows(work: 10 * names.count) else { return .next }
      for name in names {
        guard name.name != "*" else {
          throw notRead("'import *' is not read", at: name.position)
        }
        scope.values[name.asName ?? name.name] = Modules.imported(
          name,
          from: module,
          level: level,
          in: self
        )
      }
      return .next
    case .functionDefinition(let definition):
      try define(definition, at: statement.position, in: scope)
      return .next
    case .if(let branches, let orElse):
      for branch in branches where try isTrue(branch.test, in: scope) {
        return try execute(branch.body, in: scope)
      }
      return try execute(orElse, in: scope)
    case .for(let target, let iterable, let body, let orElse, false):
      return try loop(target, iterable, body, orElse, in: scope)
    case .with(let items, let body, false):
      return try with(items[...], body, in: scope)
    case .return(let value):
      return .returned(try value.map { try evaluate($0, in: scope) } ?? .none)
    case .raise(let exception, _):
      throw try raise(exception, at: statement.position, in: scope)
    default:
      throw notRead("\(statement.kind.shownName) is not read", at: statement.position)
    }
  }

  func assign(_ value: PythonValue, to target: Expression, in scope: Scope) throws {
    guard budget.allows(work: 1) else { return }
    switch target.kind {
    case .name(let name):
      scope.values[name] = value
    case .tuple(let targets), .list(let targets):
      guard let elements = value.elements else {
        throw raised(
          "TypeError",
          "cannot unpack non-iterable \(value.typeName) object",
          at: target.position
        )
      }
      guard elements.count == targets.count else {
        throw raised(
          "ValueError",
          "\(elements.count) values to unpack into \(targets.count) names",
          at: target.position
        )
      }
      for (target, element) in zip(targets, elements) { try assign(element, to: target, in: scope) }
    default:
      throw notRead("an assignment to anything but names is not read", at: target.position)
    }
  }

  private func define(
    _ definition: FunctionDefinition,
    at position: SourcePosition,
    in scope: Scope
  ) throws {
    guard definition.decorators.isEmpty, !definition.isAsync else {
      throw notRead("a function with decorators, or an asynchronous one, is not read", at: position)
    }
    var defaults: [String: PythonValue] = [:]
    for parameter in definition.parameters.all {
      guard let value = parameter.defaultValue else { continue }
      defaults[parameter.name] = try evaluate(value, in: scope)
    }
    let function = PythonValue.function(
      PythonFunction(
        definition,
        scope: scope,
        defaults: defaults,
        locals: localNames(of: definition, at: position)
      )
    )
    budget.keep(function)
    scope.values[definition.name] = function
  }

  private func loop(
    _ target: Expression,
    _ iterable: Expression,
    _ body: [Statement],
    _ orElse: [Statement],
    in scope: Scope
  ) throws -> Flow {
    let value = try evaluate(iterable, in: scope)
    guard let elements = value.elements else {
      throw raised("TypeError", "'\(value.typeName)' object is not iterable", at: iterable.position)
    }
    var index = 0
    // A list that grows meanwhile is followed, as in Python.
    while index < (value.listElements ?? elements).count {
      let element = (value.listElements ?? elements)[index]
      index += 1
      guard index < 1_000_000 else {
        throw notRead("a loop of more than a million rounds is not read", at: iterable.position)
      }
      try assign(element, to: target, in: scope)
      switch try execute(body, in: scope) {
      case .next, .continued: continue
      case .broke: return .next
      case .returned(let value): return .returned(value)
      }
    }
    return try execute(orElse, in: scope)
  }

  private func with(
    _ items: ArraySlice<WithItem>,
    _ body: [Statement],
    in scope: Scope
  ) throws -> Flow {
    guard let item = items.first else { return try execute(body, in: scope) }
    return try step(at: item.context.position) {
      try with(item, items.dropFirst(), body, in: scope)
    }
  }

  private func with(
    _ item: WithItem,
    _ rest: ArraySlice<WithItem>,
    _ body: [Statement],
    in scope: Scope
  ) throws -> Flow {
    let context = try evaluate(item.context, in: scope)
    guard case .object(let object) = context, let manager = object as? any PythonContextManager
    else {
      throw notRead("'with' is read only for batch_alter_table", at: item.context.position)
    }
    let entered = manager.enter()
    if let target = item.target { try assign(entered, to: target, in: scope) }
    // An exception inside the block leaves through here: what was queued is then not applied, as in alembic.
    let flow = try with(rest, body, in: scope)
    do {
      try manager.leave()
    } catch var error as ScriptError where error.location == nil {
      error.location = location(item.context.position)
      throw error
    }
    return flow
  }

  private func raise(
    _ exception: Expression?,
    at position: SourcePosition,
    in scope: Scope
  ) throws -> ScriptError {
    guard let exception else {
      throw notRead("'raise' without an exception is not read", at: position)
    }
    switch try evaluate(exception, in: scope) {
    case .exception(let value):
      let message =
        value.arguments.count == 1 ? value.arguments[0].text : PythonValue.exception(value).text
      return raised(value.name, message ?? "", at: position)
    case .exceptionClass(let name): return raised(name, "", at: position)
    case let value:
      return raised(
        "TypeError",
        "exceptions must derive from BaseException, not \(value.typeName)",
        at: position
      )
    }
  }
}

/// An object that `with` can enter and leave.
protocol PythonContextManager: PythonObject {
  /// What `as` gets.
  func enter() -> PythonValue
  /// Ends the block after a body that did not raise.
  func leave() throws
}

extension ImportAlias {
  /// The part of a dotted name that `import a.b` binds.
  var firstPart: String { String(name.prefix { $0 != "." }) }
}

extension Statement {
  /// The names that the statement binds in its scope.
  var boundNames: [String] {
    switch kind {
    case .assign(let targets, _): targets.flatMap(\.targetNames)
    case .annotatedAssign(let target, _, _, _), .augmentedAssign(let target, _, _):
      target.targetNames
    case .import(let names): names.map { $0.asName ?? $0.firstPart }
    case .importFrom(_, let names, _): names.map { $0.asName ?? $0.name }
    case .functionDefinition(let definition): [definition.name]
    case .classDefinition(let definition): [definition.name]
    case .typeAlias(let name, _, _): [name]
    case .for(let target, _, _, _, _): target.targetNames
    case .with(let items, _, _): items.flatMap { $0.target?.targetNames ?? [] }
    default: []
    }
  }
}

extension Statement {
  /// The names that the statement and the statements below it bind, functions inside left out.
  var allBoundNames: [String] {
    if case .functionDefinition = kind { return boundNames }
    return boundNames + childStatements.flatMap(\.allBoundNames)
  }

  /// Whether all that the statement does is to bind names: then only using them is wrong if it cannot be read.
  var isSimpleBinding: Bool {
    switch kind {
    case .import, .functionDefinition, .classDefinition, .typeAlias: true
    case .importFrom(_, let names, _): !names.contains { $0.name == "*" }
    case .assign(let targets, _): targets.allSatisfy { $0.isNames }
    case .annotatedAssign(let target, _, _, _): target.isNames
    default: false
    }
  }
}

extension Expression {
  /// Whether it is a name, or several.
  fileprivate var isNames: Bool {
    switch kind {
    case .name: true
    case .tuple(let elements), .list(let elements): elements.allSatisfy(\.isNames)
    default: false
    }
  }

  /// The names that an assignment to the expression binds.
  var targetNames: [String] {
    switch kind {
    case .name(let name): [name]
    case .tuple(let elements), .list(let elements): elements.flatMap(\.targetNames)
    case .starred(let value): value.targetNames
    default: []
    }
  }
}

extension Statement.Kind {
  /// What to call the statement in a message.
  var shownName: String {
    switch self {
    case .classDefinition: "a class"
    case .while: "'while'"
    case .try: "'try'"
    case .match: "'match'"
    case .assert: "'assert'"
    case .delete: "'del'"
    case .global: "'global'"
    case .nonlocal: "'nonlocal'"
    case .typeAlias: "a type alias"
    case .for, .with: "an asynchronous statement"
    default: "this statement"
    }
  }
}
