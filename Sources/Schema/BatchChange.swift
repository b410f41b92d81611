/// One change inside a batch.
package enum BatchChange: Hashable, Sendable {
  /// `batch.add_column(column, insert_before=, insert_after=)`.
  case addColumn(
    Column,
    before: String? = nil,
    after: String? = nil,
    AddColumnOptions = AddColumnOptions()
  )
  /// `batch.drop_column(name, existing_type=, if_exists=)`.
  case dropColumn(String, existingType: ColumnType? = nil, ifExists: Bool = false)
  /// `batch.alter_column(...)`.
  case alterColumn(ColumnAlteration)
  /// `batch.create_index(..., if_not_exists=)`; a rebuild takes no such word, not even False.
  case createIndex(Index, ifNotExists: Bool? = nil)
  /// `batch.drop_index(name, if_exists=)`; a rebuild takes no such word, not even False.
  case dropIndex(String, ifExists: Bool? = nil)
  /// `batch.create_unique_constraint(...)` and its kin.
  case createConstraint(Constraint)
  /// `batch.drop_constraint(name)`.
  case dropConstraint(String)
  /// `batch.create_table_comment(text)`, or `batch.drop_table_comment()` without one: nothing but a rebuild.
  case comment(String?)

  /// True if the change alone makes alembic rebuild the table.
  var needsRebuild: Bool {
    switch self {
    case .createIndex, .dropIndex: false
    case .dropColumn, .alterColumn, .createConstraint, .dropConstraint, .comment: true
    case .addColumn(let column, _, _, let options):
      column.serverDefault?.isExpression == true || column.computed?.persisted == true
        || !column.tableConstraints(options).isEmpty
    }
  }
}

extension Column {
  /// The table-level constraints that the column brings when it is added.
  package func tableConstraints(_ options: AddColumnOptions) -> [Constraint] {
    guard options.areInline(for: self) else { return tableConstraints }
    var column = self
    column.references = []
    return column.tableConstraints
  }
}
