package import Archive
package import DurableFiles
internal import SQLite

/// Puts a snapshot back: verified whole first, copied in one transaction, and compared afterwards.
package struct Restorer {
  /// How a restore ended.
  package enum Outcome: Hashable, Sendable {
    /// The database's content was compared with the snapshot's and is equal.
    case proven
    /// The copy was committed, and another process has written since: there is nothing left to compare.
    case writtenSince
  }

  private let busyTimeout: Duration
  private let files: FileSystem
  private let progress: ProgressReport

  /// Makes a restorer.
  ///
  /// - Parameters:
  ///   - busyTimeout: How long to wait for the locks of others.
  ///   - files: The file system to use.
  ///   - progress: Told how far it is.
  package init(
    busyTimeout: Duration,
    files: FileSystem = FileSystem(),
    progress: @escaping ProgressReport = { _ in }
  ) {
    self.busyTimeout = busyTimeout
    self.files = files
    self.progress = progress
  }

  /// Reads every byte of an archive and compares it with what it must be.
  ///
  /// - Parameter path: The archive.
  /// - Returns: The reader of the verified archive.
  /// - Throws: `ArchiveError` if it is damaged; `FileError`.
  package func verify(_ path: String) throws -> ArchiveReader {
    let reader = try ArchiveReader(opening: path, files: files)
    let total = reader.manifest.image.size
    try reader.verify { try progress(Progress("verify", done: $0, total: total)) }
    return reader
  }

  /// Copies a snapshot into a database that is in use, or creates the database.
  ///
  /// The copy is one transaction of SQLite: whatever stops it, the database is as it was or as the snapshot.
  ///
  /// - Parameters:
  ///   - reader: The archive, as `verify` returned it: nothing that is not whole may touch a database.
  ///   - database: The absolute path of the database.
  /// - Returns: How it ended.
  /// - Throws: `ArchiveError`, `FileError` and `SQLiteError` with the database as it was; `SnapshotError` with
  ///   `.notAsRestored` if the comparison failed.
  package func restore(_ reader: ArchiveReader, into database: String) throws -> Outcome {
    guard try FileStatus.ifPresent(database) != nil else {
      try create(database, from: reader)
      return .proven
    }
    let live = try Connection(opening: database, mode: .readWrite, busyTimeout: busyTimeout)
    try checkPageSize(of: live, database: database, snapshot: reader.manifest)
    // In rollback mode only EXTRA syncs the directory after the journal is gone
    // (https://www.sqlite.org/pragma.html#pragma_synchronous).
    try live.execute("PRAGMA synchronous=EXTRA")
    let version = try live.pragma("data_version")
    try copy(reader, into: live)
    let outcome = try compare(
      live,
      version: version,
      database: database,
      snapshot: reader.manifest
    )
    try live.close()
    try files.sync(directory: FileSystem.directory(of: database))
    return outcome
  }

  /// Writes a snapshot as a new database file.
  ///
  /// - Parameters:
  ///   - database: The absolute path; nothing may be there.
  ///   - reader: The verified archive.
  /// - Throws: `FileError`; EEXIST if something is there. `SQLiteError`, `SnapshotError`.
  private func create(_ database: String, from reader: ArchiveReader) throws {
    let temporary = FileSystem.temporaryPath(for: database)
    do {
      let fresh = try Connection(opening: temporary, mode: .create, busyTimeout: busyTimeout)
      try fresh.execute("PRAGMA synchronous=EXTRA")
      try copy(reader, into: fresh)
      try fresh.close()
      let digest = try DatabaseImage.contentDigest(
        of: temporary,
        timeout: busyTimeout,
        progress: progress
      )
      guard digest == reader.manifest.image.contentSHA256 else {
        throw unequal(temporary, reader.manifest)
      }
      // A stale -wal or -journal of a database that was here before would be replayed into the new one.
      for suffix in ["-wal", "-journal"] where try FileStatus.ifPresent(database + suffix) != nil {
        throw SnapshotError(
          .refused,
          "\((database + suffix).shownAsPath) is left from another database and would change the restored one",
          hint: "move it away first"
        )
      }
      try files.publish(temporary, as: database)
    } catch {
      for suffix in ["", "-wal", "-shm", "-journal"] { try files.remove(temporary + suffix) }
      throw error
    }
  }

  private func copy(_ reader: ArchiveReader, into live: Connection) throws {
    let source = try VirtualDatabase(ArchivedImage(reader))
    let pageSize = Int64(reader.manifest.database.pageSize)
    do {
      try OnlineBackup.copy(from: source.connection, to: live, timeout: busyTimeout) { step in
        let done = Int64(step.copied) * pageSize
        try progress(Progress("restore", done: done, total: reader.manifest.image.size))
      }
    } catch {
      throw source.failure ?? error
    }
    try source.connection.close()
  }

  private func checkPageSize(
    of live: Connection,
    database: String,
    snapshot: Manifest
  ) throws {
    // An empty database takes any page size; one with content keeps its own, and a copy would be damaged by that.
    guard try live.pragma("page_count") > 0 else { return }
    let present = try live.pragma("page_size")
    guard present == snapshot.database.pageSize else {
      throw SnapshotError(
        .refused,
        "\(database.shownAsPath) has pages of \(present) bytes and the snapshot of \(snapshot.database.pageSize)",
        hint: "restore the snapshot to a new file: move the database away first"
      )
    }
  }

  private func compare(
    _ live: Connection,
    version: Int64,
    database: String,
    snapshot: Manifest
  ) throws -> Outcome {
    // Nothing is written in this transaction: it only keeps others from writing while we read.
    try live.beginImmediate()
    guard try live.pragma("data_version") == version else {
      try live.rollback()
      return .writtenSince
    }
    let digest = try DatabaseImage.contentDigest(
      of: database,
      timeout: busyTimeout,
      progress: progress
    )
    try live.rollback()
    guard digest == snapshot.image.contentSHA256 else { throw unequal(database, snapshot) }
    return .proven
  }

  private func unequal(_ database: String, _ snapshot: Manifest) -> SnapshotError {
    SnapshotError(
      .notAsRestored,
      "\(database.shownAsPath) does not have the content of snapshot \(snapshot.id) after the restore",
      hint: "'xm-safe verify \(snapshot.id)' tells whether the snapshot is whole"
    )
  }
}
