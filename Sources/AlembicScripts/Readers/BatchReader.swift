internal import Schema

/// Reads the call of `op.batch_alter_table`.
enum BatchReader {
  static func batch(
    _ arguments: BoundArguments,
    _ context: MigrationContext
  ) throws -> BatchObject {
    let name =
      arguments.values["recreate"] == nil
      ? "auto" : try arguments.optionalString("recreate") ?? "None"
    guard let recreate = BatchAlteration.Recreate(rawValue: name) else {
      throw ScriptError(
        .raised("ValueError"),
        "recreate may be one of 'auto', 'always', or 'never'.",
        at: arguments.location
      )
    }
    try arguments.refuse("reflect_kwargs")
    var batch = BatchAlteration(
      try arguments.string("table_name"),
      recreate: recreate,
      changes: [],
      partialReordering: try reordering(arguments),
      tableConstraints: try constraints(arguments),
      tableOptions: try options(arguments)
    )
    batch.namingConvention = try convention(arguments.values["naming_convention"], arguments)
    batch.reflectedColumns = try columns(arguments)
    batch.declared = try declared(arguments, batch.table)
    return BatchObject(batch, context, arguments.location)
  }

  /// The table of `copy_from=`.
  private static func declared(
    _ arguments: BoundArguments,
    _ name: String
  ) throws -> DeclaredTable? {
    guard let value = arguments.values["copy_from"], !value.isNone else { return nil }
    guard case .object(let object as TableObject) = value else {
      throw arguments.wrongKind("copy_from", value)
    }
    guard let naming = object.naming else {
      throw ScriptError.notRead(
        "copy_from with a table that the script does not declare whole is not read",
        at: arguments.location
      )
    }
    guard object.table.name == name else {
      throw ScriptError.notRead(
        "copy_from with a table of another name is not read",
        at: arguments.location
      )
    }
    guard naming.isEmpty || !object.table.columns.contains(where: \.type.createsConstraint) else {
      throw ScriptError.notRead(
        "the name that a convention gives to the CHECK of a type in copy_from is not read",
        at: arguments.location
      )
    }
    return try ScriptError.located(at: arguments.location) {
      DeclaredTable(try DeclaredTable(object.table).table.named(by: naming))
    }
  }

  /// A dictionary of templates, as `naming_convention=` takes it.
  static func convention(
    _ value: PythonValue?,
    _ arguments: BoundArguments
  ) throws -> NamingConvention {
    switch value {
    case nil, .some(.none): return NamingConvention()
    case .dictionary(let dictionary):
      var templates: [String: String] = [:]
      for item in dictionary.items {
        guard case .string(let kind) = item.key, case .string(let template) = item.value,
          NamingConvention.kinds.contains(kind)
        else {
          throw ScriptError.notRead(
            "a naming convention of anything but templates for ix, uq, ck, fk and pk is not read",
            at: arguments.location
          )
        }
        templates[kind] = template
      }
      return NamingConvention(templates)
    case .some(let value): throw arguments.wrongKind("naming_convention", value)
    }
  }

  private static func reordering(_ arguments: BoundArguments) throws -> [[String]] {
    guard let value = arguments.values["partial_reordering"], value.isTrue else { return [] }
    guard let runs = value.elements else { throw arguments.wrongKind("partial_reordering", value) }
    return try runs.map { run in
      try (run.elements ?? []).map { element in
        guard case .string(let name) = element else {
          throw arguments.wrongKind("partial_reordering", element)
        }
        return name
      }
    }
  }

  private static func constraints(_ arguments: BoundArguments) throws -> [Constraint] {
    guard let value = arguments.values["table_args"], value.isTrue else { return [] }
    return try (value.elements ?? [value]).map { element in
      guard case .schema(.constraint(let constraint)) = element else {
        throw arguments.wrongKind("table_args", element)
      }
      return constraint
    }
  }

  private static func columns(_ arguments: BoundArguments) throws -> [Column] {
    guard let value = arguments.values["reflect_args"], value.isTrue else { return [] }
    return try (value.elements ?? [value]).map { element in
      guard case .schema(.column(let column)) = element else {
        throw arguments.wrongKind("reflect_args", element)
      }
      return column
    }
  }

  private static func options(_ arguments: BoundArguments) throws -> Table.Options {
    var options = Table.Options()
    guard let value = arguments.values["table_kwargs"], value.isTrue else { return options }
    guard case .dictionary(let dictionary) = value else {
      throw arguments.wrongKind("table_kwargs", value)
    }
    for item in dictionary.items {
      switch (item.key, item.value) {
      case (.string("sqlite_autoincrement"), .boolean(let value)): options.autoincrement = value
      case (.string("sqlite_with_rowid"), .boolean(let value)): options.withoutRowid = !value
      case (.string("sqlite_strict"), .boolean(let value)): options.strict = value
      case (.string(let name), _) where Signature.isForAnotherDialect(name): continue
      default:
        throw ScriptError.notRead(
          "\(item.key.text ?? "this key") in table_kwargs is not read",
          at: arguments.location
        )
      }
    }
    return options
  }
}
