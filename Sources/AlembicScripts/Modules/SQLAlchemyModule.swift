internal import Schema

/// SQLAlchemy's `sa`: types, columns, constraints, SQL fragments, and `inspect`.
final class SQLAlchemyModule: PythonObject {
  var typeName: String { "sqlalchemy" }

  /// The submodules that are reached by attribute: `sa.sql.func`, `sa.types.Integer`.
  private static let namespaces: Set<String> = ["sql", "types", "schema", "expression"]

  func attribute(_ name: String) -> PythonValue? {
    if name == "func" { return .object(FunctionModule()) }
    if Self.namespaces.contains(name) { return .object(self) }
    if ColumnType.names.contains(name) { return .schema(.typeName(name)) }
    guard let signature = Directives.sqlalchemy[name] else { return nil }
    return .native(
      NativeFunction(name: signature.name) { arguments in
        try Self.call(name, try arguments.bound(to: signature))
      }
    )
  }

  /// Whether `sa` has the name at all.
  static func knows(_ name: String) -> Bool {
    SQLAlchemyModule().attribute(name) != nil
  }

  /// Makes a type of its name and the arguments of the call.
  static func type(_ name: String, _ arguments: CallArguments) throws -> ColumnType {
    try arguments.charge()
    var keywords: [String: TypeArgument] = [:]
    for (keyword, value) in arguments.keywords {
      keywords[keyword] = try argument(value, arguments)
    }
    return try ColumnType.make(
      name,
      try arguments.positional.map { try argument($0, arguments) },
      keywords: keywords
    )
  }

  private static func argument(
    _ value: PythonValue,
    _ arguments: CallArguments
  ) throws -> TypeArgument {
    switch value {
    case .none: return .none
    case .boolean(let value): return .boolean(value)
    case .integer(let value): return .integer(Int(value))
    case .string(let text): return .string(text)
    default:
      if let type = try value.columnType { return .type(type) }
      throw ScriptError.notRead(
        "an argument of type \(value.typeName) of a column type is not read",
        at: arguments.location
      )
    }
  }

  private static func call(_ name: String, _ arguments: BoundArguments) throws -> PythonValue {
    switch name {
    case "Column": return .schema(.column(try ColumnReader.column(arguments)))
    case "ForeignKey": return .schema(.reference(try reference(arguments)))
    case "ForeignKeyConstraint": return .schema(.constraint(try foreignKey(arguments)))
    case "PrimaryKeyConstraint":
      return .schema(
        .constraint(
          Constraint(.primaryKey(try names(arguments)), name: try arguments.optionalString("name"))
        )
      )
    case "UniqueConstraint":
      return .schema(
        .constraint(
          Constraint(.unique(try names(arguments)), name: try arguments.optionalString("name"))
        )
      )
    case "CheckConstraint":
      return .schema(
        .constraint(
          Constraint(
            .check(try arguments.sql("sqltext")),
            name: try arguments.optionalString("name")
          )
        )
      )
    case "text": return .schema(.text(try arguments.string("text")))
    case "true": return .schema(.expression(.true))
    case "false": return .schema(.expression(.false))
    case "null": return .schema(.expression(.null))
    default:
      guard case .object(let object)? = arguments.values["subject"],
        let bind = object as? BindObject
      else {
        throw arguments.wrongKind("subject", arguments.values["subject"] ?? .none)
      }
      return .object(InspectorObject(bind.actions))
    }
  }

  private static func names(_ arguments: BoundArguments) throws -> [String] {
    try arguments.rest.map { value in
      guard case .string(let name) = value else { throw arguments.wrongKind("*columns", value) }
      return name
    }
  }

  private static func reference(_ arguments: BoundArguments) throws -> Column.Reference {
    // The column that it stands on is not known yet; a target without a column is completed there.
    var target = try ForeignKey.target(try arguments.string("column"), for: "")
    try complete(&target, arguments)
    return Column.Reference(
      target,
      name: try arguments.optionalString("name"),
      deferrable: try arguments.optionalBoolean("deferrable"),
      initially: try arguments.optionalString("initially")
    )
  }

  private static func foreignKey(_ arguments: BoundArguments) throws -> Constraint {
    let columns = try arguments.strings("columns")
    let targets = try zip(columns, try arguments.strings("refcolumns")).map { column, text in
      try ForeignKey.target(text, for: column)
    }
    guard let first = targets.first else { throw arguments.wrongKind("refcolumns", .none) }
    var target = ForeignKey(table: first.table, columns: targets.flatMap(\.columns))
    try complete(&target, arguments)
    return Constraint(
      .foreignKey(columns: columns, target),
      name: try arguments.optionalString("name"),
      deferrable: try arguments.optionalBoolean("deferrable"),
      initially: try arguments.optionalString("initially")
    )
  }

  private static func complete(_ target: inout ForeignKey, _ arguments: BoundArguments) throws {
    target.onUpdate = try arguments.optionalString("onupdate")
    target.onDelete = try arguments.optionalString("ondelete")
    target.match = try arguments.optionalString("match")
  }
}

/// `sa.func`: the functions that stand as defaults.
final class FunctionModule: PythonObject {
  var typeName: String { "func" }

  func attribute(_ name: String) -> PythonValue? {
    guard let signature = Directives.functions[name] else { return nil }
    return .native(
      NativeFunction(name: signature.name) { arguments in
        _ = try arguments.bound(to: signature)
        switch name {
        case "current_date": return .schema(.expression(.currentDate))
        case "current_time": return .schema(.expression(.currentTime))
        default: return .schema(.expression(.currentTimestamp))
        }
      }
    )
  }
}
