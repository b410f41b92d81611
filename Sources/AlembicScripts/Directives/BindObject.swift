internal import Schema

/// What `op.get_bind()` hands out: the connection, as a script may use it.
final class BindObject: PythonObject {
  let context: MigrationContext

  init(_ context: MigrationContext) {
    self.context = context
  }

  var typeName: String { "Connection" }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "engine": .object(self)
    case "dialect": .object(DialectObject())
    // An engine's name is that of its dialect; scripts ask `bind.engine.name`.
    case "name": .string("sqlite")
    default: BindDirectives.all[name]?.value(on: self)
    }
  }
}

/// The functions of a connection.
enum BindDirectives {
  /// Options about how many rows are fetched at a time.
  static let streaming: Set<String> = ["stream_results", "yield_per", "max_row_buffer"]

  static let all = Directive<BindObject>.table([
    Directive(
      "connection.execute",
      ["statement", "parameters"],
      required: 1,
      keywords: ["execution_options"],
      takesAnyKeyword: false
    ) { arguments, bind in
      try arguments.refuse("execution_options")
      return .object(
        try StatementRunner(bind.context.actions).result(
          of: arguments.values["statement"] ?? .none,
          arguments.values["parameters"] ?? .none,
          arguments.location
        )
      )
    },
    Directive("connection.scalar", ["statement", "parameters"], required: 1) { arguments, bind in
      let result = try StatementRunner(bind.context.actions).result(
        of: arguments.values["statement"] ?? .none,
        arguments.values["parameters"] ?? .none,
        arguments.location
      )
      return result.next()?.values.first ?? .none
    },
    Directive("connection.scalars", ["statement", "parameters"], required: 1) { arguments, bind in
      let result = try StatementRunner(bind.context.actions).result(
        of: arguments.values["statement"] ?? .none,
        arguments.values["parameters"] ?? .none,
        arguments.location
      )
      return .object(RowsObject(result.drain().map { $0.values.first ?? .none }))
    },
    Directive("connection.execution_options", keywords: streaming) { _, bind in .object(bind) },
    Directive("connection.begin_nested", result: .savepoint) { arguments, bind in
      .object(try NestedTransaction(bind.context, arguments.location))
    },
  ])
}

/// `bind.dialect`: scripts ask its name.
final class DialectObject: PythonObject {
  var typeName: String { "SQLiteDialect" }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "name": .string("sqlite")
    // The driver is that of SQLAlchemy's default for SQLite.
    case "dialect_description": .string("sqlite+pysqlite")
    // A type of a project asks for the type that it is here.
    case "type_descriptor":
      .native(
        NativeFunction(name: name) { arguments in
          guard arguments.positional.count == 1, arguments.keywords.isEmpty else {
            throw arguments.notTaken("type_descriptor() takes one argument")
          }
          return arguments.positional[0]
        }
      )
    default: nil
    }
  }
}

/// `with context.autocommit_block():` what alembic commits statement by statement runs within our transaction.
///
/// When all goes well the database is the same; when not, more is undone than alembic could undo.
final class AutocommitBlock: PythonContextManager {
  var typeName: String { "autocommit_block" }
  func attribute(_ name: String) -> PythonValue? { nil }
  func enter() -> PythonValue { .none }
  func leave() throws {}
}

/// What `op.get_context()` hands out.
final class MigrationContextObject: PythonObject {
  private let context: MigrationContext

  init(_ context: MigrationContext) {
    self.context = context
  }

  var typeName: String { "MigrationContext" }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "dialect": .object(DialectObject())
    case "bind", "connection": .object(BindObject(context))
    case "as_sql": .boolean(false)
    case "impl": .object(ImplObject())
    case "autocommit_block":
      .native(
        NativeFunction(name: name) { [context] arguments in
          // alembic's commit would end the savepoint.
          guard context.openSavepoints == 0 else {
            throw ScriptError.notRead(
              "autocommit_block() inside of begin_nested() is not read",
              at: arguments.location
            )
          }
          return .object(AutocommitBlock())
        }
      )
    default: nil
    }
  }
}

/// `context.impl`.
final class ImplObject: PythonObject {
  var typeName: String { "SQLiteImpl" }
  func attribute(_ name: String) -> PythonValue? {
    name == "dialect" ? .object(DialectObject()) : nil
  }
}
