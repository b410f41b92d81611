internal import DurableFiles
internal import Logging
internal import SQLite
internal import Snapshots
internal import Stopping
internal import Upgrade

/// What every command does first: finish what a killed run has left undone.
extension Safeguard {
  /// The store of a database, after a killed run on that database has been dealt with.
  func store(for database: String) throws -> Store {
    let store = try project.store(for: database)
    try store.requireUsable()
    if !database.isEmpty, !Project.isOnServer(database) { try recover(database, in: store) }
    sweep(database, store)
    return store
  }

  /// Removes the unfinished files of killed runs.
  ///
  /// They are in nobody's way: what cannot be removed now is tried again.
  private func sweep(_ database: String, _ store: Store) {
    do {
      _ = try store.files.sweep(store.path)
      guard !database.isEmpty, !Project.isOnServer(database) else { return }
      _ = try store.files.sweep(FileSystem.directory(of: database), for: database)
    } catch {
      context.logger("xm_safe.recover").debug("Unfinished files stay: \(error)")
    }
  }

  /// Brings the database to exactly before or exactly after a run that was killed, and says which.
  ///
  /// A run that is still going on holds the lock, and is left alone. What cannot be told now is told by the next command.
  func recover(_ database: String, in store: Store) throws {
    guard try CrashJournal(store, database: database).isPending() else { return }
    let logger = context.logger("xm_safe.recover")
    do {
      if try FileStatus.ifPresent(database)?.kind == .file,
        let foreign = try DatabaseFile.foreignLog(database)
      {
        // Looking would replay it. Whoever works on the database refuses it, with the way out.
        logger.warning("A run of xm-safe did not get to its end, and is left alone: \(foreign)")
        return
      }
      let lock = try store.lock(for: database, holder: holder("recovery"))
      defer { lock.release() }
      let recovery = CrashRecovery(
        store: store,
        database: database,
        busyTimeout: options.busyTimeout,
        progress: progress
      )
      guard let report = try recovery.run() else { return }
      logger.warning(
        "\(report.note.holder.shownOnOneLine) did not get to its end: \(Self.words(report, database))"
      )
      if report.verdict == .unresolved {
        try StopSwitch.shielded { try putBack(report.note, database, store) }
      }
    } catch is KernelLock.Held {
      return
    } catch let failure as Failure {
      throw failure
    } catch let stopped as Stopped {
      throw stopped
    } catch let error as CrashJournal.Unreadable {
      logger.warning(
        "A run of xm-safe did not get to its end, and \(error); compare the database with a snapshot ('xm-safe diff latest'), then remove that file"
      )
    } catch {
      logger.warning(
        "A run of xm-safe did not get to its end, and what it has left cannot be told now: \(String(describing: error).shownOnOneLine)"
      )
    }
  }

  private static func words(_ report: CrashRecovery.Report, _ database: String) -> String {
    let shown = database.shownAsPath
    let rows = UpgradeReport.shown(report.revisions)
    return switch report.verdict {
    case .before: "\(shown) is exactly as it was before"
    case .beforeAndWrittenSince:
      "\(shown) was rolled back to \(rows), and other programs have written to it since"
    case .after:
      report.note.work == .upgrade
        ? "its commit had taken effect, \(shown) is at \(rows)"
        : "\(shown) has the content of snapshot \(report.note.restored ?? ""), as it was to have"
    case .changedSince: "\(shown) has been changed by other programs since, and is at \(rows)"
    case .unresolved:
      "\(shown) is neither as before nor upgraded; snapshot \(report.note.snapshot ?? "") is put back now"
    case .interrupted:
      "what its command has done to \(shown), which is at \(rows), was not checked; \(UnsettledCommand.ways(report.note))"
    }
  }

  /// Ends what a failed upgrade had begun: its snapshot is put back.
  private func putBack(_ note: CrashNote, _ database: String, _ store: Store) throws {
    let id = note.snapshot ?? ""
    do {
      let snapshot = try store.find(id, database: database)
      let restorer = Restorer(
        busyTimeout: options.busyTimeout,
        files: store.files,
        progress: progress
      )
      let archive = try restorer.verify(snapshot.path, isForRestoring: true)
      _ = try restored(archive, id: id, database, store, with: restorer)
      context.logger("xm_safe.restore").info(
        "Restored \(database.shownAsPath) from snapshot \(id)"
      )
    } catch {
      throw Failure(
        .failedNotRestored,
        "an upgrade failed and was killed before it was undone, and putting snapshot \(id.shownOnOneLine) back failed: \(Failure(error).message)",
        state: "the database is neither as it was nor upgraded",
        next: "put right what prevents it, then run 'xm-safe restore \(id.shownOnOneLine)'"
      )
    }
  }
}
