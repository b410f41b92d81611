/// Everything that one `batch_alter_table` block asks of one table, in the order of the script.
package struct BatchAlteration: Hashable, Sendable {
  /// The argument `recreate=`.
  package enum Recreate: String, Hashable, Sendable {
    /// Rebuild if a change needs it.
    case auto
    /// Rebuild in any case.
    case always
    /// Send plain statements, whatever SQLite says to them.
    case never
  }

  /// The table.
  package var table: String
  /// The argument `recreate=`.
  package var recreate: Recreate
  /// The changes, as queued.
  package var changes: [BatchChange]
  /// The argument `partial_reordering=`: runs of columns that must keep this order.
  package var partialReordering: [[String]]
  /// The argument `table_args=`: constraints for the new table, before all others.
  package var tableConstraints: [Constraint]
  /// The argument `table_kwargs=`: options of the new table, before the reflected ones.
  package var tableOptions: Table.Options
  /// The argument `naming_convention=`: names for the constraints that reflection finds without one.
  package var namingConvention = NamingConvention()
  /// Whether the rebuild keeps what alembic's loses.
  package var keepsEverything = false
  /// The argument `copy_from=`: the table as the script declares it, which is then not looked up in the database.
  package var declared: DeclaredTable?
  /// The argument `reflect_args=`: columns that take the place of the reflected ones.
  package var reflectedColumns: [Column] = []

  /// Creates a batch.
  package init(
    _ table: String,
    recreate: Recreate = .auto,
    changes: [BatchChange],
    partialReordering: [[String]] = [],
    tableConstraints: [Constraint] = [],
    tableOptions: Table.Options = Table.Options()
  ) {
    self.table = table
    self.recreate = recreate
    self.changes = changes
    self.partialReordering = partialReordering
    self.tableConstraints = tableConstraints
    self.tableOptions = tableOptions
  }

  /// True if alembic would rebuild the table by move and copy.
  ///
  /// With `auto`, any change but creating an index, dropping one, and adding a column that has no
  /// constraint of its own and no default but a plain string.
  ///
  /// - Throws: `insert_before`/`insert_after` while, so far, no rebuild is due.
  package func needsRebuild() throws(SchemaError) -> Bool {
    var isDue = recreate == .always
    for change in changes {
      if case .addColumn(_, let before, let after, _) = change, before != nil || after != nil,
        !isDue
      {
        throw SchemaError(
          .command,
          "insert_before and insert_after need recreate='always' on table \(table)"
        )
      }
      if recreate == .auto && change.needsRebuild { isDue = true }
    }
    return isDue
  }
}
