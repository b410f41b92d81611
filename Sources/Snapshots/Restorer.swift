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

  let busyTimeout: Duration
  let files: FileSystem
  let progress: ProgressReport
  let notice: (String) -> Void

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
    /// Told before a database is taken out of WAL mode for the copy.
    package var leavingWAL: () throws -> Void

    /// Says how.
    ///
    /// - Parameters:
    ///   - begin: Writes the snapshot.
    ///   - published: Told when it is on the disk.
    ///   - leavingWAL: Told before a database is taken out of WAL mode for the copy, to which it then goes back: a run that is
    ///     killed in between cannot.
    package init(
      begin: @escaping () throws -> UnpublishedSnapshot,
      published: @escaping (Store.Snapshot) -> Void,
      leavingWAL: @escaping () throws -> Void = {}
    ) {
      self.begin = begin
      self.published = published
      self.leavingWAL = leavingWAL
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
  ///   - ownership: Whose a database that is not there becomes; nil for this user's, and nobody else's to read.
  ///   - saving: How what is there now is saved first; nil if it need not be.
  /// - Returns: How it ended.
  /// - Throws: `ArchiveError`, `FileError`, `SQLiteError` and `SnapshotError` with the database as it was. `SnapshotError` with
  ///   `.notAsRestored` if the comparison failed, with `.notDurable` if the copy stands and may not survive a power cut, with `.moved` if its file has lost its name.
  package func restore(
    _ reader: ArchiveReader,
    into database: String,
    ownedBy ownership: FileStatus.Ownership? = nil,
    saving: Saving? = nil
  ) throws -> Outcome {
    try ArchivedImage.require(reader)
    guard try FileStatus.ifPresent(database) != nil else {
      try create(database, from: reader, ownedBy: ownership)
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
      try pause.begin(for: reader.manifest) { try saving?.leavingWAL() }
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
            // Last of all: what was published may have taken its time.
            guard try !live.hasMoved() else {
              throw SnapshotError(
                .refused,
                Self.sentence(ofMoved: database),
                hint: "look which file is wanted, then run the same command again"
              )
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

  private static func sentence(ofMoved database: String) -> String {
    "another program has moved \(database.shownAsPath) away, or put another file in its place"
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
      // What has the name is then another one, and says nothing of what was restored.
      guard try !live.hasMoved() else {
        throw SnapshotError(
          .moved,
          "\(Self.sentence(ofMoved: database)) while snapshot \(snapshot.id) was committed into it",
          hint: "look which file is wanted"
        )
      }
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

  func copy(
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

  func unequal(_ database: String, _ snapshot: Manifest) -> SnapshotError {
    SnapshotError(
      .notAsRestored,
      "\(database.shownAsPath) does not have the content of snapshot \(snapshot.id) after the restore",
      hint: "'xm-safe verify \(snapshot.id)' tells whether the snapshot is whole"
    )
  }
}
