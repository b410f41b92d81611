/// One row of `PRAGMA index_list`, with the rows of `PRAGMA index_info` and the text of the index.
package struct PragmaIndex: Hashable, Sendable {
  /// The column `name`.
  package var name: String
  /// The column `unique`.
  package var isUnique: Bool
  /// The column `origin`: `c` for CREATE INDEX, `u` for UNIQUE, `pk` for PRIMARY KEY.
  package var origin: String
  /// The column `partial`.
  package var isPartial: Bool
  /// The column `name` of `index_info`, in order; nil stands for an expression.
  package var columns: [String?]
  /// The column `sql` of sqlite_master; nil for indexes of constraints.
  package var sql: String?

  /// Creates a row.
  package init(
    name: String,
    isUnique: Bool,
    origin: String,
    isPartial: Bool = false,
    columns: [String?],
    sql: String?
  ) {
    self.name = name
    self.isUnique = isUnique
    self.origin = origin
    self.isPartial = isPartial
    self.columns = columns
    self.sql = sql
  }
}
