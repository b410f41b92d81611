internal import CSQLite

/// Transactions and named savepoints (https://www.sqlite.org/lang_savepoint.html).
extension Connection {
  /// Whether a transaction is open.
  ///
  /// Some errors (a full disk, an I/O error) end the transaction by themselves; this tells.
  package var isInTransaction: Bool { !isClosed && sqlite3_get_autocommit(handle) == 0 }

  /// Begins a transaction that holds the write lock from the start: nobody else can write until it ends.
  ///
  /// - Throws: `SQLiteError`; `isBusy` if another connection keeps the lock longer than the busy timeout.
  package func beginImmediate() throws(SQLiteError) {
    try execute("BEGIN IMMEDIATE")
  }

  /// Begins a transaction that reads, and takes its view of the database at once.
  ///
  /// - Throws: `SQLiteError`.
  package func beginReading() throws(SQLiteError) {
    try execute("BEGIN")
    do {
      // BEGIN alone is deferred: the view is taken by the first read.
      _ = try value("SELECT count(*) FROM sqlite_schema")
    } catch let first {
      do { try rollback() } catch { throw first }
      throw first
    }
  }

  /// Commits the open transaction.
  ///
  /// - Throws: `SQLiteError`; the transaction may then still be open.
  package func commit() throws(SQLiteError) {
    try execute("COMMIT")
  }

  /// Makes a commit that failed stay undone, as part of the open write transaction, which the caller commits.
  ///
  /// In WAL mode the frames of a commit are written first and synced then. When the sync fails, SQLite forgets them, but they are
  /// whole: a recovery of the log after a crash would take them for committed. The next transaction overwrites the first of
  /// them, and so ends their chain of checksums (https://www.sqlite.org/fileformat2.html#walread); this is one that changes
  /// nothing. In the other modes there is nothing to do: the journal brings the old content back.
  ///
  /// - Throws: `SQLiteError`.
  package func overwriteFailedCommit() throws(SQLiteError) {
    guard try journalMode() == "wal" else { return }
    try execute("PRAGMA user_version=\(try pragma("user_version"))")
  }

  /// Undoes the open transaction; does nothing when an error has ended it already.
  ///
  /// - Throws: `SQLiteError`.
  package func rollback() throws(SQLiteError) {
    guard isInTransaction else { return }
    try execute("ROLLBACK")
  }

  /// Runs a body inside a savepoint of the open transaction: released when it returns, undone when it throws.
  ///
  /// - Parameters:
  ///   - name: The savepoint's name.
  ///   - body: What to run.
  /// - Returns: What the body returned.
  /// - Throws: What the body threw; `SavepointFailure` if it could not be undone as well.
  package func withSavepoint<Result>(
    _ name: String,
    _ body: () throws -> Result
  ) throws -> Result {
    let quoted = Self.quoted(name)
    try execute("SAVEPOINT \(quoted)")
    let result: Result
    do {
      result = try body()
    } catch {
      // SQLite itself ends the whole transaction after some errors; then there is no savepoint to go back to.
      guard isInTransaction else { throw error }
      do {
        try execute("ROLLBACK TO \(quoted)")
        try execute("RELEASE \(quoted)")
      } catch let undoing {
        throw SavepointFailure(name: name, cause: error, undoing: undoing)
      }
      throw error
    }
    try execute("RELEASE \(quoted)")
    return result
  }

  /// A name in double quotes, as SQL wants an identifier.
  ///
  /// - Parameter name: Any name.
  /// - Returns: The name quoted, its quotes doubled.
  package static func quoted(_ name: String) -> String {
    var quoted = "\"".unicodeScalars
    // Not by characters: a quote with an accent on it is another one for Swift, and ends the name for SQLite.
    for scalar in name.unicodeScalars {
      quoted.append(scalar)
      if scalar == "\"" { quoted.append(scalar) }
    }
    return String(quoted) + "\""
  }
}

/// A savepoint whose body failed and that could not be undone either: the first error, and the second.
package struct SavepointFailure: Error, CustomStringConvertible {
  /// The savepoint.
  package var name: String
  /// Why the body failed.
  package var cause: any Error
  /// Why undoing it failed.
  package var undoing: SQLiteError

  /// Both errors in one sentence.
  package var description: String {
    "\(cause); undoing savepoint \(name) failed as well: \(undoing)"
  }
}
