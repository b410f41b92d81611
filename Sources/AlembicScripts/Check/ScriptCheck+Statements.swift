internal import PythonSyntax

/// Statements.
extension ScriptCheck {
  func check(_ body: [Statement], _ scope: inout CheckScope) throws(ScriptError) {
    for statement in body { try check(statement, &scope) }
  }

  private func check(_ statement: Statement, _ scope: inout CheckScope) throws(ScriptError) {
    let budget = evaluator.budget
    defer { budget.leave() }
    guard budget.enter() else {
      throw budget.refusal(at: evaluator.location(statement.position))
    }
    try checkKind(of: statement, &scope)
  }

  private func checkKind(
    of statement: Statement,
    _ scope: inout CheckScope
  ) throws(ScriptError) {
    let position = statement.position
    switch statement.kind {
    case .pass, .break, .continue, .annotatedAssign(_, _, nil, _): return
    case .expression(let value): try check(value, scope)
    case .assign(let targets, let value):
      try check(value, scope)
      for target in targets { try check(target: target, scope) }
      if targets.count == 1 { note(targets[0], value, &scope) }
    case .annotatedAssign(let target, _, let value?, _):
      try check(value, scope)
      try check(target: target, scope)
      note(target, value, &scope)
    case .augmentedAssign(let target, _, let value):
      try check(target: target, scope)
      try check(target, scope)
      try check(value, scope)
    case .import(let names):
      for name in names {
        scope.bind(name.asName ?? name.firstPart, Modules.imported(name, in: evaluator))
      }
    case .importFrom(let module, let names, let level):
      for name in names {
        guard name.name != "*" else { throw notRead("'import *' is not read", name.position) }
        let value = Modules.imported(name, from: module, level: level, in: evaluator)
        scope.bind(name.asName ?? name.name, value.resolved)
      }
    case .functionDefinition(let definition):
      guard definition.decorators.isEmpty, !definition.isAsync else {
        throw notRead("a function with decorators, or an asynchronous one, is not read", position)
      }
      try check(definition, in: scope)
    case .if(let branches, let orElse):
      for branch in branches {
        try check(branch.test, scope)
        let truth = truth(of: branch.test, scope)
        if truth != false { try check(branch.body, &scope) }
        if truth == true { return }
      }
      try check(orElse, &scope)
    case .for(let target, let iterable, let body, let orElse, false):
      try check(target: target, scope)
      try check(iterable, scope)
      try check(body, &scope)
      try check(orElse, &scope)
    case .while(let test, let body, let orElse):
      try check(test, scope)
      try check(body, &scope)
      try check(orElse, &scope)
    case .with(let items, let body, false):
      for item in items { try check(item, &scope) }
      try check(body, &scope)
    case .try(let clauses):
      try check(clauses, at: position, &scope)
    case .return(let value):
      if let value { try check(value, scope) }
    case .raise(let exception, let cause):
      if let exception { try check(exception, scope) }
      if let cause { try check(cause, scope) }
    case .assert(let test, let message):
      try check(test, scope)
      if let message { try check(message, scope) }
    case .delete(let targets):
      for target in targets { try check(target, scope) }
    case .classDefinition:
      throw notRead("a class inside a function is not read", position)
    default:
      throw notRead("\(statement.kind.shownName) is not read", position)
    }
  }

  private func check(
    _ clauses: TryStatement,
    at position: SourcePosition,
    _ scope: inout CheckScope
  ) throws(ScriptError) {
    guard !clauses.isStarred else { throw notRead("'except*' is not read", position) }
    if let error = Modules.conditionalImport(in: clauses, evaluator) { throw error }
    try check(clauses.body, &scope)
    for handler in clauses.handlers {
      if let type = handler.type { try check(type, scope) }
      try check(handler.body, &scope)
    }
    try check(clauses.orElse, &scope)
    try check(clauses.finally, &scope)
  }

  private func check(_ item: WithItem, _ scope: inout CheckScope) throws(ScriptError) {
    try check(item.context, scope)
    let shape = shape(of: item.context, scope)
    var isRead = false
    if case .handed(.batch) = shape { isRead = true }
    if case .call(let function, _) = item.context.kind,
      case .attribute(_, let name) = function.kind,
      name == "begin_nested" || name == "autocommit_block"
    {
      isRead = true
    }
    guard isRead else {
      throw notRead(
        "'with' is read only for batch_alter_table, begin_nested and autocommit_block",
        item.context.position
      )
    }
    guard let target = item.target else { return }
    try check(target: target, scope)
    // A savepoint that `with` ends is not ended by hand: of it nothing is known, and so nothing is called.
    var entered = shape
    if case .handed(.savepoint) = shape { entered = .anything }
    for name in target.targetNames { scope.shapes[name] = entered }
  }

  private func check(target: Expression, _ scope: CheckScope) throws(ScriptError) {
    switch target.kind {
    case .name: return
    case .tuple(let elements), .list(let elements):
      for element in elements { try check(target: element, scope) }
    case .starred(let value): try check(target: value, scope)
    case .subscript(let container, let index):
      try check(container, scope)
      try check(index, scope)
    case .attribute(let owner, let name):
      try check(owner, scope)
      guard name == "naming_convention" else {
        throw notRead("an assignment to an attribute is not read", target.position)
      }
    default: throw notRead("this assignment is not read", target.position)
    }
  }

  /// Remembers what is known of a name that is assigned only here.
  private func note(_ target: Expression, _ value: Expression, _ scope: inout CheckScope) {
    guard case .name(let name) = target.kind, scope.singles.contains(name) else { return }
    scope.shapes[name] = shape(of: value, scope)
  }
}

extension PythonValue {
  /// What an imported name stands for.
  var resolved: PythonValue {
    guard case .object(let object as BoundImport) = self else { return self }
    return object.value
  }
}
