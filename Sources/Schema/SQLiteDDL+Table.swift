extension SQLiteDDL {
  /// CREATE TABLE and the CREATE INDEX statements that follow it.
  static func createTable(_ table: Table) throws(SchemaError) -> [String] {
    try check(table)
    let primaryKey = table.primaryKey
    var lines: [String] = []
    for column in table.columns {
      do {
        lines.append(try definition(of: column, in: table))
      } catch {
        throw SchemaError(
          error.code,
          "column \(column.name) of table \(table.name): \(error.message)"
        )
      }
    }
    let isInline = table.columns.contains {
      primaryKey.columns == [$0.name] && isAutoincrement($0, in: table)
    }
    if !primaryKey.columns.isEmpty && !isInline {
      lines.append(try sql(of: withConflict(primaryKey, in: table)))
    }
    for constraint in table.otherConstraints
    where constraint.isCheck || !constraint.columns.isEmpty {
      lines.append(try sql(of: withConflict(constraint, in: table)))
    }
    let prefixes = table.prefixes.map { $0 + " " }.joined()
    let guardWords = table.ifNotExists ? "IF NOT EXISTS " : ""
    let body = lines.isEmpty ? "" : "\n\t" + lines.joined(separator: ", \n\t")
    var statements = [
      "\nCREATE \(prefixes)TABLE \(guardWords)\(Identifier.quoted(table.name)) "
        + "(\(body)\n)\(suffix(of: table))\n\n"
    ]
    for index in table.followingIndexes {
      statements.append(try createIndex(index, ifNotExists: false))
    }
    return statements
  }

  /// `ALTER TABLE ... ADD COLUMN` and the index of the column, if it has one.
  static func addColumn(
    _ column: Column,
    to table: String,
    _ options: AddColumnOptions
  ) throws(SchemaError) -> [String] {
    let isInline = options.areInline(for: column)
    // The CHECK of an Enum or Boolean is silently left out by alembic; UNIQUE and foreign keys are
    // not.
    guard !column.isUnique || column.isIndexed, column.references.isEmpty || isInline else {
      throw cannotAlterConstraints(of: table)
    }
    var text = try definition(of: column, in: Table(table, columns: [column]), checks: false)
    if options.inlinePrimaryKey, column.isPrimaryKey { text += " PRIMARY KEY" }
    if isInline, let reference = column.references.first {
      let target = reference.target
      text += " REFERENCES \(Identifier.quoted(target.table)) (\(Identifier.list(target.columns)))"
      text += try actions(of: target)
      text += try deferrability(reference.deferrable, reference.initially)
    }
    text += try inlineChecks(of: column)
    let guardWords = options.ifNotExists ? "IF NOT EXISTS " : ""
    var statements = ["\(alterTable(table)) ADD COLUMN \(guardWords)\(text)"]
    if column.isIndexed {
      statements.append(try createIndex(Index(of: column, in: table), ifNotExists: false))
    }
    return statements
  }

  /// The statements of `alter_column` in alembic's order: NULL, default, type, name.
  static func alterColumn(
    _ alteration: ColumnAlteration,
    of table: String
  ) throws(SchemaError) -> [String] {
    let start = "\(alterTable(table)) ALTER COLUMN \(Identifier.quoted(alteration.column))"
    var statements: [String] = []
    if let nullable = alteration.nullable {
      statements.append("\(start) \(nullable ? "DROP" : "SET") NOT NULL")
    }
    switch alteration.serverDefault {
    case .unchanged: break
    case .drop: statements.append("\(start) DROP DEFAULT")
    case .set(let value): statements.append("\(start) SET DEFAULT \(try value.sql())")
    }
    if let type = alteration.type {
      statements.append("\(start) TYPE \(try type.sql())")
    }
    if let newName = alteration.newName {
      statements.append(
        "\(alterTable(table)) RENAME COLUMN \(Identifier.quoted(alteration.column)) TO "
          + Identifier.quoted(newName)
      )
    }
    return statements
  }

  /// True if the column carries `PRIMARY KEY AUTOINCREMENT` itself; its table then has no PRIMARY
  /// KEY line, and the name of that constraint is lost.
  ///
  /// SQLAlchemy does so only in a table with one key column, for a type of the Integer family and
  /// on columns without foreign key.
  private static func isAutoincrement(_ column: Column, in table: Table) -> Bool {
    let key = table.primaryKey.columns
    guard table.options.autoincrement == true, key.count == 1,
      column.isPrimaryKey || key.contains(column.name)
    else { return false }
    let isReference = table.otherConstraints.contains {
      if case .foreignKey(let columns, _) = $0.kind { return columns.contains(column.name) }
      return false
    }
    return column.type.affinity == .integer && !isReference
  }

  /// One column of a table: name, type, DEFAULT, NOT NULL, AUTOINCREMENT, GENERATED, CHECK.
  private static func definition(
    of column: Column,
    in table: Table,
    checks: Bool = true
  ) throws(SchemaError) -> String {
    var text = "\(Identifier.quoted(column.name)) \(try column.type.sql())"
    if let value = column.serverDefault {
      text += " DEFAULT \(try value.columnSQL())"
    }
    let key = table.primaryKey.columns
    // A key constraint that a later one replaces still leaves its columns NOT NULL.
    let isKey =
      column.isPrimaryKey
      || table.constraints.contains { $0.isPrimaryKey && $0.columns.contains(column.name) }
    if !(column.nullable ?? !(isKey || column.isIdentity)) {
      text += " NOT NULL" + conflict(column.onConflict.notNull)
    }
    if isKey && column.autoincrement == .enabled && key.count != 1 {
      throw SchemaError(
        .compile,
        "SQLite does not support autoincrement for composite primary keys"
      )
    }
    if isAutoincrement(column, in: table) {
      text += " PRIMARY KEY\(conflict(column.onConflict.primaryKey)) AUTOINCREMENT"
    }
    if let computed = column.computed {
      text += " GENERATED ALWAYS AS (\(try SQLText.rendered(computed.sql)))"
      if let persisted = computed.persisted { text += persisted ? " STORED" : " VIRTUAL" }
    }
    if let collation = column.keptCollation { text += " COLLATE \(Identifier.quoted(collation))" }
    return checks ? text + (try inlineChecks(of: column)) : text
  }

  /// A constraint over one column with what that column says of conflicts.
  private static func withConflict(_ constraint: Constraint, in table: Table) -> Constraint {
    guard constraint.onConflict == nil, constraint.columns.count == 1,
      let column = table.columns.first(where: { $0.name == constraint.columns[0] })
    else { return constraint }
    var constraint = constraint
    switch constraint.kind {
    case .primaryKey: constraint.onConflict = column.onConflict.primaryKey
    case .unique: constraint.onConflict = column.onConflict.unique
    case .check, .foreignKey: break
    }
    return constraint
  }

  private static func inlineChecks(of column: Column) throws(SchemaError) -> String {
    var text = ""
    for check in column.checks {
      text += " " + (try sql(of: Constraint(.check(check.sql), name: check.name)))
    }
    return text
  }

  private static func suffix(of table: Table) -> String {
    var words: [String] = []
    if table.options.withoutRowid == true { words.append("WITHOUT ROWID") }
    if table.options.strict == true { words.append("STRICT") }
    return words.isEmpty ? "" : "\n " + words.joined(separator: ",\n ")
  }

  /// What SQLAlchemy checks while it puts a table together.
  private static func check(_ table: Table) throws(SchemaError) {
    var names: Set<String> = []
    for column in table.columns where !names.insert(column.name).inserted {
      throw SchemaError(
        .duplicateColumn,
        "table \(table.name) has two columns named \(column.name)"
      )
    }
    for constraint in table.constraints {
      for column in constraint.columns where !names.contains(column) {
        throw SchemaError(
          .constraintColumn,
          "a constraint of table \(table.name) names the column \(column), which is not there"
        )
      }
    }
  }
}
