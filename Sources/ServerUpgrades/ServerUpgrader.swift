internal import AlembicHelper
internal import Archive
internal import DurableFiles
internal import Logging
internal import Revisions
package import Servers
internal import Snapshots
internal import Stopping
package import Upgrade

/// Upgrades, downgrades or stamps a server's database by the project's own alembic, so that it is afterwards entirely new or entirely as it was.
///
/// The caller holds the locks. Snapshot, rehearsal in a database of its own, the run under guard, verification; on failure the
/// database is compared with what was saved, and restored if it is not the same.
package struct ServerUpgrader {
  let request: ServerUpgradeRequest

  /// Makes an upgrader.
  ///
  /// - Parameter request: What is to be done.
  package init(_ request: ServerUpgradeRequest) {
    self.request = request
  }

  /// Runs the upgrade.
  ///
  /// - Parameter hold: The lock on the database, which the caller has taken.
  /// - Returns: What was done.
  /// - Throws: `UpgradeFailure`, which says what the database is like now; `ServerError`, `RevisionError` and others before
  ///   anything was touched.
  package func run(_ hold: any ServerHold) throws -> UpgradeReport {
    let journal = ServerCrashJournal(request.store, key: request.key)
    let plan = try request.plan(try request.server.heads())
    guard !plan.isEmpty else { return nothingToDo(plan) }
    let saved = try request.take(.work(plan.rowsAfter))
    if request.guardsRows {
      for name in try AllowedLosses(request.allowedLosses, request.server).strangers {
        request.logger("xm_safe.upgrade").warning(
          "--allow-row-loss \(name.shownAsPath): there is no such table yet"
        )
      }
    }
    if plan.direction == .downgrade {
      request.logger("xm_safe.downgrade").warning("\(UpgradeWork.warningOfDowngrades)")
    }
    if request.rehearses { try rehearse(saved, plan) }
    if request.mode == .none {
      request.logger("xm_safe.upgrade").warning(
        "No transaction guards this \(request.work.noun): if it fails, snapshot \(saved.snapshot.manifest.id) is restored"
      )
    }
    var note = ServerCrashNote(
      snapshot: saved.snapshot.manifest.id,
      before: plan.rowsBefore,
      after: plan.rowsAfter
    )
    let run = GuardedRun(
      request,
      onTouched: { words in
        // If this run is killed, what others have written is told apart by it. Only a run without a transaction waits for it.
        note.touched = words.sorted()
        try journal.write(note)
      },
      onLost: { words in
        // The server rolls nothing back by itself any more.
        note.isTransactional = nil
        note.touched = words.sorted()
        try journal.write(note)
      }
    )
    note.session = run.session
    note.touched = []
    // Nothing is to be put back then; but `undo` has to know which was the last one.
    if request.mode == .transaction { note.isTransactional = true }
    try journal.write(note)
    do {
      try run.run(hold, database: nil, plan)
      let rows = try request.server.heads()
      guard rows == plan.rowsAfter.sorted() else {
        throw UnexpectedRun(
          description:
            "the version table says \(UpgradeReport.shown(rows)) after the \(request.work.noun), and not \(UpgradeReport.shown(plan.rowsAfter))"
        )
      }
    } catch {
      return try StopSwitch.shielded {
        try settle(error, run, saved, plan, journal, hold)
      }
    }
    journal.clear(orSay: sayOfNote)
    return done(plan, saved)
  }

  func sayOfNote(_ text: String) { request.logger("xm_safe.upgrade").warning("\(text)") }

  private func nothingToDo(_ plan: Plan) -> UpgradeReport {
    request.logger("xm_safe.upgrade").info(
      "Nothing to do: \(request.server.client.shown) is at \(UpgradeReport.shown(plan.rowsBefore))"
    )
    return UpgradeReport(
      outcome: .nothingToDo,
      database: request.key,
      from: plan.rowsBefore,
      to: plan.rowsBefore,
      applied: []
    )
  }

  func done(_ plan: Plan, _ saved: ServerSnapshotTaker.Taken) -> UpgradeReport {
    request.logger("xm_safe.verify").info(
      "Verified: at \(UpgradeReport.shown(plan.rowsAfter))"
    )
    request.logger("xm_safe.upgrade").info(
      "\(request.work.done(plan, request.server.client.shown))"
    )
    return UpgradeReport(
      outcome: request.work.outcome,
      database: request.key,
      from: plan.rowsBefore,
      to: plan.rowsAfter,
      applied: plan.scripted,
      snapshot: saved.snapshot
    )
  }
}
