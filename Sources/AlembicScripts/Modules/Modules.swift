internal import PythonSyntax

/// What `import` gives: the modules that the reader knows, and placeholders for all others.
enum Modules {
  /// The value that `import a.b as c` or `import a` binds.
  static func imported(_ alias: ImportAlias, in evaluator: Evaluator) -> PythonValue {
    switch (alias.name, alias.asName) {
    case ("sqlalchemy", _): .object(SQLAlchemyModule())
    case ("alembic.op", _?): .object(OpModule(evaluator))
    default: .unread(unread(alias.name, at: alias.position, in: evaluator))
    }
  }

  /// The value that `from module import name` binds.
  static func imported(
    _ alias: ImportAlias,
    from module: String?,
    level: Int,
    in evaluator: Evaluator
  ) -> PythonValue {
    guard level == 0, let module else {
      return .unread(unread("a module of the project", at: alias.position, in: evaluator))
    }
    switch (module, alias.name) {
    case ("alembic", "op"): return .object(OpModule(evaluator))
    case ("sqlalchemy", let name):
      if let value = SQLAlchemyModule().attribute(name) { return value }
    case ("sqlalchemy.sql", "func"), ("sqlalchemy.sql.expression", "func"):
      return .object(FunctionModule())
    case ("sqlalchemy.sql", "text"), ("sqlalchemy.sql.expression", "text"):
      return SQLAlchemyModule().attribute("text") ?? .none
    default: break
    }
    return .unread(unread("\(module).\(alias.name)", at: alias.position, in: evaluator))
  }

  private static func unread(
    _ name: String,
    at position: SourcePosition,
    in evaluator: Evaluator
  ) -> ScriptError {
    evaluator.notRead("\(name) is not a module or a name that is read", at: position)
  }
}
