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
      let naming =
        declared.hasNothingToName ? NamingConvention() : try context.convention()
      let table = try ScriptError.located(at: arguments.location) {
        try declared.named(by: naming)
      }
      try context.perform(.createTable(table), at: arguments)
      return .object(TableObject(declared, naming: naming))
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
      "op.create_table_comment",
      ["table_name", "comment"],
      required: 2,
      keywords: ["schema"],
      ignored: ["existing_comment"]
    ) { arguments, context in
      let table = try arguments.string("table_name")
      let text = try arguments.optionalString("comment")
      try context.perform(.comment(table: table, text), at: arguments)
      return .none
    },
    Function(
      "op.drop_table_comment",
      ["table_name"],
      required: 1,
      keywords: ["schema"],
      ignored: ["existing_comment"]
    ) { arguments, context in
      try context.perform(
        .comment(table: try arguments.string("table_name"), nil),
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
