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
    let position = statement.position
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
      try augment(target, sign, value, at: position, in: scope)
      return .next
    case .import, .importFrom:
      try importNames(statement, in: scope)
      return .next
    case .functionDefinition(let definition):
      try define(definition, at: position, in: scope)
      return .next
    case .classDefinition(let definition):
      scope.values[definition.name] = try classValue(definition, at: position, in: scope)
      return .next
    case .if(let branches, let orElse):
      for branch in branches where try isTrue(branch.test, in: scope) {
        return try execute(branch.body, in: scope)
      }
      return try execute(orElse, in: scope)
    case .for(let target, let iterable, let body, let orElse, false):
      return try loop(target, iterable, body, orElse, in: scope)
    case .while(let test, let body, let orElse):
      return try loop(while: test, body, orElse, in: scope)
    case .with(let items, let body, false):
      return try with(items[...], body, in: scope)
    case .try(let clauses):
      return try attempt(clauses, at: position, in: scope)
    case .return(let value):
      return .returned(try value.map { try evaluate($0, in: scope) } ?? .none)
    case .raise(let exception, _):
      throw try raise(exception, at: position, in: scope)
    case .assert(let test, let message):
      if try !isTrue(test, in: scope) {
        let text = try message.map { try evaluate($0, in: scope).text ?? "" } ?? ""
        throw raised("AssertionError", text, at: position)
      }
      return .next
    case .delete(let targets):
      for target in targets { try delete(target, in: scope) }
      return .next
    default:
      throw notRead("\(statement.kind.shownName) is not read", at: position)
    }
  }

  private func importNames(_ statement: Statement, in scope: Scope) throws {
    switch statement.kind {
    case .import(let names):
      for name in names {
        scope.values[name.asName ?? name.firstPart] = Modules.imported(name, in: self)
      }
    case .importFrom(let module, let names, let level):
      for name in names {
        guard name.name != "*" else { throw notRead("'import *' is not read", at: name.position) }
        scope.values[name.asName ?? name.name] = Modules.imported(
          name,
          from: module,
          level: level,
          in: self
        )
      }
    default: return
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
    let function = PythonValue.function(
      PythonFunction(
        definition,
        scope: scope,
        defaults: try defaults(of: definition.parameters, in: scope),
        evaluator: self
      )
    )
    budget.keep(function)
    scope.values[definition.name] = function
  }

  private func raise(
    _ exception: Expression?,
    at position: SourcePosition,
    in scope: Scope
  ) throws -> any Error {
    guard let exception else {
      guard let error = handled.last else {
        throw raised("RuntimeError", "No active exception to reraise", at: position)
      }
      return error
    }
    switch try evaluate(exception, in: scope) {
    case .exception(let value):
      return raised(value.name, value.text ?? "", at: position)
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

extension ImportAlias {
  /// The part of a dotted name that `import a.b` binds.
  var firstPart: String { String(name.prefix { $0 != "." }) }
}
