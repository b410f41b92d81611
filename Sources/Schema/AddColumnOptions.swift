/// What `add_column` may be told beside the column.
package struct AddColumnOptions: Hashable, Sendable {
  /// `if_not_exists=`: words that SQLite does not know, but alembic sends.
  package var ifNotExists: Bool
  /// `inline_references=`: the one foreign key of the column stands inside it.
  package var inlineReferences: Bool
  /// `inline_primary_key=`: PRIMARY KEY stands inside the column, which SQLite refuses.
  package var inlinePrimaryKey: Bool
  /// True if the constraints of the column follow as changes of their own, with names.
  package var isFollowedByConstraints = false

  /// Creates options.
  package init(
    ifNotExists: Bool = false,
    inlineReferences: Bool = false,
    inlinePrimaryKey: Bool = false
  ) {
    self.ifNotExists = ifNotExists
    self.inlineReferences = inlineReferences
    self.inlinePrimaryKey = inlinePrimaryKey
  }

  /// True if these options put the foreign key of the column inside it.
  package func areInline(for column: Column) -> Bool {
    inlineReferences && column.references.count == 1
  }
}
