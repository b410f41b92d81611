internal import Schema

/// Constraints outside of a batch, which SQLite cannot alter: alembic raises NotImplementedError, and a script may catch it.
extension OpDirectives {
  static let constraints: [Function] = [
    Function(
      "op.create_unique_constraint",
      ["constraint_name", "table_name", "columns"],
      required: 3,
      keywords: ["schema", "deferrable", "initially"]
    ) { arguments, context in try create(arguments.unique(), arguments, context) },
    Function(
      "op.create_primary_key",
      ["constraint_name", "table_name", "columns"],
      required: 3,
      keywords: ["schema"]
    ) { arguments, context in try create(arguments.primaryKey(), arguments, context) },
    Function(
      "op.create_check_constraint",
      ["constraint_name", "table_name", "condition"],
      required: 3,
      keywords: ["schema", "deferrable", "initially"]
    ) { arguments, context in try create(arguments.check(), arguments, context) },
    Function(
      "op.create_foreign_key",
      ["constraint_name", "source_table", "referent_table", "local_cols", "remote_cols"],
      required: 5,
      keywords: [
        "onupdate", "ondelete", "deferrable", "initially", "match", "source_schema",
        "referent_schema",
      ],
      ignored: ["use_alter", "info", "comment"]
    ) { arguments, context in
      try create(arguments.foreignKey(), arguments, context, table: "source_table")
    },
    Function(
      "op.create_exclude_constraint",
      ["constraint_name", "table_name"],
      required: 2,
      variadic: true,
      ignored: ["where", "schema", "deferrable", "initially", "using", "ops"]
    ) { arguments, _ in
      throw ScriptError(.raised("NotImplementedError"), noAlter, at: arguments.location)
    },
    Function(
      "op.drop_constraint",
      ["constraint_name", "table_name", "type_"],
      required: 2,
      keywords: ["schema", "if_exists"]
    ) { arguments, context in
      _ = try arguments.string("table_name")
      throw ScriptError(.raised("NotImplementedError"), noAlter, at: arguments.location)
    },
  ]

  private static func create(
    _ constraint: Constraint,
    _ arguments: BoundArguments,
    _ context: MigrationContext,
    table: String = "table_name"
  ) throws -> PythonValue {
    _ = try arguments.string(table)
    throw ScriptError(.raised("NotImplementedError"), noAlter, at: arguments.location)
  }
}
