package import Schema

/// What a running script does to the database, and what it asks of it.
package protocol MigrationActions: AnyObject {
  /// Performs one operation at once.
  func perform(_ operation: Operation) throws
  /// The names of all tables, sorted, as SQLAlchemy's inspector gives them.
  func tableNames() throws -> [String]
  /// Whether there is a table or view of this name, in any case of letters.
  func hasTable(_ name: String) throws -> Bool
  /// Executes one statement with the values of its parameters, and reads all of its rows.
  func execute(_ sql: String, _ values: [SQLValue]) throws -> StatementResult
  /// The definition of a table as SQLAlchemy's reflection sees it.
  func reflect(_ table: String) throws -> ReflectedTable
  /// The names of all views, sorted.
  func viewNames() throws -> [String]
  /// Opens a savepoint inside of those that are open, as `begin_nested()` does.
  func beginSavepoint() throws
  /// Ends the innermost savepoint that is open.
  ///
  /// - Parameter keepsChanges: Whether what was done since it was opened stays.
  /// - Throws: What the database threw.
  func endSavepoint(keepsChanges: Bool) throws
}

/// Where there is no database to ask, a script that asks is refused.
extension MigrationActions {
  /// Refuses a statement whose result is wanted.
  package func execute(_ sql: String, _ values: [SQLValue]) throws -> StatementResult {
    throw Self.noDatabase
  }

  /// Refuses to reflect.
  package func reflect(_ table: String) throws -> ReflectedTable { throw Self.noDatabase }

  /// Refuses to list views.
  package func viewNames() throws -> [String] { throw Self.noDatabase }

  /// Refuses to open a savepoint.
  package func beginSavepoint() throws { throw Self.noDatabase }

  /// Refuses to end a savepoint.
  package func endSavepoint(keepsChanges: Bool) throws { throw Self.noDatabase }

  private static var noDatabase: ScriptError {
    .notRead("the script asks the database, and there is none here", at: nil)
  }
}

/// What a statement gave back.
package struct StatementResult: Sendable {
  /// The names of the columns; none for a statement that gives no rows.
  package var columns: [String]
  /// The rows.
  package var rows: [[SQLValue]]
  /// How many rows it inserted, changed or deleted; -1 for other statements.
  package var rowCount: Int
  /// The rowid of the row that was inserted last.
  package var lastRowID: Int64

  /// Makes a result of its parts.
  package init(
    columns: [String] = [],
    rows: [[SQLValue]] = [],
    rowCount: Int = -1,
    lastRowID: Int64 = 0
  ) {
    self.columns = columns
    self.rows = rows
    self.rowCount = rowCount
    self.lastRowID = lastRowID
  }
}

/// An error of the database that a script may catch, as Python knows it.
package protocol DatabaseFailure: Error {
  /// The name of SQLAlchemy's exception; nil for what no script may catch.
  var exceptionName: String? { get }
  /// The text of the exception.
  var exceptionText: String { get }
}
