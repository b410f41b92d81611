package import Revisions
internal import Schema

/// alembic's `op`: every function performs its operation at once.
final class OpModule: PythonObject {
  private let actions: (any MigrationActions)?

  init(_ evaluator: Evaluator) {
    actions = evaluator.actions
  }

  var typeName: String { "op" }

  func attribute(_ name: String) -> PythonValue? {
    guard let signature = Directives.op[name] else { return nil }
    return .native(
      NativeFunction(name: signature.name) { [actions] arguments in
        guard let actions else {
          throw ScriptError.notRead(
            "\(signature.name) outside of a function is not read",
            at: arguments.location
          )
        }
        return try Self.call(name, try arguments.bound(to: signature), actions)
      }
    )
  }

  private static func call(
    _ name: String,
    _ arguments: BoundArguments,
    _ actions: any MigrationActions
  ) throws -> PythonValue {
    switch name {
    case "get_bind": return .object(BindObject(actions))
    case "f": return .string(try arguments.string("name"))
    case "batch_alter_table":
      let recreate =
        arguments.values["recreate"] == nil
        ? "auto" : try arguments.optionalString("recreate") ?? "None"
      guard let recreate = BatchAlteration.Recreate(rawValue: recreate) else {
        throw ScriptError(
          .raised("ValueError"),
          "recreate may be one of 'auto', 'always', or 'never'.",
          at: arguments.location
        )
      }
      return .object(
        BatchObject(table: try arguments.string("table_name"), recreate: recreate, actions: actions)
      )
    default:
      if let operation = try operation(name, arguments) {
        try ActionFailure.located(at: arguments.location) { try actions.perform(operation) }
      }
      return .none
    }
  }

  private static func operation(
    _ name: String,
    _ arguments: BoundArguments
  ) throws -> Operation? {
    switch name {
    case "create_table": return .createTable(try table(arguments))
    case "drop_table":
      return .dropTable(
        try arguments.string("table_name"),
        ifExists: try arguments.boolean("if_exists")
      )
    case "rename_table":
      return .renameTable(
        from: try arguments.string("old_table_name"),
        to: try arguments.string("new_table_name")
      )
    case "add_column":
      return .addColumn(table: try arguments.string("table_name"), try arguments.column("column"))
    case "drop_column":
      return .dropColumn(
        table: try arguments.string("table_name"),
        column: try arguments.string("column_name")
      )
    case "create_index":
      return .createIndex(
        try arguments.index(on: try arguments.string("table_name")),
        ifNotExists: try arguments.boolean("if_not_exists")
      )
    case "drop_index":
      return .dropIndex(
        try arguments.string("index_name"),
        ifExists: try arguments.boolean("if_exists")
      )
    case "execute": return .execute(try arguments.sql("sqltext"))
    default: return nil
    }
  }

  private static func table(_ arguments: BoundArguments) throws -> Table {
    var columns: [Column] = []
    var constraints: [Constraint] = []
    var indexes: [Index] = []
    for value in arguments.rest {
      switch value {
      case .schema(.column(let column)): columns.append(column)
      case .schema(.constraint(let constraint)): constraints.append(constraint)
      case .schema(.index(let index)): indexes.append(index)
      default: throw arguments.wrongKind("*columns", value)
      }
    }
    return Table(
      try arguments.string("table_name"),
      columns: columns,
      constraints: constraints,
      indexes: indexes,
      options: Table.Options(
        autoincrement: try arguments.optionalBoolean("sqlite_autoincrement"),
        withoutRowid: try arguments.optionalBoolean("sqlite_with_rowid").map { !$0 },
        strict: try arguments.optionalBoolean("sqlite_strict")
      ),
      ifNotExists: try arguments.boolean("if_not_exists")
    )
  }
}

/// An error of the database or of an operation, with the place of the call that caused it.
package struct ActionFailure: Error, CustomStringConvertible {
  /// The place of the call.
  package var location: Revision.Location
  /// What the action threw.
  package var cause: any Error

  /// What the action threw, in words.
  package var description: String { String(describing: cause) }

  static func located(at location: Revision.Location, _ body: () throws -> Void) throws {
    do {
      try body()
    } catch let error as SchemaError {
      throw Evaluator.scriptError(error, at: location)
    } catch {
      throw ActionFailure(location: location, cause: error)
    }
  }
}
