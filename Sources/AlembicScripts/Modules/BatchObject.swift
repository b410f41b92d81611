internal import Schema

/// What `with op.batch_alter_table(...) as batch_op` hands out: changes are queued and applied together at the end.
final class BatchObject: PythonContextManager {
  private let table: String
  private let recreate: BatchAlteration.Recreate
  private let actions: any MigrationActions
  private var changes: [BatchChange] = []

  init(table: String, recreate: BatchAlteration.Recreate, actions: any MigrationActions) {
    self.table = table
    self.recreate = recreate
    self.actions = actions
  }

  var typeName: String { "batch_op" }

  func enter() -> PythonValue { .object(self) }

  func leave() throws {
    let batch = BatchAlteration(table, recreate: recreate, changes: changes)
    do {
      try actions.perform(.batch(batch))
    } catch let error as SchemaError {
      throw ScriptError(
        error.code == .refused ? .notRead : .raised(error.code.exception),
        error.message
      )
    }
  }

  func attribute(_ name: String) -> PythonValue? {
    guard let signature = Directives.batch[name] else { return nil }
    return .native(
      NativeFunction(name: signature.name) { [self] arguments in
        let bound = try arguments.bound(to: signature)
        switch name {
        case "f": return .string(try bound.string("name"))
        case "execute":
          // alembic runs it at once, before what is queued.
          let sql = try bound.sql("sqltext")
          try ActionFailure.located(at: bound.location) { try actions.perform(.execute(sql)) }
        default:
          if let change = try change(name, bound) { changes.append(change) }
        }
        return .none
      }
    )
  }

  private func change(_ name: String, _ arguments: BoundArguments) throws -> BatchChange? {
    switch name {
    case "add_column":
      return .addColumn(
        try arguments.column("column"),
        before: try arguments.optionalString("insert_before"),
        after: try arguments.optionalString("insert_after")
      )
    case "drop_column": return .dropColumn(try arguments.string("column_name"))
    case "create_index": return .createIndex(try arguments.index(on: table))
    case "drop_index": return .dropIndex(try arguments.string("index_name"))
    case "alter_column": return .alterColumn(try alteration(arguments))
    default: return nil
    }
  }

  private func alteration(_ arguments: BoundArguments) throws -> ColumnAlteration {
    var serverDefault = ColumnAlteration.DefaultChange.unchanged
    switch arguments.values["server_default"] {
    // Not given, or False: alembic leaves the default as it is. None drops it.
    case nil, .some(.boolean(false)): break
    case .some(.none): serverDefault = .drop
    default:
      if let value = try arguments.optionalDefault("server_default") { serverDefault = .set(value) }
    }
    return ColumnAlteration(
      try arguments.string("column_name"),
      newName: try arguments.optionalString("new_column_name"),
      type: try arguments.optionalType("type_"),
      existingType: try arguments.optionalType("existing_type"),
      nullable: try arguments.optionalBoolean("nullable"),
      serverDefault: serverDefault
    )
  }
}
