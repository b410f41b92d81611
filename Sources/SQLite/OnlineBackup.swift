internal import CSQLite
internal import Stopping

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

  /// The destination was written by somebody else since its version was read; nothing was copied.
  package struct DestinationChanged: Error, Hashable, Sendable {}

  /// Copies all pages.
  ///
  /// The caller holds a read transaction on the source; without one, every commit of another process restarts the copy.
  ///
  /// - Parameters:
  ///   - source: The database to copy.
  ///   - destination: The database that becomes equal to it; without an open transaction.
  ///   - version: What `dataVersion` of the destination was; nil to copy whoever has written since.
  ///   - timeout: How long to wait, in all, for the locks of others; SQLite's own busy timeout may add to it.
  ///   - whenLocked: Called once nobody else can write to the destination any more; what it throws ends the copy.
  ///   - beforeCommit: Called before the last pages are copied and the destination changes for good; what it throws ends the
  ///     copy, and leaves the destination as it was.
  ///   - progress: Told after every step but the last; what it throws ends the copy, and leaves the destination as it was.
  /// - Returns: How many pages the source has.
  /// - Throws: `SQLiteError`; `isBusy` when the timeout ran out. `DestinationChanged`; what `progress` threw.
  @discardableResult
  package static func copy(
    from source: Connection,
    to destination: Connection,
    ifStill version: UInt32? = nil,
    timeout: Duration,
    whenLocked: () throws -> Void = {},
    beforeCommit: () throws -> Void = {},
    progress: (Progress) throws -> Void = { _ in }
  ) throws -> Int {
    guard let backup = sqlite3_backup_init(destination.handle, "main", source.handle, "main") else {
      throw SQLiteError(of: destination.handle)
    }
    var isFinished = false
    defer { if !isFinished { sqlite3_backup_finish(backup) } }
    let deadline = ContinuousClock.now.advanced(by: timeout)
    // A step of no pages takes the destination's write lock and nothing else: from here on nobody else writes to it.
    var pages: Int32 = 0
    stepping: while true {
      let code = sqlite3_backup_step(backup, pages)
      switch code {
      case SQLITE_OK:
        if pages == 0 {
          if let version, try destination.dataVersion() != version { throw DestinationChanged() }
          try whenLocked()
        }
        pages = 1024
        let total = Int(sqlite3_backup_pagecount(backup))
        let remaining = sqlite3_backup_remaining(backup)
        if remaining <= pages { try beforeCommit() }
        try progress(Progress(copied: total - Int(remaining), total: total))
      case SQLITE_BUSY, SQLITE_LOCKED:
        // Not fatal for a backup: the next step tries again where this one stopped.
        try StopSwitch.check()
        guard ContinuousClock.now < deadline else {
          var error = SQLiteError(code: code)
          error.waited = timeout
          throw error
        }
        sqlite3_sleep(10)
      default: break stepping
      }
    }
    let total = Int(sqlite3_backup_pagecount(backup))
    isFinished = true
    guard sqlite3_backup_finish(backup) == SQLITE_OK else {
      throw SQLiteError(of: destination.handle)
    }
    return total
  }
}

extension Connection {
  /// A number that changes when another connection has committed, seen by this connection's next transaction.
  ///
  /// See SQLITE_FCNTL_DATA_VERSION, https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html. Unlike the PRAGMA it
  /// needs no lock, so that it can be asked while a backup holds this connection.
  ///
  /// - Returns: The number.
  /// - Throws: `SQLiteError`.
  package func dataVersion() throws(SQLiteError) -> UInt32 {
    var version: UInt32 = 0
    let code = xmsafe_sqlite_data_version(handle, &version)
    guard code == SQLITE_OK else { throw SQLiteError(code: code) }
    return version
  }

  /// Whether the file that is open has no longer the name that it was opened by: it was moved, removed, or another one was put in
  /// its place (SQLITE_FCNTL_HAS_MOVED).
  ///
  /// - Returns: Whether it has not; of a file that is not made yet, that it has.
  /// - Throws: `SQLiteError`.
  package func hasMoved() throws(SQLiteError) -> Bool {
    var answer: Int32 = 0
    let code = xmsafe_sqlite_has_moved(handle, &answer)
    guard code == SQLITE_OK else { throw SQLiteError(code: code) }
    return answer != 0
  }
}
