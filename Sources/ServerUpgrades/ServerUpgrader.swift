internal import AlembicHelper
internal import Archive
internal import DurableFiles
internal import Logging
internal import Revisions
package import Servers
internal import Snapshots
internal import Stopping
package import Upgrade

/// Upgrades a server's database by the project's own alembic, so that it is afterwards entirely new or entirely as it was.
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
    let saved = try request.take(.upgrade(plan.rowsAfter))
    if request.rehearses { try rehearse(saved, plan) }
    if request.mode == .none {
      request.logger("xm_safe.upgrade").warning(
        "No transaction guards this upgrade: if it fails, snapshot \(saved.snapshot.manifest.id) is restored"
      )
      try journal.write(
        ServerCrashNote(
          snapshot: saved.snapshot.manifest.id,
          before: plan.rowsBefore,
          after: plan.rowsAfter
        )
      )
    }
    let run = GuardedRun(request)
    do {
      try run.run(hold, database: nil, plan)
      let rows = try request.server.heads()
      guard rows == plan.rowsAfter.sorted() else {
        throw UnexpectedRun(
          description:
            "the version table says \(UpgradeReport.shown(rows)) after the upgrade, and not \(UpgradeReport.shown(plan.rowsAfter))"
        )
      }
    } catch {
      return try StopSwitch.shielded {
        try settle(error, run, saved, plan, journal)
      }
    }
    try journal.clear()
    return done(plan, saved)
  }

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
      "Upgraded \(request.server.client.shown) from \(UpgradeReport.shown(plan.rowsBefore)) to \(UpgradeReport.shown(plan.rowsAfter))"
    )
    return UpgradeReport(
      outcome: .upgraded,
      database: request.key,
      from: plan.rowsBefore,
      to: plan.rowsAfter,
      applied: plan.steps.map(\.revision.id),
      snapshot: saved.snapshot
    )
  }
}
