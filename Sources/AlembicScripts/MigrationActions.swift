package import Schema

/// What a running script does to the database, and what it asks of it.
package protocol MigrationActions: AnyObject {
  /// Performs one operation at once.
  func perform(_ operation: Operation) throws
  /// The names of all tables, sorted, as SQLAlchemy's inspector gives them.
  func tableNames() throws -> [String]
  /// Whether there is a table or view of this name, in any case of letters.
  func hasTable(_ name: String) throws -> Bool
}
