internal import Schema

/// What hands out the database and the context, and starts a batch.
extension OpDirectives {
  static let context: [Function] = [
    Function("op.get_bind", result: .bind) { _, context in .object(BindObject(context)) },
    Function("op.get_context", result: .context) { _, context in
      .object(MigrationContextObject(context))
    },
    Function("op.f", ["name"], required: 1) { arguments, _ in
      .schema(.finalName(try arguments.string("name")))
    },
    Function(
      "op.batch_alter_table",
      ["table_name", "schema", "recreate"],
      required: 1,
      keywords: [
        "partial_reordering", "copy_from", "table_args", "table_kwargs", "reflect_args",
        "reflect_kwargs",
        "naming_convention",
      ],
      result: .batch
    ) { arguments, context in
      .object(try BatchReader.batch(arguments, context))
    },
  ]
}
