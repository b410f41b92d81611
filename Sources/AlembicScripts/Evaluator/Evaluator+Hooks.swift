internal import PythonSyntax
internal import Schema

/// What the top level of a module changes in SQLAlchemy.
extension Evaluator {
  /// What a statement changes in SQLAlchemy so that this module cannot be read; nil if it changes nothing that matters here.
  ///
  /// A class of the module itself may be written in any way: that makes nothing but this class unreadable. What a module of
  /// the project changes for everybody, `LoadedHooks` finds.
  func disturbance(by statement: Statement) -> String? {
    guard let hook = statement.hookIntoSQLAlchemy, !compilesAsHere(statement) else { return nil }
    guard hook == "@compiles" else { return hook }
    for compiled in statement.compiledForSQLite {
      guard case .name(let name) = compiled.kind, isOwn(compiled) else {
        guard moduleName != nil else { return hook }
        altersSQLAlchemy = true
        continue
      }
      if case .object(let type as TypeSubclass)? = globals.values[name],
        let text = statement.returnedText
      {
        type.text = text
        continue
      }
      globals.values[name] = .unread(
        notRead(
          "'\(name)', which is written in its own way by @compiles, is not read",
          at: statement.position
        )
      )
    }
    return nil
  }

  /// Whether an expression names a class that is defined on the top level.
  func isOwn(_ expression: Expression) -> Bool {
    guard case .name(let name) = expression.kind else { return false }
    return module.body.contains { statement in
      if case .classDefinition(let definition) = statement.kind { return definition.name == name }
      return false
    }
  }

  /// Whether a statement is `@compiles(SomeType, "sqlite")` of a function that returns what that type is here anyway.
  private func compilesAsHere(_ statement: Statement) -> Bool {
    let compiled = statement.compiledForSQLite
    guard compiled.count == 1, let text = statement.returnedText else { return false }
    do {
      let type = try evaluate(compiled[0], in: globals).columnType
      return try type?.sql() == text
    } catch { return false }
  }
}

extension Statement {
  /// What the decorators `@compiles(..., "sqlite")` of a function are given.
  var compiledForSQLite: [Expression] {
    guard case .functionDefinition(let function) = kind else { return [] }
    return function.decorators.compactMap { decorator in
      guard case .call(let called, let arguments) = decorator.kind, called.lastPart == "compiles",
        let first = arguments.first
      else { return nil }
      let dialects = arguments.dropFirst().compactMap(\.value.stringLiteral)
      return dialects.isEmpty || dialects.contains("sqlite") ? first.value : nil
    }
  }

  /// The string that a function does nothing but return.
  fileprivate var returnedText: String? {
    guard case .functionDefinition(let function) = kind, let last = function.body.last,
      case .return(let value?) = last.kind, function.body.dropLast().allSatisfy(\.isDocstring)
    else { return nil }
    return value.stringLiteral
  }
}
