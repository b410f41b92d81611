internal import Schema

/// Tables to write statements for, and what is in the database.
extension SADirectives {
  static let tables: [Function] = [
    Function("sa.table", ["name"], required: 1, variadic: true, keywords: ["schema"]) {
      arguments,
      _ in
      .object(TableObject(try TableReader.table(arguments, name: "name")))
    },
    Function("sa.column", ["text", "type_"], required: 1, keywords: ["is_literal"]) {
      arguments,
      _ in
      try arguments.refuse("is_literal")
      let type = try arguments.optionalType("type_") ?? .null
      return .schema(.column(Column(try arguments.string("text"), type)))
    },
    Function(
      "sa.Table",
      ["name", "metadata"],
      required: 2,
      variadic: true,
      keywords: [
        "autoload_with", "schema", "sqlite_autoincrement", "sqlite_with_rowid", "sqlite_strict",
        "prefixes",
      ],
      ignored: ["extend_existing", "keep_existing", "comment", "info", "implicit_returning"]
    ) { arguments, _ in
      guard case .object(let object as MetaDataObject)? = arguments.values["metadata"] else {
        throw arguments.wrongKind("metadata", arguments.values["metadata"] ?? .none)
      }
      let name = try arguments.string("name")
      if let bind = arguments.values["autoload_with"], !bind.isNone {
        return .object(try reflected(name, object, bind, arguments))
      }
      if arguments.rest.isEmpty, let table = object.table(name) { return .object(table) }
      let table = TableObject(
        try TableReader.table(arguments, name: "name"),
        naming: object.naming
      )
      object.add(table)
      return .object(table)
    },
    Function("sa.inspect", ["subject"], required: 1, result: .inspector) { arguments, _ in
      guard case .object(let bind as BindObject)? = arguments.values["subject"] else {
        throw arguments.wrongKind("subject", arguments.values["subject"] ?? .none)
      }
      return .object(InspectorObject(bind.context.actions))
    },
  ]

  /// The methods of a `MetaData`.
  static let metadata = Directive<MetaDataObject>.table([
    Directive("metadata.reflect", ["bind"], required: 1, keywords: ["only"]) {
      arguments,
      metadata in
      guard case .object(let bind as BindObject)? = arguments.values["bind"] else {
        throw arguments.wrongKind("bind", arguments.values["bind"] ?? .none)
      }
      var names = try ActionFailure.value(at: arguments.location) {
        try bind.context.actions.tableNames()
      }
      if let only = arguments.values["only"], !only.isNone {
        let wanted = try arguments.strings("only")
        names = names.filter(wanted.contains)
      }
      for name in names where metadata.table(name) == nil {
        metadata.add(try TableObject.reflected(name, bind.context.actions, arguments))
      }
      return .none
    }
  ])

  private static func reflected(
    _ name: String,
    _ metadata: MetaDataObject,
    _ bind: PythonValue,
    _ arguments: BoundArguments
  ) throws -> TableObject {
    guard case .object(let bind as BindObject) = bind else {
      throw arguments.wrongKind("autoload_with", bind)
    }
    guard arguments.rest.isEmpty else {
      throw ScriptError.notRead("columns beside autoload_with are not read", at: arguments.location)
    }
    if let table = metadata.table(name) { return table }
    let table = try TableObject.reflected(name, bind.context.actions, arguments)
    metadata.add(table)
    return table
  }
}

extension TableObject {
  /// A table as it is in the database.
  static func reflected(
    _ name: String,
    _ actions: any MigrationActions,
    _ arguments: BoundArguments
  ) throws -> TableObject {
    let reflected = try ActionFailure.value(at: arguments.location) { try actions.reflect(name) }
    return try ScriptError.located(at: arguments.location) {
      TableObject(try Table(reflected: reflected))
    }
  }
}
