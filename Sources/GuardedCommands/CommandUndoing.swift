internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import SQLite
internal import Snapshots
internal import Upgrade

/// Puts the snapshot back after a command that failed, unless the database has its content, or others have written since.
struct CommandUndoing {
  let request: CommandRequest
  let snapshot: Store.Snapshot
  let note: CrashNote
  /// What the file was like.
  let status: FileStatus
  /// The processes that were seen writing while the command ran.
  let otherWriters: [String]

  /// What came of it.
  struct Result {
    var outcome: CommandReport.Outcome
    /// What the database is like now, as a sentence.
    var state: String
    /// What to do next; nil for the usual.
    var next: String?
    /// What the command has left, where that could be saved.
    var left: Store.Snapshot?
    /// The file with it.
    var leftFile: String?
    /// Whether nothing is left to be tried again.
    var isSettled = true
  }

  /// Somebody has committed after the command had ended: what he wrote must not be taken away.
  private struct WrittenSince: Error {}

  private var id: String { snapshot.manifest.id }

  /// Brings the database back to what it was.
  ///
  /// - Parameters:
  ///   - observer: A connection that was opened when the command had just ended; nil if there is no sound database to observe.
  ///   - isDamaged: Whether the database is damaged: then it is put back whoever has written, because nobody can use it.
  /// - Returns: What came of it.
  func undo(_ observer: CommandObserver?, isDamaged: Bool) -> Result {
    do {
      var wreck = CrashNote.Wreck.nothing
      if !isDamaged {
        switch try compare(observer) {
        case .equal(let how):
          observer?.end()
          let mode = takeBackMode()
          request.logger("xm_safe.run").info("Found exactly as before: \(how)")
          return Result(
            outcome: .asBefore,
            state: "the database is exactly as it was before (\(how))\(mode)"
          )
        case .different(let found): wreck = found
        }
        if let writer = otherWriters.first {
          return left("\(writer), wrote to it while the command ran")
        }
      } else if try FileStatus.ifPresent(request.database) != nil {
        // Reading the file by itself drops this process's locks on it, so that SQLite must not have it open here
        // (https://www.sqlite.org/howtocorrupt.html, section 2.2).
        observer?.end()
        let files = request.store.files
        wreck = .file(try Replacement(database: request.database, files: files).digest())
      }
      return try restore(wreck, observer, isDamaged: isDamaged)
    } catch is WrittenSince {
      return left("another process has written to it since the command ended")
    } catch let error as SQLiteError where error.isBusy {
      return failed("\(DatabaseFile.failure(error, path: request.database).message)")
    } catch let error as SnapshotError where error.code == .locked {
      return failed("\(error); \(LockHolders.clause(request.database))")
    } catch {
      return failed(String(describing: error).shownOnOneLine, as: PutBack.state(after: error))
    }
  }

  /// What others have written, a restore would take away: that is for somebody to decide.
  private func left(_ reason: String) -> Result {
    request.logger("xm_safe.run").error("Not restored: \(reason)")
    return Result(
      outcome: .notRestored,
      state:
        "the database is as the command has left it, and was not put back, because \(reason): a restore would take that away",
      next:
        "'xm-safe diff \(id)' compares; 'xm-safe restore \(id)' puts back what was before the command, and saves what is there now as a snapshot"
    )
  }

  private func failed(_ reason: String, as state: String? = nil) -> Result {
    request.logger("xm_safe.restore").error("Restoring failed: \(reason)")
    return Result(
      outcome: .notRestored,
      state: state
        ?? "the database is as the command has left it, and could not be put back: \(reason)",
      next: "put right what prevents it, then run 'xm-safe restore \(id)'",
      isSettled: false
    )
  }

  private enum Comparison {
    case equal(String)
    case different(CrashNote.Wreck)
  }

  /// Whether the database is equal to the snapshot, and how; else what is there instead, which is the command's alone.
  private func compare(_ observer: CommandObserver?) throws -> Comparison {
    guard try FileStatus.ifPresent(request.database) != nil else { return .different(.nothing) }
    let checking = try Connection(
      opening: request.database,
      mode: .readWrite,
      busyTimeout: request.busyTimeout
    )
    try checking.beginImmediate()
    let digest = try DatabaseImage.contentDigest(
      of: request.database,
      timeout: request.busyTimeout,
      progress: request.progress
    )
    let how = try ContentProof.equality(
      of: checking,
      and: snapshot,
      in: request.store,
      digest: digest,
      progress: request.progress
    )
    let hasChanged = try observer?.hasChanged() == true
    try checking.rollback()
    try checking.close()
    if let how { return .equal(how) }
    if hasChanged { throw WrittenSince() }
    return .different(.content(digest))
  }

  private func restore(
    _ wreck: CrashNote.Wreck,
    _ observer: CommandObserver?,
    isDamaged: Bool
  ) throws -> Result {
    let restorer = Restorer(
      busyTimeout: request.busyTimeout,
      files: request.store.files,
      progress: request.progress,
      notice: { request.logger("xm_safe.restore").warning("\($0)") }
    )
    let archive = try restorer.verify(snapshot.path, isForRestoring: true)
    var note = note
    note.phase = .restoring
    note.wreck = wreck
    // A copy keeps the journal mode of what it replaces.
    if let mode = snapshot.manifest.database.file?.journalMode, wreck != .nothing {
      note.journalMode = mode
    }
    let journal = CrashJournal(request.database, files: request.store.files)
    func write() throws {
      // Nothing has been done yet that the power could take.
      do { try journal.write(note) } catch let error as NotDurable { throw error.cause }
    }
    try write()
    func replaced(_ reason: String) throws -> Result {
      observer?.end()
      let aside = try restorer.replace(request.database, from: archive) { names in
        note.replaced = names
        note.wreck = .file(names.old)
        try write()
      }
      request.logger("xm_safe.restore").warning(
        "\(request.shown) was no sound database (\(reason.shownOnOneLine)); it is now \(aside.shownAsPath)"
      )
      return Result(
        outcome: .restored,
        state:
          "the database is exactly as it was before (snapshot \(id) was put in its place, and compared); what the command left is \(aside.shownAsPath)",
        leftFile: aside
      )
    }
    if try FileStatus.ifPresent(request.database) != nil,
      let foreign = try DatabaseFile.foreignLog(request.database)
    {
      return try replaced(foreign)
    }
    var left: Store.Snapshot?
    let outcome: Restorer.Outcome
    do {
      let saving = Restorer.Saving {
        // The write lock is held here: who has not written by now does not.
        if !isDamaged, try observer?.hasChanged() == true { throw WrittenSince() }
        let saved = try begin()
        // The same when nobody could be observed while the journal mode changed.
        if !isDamaged, case .content(let known) = wreck, known != saved.contentSHA256 {
          throw WrittenSince()
        }
        note.wreck = .content(saved.contentSHA256)
        try write()
        return saved
      } published: {
        left = $0
        request.logger("xm_safe.snapshot").info(
          "Saved what the command left as snapshot \($0.manifest.id)"
        )
      } leavingWAL: {
        if !isDamaged, try observer?.hasChanged() == true { throw WrittenSince() }
        // Whoever has it open, be it idle, is in the way of that.
        observer?.end()
      }
      outcome = try restorer.restore(
        archive,
        into: request.database,
        ownedBy: status.ownership,
        saving: saving
      )
    } catch let error as SQLiteError where error.isUnsound {
      return try replaced(error.message)
    }
    request.logger("xm_safe.restore").info("Restored \(request.shown) from snapshot \(id)")
    // One that is only open keeps a database in WAL mode.
    observer?.end()
    let mode = takeBackMode()
    var result = Result(outcome: .restored, state: "", left: left)
    result.leftFile = keep(left, with: restorer)
    let kept = result.leftFile.map { " and in \($0.shownAsPath)" } ?? ""
    let saved =
      left.map { "; what the command left is in snapshot \($0.manifest.id)\(kept)" } ?? ""
    switch outcome {
    case .proven:
      result.state =
        "the database is exactly as it was before (restored from snapshot \(id), and compared)\(mode)\(saved)"
    case .unproven(let reason, _):
      result.state = "the database was restored from snapshot \(id), but \(reason)\(mode)\(saved)"
    }
    return result
  }

  private func begin() throws -> UnpublishedSnapshot {
    try SnapshotTaker(store: request.store, progress: request.progress).begin(
      SnapshotTaker.Request(
        database: request.database,
        reason: .preRestore,
        target: snapshot.manifest.heads,
        created: request.now(),
        tool: request.tool,
        busyTimeout: request.busyTimeout,
        heads: request.versionTable.rows
      )
    )
  }

  /// Takes back the journal mode into which the command has put the database, which a copy keeps.
  ///
  /// - Returns: That it stays, as the rest of a sentence; empty if it is what it was.
  private func takeBackMode() -> String {
    guard let mode = snapshot.manifest.database.file?.journalMode else { return "" }
    do {
      let connection = try Connection(
        opening: request.database,
        mode: .readWrite,
        busyTimeout: request.busyTimeout
      )
      _ = try connection.takeJournalMode(mode)
      try connection.close()
      return ""
    } catch {
      request.logger("xm_safe.restore").warning(
        "\(request.shown) stays in the journal mode into which the command has put it (\(error)); 'PRAGMA journal_mode=\(mode)' changes it back"
      )
      return ", but for its journal mode, which was '\(mode)'"
    }
  }

  /// What the command has left, as a database of its own beside the other, if that is wanted.
  private func keep(_ wreck: Store.Snapshot?, with restorer: Restorer) -> String? {
    guard request.keepsFailed, let wreck else { return nil }
    let path = "\(request.database).failed-\(wreck.manifest.id)"
    do {
      let archive = try restorer.verify(wreck.path, isForRestoring: true)
      _ = try restorer.restore(archive, into: path)
      return path
    } catch {
      // It is in the snapshot all the same.
      request.logger("xm_safe.run").warning(
        "What the command left could not be kept as \(path.shownAsPath): \(String(describing: error).shownOnOneLine)"
      )
      return nil
    }
  }
}
