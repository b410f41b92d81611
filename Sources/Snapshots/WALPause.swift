internal import Archive
internal import DurableFiles
internal import SQLite

/// Takes a database out of WAL mode for a copy that changes its page size, and brings it back afterwards.
///
/// The backup API cannot change the page size of a database in WAL mode, and does in rollback mode
/// (https://www.sqlite.org/c3ref/backup_finish.html). A live database that was in WAL mode stays in WAL mode: so it is with a
/// copy of the same page size, where SQLite itself sees to it, and its users count on it.
struct WALPause {
  private let live: Connection
  private let database: String
  private let busyTimeout: Duration
  private var hasLeft = false

  init(_ live: Connection, database: String, busyTimeout: Duration) {
    self.live = live
    self.database = database
    self.busyTimeout = busyTimeout
  }

  /// Leaves WAL mode if the snapshot has another page size.
  ///
  /// - Parameters:
  ///   - snapshot: What is to be copied.
  ///   - leaving: Told before it leaves.
  /// - Throws: `SnapshotError` with `.locked` if others have the database open; `SQLiteError`; what `leaving` throws.
  mutating func begin(for snapshot: Manifest, leaving: () throws -> Void) throws {
    guard try live.pragma("page_count") > 0 else { return }
    let pageSize = try live.pragma("page_size")
    guard pageSize != snapshot.database.pageSize else { return }
    guard try live.journalMode() == "wal" else { return }
    try leaving()
    guard try leave() else {
      throw SnapshotError(
        .locked,
        "\(database.shownAsPath) is open in another program, be it idle: its page size changes from \(pageSize) to \(snapshot.database.pageSize), and in WAL mode it can do so only while nobody else has it open",
        hint:
          "close the programs that use it, then run the same command again; 'xm-safe restore \(snapshot.id) --to FILE' needs no closing"
      )
    }
    hasLeft = true
  }

  private func leave() throws(SQLiteError) -> Bool {
    do {
      return try live.value("PRAGMA journal_mode=DELETE")?.textValue == "delete"
    } catch {
      guard error.isBusy else { throw error }
      return false
    }
  }

  /// Closes the connection, and goes back into WAL mode if it was left.
  ///
  /// - Returns: What did not work, as a sentence with the way out; nil if the database is as it should be.
  func end() -> String? {
    let reason: String
    do {
      // A failed copy may have left a transaction open.
      try live.rollback()
      try live.close()
      guard hasLeft else { return nil }
      // The old connection would refuse a copy with another text encoding than it has read first.
      let fresh = try Connection(opening: database, mode: .readWrite, busyTimeout: busyTimeout)
      try fresh.execute("PRAGMA synchronous=EXTRA")
      let mode = try fresh.value("PRAGMA journal_mode=WAL")?.textValue ?? ""
      try fresh.close()
      if mode == "wal" { return nil }
      reason = "SQLite keeps it in mode '\(mode)'"
    } catch {
      guard hasLeft else { return "closing \(database.shownAsPath) failed: \(error)" }
      reason = "\(error)"
    }
    return
      "\(database.shownAsPath) was in WAL mode and is in rollback mode now (\(reason)); 'PRAGMA journal_mode=WAL' changes it back"
  }
}
