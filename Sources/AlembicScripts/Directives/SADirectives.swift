internal import Schema

/// The functions of `sa` that are not types; one file per concern.
enum SADirectives {
  typealias Function = Directive<Void>

  /// All of them.
  static let all = Function.table(columns, constraints, tables, text, expressions, statements)

  static let columns: [Function] = [
    Function(
      "sa.Column",
      ["name", "type_"],
      required: 1,
      variadic: true,
      keywords: [
        "primary_key", "nullable", "autoincrement", "server_default", "unique", "index", "default",
        "onupdate", "key", "sqlite_on_conflict_not_null", "sqlite_on_conflict_primary_key",
        "sqlite_on_conflict_unique",
      ],
      ignored: ["comment", "doc", "info", "server_onupdate"]
    ) { arguments, _ in .schema(.column(try ColumnReader.column(arguments))) },
    Function("sa.Computed", ["sqltext", "persisted"], required: 1) { arguments, _ in
      .schema(
        .computed(
          Column.Computed(
            try arguments.sql("sqltext"),
            persisted: try arguments.optionalBoolean("persisted")
          )
        )
      )
    },
    Function(
      "sa.Identity",
      ignored: [
        "start", "increment", "minvalue", "maxvalue", "always", "cycle", "cache", "order",
        "on_null",
      ]
    ) { _, _ in .schema(.identity) },
    Function(
      "sa.ForeignKey",
      ["column"],
      required: 1,
      keywords: ["name", "onupdate", "ondelete", "deferrable", "initially", "match"],
      ignored: ["use_alter", "comment", "info", "link_to_name"]
    ) { arguments, _ in
      // The column that it stands on is not known yet; a target without a column is completed there.
      var target: ForeignKey
      if case .core(.column(let column))? = arguments.values["column"], let source = column.source {
        target = ForeignKey(table: source.name, columns: [column.name])
      } else {
        target = try ForeignKey.target(try arguments.string("column"), for: "")
      }
      try complete(&target, arguments)
      return .schema(
        .reference(
          Column.Reference(
            target,
            name: try arguments.optionalString("name"),
            deferrable: try arguments.optionalBoolean("deferrable"),
            initially: try arguments.optionalString("initially")
          )
        )
      )
    },
  ]

  static func complete(_ target: inout ForeignKey, _ arguments: BoundArguments) throws {
    target.onUpdate = try arguments.optionalString("onupdate")
    target.onDelete = try arguments.optionalString("ondelete")
    target.match = try arguments.optionalString("match")
  }
}
