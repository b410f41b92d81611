/// What `op.get_bind()` and `sa.inspect(...)` hand out: the database as a script may ask it.
final class BindObject: PythonObject {
  let actions: any MigrationActions

  init(_ actions: any MigrationActions) {
    self.actions = actions
  }

  var typeName: String { "Connection" }

  func attribute(_ name: String) -> PythonValue? {
    switch name {
    case "engine": .object(self)
    case "dialect": .object(DialectObject())
    default: nil
    }
  }
}

/// `bind.dialect`: scripts ask its name.
final class DialectObject: PythonObject {
  var typeName: String { "SQLiteDialect" }

  func attribute(_ name: String) -> PythonValue? {
    name == "name" ? .string("sqlite") : nil
  }
}

/// `sa.inspect(bind)`: which tables there are.
///
/// SQLAlchemy's inspector remembers its answers: what is created afterwards is not seen by the same one.
final class InspectorObject: PythonObject {
  private let actions: any MigrationActions
  private var tableNames: [String]?
  private var hasTable: [String: Bool] = [:]

  init(_ actions: any MigrationActions) {
    self.actions = actions
  }

  var typeName: String { "Inspector" }

  func attribute(_ name: String) -> PythonValue? {
    guard let signature = Directives.inspector[name] else { return nil }
    return .native(
      NativeFunction(name: signature.name) { [self] arguments in
        let bound = try arguments.bound(to: signature)
        if name == "has_table" {
          let table = try bound.string("table_name")
          let answer = try hasTable[table] ?? actions.hasTable(table)
          hasTable[table] = answer
          return .boolean(answer)
        }
        let names = try tableNames ?? actions.tableNames()
        tableNames = names
        return .list(PythonList(names.map { .string($0) }))
      }
    )
  }
}
