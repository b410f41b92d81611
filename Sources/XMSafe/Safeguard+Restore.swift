internal import AlembicScripts
internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import SQLite
internal import Snapshots
internal import Upgrade

/// The commands that put a snapshot back.
extension Safeguard {
  /// Puts a snapshot back into the database, after a snapshot of what is there now.
  ///
  /// - Parameters:
  ///   - reference: `latest`, the beginning of an id, or a path.
  ///   - destination: Another file to restore into; nil for the database.
  ///   - force: Whether a snapshot of another database, one with a revision that the scripts do not know, or a destination
  ///     that exists, is accepted.
  ///   - isDryRun: Whether only to verify and say what would happen.
  /// - Returns: What was done.
  /// - Throws: `Failure`.
  public func restore(
    _ reference: String,
    to destination: String? = nil,
    force: Bool = false,
    isDryRun: Bool = false
  ) throws(Failure) -> RestoreResult {
    try failing {
      if let work = try serverWork() {
        guard destination == nil else {
          throw Failure(
            .usage,
            "--to names a file, and the snapshots of a server's database are restored into that database",
            next: "'gunzip -c FILE' gives its dump for any other"
          )
        }
        return try restore(work, reference, force: force, isDryRun: isDryRun)
      }
      let database = try project.database()
      let store = try store(for: database)
      let snapshot = try find(reference, database, in: store)
      let target = try destination.map(project.destination) ?? database
      // An archive must never be overwritten by what it holds.
      guard FileSystem.directory(of: target) != store.path else {
        throw SnapshotError(
          .refused,
          "\(target.shownAsPath) is in the store of the snapshots",
          hint: "name a file in another directory"
        )
      }
      if target != database { try checkKind(target) }
      try checkName(target, database)
      if !force { try checkRestorable(snapshot, database, target: target, store) }
      return try restore(snapshot, into: target, store, isDryRun: isDryRun)
    }
  }

  /// Refuses to restore into what is no file, whatever is forced.
  private func checkKind(_ target: String) throws {
    guard let status = try FileStatus.ifPresent(target), status.kind != .file else { return }
    throw SnapshotError(
      .refused,
      "\(target.shownAsPath) is \(status.kind.rawValue), and a database is a file",
      hint: "name another file with --to"
    )
  }

  /// Refuses the names of what SQLite and xm-safe keep beside the database: a file there would be taken for that.
  private func checkName(_ target: String, _ database: String) throws {
    let suffixes = ["-wal", "-journal", "-shm", "-xm-safe-note"]
    guard suffixes.contains(where: { target == database + $0 }) else { return }
    throw SnapshotError(
      .refused,
      "\(target.shownAsPath) is the name of what belongs to \(database.shownAsPath)",
      hint: "name another file with --to"
    )
  }

  private func checkRestorable(
    _ snapshot: Store.Snapshot,
    _ database: String,
    target: String,
    _ store: Store
  ) throws {
    let manifest = snapshot.manifest
    let hint = "add --force to restore it all the same"
    guard store.isOf(database, snapshot) else {
      throw SnapshotError(
        .refused,
        "snapshot \(manifest.id) was taken of \(manifest.database.path.shownAsPath), not of \(database.shownAsPath)",
        hint: hint
      )
    }
    if target != database, try FileStatus.ifPresent(target) != nil {
      throw SnapshotError(.refused, "\(target.shownAsPath) exists already", hint: hint)
    }
    guard target == database, try project.configuration() != nil else { return }
    let graph = try project.scripts().directory.graph
    guard let unknown = manifest.heads.first(where: { graph.revision($0) == nil }) else { return }
    throw SnapshotError(
      .refused,
      "snapshot \(manifest.id) is at revision '\(unknown.shownOnOneLine)', which these scripts do not have",
      hint: hint
    )
  }

  /// What a restore would find, told by reading all of it, as the snapshot before a restore does.
  private func present(at database: String) throws -> RestoreResult.Present {
    guard let status = try FileStatus.ifPresent(database) else { return .nothing }
    try DatabaseFile.checkKind(status, path: database)
    if try DatabaseFile.foreignLog(database) != nil { return .unsound }
    do {
      _ = try contentDigest(of: database)
      return .database
    } catch let error as SQLiteError where error.isUnsound {
      return .unsound
    } catch let error as SQLiteError {
      throw DatabaseFile.failure(error, path: database)
    }
  }

  func restore(
    _ snapshot: Store.Snapshot,
    into database: String,
    _ store: Store,
    isDryRun: Bool
  ) throws -> RestoreResult {
    let id = snapshot.manifest.id
    let restorer = Restorer(
      busyTimeout: options.busyTimeout,
      files: store.files,
      progress: progress,
      notice: { context.logger("xm_safe.restore").warning("\($0)") }
    )
    let record = try record(snapshot, in: store)
    if isDryRun {
      _ = try restorer.verify(snapshot.path)
      return RestoreResult(
        snapshot: record,
        database: database,
        before: nil,
        proven: false,
        isDryRun: true,
        present: try present(at: database)
      )
    }
    PlaceWarnings.log([database, store.path], context.logger("xm_safe.preflight"))
    let lock = try lock(store, for: database, "restore")
    defer { lock.release() }
    // A damaged archive is refused before a snapshot of the present content is even begun.
    let archive: ArchiveReader
    do {
      archive = try restorer.verify(snapshot.path, isForRestoring: true)
    } catch let error as FileError where error.isNotFound && error.path == snapshot.path {
      throw SnapshotError(
        .noSuchSnapshot,
        "snapshot \(id) was removed by another process a moment ago",
        hint: "'xm-safe list' shows what there is"
      )
    }
    context.logger("xm_safe.verify").info("Verified snapshot \(id): \(snapshot.path.shownAsPath)")
    let (outcome, before) = try restored(archive, id: id, database, store, with: restorer)
    let detail =
      switch outcome {
      case .proven: ", and compared it: equal"
      case .unproven(let reason, _): "; \(reason)"
      }
    context.logger("xm_safe.restore").info(
      "Restored \(database.shownAsPath) from snapshot \(id)\(detail)"
    )
    return RestoreResult(
      snapshot: record,
      database: database,
      before: before.map { told($0, in: store) },
      proven: outcome == .proven
    )
  }

  /// Restores into what is there, or into nothing; a file that is no sound database is replaced, and kept aside.
  func restored(
    _ archive: ArchiveReader,
    id: String,
    _ database: String,
    _ store: Store,
    with restorer: Restorer,
    replacing wreck: CrashNote.Wreck? = nil
  ) throws -> (Restorer.Outcome, before: Store.Snapshot?) {
    /// Whether what was found is what may be replaced, if that was said.
    func require(_ found: CrashNote.Wreck) throws {
      guard let wreck, wreck != found else { return }
      throw SnapshotError(
        .refused,
        "another program has changed \(database.shownAsPath) in the meantime",
        hint: "'xm-safe diff \(id)' compares it with the snapshot"
      )
    }
    try UnsettledRun.refuseUnreadable(database, in: store)
    try UnsettledRun.refuseOtherStore(database, than: store)
    var foreignLog: String?
    if let status = try FileStatus.ifPresent(database) {
      try DatabaseFile.checkKind(status, path: database)
      foreignLog = try DatabaseFile.foreignLog(database)
    }
    var before: Store.Snapshot?
    let journal = CrashJournal(database, files: store.files)
    // What was not settled stays so when nothing comes of this, also when this is killed.
    let earlier = try journal.read()
    let unsettled = earlier.flatMap { $0.isUnsettled ? $0 : nil }
    var hasNoted = false
    var note = CrashNote(
      work: .restore,
      store: store.path,
      versionTable: try project.versionTable().name,
      holder: holder("restore"),
      snapshot: nil,
      restored: id,
      before: nil,
      after: CrashNote.Content(
        sha256: archive.manifest.image.contentSHA256,
        revisions: archive.manifest.heads
      )
    )
    note.unsettled = [unsettled].compactMap(\.self)
    func writeNote() throws {
      do {
        if earlier == nil, !hasNoted { try journal.begin(note) } else { try journal.write(note) }
        hasNoted = true
      } catch let taken as CrashJournal.Taken {
        throw taken
      } catch {
        hasNoted = hasNoted || error is NotDurable
        // What may not survive a power cut is no note, and without one nothing is done.
        let cause = (error as? NotDurable)?.cause ?? error
        if (cause as? FileError)?.isOutOfSpace == true { throw cause }
        throw SnapshotError(
          .refused,
          "what is about to happen to \(database.shownAsPath) could not be noted: \(cause)",
          hint:
            "put that right first: without the note a killed restore could not be told from a finished one"
        )
      }
    }
    /// Takes this run's own note back, since nothing came of it.
    func takeBackNote() {
      guard hasNoted else { return }
      // Where the disk did not even take the journal mode back, the next command does it, by the note.
      if note.journalMode == "wal", !isInWAL(database) { return }
      clear(journal, keeping: earlier)
    }
    func replace(_ reason: String) throws -> (Restorer.Outcome, before: Store.Snapshot?) {
      let aside = try restorer.replace(database, from: archive) { replaced in
        try require(.file(replaced.old))
        note.replaced = replaced
        do { try writeNote() } catch {
          takeBackNote()
          throw error
        }
      }
      clear(journal)
      context.logger("xm_safe.restore").warning(
        "\(database.shownAsPath) was no sound database (\(reason)); it is now \(aside.shownAsPath)"
      )
      return (.proven, nil)
    }
    // Opening it would replay the log.
    if let foreignLog { return try replace(foreignLog) }
    do {
      let saving = Restorer.Saving {
        let saved = try begin(.preRestore, of: database, in: store)
        try require(.content(saved.contentSHA256))
        note.snapshot = saved.id
        note.before = CrashNote.Content(sha256: saved.contentSHA256, revisions: saved.heads)
        try writeNote()
        return saved
      } published: { snapshot in
        logSaved(snapshot)
        before = snapshot
      } leavingWAL: {
        note.journalMode = "wal"
        let digest = try contentDigest(of: database)
        note.before = CrashNote.Content(sha256: digest, revisions: [])
        try writeNote()
      }
      let outcome = try restorer.restore(
        archive,
        into: database,
        ownedBy: unsettled?.ownership,
        saving: saving
      )
      clear(journal)
      return (outcome, before)
    } catch let error as SQLiteError where error.isUnsound {
      return try replace(error.message)
    } catch let error as SQLiteError {
      takeBackNote()
      var failure = DatabaseFile.failure(error, path: database)
      // It may have failed half-way, and SQLite has rolled back.
      if note.snapshot != nil { failure.state = "the database is as it was before" }
      throw failure
    } catch var error as SnapshotError where error.code == .locked {
      takeBackNote()
      error.message += "; \(LockHolders.clause(database))"
      throw error
    } catch var error as SnapshotError where error.code == .notAsRestored {
      // The note stays: the next command looks again.
      if let before {
        error.hint = "'xm-safe restore \(before.manifest.id)' brings back what was there before"
      }
      throw error
    } catch let error as SnapshotError where error.code == .notDurable {
      throw error
    } catch let error as NotDurable {
      throw error
    } catch {
      takeBackNote()
      throw error
    }
  }

  /// Whether a database is known to be in WAL mode.
  private func isInWAL(_ database: String) -> Bool {
    do {
      let connection = try Connection(
        opening: database,
        mode: .readOnly,
        busyTimeout: options.busyTimeout
      )
      let mode = try connection.value("PRAGMA journal_mode")?.textValue
      try connection.close()
      return mode == "wal"
    } catch {
      return false
    }
  }

  /// What cannot be cleared now, the next command clears: the restore stands all the same.
  private func clear(_ journal: CrashJournal, keeping unsettled: CrashNote? = nil) {
    do {
      if let unsettled { try journal.write(unsettled) } else { try journal.clear() }
    } catch {
      context.logger("xm_safe.restore").warning(
        "The note of this run stays: \(String(describing: error).shownOnOneLine)"
      )
    }
  }
}
