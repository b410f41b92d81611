internal import Archive
internal import DurableFiles
internal import Logging
internal import SQLite
internal import Snapshots
internal import Stopping
internal import Upgrade

/// What every command does first: finish what a killed run has left undone.
extension Safeguard {
  /// What was found of a killed run, and what was done about it.
  struct Recovered {
    /// What was found.
    var report: CrashRecovery.Report
    /// The snapshot that was put back, and the one that holds what was there before; nil if none was.
    var putBack: (snapshot: Store.Snapshot, before: Store.Snapshot?)?
  }

  /// The store of a database, after a killed run on that database has been dealt with.
  func store(for database: String) throws -> Store { try recoveredStore(for: database).store }

  /// The same, with what was done about a killed run.
  func recoveredStore(for database: String) throws -> (store: Store, recovered: Recovered?) {
    let store = try project.store(for: database)
    try store.requireUsable()
    let isFile = !database.isEmpty && !Project.isOnServer(database)
    let recovered = isFile ? try recover(database, in: store) : nil
    sweep(database, store)
    return (store, recovered)
  }

  /// Removes the unfinished files of killed runs.
  ///
  /// They are in nobody's way: what cannot be removed now is tried again.
  private func sweep(_ database: String, _ store: Store) {
    do {
      _ = try store.files.sweep(store.path)
      guard !database.isEmpty, !Project.isOnServer(database) else { return }
      let journal = CrashJournal(database, files: store.files)
      try journal.sweep()
      // What a note names stays until the note has done its work.
      guard try !journal.isPending() else { return }
      _ = try store.files.sweep(FileSystem.directory(of: database), for: database)
    } catch {
      context.logger("xm_safe.recover").debug("Unfinished files stay: \(error)")
    }
  }

  /// Brings the database to exactly before or exactly after a run that was killed, and says which.
  ///
  /// A run that is still going on holds the lock, and is left alone. What cannot be told now is told by the next command.
  @discardableResult
  func recover(_ database: String, in current: Store) throws -> Recovered? {
    let journal = CrashJournal(database, files: current.files)
    guard try journal.isPending() else { return nil }
    let logger = context.logger("xm_safe.recover")
    do {
      let store = try store(of: journal, current)
      let lock = try store.lock(for: database, holder: holder("recovery"))
      defer { lock.release() }
      if try FileStatus.ifPresent(database)?.kind == .file,
        let foreign = try DatabaseFile.foreignLog(database)
      {
        // Looking would replay it. Whoever works on the database refuses it, with the way out.
        logger.warning("A run of xm-safe did not get to its end, and is left alone: \(foreign)")
        return nil
      }
      let recovery = CrashRecovery(
        store: store,
        database: database,
        busyTimeout: options.busyTimeout,
        progress: progress
      )
      guard let report = try recovery.run() else { return nil }
      logger.warning("\(Self.event(report.note)): \(Self.words(report, database, store))")
      if let mode = report.strangeMode {
        logger.warning(
          "\(database.shownAsPath) stays in journal mode '\(mode)', since others have it open; 'PRAGMA journal_mode=\(report.note.journalMode ?? "")' changes it back"
        )
      }
      var recovered = Recovered(report: report)
      if report.verdict == .unresolved {
        recovered.putBack = try StopSwitch.shielded { try putBack(report.note, database, store) }
        if let id = recovered.putBack?.snapshot.manifest.id { putBackFirst.note(id) }
      }
      return recovered
    } catch is KernelLock.Held {
      return nil
    } catch let stopped as Stopped {
      throw stopped
    } catch let error as CrashJournal.Unreadable {
      logger.warning(
        "A run of xm-safe did not get to its end, and \(error); compare the database with a snapshot ('xm-safe diff latest'), then move that file away"
      )
      return nil
    } catch {
      let holders =
        (error as? SQLiteError)?.isBusy == true ? "; \(LockHolders.clause(database))" : ""
      logger.warning(
        "An earlier run of xm-safe is not settled, and what it has left cannot be told now: \(String(describing: error).shownOnOneLine)\(holders)"
      )
      return nil
    }
  }

  /// The store of the run that was killed: its lock says whether that run still goes on, and its snapshots are in it.
  private func store(of journal: CrashJournal, _ current: Store) throws -> Store {
    guard let path = try journal.read()?.store, path != current.path,
      try FileStatus.ifPresent(path)?.kind == .directory
    else { return current }
    return Store(path: path, files: current.files)
  }

  /// What has become of a run; one that was to put a snapshot back may have ended by itself, and said so.
  private static func event(_ note: CrashNote) -> String {
    let holder = note.holder.shownOnOneLine
    return note.phase == .restoring
      ? "\(holder) could not put snapshot \((note.snapshot ?? "").shownOnOneLine) back, or was killed before"
      : "\(holder) did not get to its end"
  }

  private static func words(
    _ report: CrashRecovery.Report,
    _ database: String,
    _ store: Store
  ) -> String {
    let (note, shown) = (report.note, database.shownAsPath)
    let rows = UpgradeReport.shown(report.revisions)
    let snapshot = (note.snapshot ?? "").shownOnOneLine
    switch report.verdict {
    case .before: return "\(shown) is exactly as it was before"
    case .beforeAndWrittenSince:
      return
        "\(shown) is at \(rows), as it was before, and other programs have written to it since"
    case .after:
      return note.work == .upgrade
        ? "\(shown) is at \(rows), as it was to be"
        : "\(shown) has the content of snapshot \(note.restored ?? ""), as it was to have"
    case .changedSince:
      return note.work == .upgrade
        ? "\(shown) has been changed by other programs since, and is at \(rows)"
        : "\(shown) has been changed by other programs since, so that nobody can tell whether the restore had taken effect\(kept(report)); 'xm-safe restore \((note.restored ?? "").shownOnOneLine)' does it again, and saves what is there now"
    case .gone:
      let way = note.snapshot.map { _ in
        "; 'xm-safe restore \(snapshot)' brings back what was there before"
      }
      return "there is no \(shown) any more\(way ?? "")\(kept(report))"
    case .unresolved:
      return
        "\(shown) is exactly what was left when snapshot \(snapshot) was about to be put back; that is done now"
    case .interrupted where note.phase == .restoring:
      return
        "snapshot \(snapshot) was about to be put back, and other programs have changed \(shown) since, so that it is left alone; \(UnsettledRun.ways(note, database, in: store))"
    case .interrupted where report.isGone:
      return "there is no \(shown) any more; \(UnsettledRun.ways(note, database, in: store))"
    case .interrupted:
      return
        "what its command has done to \(shown), which is at \(rows), was not checked; \(UnsettledRun.ways(note, database, in: store))"
    }
  }

  /// Where that is which belongs to a file that was being replaced, and has been replaced by somebody else since.
  private static func kept(_ report: CrashRecovery.Report) -> String {
    guard !report.kept.isEmpty else { return "" }
    let paths = report.kept.map(\.shownAsPath).joined(separator: ", ")
    return "; what belongs to the file of before is kept: \(paths)"
  }

  /// Ends what a failed upgrade or command had begun: its snapshot is put back in the place of what that has left, and of nothing else.
  ///
  /// If it cannot be, the note stays and the next command tries again; until then nothing changes the database further.
  ///
  /// - Returns: What was put back, and the snapshot of what was there before; nil if it could not be.
  private func putBack(
    _ note: CrashNote,
    _ database: String,
    _ store: Store
  ) throws -> (snapshot: Store.Snapshot, before: Store.Snapshot?)? {
    let id = note.snapshot ?? ""
    let logger = context.logger("xm_safe.restore")
    do {
      let snapshot = try store.find(id, database: database)
      let restorer = Restorer(
        busyTimeout: options.busyTimeout,
        files: store.files,
        progress: progress
      )
      let archive = try restorer.verify(snapshot.path, isForRestoring: true)
      let (_, saved) = try restored(
        archive,
        id: id,
        database,
        store,
        with: restorer,
        replacing: note.wreck
      )
      let left =
        saved.map {
          "; what was there is snapshot \($0.manifest.id) ('xm-safe undo' brings it back)"
        }
        ?? ""
      logger.info("Restored \(database.shownAsPath) from snapshot \(id)\(left)")
      return (snapshot, saved)
    } catch {
      let state =
        PutBack.state(after: error)
        ?? "\(database.shownAsPath) is still what the failed run has left"
      logger.error(
        "Snapshot \(id.shownOnOneLine) could not be put back: \(Failure(error).message); \(state). Put right what prevents it and run any command of xm-safe, or decide: \(UnsettledRun.ways(note, database, in: store)); 'xm-safe list' shows what else can be restored"
      )
      return nil
    }
  }
}
