package import Archive
package import DurableFiles
package import SQLite
internal import Stopping

/// Puts a snapshot back: verified whole first, copied in one transaction, and compared afterwards.
package struct Restorer {
  /// How a restore ended; in each case the copy was committed.
  package enum Outcome: Hashable, Sendable {
    /// The database's content was compared with the snapshot's and is equal.
    case proven
    /// There was nothing to compare, or it was not possible; why, as a clause, and what SQLite said of it.
    case unproven(String, SQLiteError? = nil)
  }

  private let busyTimeout: Duration
  private let files: FileSystem
  let progress: ProgressReport
  private let notice: (String) -> Void

  /// Makes a restorer.
  ///
  /// - Parameters:
  ///   - busyTimeout: How long to wait for the locks of others.
  ///   - files: The file system to use.
  ///   - progress: Told how far it is.
  ///   - notice: Told, in a sentence, what is not as the user will expect, and is no failure.
  package init(
    busyTimeout: Duration,
    files: FileSystem = FileSystem(),
    progress: @escaping ProgressReport = { _ in },
    notice: @escaping (String) -> Void = { _ in }
  ) {
    self.busyTimeout = busyTimeout
    self.files = files
    self.progress = progress
    self.notice = notice
  }

  /// How the present content of a database is saved before a copy replaces it.
  package struct Saving {
    /// Writes the snapshot; called again each time that another process has written since.
    package var begin: () throws -> UnpublishedSnapshot
    /// Told when it is on the disk, which is before the copy counts.
    package var published: (Store.Snapshot) -> Void

    /// Says how.
    ///
    /// - Parameters:
    ///   - begin: Writes the snapshot.
    ///   - published: Told when it is on the disk.
    package init(
      begin: @escaping () throws -> UnpublishedSnapshot,
      published: @escaping (Store.Snapshot) -> Void
    ) {
      self.begin = begin
      self.published = published
    }
  }

  /// Reads every byte of an archive and compares it with what it must be.
  ///
  /// - Parameters:
  ///   - path: The archive.
  ///   - isForRestoring: Whether the digest of the image's own bytes is of no interest, since only its content is restored.
  /// - Returns: The reader of the verified archive.
  /// - Throws: `ArchiveError` if it is damaged; `FileError`.
  package func verify(_ path: String, isForRestoring: Bool = false) throws -> ArchiveReader {
    let reader = try ArchiveReader(opening: path, files: files)
    let total = reader.manifest.image.size
    let report: (Int64) throws -> Void = {
      try progress(Progress("verify", done: $0, total: total))
    }
    // The content's digest is compared in any case: a manifest that lies of it would be found out only when the copy stands.
    try reader.verify(hashingImage: !isForRestoring, progress: report)
    if reader.manifest.database.dialect == .sqlite { try ImageHeader.check(reader) }
    return reader
  }

  /// Copies a snapshot into a database that is in use, or creates the database.
  ///
  /// The copy is one transaction of SQLite: whatever stops it, the database is as it was or as the snapshot. When somebody
  /// else writes between the moment that is saved and the copy, nothing is copied, and what is there is saved again.
  ///
  /// Afterwards the database is in WAL mode if it was before, or if the snapshot is; else in rollback mode.
  ///
  /// - Parameters:
  ///   - reader: The archive, as `verify` returned it: nothing that is not whole may touch a database.
  ///   - database: The absolute path of the database.
  ///   - saving: How what is there now is saved first; nil if it need not be.
  /// - Returns: How it ended.
  /// - Throws: `ArchiveError`, `FileError`, `SQLiteError` and `SnapshotError` with the database as it was. `SnapshotError` with
  ///   `.notAsRestored` if the comparison failed, with `.notDurable` if the copy stands and may not survive a power cut.
  package func restore(
    _ reader: ArchiveReader,
    into database: String,
    saving: Saving? = nil
  ) throws -> Outcome {
    try ArchivedImage.require(reader)
    guard try FileStatus.ifPresent(database) != nil else {
      try create(database, from: reader)
      return .proven
    }
    let live = try Connection(opening: database, mode: .readWrite, busyTimeout: busyTimeout)
    // In rollback mode only EXTRA syncs the directory after the journal is gone
    // (https://www.sqlite.org/pragma.html#pragma_synchronous).
    try live.execute("PRAGMA synchronous=EXTRA")
    // A cache that overflows less often syncs the journal less often.
    try live.execute("PRAGMA cache_size=-8192")
    var pause = WALPause(live, database: database, busyTimeout: busyTimeout)
    defer {
      // Also on the way out after a signal.
      live.shield()
      if let sentence = StopSwitch.shielded({ pause.end() }) { notice(sentence) }
    }
    let version = try copySaved(
      reader,
      into: live,
      database: database,
      pausing: &pause,
      saving: saving
    )
    // From here on the snapshot is what the database holds: no error may say otherwise.
    live.shield()
    return try StopSwitch.shielded {
      try settle(live, version: version, database: database, snapshot: reader.manifest)
    }
  }

  /// Saves and copies until nobody has written between the two; returns the version of what it has copied, if SQLite still
  /// knows it.
  private func copySaved(
    _ reader: ArchiveReader,
    into live: Connection,
    database: String,
    pausing pause: inout WALPause,
    saving: Saving?
  ) throws -> UInt32? {
    for _ in 1...5 {
      try pause.begin(for: reader.manifest)
      // Others wait while the present is saved. The lock must be given up for the copy to take it; whether somebody got in
      // between, the version tells.
      try live.beginImmediate()
      let version = try live.dataVersion()
      let isEmpty = try live.pragma("page_count") == 0
      let saved: UnpublishedSnapshot?
      do {
        saved = try saving?.begin()
      } catch let first {
        do { try live.rollback() } catch { throw first }
        throw first
      }
      try live.rollback()
      // What was saved is read back and published while the copy is under way, and before it counts.
      let publishing = OrderedPipeline<Store.Snapshot>()
      do {
        try copy(
          reader,
          into: live,
          // An empty database takes another page size at once, which SQLite counts as a change.
          ifStill: isEmpty ? nil : version,
          whenLocked: { if let saved { publishing.submit { try saved.publish() } } },
          beforeCommit: {
            do {
              if let snapshot = try publishing.next() { saving?.published(snapshot) }
            } catch let error as NotDurable {
              // What may not survive a power cut has not been saved, and then nothing is copied.
              throw error.cause
            }
          }
        )
        live.shield()
        return try live.dataVersion()
      } catch is OnlineBackup.DestinationChanged {
        continue
      } catch let error as SQLiteError where !error.isBusy {
        // The last steps of a commit may fail when it has already taken effect: look before saying that it has not.
        let isCopied = try StopSwitch.shielded {
          try tookEffect(in: database, live, snapshot: reader.manifest, insteadOf: error)
        }
        guard isCopied else { throw error }
        return nil
      }
    }
    throw SnapshotError(
      .locked,
      "other programs keep writing to \(database.shownAsPath), and what they write must not be lost",
      hint: "stop them, then run the same command again"
    )
  }

  /// Whether the database has the snapshot's content after a copy that ended with an error; if not, it stays so.
  private func tookEffect(
    in database: String,
    _ live: Connection,
    snapshot: Manifest,
    insteadOf first: SQLiteError
  ) throws -> Bool {
    let digest: String
    do {
      digest = try DatabaseImage.contentDigest(
        of: database,
        timeout: busyTimeout,
        progress: progress
      )
      if digest != snapshot.image.contentSHA256, first.code == .inputOutput {
        try live.beginImmediate()
        try live.overwriteFailedCommit()
        try live.commit()
      }
    } catch {
      throw SnapshotError(
        .notAsRestored,
        "copying into \(database.shownAsPath) failed (\(first)), and whether it took effect cannot be told: \(error)",
        hint: "'xm-safe current' and 'xm-safe list' show more when the disk works again"
      )
    }
    return digest == snapshot.image.contentSHA256
  }

  /// Compares and makes durable what the copy has committed.
  private func settle(
    _ live: Connection,
    version: UInt32?,
    database: String,
    snapshot: Manifest
  ) throws -> Outcome {
    var outcome = Outcome.unproven("the comparison did not run")
    do {
      let digest = try DatabaseImage.contentDigest(
        of: database,
        timeout: busyTimeout,
        progress: progress
      )
      if digest == snapshot.image.contentSHA256 {
        outcome = .proven
      } else {
        try live.beginReading()
        guard try live.dataVersion() != version else { throw unequal(database, snapshot) }
        outcome = .unproven("another process has written since")
      }
      try live.rollback()
    } catch let error as SnapshotError {
      throw error
    } catch {
      outcome = .unproven("the comparison failed: \(error)", error as? SQLiteError)
    }
    do {
      try files.sync(directory: FileSystem.directory(of: database))
    } catch {
      throw SnapshotError(
        .notDurable,
        "\(database.shownAsPath) has the content of snapshot \(snapshot.id), and making that durable failed: \(error)",
        hint: "run 'sync', and restore again if the power fails before"
      )
    }
    return outcome
  }

  /// Puts a snapshot in the place of a file that is no sound database, which is kept aside.
  ///
  /// - Parameters:
  ///   - database: The absolute path of the file.
  ///   - reader: The verified archive.
  ///   - note: Told the names before anything is done with them.
  /// - Returns: Where the old file is now.
  /// - Throws: `FileError`, `SQLiteError`, `SnapshotError`.
  package func replace(
    _ database: String,
    from reader: ArchiveReader,
    noting note: (CrashNote.Replaced) throws -> Void
  ) throws -> String {
    try withFinishedCopy(of: reader, beside: database) { finished in
      let replacement = Replacement(database: database, files: files)
      let replaced = try replacement.plan(finished)
      try note(replaced)
      do {
        try replacement.put(replaced)
      } catch let first as FileError {
        do { try replacement.takeBack(replaced) } catch { throw first }
        throw first
      }
      return replacement.aside(replaced)
    }
  }

  /// Writes a snapshot into a database of its own and throws it away again: for `verify --deep`.
  ///
  /// - Parameters:
  ///   - reader: The verified archive.
  ///   - path: What to name the copy after; it is made beside it.
  ///   - body: What to do with the copy, by its path.
  /// - Returns: What the body returned.
  /// - Throws: What the body threw; `FileError`, `SQLiteError`, `SnapshotError`.
  package func withCopy<Result>(
    of reader: ArchiveReader,
    beside path: String,
    _ body: (String) throws -> Result
  ) throws -> Result {
    try withFinishedCopy(of: reader, beside: path) { finished in
      let result = try body(finished)
      try removeAll(finished)
      return result
    }
  }

  private func create(_ database: String, from reader: ArchiveReader) throws {
    try LeftoverLog.refuse(beside: database)
    try withFinishedCopy(of: reader, beside: database) { finished in
      try files.publish(finished, as: database)
    }
  }

  /// Makes a database of a snapshot under a temporary name, compares it, and hands it on.
  private func withFinishedCopy<Result>(
    of reader: ArchiveReader,
    beside path: String,
    _ body: (String) throws -> Result
  ) throws -> Result {
    // It is ours, and no sweep's, for as long as this lives; SQLite finds an empty file and makes a database of it.
    let place = try DurableFile(creating: path, files: files)
    defer { withExtendedLifetime(place) {} }
    let temporary = place.temporaryPath
    do {
      let fresh = try Connection(opening: temporary, mode: .readWrite, busyTimeout: busyTimeout)
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
      return try body(temporary)
    } catch let first {
      // What cannot be removed now is swept later; the first error is the one to tell.
      do { try removeAll(temporary) } catch { throw first }
      throw first
    }
  }

  private func removeAll(_ path: String) throws {
    for suffix in ["", "-wal", "-shm", "-journal"] { try files.remove(path + suffix) }
  }

  private func copy(
    _ reader: ArchiveReader,
    into live: Connection,
    ifStill version: UInt32? = nil,
    whenLocked: () throws -> Void = {},
    beforeCommit: () throws -> Void = {}
  ) throws {
    let source = try VirtualDatabase(ArchivedImage(reader))
    let pageSize = Int64(reader.manifest.database.pageSize)
    do {
      try OnlineBackup.copy(
        from: source.connection,
        to: live,
        ifStill: version,
        timeout: busyTimeout,
        whenLocked: whenLocked,
        beforeCommit: beforeCommit,
        progress: { step in
          let done = Int64(step.copied) * pageSize
          try progress(Progress("restore", done: done, total: reader.manifest.image.size))
        }
      )
    } catch {
      throw source.failure ?? error
    }
    try source.connection.close()
  }

  private func unequal(_ database: String, _ snapshot: Manifest) -> SnapshotError {
    SnapshotError(
      .notAsRestored,
      "\(database.shownAsPath) does not have the content of snapshot \(snapshot.id) after the restore",
      hint: "'xm-safe verify \(snapshot.id)' tells whether the snapshot is whole"
    )
  }
}
