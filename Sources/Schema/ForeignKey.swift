/// The right-hand side of a foreign key: what it points at and what happens there.
package struct ForeignKey: Hashable, Sendable {
  /// The referenced table.
  package var table: String
  /// The referenced columns.
  package var columns: [String]
  /// `ON UPDATE` and these words.
  package var onUpdate: String?
  /// `ON DELETE` and these words.
  package var onDelete: String?
  /// `MATCH` and this word.
  package var match: String?

  /// Creates a target.
  package init(
    table: String,
    columns: [String],
    onUpdate: String? = nil,
    onDelete: String? = nil,
    match: String? = nil
  ) {
    self.table = table
    self.columns = columns
    self.onUpdate = onUpdate
    self.onDelete = onDelete
    self.match = match
  }

  /// Reads the text of `sa.ForeignKey("table.column")`; without a dot the column of the same name
  /// is meant.
  ///
  /// A third part would be a schema: SQLAlchemy then leaves the whole constraint out on SQLite, so
  /// it is refused here.
  package static func target(
    _ text: String,
    for column: String
  ) throws(SchemaError) -> ForeignKey {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if parts.count == 1 { return ForeignKey(table: text, columns: [column]) }
    guard parts.count == 2 else {
      throw SchemaError(
        .refused,
        "the foreign key to \(text) names a schema, for which SQLAlchemy writes no constraint on"
          + " SQLite"
      )
    }
    return ForeignKey(table: parts[0], columns: [parts[1]])
  }
}
