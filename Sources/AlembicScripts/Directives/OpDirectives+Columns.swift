internal import Schema

/// Adding, dropping and altering columns in place.
extension OpDirectives {
  /// What alembic says to a constraint outside of a batch.
  static let noAlter =
    "No support for ALTER of constraints in SQLite dialect. Please refer to the batch mode feature which allows for SQLite migrations using a copy-and-move strategy."

  static let columns: [Function] = [
    Function(
      "op.add_column",
      ["table_name", "column"],
      required: 2,
      keywords: ["schema", "inline_references", "inline_primary_key", "if_not_exists"]
    ) { arguments, context in
      let table = try arguments.string("table_name")
      var column = try arguments.column("column")
      if column.isIndexed, try !context.convention().isEmpty {
        column = try column.withIndex(namedBy: context.convention(), in: table, arguments)
      }
      let options = try arguments.addColumnOptions()
      let isInline = options.inlineReferences && column.references.count == 1
      let isRefused =
        column.isUnique && !column.isIndexed || !column.references.isEmpty && !isInline
      if isRefused {
        // alembic adds the column and raises then, which a script may catch.
        column.references = []
        if !column.isIndexed { column.isUnique = false }
      }
      try context.perform(
        .addColumn(table: table, column, options),
        at: arguments
      )
      guard !isRefused else {
        throw ScriptError(.raised("NotImplementedError"), noAlter, at: arguments.location)
      }
      return .none
    },
    Function(
      "op.drop_column",
      ["table_name", "column_name"],
      required: 2,
      keywords: ["schema", "if_exists"],
      ignored: ["mssql_drop_check", "mssql_drop_default", "mssql_drop_foreign_key"]
    ) { arguments, context in
      let table = try arguments.string("table_name")
      let column = try arguments.string("column_name")
      let ifExists = try arguments.boolean("if_exists")
      try context.perform(
        .dropColumn(table: table, column: column, ifExists: ifExists),
        at: arguments
      )
      return .none
    },
    Function(
      "op.alter_column",
      ["table_name", "column_name"],
      required: 2,
      keywords: [
        "schema", "nullable", "server_default", "new_column_name", "type_", "existing_type",
        "comment",
      ],
      ignored: [
        "existing_server_default", "existing_nullable", "existing_comment", "autoincrement",
        "existing_autoincrement",
      ]
    ) { arguments, context in
      let table = try arguments.string("table_name")
      var alteration = try arguments.alteration()
      let comment = arguments.values["comment"] ?? .boolean(false)
      var hasComment = true
      if case .boolean(false) = comment { hasComment = false }
      // The name comes after the comment, at which alembic stops.
      if hasComment { alteration.newName = nil }
      try context.perform(.alterColumn(table: table, alteration), at: arguments)
      guard !hasComment else {
        throw ScriptError(
          .raised("UnsupportedCompilationError"),
          "can't render element of type <class 'alembic.ddl.base.ColumnComment'>",
          at: arguments.location
        )
      }
      return .none
    },
  ]
}

extension Column {
  /// Refuses an index of the column whose name a convention would make: rare, and two statements to name.
  fileprivate func withIndex(
    namedBy convention: NamingConvention,
    in table: String,
    _ arguments: BoundArguments
  ) throws -> Column {
    let name = try ScriptError.located(at: arguments.location) {
      try convention.name(ofIndexOn: [self.name], in: table)
    }
    guard name == nil || name == "ix_\(table)_\(self.name)" else {
      throw ScriptError.notRead(
        "the name that the project's convention gives to the index of column '\(self.name)' is not read",
        at: arguments.location
      )
    }
    return self
  }
}
