internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import SQLite
internal import Snapshots
internal import Stopping

/// What happens when an upgrade fails: roll back, prove, and restore from the archive only if the proof says different.
///
/// A proof that could not be run is never a reason to restore: SQLite has rolled back, and a restore would take away what
/// others have committed since.
struct Undoing {
  private let request: UpgradeRequest
  private let plan: Plan
  private let live: Connection
  /// A connection that never writes: when its `data_version` changes, somebody has committed.
  private let observer: Connection
  /// What that was while we held the write lock.
  private let version: Int64
  private let snapshot: Store.Snapshot?
  private let logger: Logger

  /// Prepares for the worst, with the write lock held.
  ///
  /// - Parameters:
  ///   - request: The upgrade.
  ///   - plan: What it does.
  ///   - live: The connection with the transaction.
  ///   - snapshot: What was there before; nil if that was nothing.
  /// - Throws: `SQLiteError`.
  init(
    _ request: UpgradeRequest,
    plan: Plan,
    live: Connection,
    snapshot: Store.Snapshot?
  ) throws {
    self.request = request
    self.plan = plan
    self.live = live
    self.snapshot = snapshot
    logger = request.logger("xm_safe.upgrade")
    observer = try StopSwitch.shielded {
      try Connection(
        opening: request.database,
        mode: .readWrite,
        busyTimeout: request.busyTimeout
      )
    }
    version = try observer.pragma("data_version")
  }

  /// Brings the database back to what it was before.
  ///
  /// - Parameters:
  ///   - error: Why the upgrade failed.
  ///   - triedCommit: Whether it was the commit that failed: then only a proof can tell that it has not taken effect.
  /// - Returns: The failure to throw, which says how the database is now.
  func undo(_ error: any Error, triedCommit: Bool = false) -> UpgradeFailure {
    // Nothing stops this half-way: neither a second signal nor the one that may have led here.
    live.shield()
    // A commit that a lock of somebody else was in the way of was refused before anything was written
    // (https://www.sqlite.org/lang_transaction.html): there is no doubt about it.
    let isDoubtful = triedCommit && lock(error) == nil
    return StopSwitch.shielded { undoToTheEnd(error, triedCommit: isDoubtful) }
  }

  private func undoToTheEnd(_ error: any Error, triedCommit: Bool) -> UpgradeFailure {
    logger.error("\(String(describing: error).shownOnOneLine)")
    var hasRolledBack = false
    do {
      let hasMoved = try live.hasMoved()
      try live.rollback()
      if hasMoved {
        try live.close()
        let (state, next) = MovedDatabase.words(request, snapshot, isDoubtful: triedCommit)
        logger.error("\(MovedDatabase().description): neither compared nor restored")
        var failure = failure(triedCommit ? .notRestored : .asBefore, error, state: state)
        failure.next = next
        return failure
      }
      hasRolledBack = true
    } catch {
      // Closing the connection leaves the journal to whoever opens the database next: the proof, for one.
      logger.error("ROLLBACK failed: \(error.description.shownOnOneLine)")
    }
    do {
      try live.close()
      return try judge(try proof(triedCommit: triedCommit), after: error)
    } catch let second {
      let reason = String(describing: second).shownOnOneLine
      guard hasRolledBack else {
        logger.error("Neither rolled back nor compared: \(reason)")
        return failure(
          .notRestored,
          error,
          state:
            "SQLite could not roll back, and does so when the database is next opened; not compared: \(reason)"
        )
      }
      guard !triedCommit else {
        logger.error("The commit failed, and whether it took effect cannot be told: \(reason)")
        return failure(
          .notRestored,
          error,
          state:
            "the commit failed, and whether it took effect shows when the disk works again: the database is then exactly as before, or at \(UpgradeReport.shown(plan.rowsAfter)); not compared: \(reason)"
        )
      }
      logger.warning("Rolled back, but not compared: \(reason)")
      return failure(
        .asBefore,
        error,
        state:
          "the \(request.work.noun) was rolled back by SQLite; it could not be compared with the snapshot (\(reason))"
      )
    }
  }

  private enum Proof {
    case equal(String)
    case different
    case committed
    case writtenSince
  }

  private func proof(triedCommit: Bool) throws -> Proof {
    let checking = try Connection(
      opening: request.database,
      mode: .readWrite,
      busyTimeout: request.busyTimeout
    )
    // With the write lock nobody can change what is compared.
    try checking.beginImmediate()
    let proof = try compare(checking)
    // Elsewhere even a commit without changes wants the database for itself, and a reader would be in its way.
    if triedCommit, try checking.journalMode() == "wal" {
      try checking.overwriteFailedCommit()
      try checking.commit()
    }
    try checking.rollback()
    try checking.close()
    return proof
  }

  private func compare(_ checking: Connection) throws -> Proof {
    guard let snapshot else {
      let count = try checking.value("SELECT count(*) FROM sqlite_schema")?.integerValue
      if count == 0 { return .equal("it is empty again") }
      return try rowsOrOthers(checking)
    }
    let how = try ContentProof.equality(
      of: checking,
      at: request.database,
      and: snapshot,
      in: request.store,
      timeout: request.busyTimeout,
      progress: request.progress
    )
    if let how { return .equal(how) }
    return try rowsOrOthers(checking)
  }

  /// Something is there that the snapshot does not have; this tells whose it is.
  private func rowsOrOthers(_ checking: Connection) throws -> Proof {
    // Another file may have got the name since: then all that is different is somebody else's.
    guard try !observer.hasMoved() else { return .writtenSince }
    guard try observer.pragma("data_version") != version else { return .different }
    let rows = try request.versionTable.rows(in: checking)
    return rows == plan.rowsAfter ? .committed : .writtenSince
  }

  private func judge(_ proof: Proof, after error: any Error) throws -> UpgradeFailure {
    switch proof {
    case .equal(let how):
      logger.info("Rolled back, and proven to be as before: \(how)")
      if let snapshot { FailedAttempts(request: request).thin(snapshot) }
      return failure(
        .asBefore,
        error,
        state: "the database is exactly as it was before (rolled back; \(how))"
      )
    case .writtenSince:
      logger.warning(
        "Rolled back; another process has written since, so there is nothing left to compare"
      )
      return failure(
        .asBefore,
        error,
        state:
          "the \(request.work.noun) was rolled back; another process has written to the database since"
      )
    case .committed:
      logger.warning("The commit took effect although SQLite reported an error")
      var failure = failure(
        .notRestored,
        error,
        state:
          "the database is at \(UpgradeReport.shown(plan.rowsAfter)): the commit took effect although SQLite reported an error"
      )
      failure.next =
        "'xm-safe current' shows where it is; 'xm-safe restore \(snapshot?.manifest.id ?? "latest")' goes back"
      return failure
    case .different:
      logger.error("Rolled back, and the content is not the snapshot's: restoring it")
      return restore(after: error)
    }
  }

  private func restore(after error: any Error) -> UpgradeFailure {
    guard let snapshot else {
      return failure(.notRestored, error, state: "the database was empty before, and is not now")
    }
    let id = snapshot.manifest.id
    do {
      let restorer = Restorer(
        busyTimeout: request.busyTimeout,
        files: request.store.files,
        progress: request.progress,
        notice: { request.logger("xm_safe.restore").warning("\($0)") }
      )
      let upgrade = UpgradeRunner(request)
      var note = upgrade.note(plan, snapshot)
      note.phase = .restoring
      func noteWreck(_ digest: String?) throws {
        note.wreck = digest.map { .content($0) }
        // Nothing has been done yet that the power could take.
        do { try upgrade.journal.write(note) } catch let error as NotDurable { throw error.cause }
      }
      // Whatever fails from here on, the next command knows that this is not what others have made of it.
      try noteWreck(nil)
      try noteWreck(
        try DatabaseImage.contentDigest(
          of: request.database,
          timeout: request.busyTimeout,
          progress: request.progress
        )
      )
      let archive = try restorer.verify(snapshot.path, isForRestoring: true)
      let saving = savingWreck(noting: noteWreck)
      let outcome = try restorer.restore(archive, into: request.database, saving: saving)
      request.logger("xm_safe.restore").info("Restored \(request.shown) from snapshot \(id)")
      let detail =
        switch outcome {
        case .proven: "and compared"
        case .unproven(let reason, _): "but \(reason)"
        }
      return failure(
        .asBefore,
        error,
        state: "the database is as it was before (restored from snapshot \(id), \(detail))"
      )
    } catch let second {
      let reason = String(describing: second).shownOnOneLine
      request.logger("xm_safe.restore").error("Restoring failed: \(reason)")
      var failure = failure(
        .notRestored,
        error,
        state: PutBack.state(after: second) ?? "the database could not be put back: \(reason)"
      )
      failure.next = "put right what prevents it, then run 'xm-safe restore \(id)'"
      return failure
    }
  }

  /// What is there now may be wanted for study, and nothing is ever overwritten unsaved.
  private func savingWreck(noting note: @escaping (String?) throws -> Void) -> Restorer.Saving {
    Restorer.Saving {
      let saved = try SnapshotTaker(store: request.store, progress: request.progress).begin(
        SnapshotTaker.Request(
          database: request.database,
          reason: .preRestore,
          created: request.created,
          tool: request.tool,
          busyTimeout: request.busyTimeout,
          heads: request.versionTable.rows
        )
      )
      try note(saved.contentSHA256)
      return saved
    } published: { saved in
      request.logger("xm_safe.snapshot").info(
        "Saved what is there now as snapshot \(saved.manifest.id)"
      )
    }
  }

  /// The error of a lock that somebody else holds; nil if it was something else.
  private func lock(_ error: any Error) -> SQLiteError? {
    (error.rootCause as? SQLiteError).flatMap { $0.isBusy ? $0 : nil }
  }

  private func failure(
    _ code: UpgradeFailure.Code,
    _ error: any Error,
    state: String
  ) -> UpgradeFailure {
    let busy = lock(error)
    let holders =
      busy.map { "\(DatabaseFile.after($0)); \(LockHolders.clause(request.database))" } ?? ""
    return UpgradeFailure(
      // Nothing is wrong with the upgrade: the same command succeeds when the lock is gone.
      busy != nil && code == .asBefore ? .locked : code,
      "the \(request.work.noun) of \(request.shown) failed: \(error)\(holders)",
      state: state,
      next: busy != nil
        ? "stop that process, or run the same command again with --wait 5m to wait longer"
        : UpgradeRunner.nextStep(after: error),
      cause: error,
      snapshot: snapshot
    )
  }
}
