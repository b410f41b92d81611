internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Processes
internal import SQLite
internal import Snapshots
package import Stopping
internal import Upgrade

/// Guards a command of which nobody knows what it does to a database: snapshot, run, check, and put the snapshot back if the command
/// fails or a check does.
///
/// Nobody is locked out while the command runs, since the command itself could not write then. So what others write meanwhile cannot
/// be told from what it writes itself; who is seen writing, or has committed since it ended, keeps his rows: nothing is then restored
/// without somebody having decided.
package struct CommandRunner {
  private let request: CommandRequest

  /// Makes a runner.
  ///
  /// - Parameter request: What is to be done.
  package init(_ request: CommandRequest) {
    self.request = request
  }

  /// Runs the command.
  ///
  /// - Parameter stop: What hands the signals on that come while it runs.
  /// - Returns: What came of it.
  /// - Throws: What was thrown before the command began; the database was not touched then.
  package func run(_ stop: StopSwitch) throws -> CommandReport {
    guard let status = try FileStatus.ifPresent(request.database) else {
      throw UpgradeFailure(
        .noSuchDatabase,
        "there is no database at \(request.shown)",
        state: "there is no file, and none was made",
        next: "check the path given with --db; a command that makes the database needs no guard"
      )
    }
    try DatabaseFile.check(status, path: request.database)
    guard status.size > 0 else {
      throw UpgradeFailure(
        .refused,
        "\(request.shown) is empty: there is nothing to save, and nothing that could be put back",
        state: UpgradeFailure.untouched,
        next: "check the path given with --db; a command that makes the database needs no guard"
      )
    }
    PlaceWarnings.log(
      [request.database, request.store.path],
      request.logger("xm_safe.preflight")
    )
    let lock = try request.store.lock(
      for: request.database,
      holder: request.holder,
      waiting: request.lockWait
    ) { held in
      request.logger("xm_safe.lock").info("Waiting for \(held.who)")
    }
    defer { lock.release() }
    try UnsettledRun.refuse(request.database, in: request.store)
    let (baseline, snapshot) = try prepare()
    var note = CrashNote(
      work: .command,
      store: request.store.path,
      versionTable: request.versionTable.name,
      holder: request.holder,
      snapshot: snapshot.manifest.id,
      before: CrashNote.Content(
        sha256: snapshot.manifest.image.contentSHA256,
        revisions: baseline.revisions
      ),
      after: CrashNote.Content(sha256: nil, revisions: [])
    )
    note.ownership = status.ownership
    let journal = CrashJournal(request.database, files: request.store.files)
    do {
      try journal.begin(note)
    } catch let error as NotDurable {
      clear(journal)
      throw error.cause
    }
    var program = request.program
    program.held = lock.shared
    var others: OtherWriters?
    do {
      return try GuardedProcess(
        program: program,
        shown: (request.shownProgram, request.shown),
        logger: request.logger,
        progress: request.progress
      ).run(stop) { child in
        let looking =
          others
          ?? OtherWriters(
            request.database,
            status.identity,
            child: child,
            sharesGroup: program.sharesGroup
          )
        others = looking
        looking.look()
      } judge: { ending, duration in
        let seen = others?.seen ?? []
        for writer in seen {
          request.logger("xm_safe.run").warning(
            "Not of the command, and seen writing to \(request.shown) while it ran: \(writer)"
          )
        }
        var (report, isSettled) = judge(baseline, snapshot, note, status, ending, seen)
        report.duration = duration
        // What could not be put back, the next command of xm-safe looks at again.
        if isSettled { clear(journal) }
        return report
      }
    } catch {
      clear(journal)
      throw error
    }
  }

  private func clear(_ journal: CrashJournal) {
    do { try journal.clear() } catch {
      request.logger("xm_safe.run").warning(
        "The note of this run stays: \(String(describing: error).shownOnOneLine)"
      )
    }
  }

  // MARK: - Before

  /// Looks at the database and saves it, while nobody can write.
  private func prepare() throws -> (CommandBaseline, Store.Snapshot) {
    do {
      let live = try Connection(
        opening: request.database,
        mode: .readWrite,
        busyTimeout: request.busyTimeout
      )
      try live.beginImmediate()
      try request.progress(Progress("check"))
      if let damage = try live.quickCheck().first {
        throw UpgradeFailure(
          .refused,
          "\(request.shown) is damaged: \(damage)",
          state: UpgradeFailure.untouched,
          next: "'xm-safe list' shows the snapshots that 'xm-safe restore' can put back"
        )
      }
      let baseline = try CommandBaseline(live, request.versionTable)
      if baseline.foreignKeys == nil {
        request.logger("xm_safe.preflight").warning(
          "A foreign key of \(request.shown) does not fit its parent: foreign keys are not compared"
        )
      }
      let snapshot = try SnapshotTaker(store: request.store, progress: request.progress).take(
        SnapshotTaker.Request(
          database: request.database,
          reason: .preUpgrade,
          target: request.target,
          created: request.now(),
          tool: request.tool,
          busyTimeout: request.busyTimeout,
          heads: request.versionTable.rows
        )
      )
      try live.rollback()
      // A connection that stays open would be in the way of a command that changes the journal mode.
      try live.close()
      request.logger("xm_safe.snapshot").info(
        "Saved \(request.shown) as snapshot \(snapshot.manifest.id), verified: \(snapshot.path.shownAsPath)"
      )
      return (baseline, snapshot)
    } catch let error as SQLiteError {
      throw DatabaseFile.failure(error, path: request.database)
    } catch let error as NotDurable {
      // A snapshot that a power cut may take is none, and without one the command is not begun.
      throw error.cause
    }
  }

  // MARK: - After

  private func judge(
    _ baseline: CommandBaseline,
    _ snapshot: Store.Snapshot,
    _ note: CrashNote,
    _ status: FileStatus,
    _ ending: Ending,
    _ others: [String]
  ) -> (CommandReport, isSettled: Bool) {
    // Opened first of all: what is committed from here on is not the command's.
    let check = CommandCheck(request, baseline)
    var report = CommandReport(
      outcome: .kept,
      ending: ending,
      duration: .zero,
      state: "",
      from: baseline.revisions,
      to: check.revisions,
      snapshot: snapshot,
      otherWriters: others
    )
    let name = request.shownProgram
    if !ending.isSuccess {
      report.problem = "'\(name)' \(ending)"
    } else if let objection = check.objection {
      report.problem = "'\(name)' succeeded, but the check of \(request.shown) failed: \(objection)"
    }
    let id = snapshot.manifest.id
    guard let problem = report.problem else {
      report.state = kept(check, id)
      check.end()
      return (report, true)
    }
    request.logger("xm_safe.run").error("\(problem.shownOnOneLine)")
    let undoing = CommandUndoing(
      request: request,
      snapshot: snapshot,
      note: note,
      status: status,
      otherWriters: others
    )
    let result = undoing.undo(check.observer, isDamaged: check.isDamaged)
    check.end()
    report.outcome = result.outcome
    report.state = result.state
    report.next = result.next ?? "correct the cause, then run the same command again"
    report.left = result.left
    report.leftFile = result.leftFile
    // Only where it is known what was tried can one attempt stand for another.
    if result.outcome != .notRestored, let target = request.target,
      Set(target) != Set(baseline.revisions)
    {
      FailedAttempts(
        database: request.database,
        store: request.store,
        busyTimeout: request.busyTimeout,
        logger: request.logger("xm_safe.prune"),
        progress: request.progress
      ).thin(snapshot)
    }
    return (report, result.isSettled)
  }

  private func kept(_ check: CommandCheck, _ id: String) -> String {
    let rows = UpgradeReport.shown(check.revisions ?? [])
    request.logger("xm_safe.verify").info(
      "Verified: at \(rows), quick_check ok, no new foreign key violation\(request.guarding == .off ? "" : ", no rows lost")"
    )
    do {
      // What a program has committed with `synchronous=OFF` SQLite has not synced; its name in the directory is the least.
      try request.store.files.sync(directory: FileSystem.directory(of: request.database))
    } catch {
      request.logger("xm_safe.run").warning("\(String(describing: error).shownOnOneLine)")
    }
    return
      "the database is as the command has left it, at \(rows); snapshot \(id) holds what was before"
  }
}
