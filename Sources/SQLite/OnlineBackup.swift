internal import CSQLite

/// Copies one whole database into another through the online backup API (https://www.sqlite.org/backup.html).
///
/// The destination changes in one transaction: after a failure or a kill it is as it was before.
package enum OnlineBackup {
  /// How far a copy is.
  package struct Progress: Hashable, Sendable {
    /// The pages that were copied.
    package var copied: Int
    /// The pages of the source.
    package var total: Int
  }

  /// Copies all pages.
  ///
  /// The caller holds a read transaction on the source; without one, every commit of another process restarts the copy.
  ///
  /// - Parameters:
  ///   - source: The database to copy.
  ///   - destination: The database that becomes equal to it; without an open transaction.
  ///   - timeout: How long to wait, in all, for the locks of others.
  ///   - progress: Told after every step; what it throws ends the copy, and leaves the destination as it was.
  /// - Throws: `SQLiteError`; `isBusy` when the timeout ran out. What `progress` threw.
  package static func copy(
    from source: Connection,
    to destination: Connection,
    timeout: Duration,
    progress: (Progress) throws -> Void = { _ in }
  ) throws {
    guard let backup = sqlite3_backup_init(destination.handle, "main", source.handle, "main") else {
      throw SQLiteError(of: destination.handle)
    }
    var isFinished = false
    defer { if !isFinished { sqlite3_backup_finish(backup) } }
    let deadline = ContinuousClock.now.advanced(by: timeout)
    stepping: while true {
      let code = sqlite3_backup_step(backup, 1024)
      let total = Int(sqlite3_backup_pagecount(backup))
      try progress(Progress(copied: total - Int(sqlite3_backup_remaining(backup)), total: total))
      switch code {
      case SQLITE_OK: continue
      case SQLITE_DONE: break stepping
      case SQLITE_BUSY, SQLITE_LOCKED:
        // Not fatal for a backup: the next step tries again where this one stopped.
        guard ContinuousClock.now < deadline else { throw SQLiteError(code: code) }
        sqlite3_sleep(10)
      default: break stepping
      }
    }
    isFinished = true
    guard sqlite3_backup_finish(backup) == SQLITE_OK else {
      throw SQLiteError(of: destination.handle)
    }
  }
}
