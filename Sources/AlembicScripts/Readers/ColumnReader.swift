internal import Schema

/// Reads the call of `sa.Column`.
enum ColumnReader {
  static func column(_ arguments: BoundArguments) throws -> Column {
    let name = try arguments.string("name")
    if case .some(.none) = arguments.values["nullable"] {
      throw arguments.wrongKind("nullable", .none)
    }
    try arguments.refuse("key")
    var parts = arguments.rest
    // Given so, they are what they are as constraints.
    switch arguments.values["server_default"] {
    case .schema(.computed)?, .schema(.identity)?:
      if let value = arguments.values["server_default"] { parts.append(value) }
    default: break
    }
    var type = ColumnType.null
    if let second = arguments.values["type_"] {
      // The type may be left out: then the second argument is already a constraint.
      if let given = try second.columnType { type = given } else { parts.insert(second, at: 0) }
    }
    var column = Column(
      name,
      type,
      nullable: try arguments.optionalBoolean("nullable"),
      isPrimaryKey: try arguments.boolean("primary_key"),
      autoincrement: try autoincrement(arguments),
      serverDefault: try serverDefault(arguments),
      isUnique: try arguments.boolean("unique"),
      isIndexed: try arguments.boolean("index")
    )
    for part in parts { try add(part, to: &column, arguments) }
    column.onConflict = Column.OnConflict(
      notNull: try arguments.optionalString("sqlite_on_conflict_not_null"),
      primaryKey: try arguments.optionalString("sqlite_on_conflict_primary_key"),
      unique: try arguments.optionalString("sqlite_on_conflict_unique")
    )
    column.hasClientDefault = arguments.values["default"].map { !$0.isNone } ?? false
    column.hasClientUpdate = arguments.values["onupdate"].map { !$0.isNone } ?? false
    return column
  }

  private static func serverDefault(_ arguments: BoundArguments) throws -> ServerDefault? {
    switch arguments.values["server_default"] {
    case .schema(.computed)?, .schema(.identity)?: nil
    default: try arguments.optionalDefault("server_default")
    }
  }

  private static func add(
    _ part: PythonValue,
    to column: inout Column,
    _ arguments: BoundArguments
  ) throws {
    switch part {
    case .none: return
    case .schema(.reference(var reference)):
      if reference.target.columns == [""] { reference.target.columns = [column.name] }
      column.references.append(reference)
    case .schema(.computed(let computed)): column.computed = computed
    case .schema(.identity): column.isIdentity = true
    case .schema(.constraint(let constraint)):
      guard case .check(let sql, _) = constraint.kind else {
        throw arguments.wrongKind("*args", part)
      }
      guard constraint.onConflict == nil else {
        throw ScriptError(
          .raised("CompileError"),
          "SQLite does not support on conflict clause for column check constraint",
          at: arguments.location
        )
      }
      column.checks.append(Column.Check(sql, name: constraint.name))
    default:
      throw arguments.wrongKind("*args", part)
    }
  }

  private static func autoincrement(_ arguments: BoundArguments) throws -> Column.Autoincrement {
    switch arguments.values["autoincrement"] {
    case nil, .some(.string("auto")): return .automatic
    case .some(.boolean(let isOn)): return isOn ? .enabled : .disabled
    case .some(.string("ignore_fk")): return .automatic
    case .some(let value): throw arguments.wrongKind("autoincrement", value)
    }
  }
}

extension PythonValue {
  /// Whether it is None.
  var isNone: Bool {
    if case .none = self { return true }
    return false
  }
}
