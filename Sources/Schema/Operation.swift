/// One thing that a migration asks for: the vocabulary between the scripts and the SQL.
package enum Operation: Hashable, Sendable {
  /// `op.create_table(...)`.
  case createTable(Table)
  /// `op.drop_table(name, if_exists=)`.
  case dropTable(String, ifExists: Bool = false)
  /// `op.rename_table(from, to)`.
  case renameTable(from: String, to: String)
  /// `op.add_column(table, column, inline_references=, ...)`.
  case addColumn(table: String, Column, AddColumnOptions = AddColumnOptions())
  /// `op.drop_column(table, column, if_exists=)`.
  case dropColumn(table: String, column: String, ifExists: Bool = false)
  /// `op.alter_column(table, ...)`.
  case alterColumn(table: String, ColumnAlteration)
  /// `op.create_index(..., if_not_exists=)`.
  case createIndex(Index, ifNotExists: Bool = false)
  /// `op.drop_index(name, if_exists=)`; SQLite needs no table name.
  case dropIndex(String, ifExists: Bool = false)
  /// `op.create_unique_constraint(...)` and its kin, which SQLite cannot do outside a batch.
  case createConstraint(table: String, Constraint)
  /// `op.drop_constraint(...)`, which SQLite cannot do outside a batch.
  case dropConstraint(table: String, name: String)
  /// `op.create_table_comment(table, text)`, or `op.drop_table_comment(table)` without one, which SQLite does not know.
  case comment(table: String, String?)
  /// `op.execute("...")`; the text goes through `text()`.
  case execute(String)
  /// `op.batch_alter_table(...)`.
  case batch(BatchAlteration)
}
