internal import Schema

/// Constraints in a batch: the table is rebuilt with them, or without them.
extension BatchDirectives {
  static let constraints: [Function] = [
    Function(
      "batch_op.create_unique_constraint",
      ["constraint_name", "columns"],
      required: 2,
      keywords: ["deferrable", "initially"]
    ) { arguments, batch in try create(arguments.unique(), arguments, batch) },
    Function("batch_op.create_primary_key", ["constraint_name", "columns"], required: 2) {
      arguments,
      batch in
      try create(arguments.primaryKey(), arguments, batch)
    },
    Function(
      "batch_op.create_check_constraint",
      ["constraint_name", "condition"],
      required: 2,
      keywords: ["deferrable", "initially"]
    ) { arguments, batch in try create(arguments.check(), arguments, batch) },
    Function(
      "batch_op.create_foreign_key",
      ["constraint_name", "referent_table", "local_cols", "remote_cols"],
      required: 4,
      keywords: ["onupdate", "ondelete", "deferrable", "initially", "match", "referent_schema"],
      ignored: ["use_alter", "info", "comment"]
    ) { arguments, batch in try create(arguments.foreignKey(), arguments, batch) },
    // alembic's takes no if_exists here, though the one outside of a batch does.
    Function(
      "batch_op.drop_constraint",
      ["constraint_name", "type_"],
      required: 1
    ) { arguments, batch in
      let type = try arguments.optionalString("type_")
      guard type.map({ ["foreignkey", "primary", "unique", "check"].contains($0) }) ?? true else {
        throw ScriptError(
          .raised("TypeError"),
          "'type' can be one of 'check', 'foreignkey', 'primary', 'unique', None",
          at: arguments.location
        )
      }
      // Without a name alembic raises when the block ends.
      let (name, isFinal) = try arguments.constraintName("constraint_name")
      try batch.queue(.dropConstraint(try batch.name(name, isFinal, type, arguments)), arguments)
      return .none
    },
  ]

  private static func create(
    _ constraint: Constraint,
    _ arguments: BoundArguments,
    _ batch: BatchObject
  ) throws -> PythonValue {
    try batch.queue(.createConstraint(try batch.named(constraint, arguments)), arguments)
    return .none
  }
}
