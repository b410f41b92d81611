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
final class InspectorObject: PythonObject {
  private let actions: any MigrationActions

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
          return .boolean(try actions.hasTable(try bound.string("table_name")))
        }
        return .list(PythonList(try actions.tableNames().map { .string($0) }))
      }
    )
  }
}
