internal import Schema

/// The functions of what `op.batch_alter_table` hands out.
enum BatchDirectives {
  typealias Function = Directive<BatchObject>

  /// All of them.
  static let all = Function.table(columns, indexes, constraints, others)

  static let columns: [Function] = [
    Function(
      "batch_op.alter_column",
      ["column_name"],
      required: 1,
      keywords: ["nullable", "server_default", "new_column_name", "type_", "existing_type"],
      ignored: [
        "existing_server_default", "existing_nullable", "existing_comment", "autoincrement",
        "existing_autoincrement", "comment", "schema",
      ]
    ) { arguments, batch in
      try batch.queue(.alterColumn(try arguments.alteration()), arguments)
      return .none
    },
    Function(
      "batch_op.add_column",
      ["column"],
      required: 1,
      keywords: ["insert_before", "insert_after"]
    ) { arguments, batch in
      let column = try arguments.column("column")
      try batch.queue(
        .addColumn(
          try batch.named(column, arguments),
          before: try arguments.optionalString("insert_before"),
          after: try arguments.optionalString("insert_after")
        ),
        arguments
      )
      return .none
    },
    Function(
      "batch_op.drop_column",
      ["column_name"],
      required: 1,
      keywords: ["existing_type"],
      ignored: ["mssql_drop_check", "mssql_drop_default", "mssql_drop_foreign_key"]
    ) { arguments, batch in
      let name = try arguments.string("column_name")
      let type = try arguments.optionalType("existing_type")
      try batch.queue(.dropColumn(name, existingType: type), arguments)
      return .none
    },
  ]

  static let indexes: [Function] = [
    Function(
      "batch_op.create_index",
      ["index_name", "columns"],
      required: 2,
      keywords: ["unique", "sqlite_where"]
    ) { arguments, batch in
      try batch.queue(.createIndex(try arguments.index(on: batch.table)), arguments)
      return .none
    },
    Function("batch_op.drop_index", ["index_name"], required: 1, keywords: ["if_exists"]) {
      arguments,
      batch in
      try arguments.refuse("if_exists")
      try batch.queue(.dropIndex(try arguments.string("index_name")), arguments)
      return .none
    },
  ]

  static let others: [Function] = [
    Function("batch_op.execute", ["sqltext"], required: 1, keywords: ["execution_options"]) {
      arguments,
      batch in
      // alembic runs it at once, before what is queued.
      try arguments.refuse("execution_options")
      try StatementRunner(batch.context.actions).run(arguments, "sqltext")
      return .none
    },
    Function("batch_op.f", ["name"], required: 1) { arguments, _ in
      .schema(.finalName(try arguments.string("name")))
    },
    Function("batch_op.get_bind", result: .bind) { _, batch in
      .object(BindObject(batch.context))
    },
    Function("batch_op.get_context", result: .context) { _, batch in
      .object(MigrationContextObject(batch.context))
    },
  ]
}

extension BatchObject {
  /// A column whose constraints have the names that the project's convention gives to them.
  fileprivate func named(_ column: Column, _ arguments: BoundArguments) throws -> Column {
    guard !column.tableConstraints.isEmpty || column.isIndexed || !column.checks.isEmpty else {
      return column
    }
    let convention = try context.convention()
    guard convention.isEmpty else {
      throw ScriptError.notRead(
        "a column with constraints in a batch, to be named by the project's convention, is not read",
        at: arguments.location
      )
    }
    return column
  }
}
