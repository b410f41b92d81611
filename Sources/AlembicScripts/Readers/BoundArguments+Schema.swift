internal import Schema

/// Reading columns, indexes, constraints and SQL out of arguments.
extension BoundArguments {
  func column(_ parameter: String) throws(ScriptError) -> Column {
    guard case .schema(.column(let column))? = values[parameter] else {
      throw wrongKind(parameter, values[parameter] ?? .none)
    }
    return column
  }

  /// SQL given as a string, as `sa.text("...")` without parameters, or as an expression.
  func sql(_ parameter: String) throws -> String {
    switch values[parameter] {
    case .schema(.text(let text))?: return text
    case .core(let expression)?:
      // The text goes through `text()` once more, where a colon would be a parameter.
      return try expression.literalSQL(location).replacingColons
    default: return try string(parameter)
    }
  }

  /// The index that `index_name`, `columns`, `unique` and `sqlite_where` describe.
  func index(on table: String) throws -> Index {
    guard let elements = values["columns"]?.elements, values["columns"]?.typeName != "str" else {
      throw wrongKind("columns", values["columns"] ?? .none)
    }
    let hasPredicate =
      values["sqlite_where"].map { if case .none = $0 { false } else { true } } ?? false
    return Index(
      try optionalString("index_name"),
      on: table,
      try indexElements(elements, "columns"),
      isUnique: try boolean("unique"),
      predicate: hasPredicate ? try sql("sqlite_where") : nil
    )
  }

  /// What is indexed: names of columns, SQL, or expressions.
  func indexElements(_ elements: [PythonValue], _ parameter: String) throws -> [Index.Element] {
    try elements.map { element in
      switch element {
      case .string(let name): return .column(name)
      case .schema(.finalName(let name)): return .column(name)
      case .schema(.text(let text)): return .expression(text)
      case .schema(.column(let column)): return .column(column.name)
      case .core(.column(let column)): return .column(column.name)
      case .core(let expression):
        return .expression(try expression.literalSQL(location).replacingColons)
      default: throw wrongKind(parameter, element)
      }
    }
  }

  /// A name, and whether it came from `op.f`.
  func constraintName(_ parameter: String) throws(ScriptError) -> (name: String?, isFinal: Bool) {
    if case .schema(.finalName(let name))? = values[parameter] { return (name, true) }
    return (try optionalString(parameter), false)
  }

  private func named(_ kind: Constraint.Kind) throws(ScriptError) -> Constraint {
    let (name, isFinal) = try constraintName("constraint_name")
    var constraint = Constraint(
      kind,
      name: name,
      deferrable: try optionalBoolean("deferrable"),
      initially: try optionalString("initially")
    )
    constraint.isNameFinal = isFinal
    return constraint
  }

  /// The constraint of `create_unique_constraint`.
  func unique() throws(ScriptError) -> Constraint { try named(.unique(try strings("columns"))) }

  /// The constraint of `create_primary_key`.
  func primaryKey() throws(ScriptError) -> Constraint {
    try named(.primaryKey(try strings("columns")))
  }

  /// The constraint of `create_check_constraint`.
  func check() throws -> Constraint { try named(.check(try sql("condition"))) }

  /// The constraint of `create_foreign_key`.
  func foreignKey() throws(ScriptError) -> Constraint {
    for parameter in ["source_schema", "referent_schema"] { try refuse(parameter) }
    let target = ForeignKey(
      table: try string("referent_table"),
      columns: try strings("remote_cols"),
      onUpdate: try optionalString("onupdate"),
      onDelete: try optionalString("ondelete"),
      match: try optionalString("match")
    )
    return try named(.foreignKey(columns: try strings("local_cols"), target))
  }

  /// The change that `alter_column` asks for.
  func alteration() throws(ScriptError) -> ColumnAlteration {
    var serverDefault = ColumnAlteration.DefaultChange.unchanged
    switch values["server_default"] {
    // Not given, or False: alembic leaves the default as it is. None drops it.
    case nil, .some(.boolean(false)): break
    case .some(.none): serverDefault = .drop
    default:
      if let value = try optionalDefault("server_default") { serverDefault = .set(value) }
    }
    return ColumnAlteration(
      try string("column_name"),
      newName: try optionalString("new_column_name"),
      type: try optionalType("type_"),
      existingType: try optionalType("existing_type"),
      nullable: try optionalBoolean("nullable"),
      serverDefault: serverDefault
    )
  }

  /// What `add_column` is told beside the column.
  func addColumnOptions() throws(ScriptError) -> AddColumnOptions {
    AddColumnOptions(
      ifNotExists: try boolean("if_not_exists"),
      inlineReferences: try boolean("inline_references"),
      inlinePrimaryKey: try boolean("inline_primary_key")
    )
  }

  /// Refuses a parameter that is given and neither None nor empty.
  func refuse(_ parameter: String) throws(ScriptError) {
    guard let value = values[parameter], value.isTrue else { return }
    throw .notRead("the argument '\(parameter)' of \(name) is not read", at: location)
  }
}

extension String {
  /// SQL that goes through `text()` with its colons kept.
  var replacingColons: String {
    var text = ""
    for character in unicodeScalars {
      if character == ":" { text += "\\" }
      text.unicodeScalars.append(character)
    }
    return text
  }
}
