internal import SQLite

/// A connection that never writes, opened when a command has just ended: it tells whether somebody has committed since.
final class CommandObserver {
  private let connection: Connection
  private let version: Int64
  private var hasEnded = false

  /// Begins to observe.
  ///
  /// - Parameters:
  ///   - database: The absolute path of the database.
  ///   - busyTimeout: How long to wait for the locks of others.
  /// - Throws: `SQLiteError`.
  init(_ database: String, busyTimeout: Duration) throws {
    connection = try Connection(opening: database, mode: .readWrite, busyTimeout: busyTimeout)
    // It rolls back what a command that was killed has left half written.
    try connection.beginReading()
    try connection.rollback()
    version = try connection.pragma("data_version")
  }

  /// Whether somebody has committed since (https://www.sqlite.org/pragma.html#pragma_data_version); once it has ended, nobody is
  /// seen.
  func hasChanged() throws -> Bool {
    try !hasEnded && connection.pragma("data_version") != version
  }

  /// Ends it; doing it twice is harmless.
  func end() {
    hasEnded = true
    // It has written nothing: there is nothing that could have gone wrong.
    do { try connection.close() } catch { return }
  }
}
