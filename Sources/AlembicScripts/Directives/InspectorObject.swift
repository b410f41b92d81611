internal import Schema

/// `sa.inspect(bind)`: what there is in the database.
///
/// SQLAlchemy's inspector remembers its answers: what is created afterwards is not seen by the same one.
final class InspectorObject: PythonObject {
  private let actions: any MigrationActions
  private var names: [String]?
  private var existing: [String: Bool] = [:]
  private var tables: [String: ReflectedTable] = [:]

  init(_ actions: any MigrationActions) {
    self.actions = actions
  }

  var typeName: String { "Inspector" }

  func attribute(_ name: String) -> PythonValue? {
    name == "dialect"
      ? .object(DialectObject()) : InspectorDirectives.all[name]?.value(on: self)
  }

  fileprivate func forget() {
    names = nil
    existing = [:]
    tables = [:]
  }

  fileprivate func tableNames() throws -> [String] {
    let answer = try names ?? actions.tableNames()
    names = answer
    return answer
  }

  fileprivate func viewNames() throws -> [String] { try actions.viewNames() }

  fileprivate func hasTable(_ name: String) throws -> Bool {
    let answer = try existing[name] ?? actions.hasTable(name)
    existing[name] = answer
    return answer
  }

  fileprivate func table(_ name: String) throws -> ReflectedTable {
    if let known = tables[name] { return known }
    let table = try actions.reflect(name)
    tables[name] = table
    return table
  }
}

/// The functions of an inspector.
enum InspectorDirectives {
  static let all = Directive<InspectorObject>.table([
    Directive("inspector.get_table_names", ["schema"]) { arguments, inspector in
      let names = try ActionFailure.value(at: arguments.location) { try inspector.tableNames() }
      return .list(PythonList(names.map { .string($0) }))
    },
    Directive("inspector.clear_cache") { _, inspector in
      inspector.forget()
      return .none
    },
    Directive("inspector.get_view_names", ["schema"]) { arguments, inspector in
      let names = try ActionFailure.value(at: arguments.location) { try inspector.viewNames() }
      return .list(PythonList(names.map { .string($0) }))
    },
    Directive("inspector.has_table", ["table_name", "schema"], required: 1) {
      arguments,
      inspector in
      let name = try arguments.string("table_name")
      return .boolean(
        try ActionFailure.value(at: arguments.location) { try inspector.hasTable(name) }
      )
    },
    table("get_columns") { table in
      try table.columns.map { column in
        dictionary([
          ("name", .string(column.name)),
          ("type", .schema(.type(try ColumnType.reflected(column.declaredType)))),
          ("nullable", .boolean(!column.isNotNull)),
          ("default", column.defaultText.map { .string($0) } ?? .none),
          ("primary_key", .integer(Int64(column.primaryKeyPosition))),
        ])
      }
    },
    table("get_indexes") { table in
      table.indexes.map { index in
        dictionary([
          ("name", .string(index.name)),
          ("column_names", .list(PythonList(index.columns.map { .string($0) }))),
          ("unique", .integer(index.isUnique ? 1 : 0)),
          (
            "dialect_options",
            dictionary(index.predicate.map { [("sqlite_where", .schema(.text($0)))] } ?? [])
          ),
        ])
      }
    },
    table("get_unique_constraints") { table in
      table.constraints.compactMap { constraint in
        guard case .unique(let columns) = constraint.kind else { return nil }
        return dictionary([
          ("name", constraint.name.map { .string($0) } ?? .none),
          ("column_names", .list(PythonList(columns.map { .string($0) }))),
        ])
      }
    },
    table("get_foreign_keys") { table in
      table.constraints.compactMap { constraint in
        guard case .foreignKey(let columns, let target) = constraint.kind else { return nil }
        return dictionary([
          ("name", constraint.name.map { .string($0) } ?? .none),
          ("constrained_columns", .list(PythonList(columns.map { .string($0) }))),
          ("referred_schema", .none),
          ("referred_table", .string(target.table)),
          ("referred_columns", .list(PythonList(target.columns.map { .string($0) }))),
        ])
      }
    },
    table("get_check_constraints") { table in
      let named = table.constraints.compactMap { constraint -> PythonValue? in
        guard case .check(let sql, _) = constraint.kind else { return nil }
        return dictionary([
          ("name", constraint.name.map { .string($0) } ?? .none), ("sqltext", .string(sql)),
        ])
      }
      return named
        + table.unnamedChecks.map { dictionary([("name", .none), ("sqltext", .string($0))]) }
    },
    Directive("inspector.get_pk_constraint", ["table_name", "schema"], required: 1) {
      arguments,
      inspector in
      let table = try reflect(arguments, inspector)
      let key = table.constraints.first(where: \.isPrimaryKey)
      return dictionary([
        (
          "constrained_columns",
          .list(PythonList((key?.columns ?? []).map { .string($0) }))
        ),
        ("name", key?.name.map { .string($0) } ?? .none),
      ])
    },
  ])

  private static func reflect(
    _ arguments: BoundArguments,
    _ inspector: InspectorObject
  ) throws -> ReflectedTable {
    let name = try arguments.string("table_name")
    return try ActionFailure.value(at: arguments.location) { try inspector.table(name) }
  }

  private static func table(
    _ name: String,
    _ rows: @escaping @Sendable (ReflectedTable) throws -> [PythonValue]
  ) -> Directive<InspectorObject> {
    Directive("inspector.\(name)", ["table_name", "schema"], required: 1) { arguments, inspector in
      let table = try reflect(arguments, inspector)
      return .list(
        PythonList(try ScriptError.located(at: arguments.location) { try rows(table) })
      )
    }
  }

  private static func dictionary(_ items: [(String, PythonValue)]) -> PythonValue {
    .dictionary(PythonDictionary(items.map { (.string($0.0), $0.1) }))
  }
}
