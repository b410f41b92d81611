/// What `op`, a batch, and `sa` offer, with the parameters that are read: one table for the check and for the run.
enum Directives {
  /// The functions of `op`.
  static let op: [String: Signature] = table([
    Signature(
      name: "op.create_table",
      positional: ["table_name"],
      required: 1,
      isVariadic: true,
      keywords: [
        "schema", "if_not_exists", "sqlite_autoincrement", "sqlite_with_rowid", "sqlite_strict",
      ],
      ignored: ["comment", "info"]
    ),
    Signature(
      name: "op.drop_table",
      positional: ["table_name"],
      required: 1,
      keywords: ["schema", "if_exists"]
    ),
    Signature(
      name: "op.rename_table",
      positional: ["old_table_name", "new_table_name"],
      required: 2,
      keywords: ["schema"]
    ),
    Signature(
      name: "op.add_column",
      positional: ["table_name", "column"],
      required: 2,
      keywords: ["schema"]
    ),
    Signature(
      name: "op.drop_column",
      positional: ["table_name", "column_name"],
      required: 2,
      keywords: ["schema"],
      ignored: ["mssql_drop_check", "mssql_drop_default", "mssql_drop_foreign_key"]
    ),
    Signature(
      name: "op.create_index",
      positional: ["index_name", "table_name", "columns"],
      required: 3,
      keywords: ["schema", "unique", "if_not_exists", "sqlite_where"]
    ),
    Signature(
      name: "op.drop_index",
      positional: ["index_name", "table_name"],
      required: 1,
      keywords: ["schema", "if_exists"]
    ),
    Signature(name: "op.execute", positional: ["sqltext"], required: 1),
    Signature(name: "op.get_bind"),
    Signature(name: "op.f", positional: ["name"], required: 1),
    Signature(
      name: "op.batch_alter_table",
      positional: ["table_name", "schema", "recreate"],
      required: 1
    ),
  ])

  /// The functions of what `op.batch_alter_table` hands out.
  static let batch: [String: Signature] = table([
    Signature(
      name: "batch_op.alter_column",
      positional: ["column_name"],
      required: 1,
      keywords: ["nullable", "server_default", "new_column_name", "type_", "existing_type"],
      ignored: [
        "existing_server_default", "existing_nullable", "existing_comment", "autoincrement",
      ]
    ),
    Signature(
      name: "batch_op.add_column",
      positional: ["column"],
      required: 1,
      keywords: ["insert_before", "insert_after"]
    ),
    Signature(name: "batch_op.drop_column", positional: ["column_name"], required: 1),
    Signature(
      name: "batch_op.create_index",
      positional: ["index_name", "columns"],
      required: 2,
      keywords: ["unique", "sqlite_where"]
    ),
    Signature(name: "batch_op.drop_index", positional: ["index_name"], required: 1),
    Signature(name: "batch_op.execute", positional: ["sqltext"], required: 1),
    Signature(name: "batch_op.f", positional: ["name"], required: 1),
  ])

  /// The functions of `sa` that are not types.
  static let sqlalchemy: [String: Signature] = table([
    Signature(
      name: "sa.Column",
      positional: ["name", "type_"],
      required: 1,
      isVariadic: true,
      keywords: ["primary_key", "nullable", "autoincrement", "server_default", "unique", "index"],
      ignored: ["default", "onupdate", "comment", "doc", "info"]
    ),
    Signature(
      name: "sa.ForeignKey",
      positional: ["column"],
      required: 1,
      keywords: ["name", "onupdate", "ondelete", "deferrable", "initially", "match"],
      ignored: ["use_alter", "comment", "info"]
    ),
    Signature(
      name: "sa.ForeignKeyConstraint",
      positional: ["columns", "refcolumns", "name"],
      required: 2,
      keywords: ["onupdate", "ondelete", "deferrable", "initially", "match"],
      ignored: ["use_alter", "comment", "info"]
    ),
    Signature(name: "sa.PrimaryKeyConstraint", isVariadic: true, keywords: ["name"]),
    Signature(name: "sa.UniqueConstraint", isVariadic: true, keywords: ["name"]),
    Signature(
      name: "sa.CheckConstraint",
      positional: ["sqltext", "name"],
      required: 1
    ),
    Signature(name: "sa.text", positional: ["text"], required: 1),
    Signature(name: "sa.true"),
    Signature(name: "sa.false"),
    Signature(name: "sa.null"),
    Signature(name: "sa.inspect", positional: ["subject"], required: 1),
  ])

  /// The functions of `sa.func`.
  static let functions: [String: Signature] = table([
    Signature(name: "func.now"),
    Signature(name: "func.current_timestamp"),
    Signature(name: "func.current_date"),
    Signature(name: "func.current_time"),
  ])

  /// The functions of an inspector.
  static let inspector: [String: Signature] = table([
    Signature(name: "inspector.get_table_names", keywords: ["schema"]),
    Signature(
      name: "inspector.has_table",
      positional: ["table_name"],
      required: 1,
      keywords: ["schema"]
    ),
  ])

  private static func table(_ signatures: [Signature]) -> [String: Signature] {
    var table: [String: Signature] = [:]
    for signature in signatures {
      table[String(signature.name.drop { $0 != "." }.dropFirst())] = signature
    }
    return table
  }
}
