internal import CSQLite

/// A change of a table that a statement may make, as SQLite tells it when the statement is prepared.
///
/// See the action codes of https://www.sqlite.org/c3ref/c_alter_table.html. A DROP TABLE tells a deletion of all rows as well,
/// and what a foreign key's action does to the children is told like the statement's own doing, only later.
package struct TableChange: Hashable, Sendable {
  /// What is done to the table.
  package enum Kind: Hashable, Sendable {
    /// Rows are inserted; those in their way may go, if the conflict clause says REPLACE.
    case insert
    /// A column of rows is set.
    case update(column: String)
    /// Rows are deleted.
    case delete
    /// The table is created.
    case create
    /// The table is dropped.
    case drop
    /// The table is renamed, or a column added, renamed or dropped.
    case alter
  }

  /// What is done.
  package var kind: Kind
  /// The database the table is in: `main`, `temp`.
  package var schema: String
  /// The table or view.
  package var table: String
  /// Whether a trigger does it, or a view.
  package var isByTrigger: Bool

  init?(action: Int32, name: String, argument: String?, schema: String?, isByTrigger: Bool) {
    switch action {
    case SQLITE_INSERT: kind = .insert
    case SQLITE_UPDATE: kind = .update(column: argument ?? "")
    case SQLITE_DELETE: kind = .delete
    case SQLITE_CREATE_TABLE, SQLITE_CREATE_VTABLE: kind = .create
    case SQLITE_DROP_TABLE, SQLITE_DROP_VTABLE: kind = .drop
    case SQLITE_ALTER_TABLE: kind = .alter
    default: return nil
    }
    // ALTER TABLE names the database first.
    table = action == SQLITE_ALTER_TABLE ? argument ?? "" : name
    self.schema = (action == SQLITE_ALTER_TABLE ? name : schema) ?? ""
    self.isByTrigger = isByTrigger
  }
}
