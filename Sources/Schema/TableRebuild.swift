/// The statements of alembic's move-and-copy rebuild of a table, and what it silently loses.
///
/// alembic creates the new table under a temporary name, copies the rows, drops the old table,
/// renames the new one and creates the indexes again.
package struct TableRebuild: Hashable, Sendable {
  /// The temporary name: `_alembic_tmp_` and the table's name, cut to 50 characters.
  package let temporaryName: String
  /// CREATE TABLE under the temporary name.
  package let createTable: String
  /// CREATE INDEX on the temporary table for each added column with `index=True`: a duplicate that
  /// stays, under a name that holds the temporary one.
  package let temporaryIndexes: [String]
  /// What lets the new table go on counting where the old one was, if its keys are kept AUTOINCREMENT.
  package let copyCounter: String?
  /// INSERT INTO the temporary table from the old one.
  package let copyRows: String
  /// DROP TABLE of the old table.
  package let dropTable: String
  /// ALTER TABLE that gives the new table its name.
  package let rename: String
  /// CREATE INDEX for the kept and the new indexes, and what else is brought back.
  package let indexes: [String]
  /// What alembic sends if copying or dropping fails; later failures it does not clean up.
  package let cleanup: String
  /// Each thing that the table has and its rebuilt form has not.
  package let losses: [RebuildLoss]

  /// All statements in order.
  package var statements: [String] {
    [createTable] + temporaryIndexes + (copyCounter.map { [$0] } ?? [])
      + [copyRows, dropTable, rename] + indexes
  }

  /// Works out the rebuild of a table by a batch.
  ///
  /// Constraints stand in alembic's order: primary key, those of `table_args=`, those with a name,
  /// those without. Where alembic's order is random, theirs is that of the table's text.
  ///
  /// - Throws: What alembic refuses, and what would make it fail or damage data half-way: a
  ///   generated column to copy into, an added column that exists, an index on an unknown column.
  ///   With `recreate='never'` the caller has no business here.
  package init(
    of table: ReflectedTable,
    applying batch: BatchAlteration
  ) throws(SchemaError) {
    _ = try batch.needsRebuild()
    if batch.declared == nil, let missing = table.missingTables.first {
      throw SchemaError(.noSuchTable, missing)
    }
    var draft = try RebuildDraft(table, batch)
    for change in batch.changes {
      try draft.apply(change)
    }
    draft.keepWhatIsLost()
    if let column = table.columns.first(where: { $0.isGenerated && draft.columns[$0.name] != nil })
    {
      // alembic copies into it, which SQLite rejects when the new table is already there.
      throw SchemaError(
        .refused,
        "cannot INSERT into the generated column \(column.name) of table \(table.name)"
      )
    }
    let order = try draft.order.sorted(draft.columnKeys)
    let newTable = try draft.newTable(order: order)
    let sources = draft.sources(order: order)
    guard !sources.isEmpty else {
      throw SchemaError(.refused, "no column of table \(table.name) would survive")
    }
    var statements = try SQLiteDDL.createTable(newTable)
    let target = Identifier.quoted(newTable.name)
    let source = Identifier.quoted(table.name)
    let values = sources.map(\.expression).joined(separator: ", ")
    temporaryName = newTable.name
    createTable = statements.removeFirst()
    temporaryIndexes = statements
    copyRows =
      "INSERT INTO \(target) (\(Identifier.list(sources.map(\.column)))) SELECT \(values) \n"
      + "FROM \(source)"
    dropTable = "\nDROP TABLE \(source)"
    rename = SQLiteDDL.renameTable(newTable.name, to: table.name)
    indexes = try draft.indexStatements() + draft.keptStatements
    copyCounter =
      draft.kept.autoincrement
      ? "INSERT INTO sqlite_sequence (name, seq) SELECT \(SQLText.literal(newTable.name)), seq FROM sqlite_sequence WHERE name = \(SQLText.literal(table.name))"
      : nil
    cleanup = "\nDROP TABLE \(target)"
    losses = draft.losses()
  }

  /// The temporary name for a table.
  package static func temporaryName(for table: String) -> String {
    String(String.UnicodeScalarView("_alembic_tmp_\(table)".unicodeScalars.prefix(50)))
  }
}
