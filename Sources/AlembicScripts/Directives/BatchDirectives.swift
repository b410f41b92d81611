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
        "existing_autoincrement", "comment", "schema", "insert_before", "insert_after",
      ]
    ) { arguments, batch in
      try batch.queue(.alterColumn(try arguments.alteration()), arguments)
      return .none
    },
    Function(
      "batch_op.add_column",
      ["column"],
      required: 1,
      keywords: [
        "insert_before", "insert_after", "if_not_exists", "inline_references",
        "inline_primary_key",
      ]
    ) { arguments, batch in
      var options = try arguments.addColumnOptions()
      let column = try arguments.column("column")
      let constraints = try batch.constraints(of: column, options, arguments)
      options.isFollowedByConstraints = !constraints.isEmpty
      try batch.queue(
        .addColumn(
          column,
          before: try arguments.optionalString("insert_before"),
          after: try arguments.optionalString("insert_after"),
          options
        ),
        arguments
      )
      for constraint in constraints { try batch.queue(.createConstraint(constraint), arguments) }
      return .none
    },
    Function(
      "batch_op.drop_column",
      ["column_name"],
      required: 1,
      keywords: ["existing_type", "if_exists"],
      ignored: ["mssql_drop_check", "mssql_drop_default", "mssql_drop_foreign_key"]
    ) { arguments, batch in
      let name = try arguments.string("column_name")
      let type = try arguments.optionalType("existing_type")
      let ifExists = try arguments.boolean("if_exists")
      try batch.queue(.dropColumn(name, existingType: type, ifExists: ifExists), arguments)
      return .none
    },
  ]

  static let indexes: [Function] = [
    Function(
      "batch_op.create_index",
      ["index_name", "columns"],
      required: 2,
      keywords: ["unique", "sqlite_where", "if_not_exists"]
    ) { arguments, batch in
      let index = try arguments.index(on: batch.table)
      let ifNotExists = try arguments.optionalBoolean("if_not_exists")
      try batch.queue(.createIndex(index, ifNotExists: ifNotExists), arguments)
      return .none
    },
    Function("batch_op.drop_index", ["index_name"], required: 1, keywords: ["if_exists"]) {
      arguments,
      batch in
      let name = try arguments.string("index_name")
      let ifExists = try arguments.optionalBoolean("if_exists")
      try batch.queue(.dropIndex(name, ifExists: ifExists), arguments)
      return .none
    },
  ]

  static let others: [Function] = [
    Function("batch_op.execute", ["sqltext"], required: 1, keywords: ["execution_options"]) {
      arguments,
      batch in
      // alembic runs it at once, before what is queued.
      try arguments.checkExecutionOptions()
      try StatementRunner(batch.context.actions).run(arguments, "sqltext")
      return .none
    },
    Function("batch_op.f", ["name"], required: 1) { arguments, _ in
      .schema(.finalName(try arguments.string("name")))
    },
    Function("batch_op.inline_literal", ["value", "type_"], required: 1) { arguments, _ in
      try arguments.inlineLiteral()
    },
    Function(
      "batch_op.create_table_comment",
      ["comment"],
      required: 1,
      ignored: ["existing_comment"]
    ) { arguments, batch in
      try batch.queue(.comment(try arguments.optionalString("comment")), arguments)
      return .none
    },
    Function("batch_op.drop_table_comment", ignored: ["existing_comment"]) { arguments, batch in
      try batch.queue(.comment(nil), arguments)
      return .none
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
  /// The constraints of a column with the names that the project's convention gives to them; none without a convention.
  ///
  /// alembic queues them after the column as well.
  fileprivate func constraints(
    of column: Column,
    _ options: AddColumnOptions,
    _ arguments: BoundArguments
  ) throws -> [Constraint] {
    guard !column.tableConstraints.isEmpty || column.isIndexed || !column.checks.isEmpty else {
      return []
    }
    let convention = try context.convention()
    guard !convention.isEmpty else { return [] }
    let index = try ScriptError.located(at: arguments.location) {
      column.isIndexed ? try convention.name(ofIndexOn: [column.name], in: table) : nil
    }
    guard column.checks.isEmpty, !column.type.createsConstraint,
      index == nil || index == "ix_\(table)_\(column.name)"
    else {
      throw ScriptError.notRead(
        "a column with a CHECK or an index in a batch, to be named by the project's convention, is not read",
        at: arguments.location
      )
    }
    return try column.tableConstraints(options).map { try named($0, arguments) }
  }
}
