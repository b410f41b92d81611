internal import PythonSyntax
internal import Schema

/// What `import` gives: the modules that the reader knows, the project's own, and placeholders for all others.
enum Modules {
  /// The modules that the reader knows, by their dotted names.
  private static func module(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    switch name {
    case "alembic": .object(AlembicModule(evaluator.context))
    case "alembic.op": .object(OpModule(evaluator.context))
    case "alembic.context": .object(ContextModule())
    case "sqlalchemy", "sqlalchemy.sql", "sqlalchemy.types", "sqlalchemy.schema",
      "sqlalchemy.sql.expression", "sqlalchemy.sql.sqltypes", "sqlalchemy.sql.schema",
      "sqlalchemy.sql.elements", "sqlalchemy.sql.functions":
      .object(SQLAlchemyModule())
    case "sqlalchemy.exc": .object(ExceptionModule("sqlalchemy.exc", ExceptionClasses.sqlalchemy))
    case "sqlalchemy.dialects": .object(DialectsModule())
    case "sqlalchemy.engine", "sqlalchemy.engine.reflection", "sqlalchemy.inspection":
      .object(ReflectionModule())
    case "sqlalchemy.orm": .object(OrmModule())
    case "oslo_log": .object(OsloLogModule())
    case "sqlmodel", "sqlmodel.sql", "sqlmodel.sql.sqltypes": .object(SQLModelModule())
    case "sqlite3":
      .object(
        ExceptionModule(
          "sqlite3",
          ["Error", "OperationalError", "IntegrityError", "DatabaseError"]
        )
      )
    case _ where name.hasPrefix("sqlalchemy.dialects."):
      DialectsModule().attribute(String(name.split(separator: ".")[2]))
    default: StandardModule.named(name).map { .object($0) }
    }
  }

  /// The value that `import a.b as c` or `import a` binds.
  static func imported(_ alias: ImportAlias, in evaluator: Evaluator) -> PythonValue {
    // `import a.b` binds `a`, of which `b` is then an attribute.
    let name = alias.asName == nil ? alias.firstPart : alias.name
    if let value = module(name, evaluator) { return value }
    if let value = evaluator.modules.mapped(name) { return value }
    if let value = evaluator.modules.module(name, from: evaluator) { return value }
    return .unread(unread(alias.name, at: alias.position, in: evaluator))
  }

  /// The value that `from module import name` binds.
  static func imported(
    _ alias: ImportAlias,
    from module: String?,
    level: Int,
    in evaluator: Evaluator
  ) -> PythonValue {
    var shown: String { "\(module ?? "a module of the project").\(alias.name)" }
    if level == 0, let module {
      if module == "__future__" { return .none }
      if let value = evaluator.modules.mapped("\(module).\(alias.name)") { return value }
      if case .object(let object)? = self.module(module, evaluator) {
        if let value = object.attribute(alias.name) { return value }
        if let value = self.module("\(module).\(alias.name)", evaluator) { return value }
        return .unread(unread(shown, at: alias.position, in: evaluator))
      }
    }
    let place = LazyImport(
      module: module,
      level: level,
      name: alias.name,
      refusal: unread(shown, at: alias.position, in: evaluator)
    )
    guard evaluator.modules.has(place, from: evaluator) else { return .unread(place.refusal) }
    return .object(BoundImport(place, evaluator))
  }

  /// Why an import inside `try` is refused, if it is: what runs there would depend on what is installed.
  static func conditionalImport(in clauses: TryStatement, _ evaluator: Evaluator) -> ScriptError? {
    let catches = clauses.handlers.contains { handler in
      guard let type = handler.type else { return true }
      return !Set(type.names).isDisjoint(with: [
        "ImportError", "ModuleNotFoundError", "Exception", "BaseException",
      ])
    }
    guard catches else { return nil }
    for statement in clauses.body {
      let values: [(String, PythonValue)]
      switch statement.kind {
      case .import(let names): values = names.map { ($0.name, imported($0, in: evaluator)) }
      case .importFrom(let module, let names, let level):
        values = names.map {
          ($0.name, imported($0, from: module, level: level, in: evaluator))
        }
      default: continue
      }
      for (name, value) in values {
        guard case .unread = value else { continue }
        return evaluator.notRead(
          "an import of '\(name)' inside 'try' is not read",
          at: statement.position
        )
      }
    }
    return nil
  }

  private static func unread(
    _ name: String,
    at position: SourcePosition,
    in evaluator: Evaluator
  ) -> ScriptError {
    var refusal = evaluator.notRead(
      "\(name) is not a module or a name that is read",
      at: position
    )
    // Types are classes, whose names begin so.
    if name.split(separator: ".").last?.first?.isUppercase == true {
      refusal.hint =
        "\(refusal.hint ?? ""); if it is a type of columns, --type \(name)=SQL says what it is on SQLite"
    }
    return refusal
  }
}

/// A module that all scripts share: changing it would change what other scripts do.
protocol SharedModule: PythonObject {}

/// `alembic` itself.
final class AlembicModule: SharedModule {
  private let context: MigrationContext?

  init(_ context: MigrationContext?) {
    self.context = context
  }

  var typeName: String { "alembic" }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "op": .object(OpModule(context))
    case "context": .object(ContextModule())
    default: nil
    }
  }
}

/// alembic's `op`: every function performs its operation at once.
final class OpModule: SharedModule {
  private let context: MigrationContext?

  init(_ context: MigrationContext?) {
    self.context = context
  }

  var typeName: String { "op" }

  func attribute(_ name: String) -> PythonValue? { OpDirectives.all[name]?.value(on: context) }
}

/// alembic's `context`, as far as a script asks it.
final class ContextModule: SharedModule {
  var typeName: String { "context" }

  func attribute(_ name: String) -> PythonValue? {
    guard name == "is_offline_mode" else { return nil }
    return .native(NativeFunction(name: name) { _ in .boolean(false) })
  }
}

/// `sqlalchemy.exc`: classes of exceptions.
final class ExceptionModule: SharedModule {
  private let name: String
  private let classes: Set<String>

  init(_ name: String, _ classes: Set<String>) {
    self.name = name
    self.classes = classes
  }

  var typeName: String { name }

  func attribute(_ name: String) -> PythonValue? {
    classes.contains(name) ? .exceptionClass(name) : nil
  }
}

/// `sqlalchemy.dialects`, and the dialects in it.
final class DialectsModule: SharedModule {
  var typeName: String { "sqlalchemy.dialects" }

  func attribute(_ name: String) -> PythonValue? {
    ColumnType.dialects.contains(name) ? .object(DialectModule(name)) : nil
  }
}

/// `sqlalchemy.dialects.postgresql` and its like: types, most of them for other databases.
final class DialectModule: SharedModule {
  private let dialect: String

  init(_ dialect: String) {
    self.dialect = dialect
  }

  var typeName: String { "sqlalchemy.dialects.\(dialect)" }

  func attribute(_ name: String) -> PythonValue? {
    if ColumnType.isKnown(name, in: dialect) {
      return .schema(.dialectType(name, dialect: dialect))
    }
    // `sqlalchemy.dialects.mysql.base` has the same types.
    return ["base", "json", "types", "named_types"].contains(name) ? .object(self) : nil
  }
}

/// `sqlalchemy.engine` and `sqlalchemy.engine.reflection`.
final class ReflectionModule: SharedModule {
  var typeName: String { "sqlalchemy.engine" }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "reflection": .object(self)
    case "Inspector": .object(InspectorClass())
    case "Connection", "Engine": .object(TypeName(name))
    default: nil
    }
  }
}

/// `sqlmodel`, whose one type is in many scripts that it has generated.
final class SQLModelModule: SharedModule {
  var typeName: String { "sqlmodel" }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "sql", "sqltypes": .object(self)
    // `sqlmodel.sql.sqltypes` imports SQLAlchemy's types, and scripts reach them through it.
    case "types": .object(SQLAlchemyModule())
    // On SQLite it is SQLAlchemy's String.
    case "AutoString": .schema(.typeName("String"))
    default: nil
    }
  }
}

/// `Inspector`, with its old constructor `from_engine`.
final class InspectorClass: SharedModule {
  var typeName: String { "type" }

  func attribute(_ name: String) -> PythonValue? {
    name == "from_engine" ? SADirectives.all["inspect"]?.value(on: ()) : nil
  }
}
