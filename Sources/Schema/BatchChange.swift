/// One change inside a batch.
package enum BatchChange: Hashable, Sendable {
  /// `batch.add_column(column, insert_before=, insert_after=)`.
  case addColumn(Column, before: String? = nil, after: String? = nil)
  /// `batch.drop_column(name, existing_type=)`.
  case dropColumn(String, existingType: ColumnType? = nil)
  /// `batch.alter_column(...)`.
  case alterColumn(ColumnAlteration)
  /// `batch.create_index(...)`.
  case createIndex(Index)
  /// `batch.drop_index(name)`.
  case dropIndex(String)
  /// `batch.create_unique_constraint(...)` and its kin.
  case createConstraint(Constraint)
  /// `batch.drop_constraint(name)`.
  case dropConstraint(String)

  /// True if the change alone makes alembic rebuild the table.
  var needsRebuild: Bool {
    switch self {
    case .createIndex, .dropIndex: false
    case .dropColumn, .alterColumn, .createConstraint, .dropConstraint: true
    case .addColumn(let column, _, _):
      column.serverDefault?.isExpression == true || column.computed?.persisted == true
        || !column.tableConstraints.isEmpty
    }
  }
}
