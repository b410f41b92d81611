/// One row of `PRAGMA foreign_key_list`: one column of a foreign key.
package struct PragmaForeignKey: Hashable, Sendable {
  /// The column `id`: the number of the foreign key, 0 for the one declared last.
  package var id: Int
  /// The column `table`: the referenced table.
  package var table: String
  /// The column `from`.
  package var column: String
  /// The column `to`; nil if the primary key of the referenced table is meant.
  package var referencedColumn: String?
  /// The column `on_update`.
  package var onUpdate: String
  /// The column `on_delete`.
  package var onDelete: String

  /// Creates a row.
  package init(
    id: Int,
    table: String,
    column: String,
    referencedColumn: String?,
    onUpdate: String = "NO ACTION",
    onDelete: String = "NO ACTION"
  ) {
    self.id = id
    self.table = table
    self.column = column
    self.referencedColumn = referencedColumn
    self.onUpdate = onUpdate
    self.onDelete = onDelete
  }
}
