internal import DurableFiles
internal import SQLite
internal import Snapshots
internal import Stopping

/// Somebody has written to the database between the snapshot and the moment in which the copy would have replaced its content.
struct StalePublication: Error {}

/// A copy that was upgraded, or taken back, and becomes the content of the database: one transaction of SQLite, in which the whole image is copied.
///
/// From the snapshot on the write lock is held. It has to be given up for the copy to take it, which is the next call; whether
/// somebody got in between, SQLite's version of the database and the file's identity tell, and then nothing is copied.
struct Publication {
  private let request: UpgradeRequest
  private let copy: WorkingCopy
  /// The digest of the copy's content: what the database has afterwards.
  let digest: String
  private let version: UInt32
  private let wasEmpty: Bool
  private let identity: FileStatus.Identity

  /// Prepares a publication.
  ///
  /// - Parameters:
  ///   - request: The upgrade.
  ///   - copy: The copy, upgraded and verified; nobody has it open.
  ///   - live: The database, with the write lock held since before the snapshot.
  /// - Throws: `SQLiteError`, `FileError`, `VerificationFailure`.
  init(_ request: UpgradeRequest, of copy: WorkingCopy, into live: Connection) throws {
    self.request = request
    self.copy = copy
    version = try live.dataVersion()
    wasEmpty = try live.pragma("page_count") == 0
    identity = try FileStatus(of: request.database).identity
    digest = try DatabaseImage.contentDigest(
      of: copy.path,
      timeout: request.busyTimeout,
      progress: request.progress
    )
    try checkPageSize(live)
  }

  /// SQLite copies no other page size into a database in WAL mode.
  private func checkPageSize(_ live: Connection) throws {
    guard !wasEmpty, try live.journalMode() == "wal" else { return }
    let opened = try open()
    let (old, new) = (try live.pragma("page_size"), try opened.pragma("page_size"))
    try opened.close()
    guard old == new else {
      throw VerificationFailure(
        "the \(request.work.noun) changes the page size from \(old) to \(new), which cannot be published into a database in WAL mode; 'PRAGMA journal_mode=DELETE' first, and WAL again afterwards, if nobody else has it open"
      )
    }
  }

  private func open() throws -> Connection {
    try Connection(opening: copy.path, mode: .readWrite, busyTimeout: request.busyTimeout)
  }

  /// Copies it; when this returns the database is new.
  ///
  /// - Parameter live: The database.
  /// - Throws: `StalePublication` if others have written; `SQLiteError`, and only a look can tell how the database is.
  func publish(into live: Connection) throws {
    guard try !live.hasMoved() else { throw StalePublication() }
    let source = try open()
    try source.beginReading()
    try live.rollback()
    do {
      try OnlineBackup.copy(
        from: source,
        to: live,
        // An empty database takes another page size at once, which SQLite counts as a change.
        ifStill: wasEmpty ? nil : version,
        timeout: request.busyTimeout,
        whenLocked: checkFile,
        beforeCommit: { try StopSwitch.check() },
        progress: { step in
          try request.progress(
            Progress("publish", done: Int64(step.copied), total: Int64(step.total))
          )
        }
      )
    } catch is OnlineBackup.DestinationChanged {
      throw StalePublication()
    }
    try source.rollback()
    try source.close()
  }

  private func checkFile() throws {
    let status = try FileStatus(of: request.database)
    guard status.identity == identity, !wasEmpty || status.size == 0 else {
      throw StalePublication()
    }
  }

  /// Compares the database with what was published.
  ///
  /// - Parameter live: The database, without a transaction.
  /// - Returns: What is worth a warning; nil if it is equal.
  /// - Throws: `SQLiteError`; `VerificationFailure` if it is not what was published, and nobody else has written.
  func prove(_ live: Connection) throws -> String? {
    let published = try live.dataVersion()
    let found = try DatabaseImage.contentDigest(
      of: request.database,
      timeout: request.busyTimeout,
      progress: request.progress
    )
    if found == digest { return nil }
    try live.beginReading()
    let isChanged = try live.dataVersion() != published
    try live.rollback()
    guard isChanged else {
      throw VerificationFailure("its content is not that of the copy that was checked")
    }
    return "another process has written to \(request.shown) since, so that it could not be compared"
  }
}
