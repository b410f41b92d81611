internal import Schema

/// Creating, dropping and renaming tables.
extension OpDirectives {
  static let tables: [Function] = [
    Function(
      "op.create_table",
      ["table_name"],
      required: 1,
      variadic: true,
      keywords: [
        "schema", "if_not_exists", "sqlite_autoincrement", "sqlite_with_rowid", "sqlite_strict",
        "prefixes",
      ],
      ignored: [
        "comment", "info", "extend_existing", "keep_existing", "implicit_returning", "listeners",
        "must_exist",
      ]
    ) { arguments, context in
      let declared = try TableReader.table(arguments)
      let table = try ScriptError.located(at: arguments.location) {
        try declared.hasNothingToName
          ? declared : declared.named(by: try context.convention())
      }
      try context.perform(.createTable(table), at: arguments)
      return .object(TableObject(declared))
    },
    Function(
      "op.drop_table",
      ["table_name"],
      required: 1,
      keywords: ["schema", "if_exists"],
      ignored: ["info", "comment"]
    ) { arguments, context in
      let name = try arguments.string("table_name")
      try context.perform(
        .dropTable(name, ifExists: try arguments.boolean("if_exists")),
        at: arguments
      )
      return .none
    },
    Function(
      "op.rename_table",
      ["old_table_name", "new_table_name"],
      required: 2,
      keywords: ["schema"]
    ) { arguments, context in
      let old = try arguments.string("old_table_name")
      let new = try arguments.string("new_table_name")
      try context.perform(.renameTable(from: old, to: new), at: arguments)
      return .none
    },
  ]
}
