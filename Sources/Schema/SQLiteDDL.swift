/// The statements that alembic 1.20 and SQLAlchemy 2.1 send to SQLite for an operation.
///
/// The text is equal to theirs, line breaks and blanks included, since SQLite keeps it in
/// sqlite_master. Everything that can be refused is refused before the first statement is returned.
package enum SQLiteDDL {
  /// The statements of one operation, in order.
  ///
  /// Statements that SQLite itself rejects, such as `ALTER TABLE t ALTER COLUMN c SET NOT NULL`,
  /// are returned as alembic would send them.
  ///
  /// - Throws: What SQLAlchemy or alembic refuse; a batch that needs a rebuild (see
  ///   `TableRebuild`); `add_column` with a constraint, for which alembic adds the column first and
  ///   fails then.
  package static func statements(
    for operation: Operation
  ) throws(SchemaError) -> [String] {
    switch operation {
    case .createTable(let table):
      return try createTable(table)
    case .dropTable(let name, let ifExists):
      return ["\nDROP TABLE \(ifExists ? "IF EXISTS " : "")\(Identifier.quoted(name))"]
    case .renameTable(let name, let newName):
      return [renameTable(name, to: newName)]
    case .addColumn(let table, let column, let options):
      return try addColumn(column, to: table, options)
    case .dropColumn(let table, let column, let ifExists):
      let guardWords = ifExists ? "IF EXISTS " : ""
      return ["\(alterTable(table)) DROP COLUMN \(guardWords)\(Identifier.quoted(column))"]
    case .alterColumn(let table, let alteration):
      return try alterColumn(alteration, of: table)
    case .createIndex(let index, let ifNotExists):
      return [try createIndex(index, ifNotExists: ifNotExists)]
    case .dropIndex(let name, let ifExists):
      return ["\nDROP INDEX \(ifExists ? "IF EXISTS " : "")\(Identifier.quoted(name))"]
    case .createConstraint(let table, _), .dropConstraint(let table, _):
      throw cannotAlterConstraints(of: table)
    case .comment(let table, let text):
      let value = text.map { SQLText.literal($0) } ?? "NULL"
      return ["COMMENT ON TABLE \(Identifier.quoted(table)) IS \(value)"]
    case .execute(let sql):
      return sql.isEmpty ? [] : [try SQLText.rendered(sql)]
    case .batch(let batch):
      return try plainStatements(for: batch)
    }
  }

  /// The statements of a batch that needs no rebuild: each change as the operation it would be
  /// alone.
  private static func plainStatements(
    for batch: BatchAlteration
  ) throws(SchemaError) -> [String] {
    guard try !batch.needsRebuild() else {
      throw SchemaError(
        .command,
        "the batch rebuilds table \(batch.table), for which the table as it is must be known"
      )
    }
    let table = batch.table
    var statements: [String] = []
    for change in batch.changes {
      let operation: Operation =
        switch change {
        case .addColumn(let column, _, _, let options): .addColumn(table: table, column, options)
        case .dropColumn(let name, _, let ifExists):
          .dropColumn(table: table, column: name, ifExists: ifExists)
        case .alterColumn(let alteration): .alterColumn(table: table, alteration)
        case .createIndex(let index, let ifNotExists):
          .createIndex(index, ifNotExists: ifNotExists ?? false)
        case .dropIndex(let name, let ifExists): .dropIndex(name, ifExists: ifExists ?? false)
        case .comment(let text): .comment(table: table, text)
        case .createConstraint(let constraint): .createConstraint(table: table, constraint)
        case .dropConstraint(let name): .dropConstraint(table: table, name: name)
        }
      statements += try self.statements(for: operation)
    }
    return statements
  }

  static func renameTable(_ name: String, to newName: String) -> String {
    "\(alterTable(name)) RENAME TO \(Identifier.quoted(newName))"
  }

  static func alterTable(_ name: String) -> String {
    "ALTER TABLE \(Identifier.quoted(name))"
  }

  static func cannotAlterConstraints(of table: String) -> SchemaError {
    SchemaError(
      .notImplemented,
      "SQLite cannot add or drop a constraint of table \(table) in place; use batch_alter_table"
    )
  }
}
