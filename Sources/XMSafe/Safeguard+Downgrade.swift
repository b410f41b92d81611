internal import AlembicScripts
internal import Archive
internal import DatabaseURLs
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import Snapshots
internal import Upgrade

/// The commands that lead back, and the one that only says where a database is.
extension Safeguard {
  /// Runs the scripts' `downgrade()`, with every guard of an upgrade.
  ///
  /// - Parameters:
  ///   - target: What is left: `base`, a revision, the beginning of one, a label, `-N`, and `branch@` before these.
  ///   - safety: How careful it is.
  /// - Returns: What was done.
  /// - Throws: `Failure`.
  public func downgrade(
    to target: String,
    safety: UpgradeSafety = UpgradeSafety()
  ) throws(Failure) -> UpgradeResult {
    try failing { try done(.downgrade(to: Target(target)), safety) }
  }

  /// Puts the snapshot back that was taken before what a downgrade would take back was applied.
  ///
  /// - Parameters:
  ///   - target: As for `downgrade`.
  ///   - isDryRun: Whether it only says what would be done.
  /// - Returns: What was restored.
  /// - Throws: `Failure`; `.notFound` if there is no such snapshot.
  public func downgradeToSnapshot(
    of target: String,
    isDryRun: Bool = false
  ) throws(Failure) -> RestoreResult {
    try failing {
      let request = try upgradeRequest(
        .downgrade(to: Target(target)),
        UpgradeSafety(),
        command: "downgrade"
      )
      let runner = UpgradeRunner(request)
      let plan = try runner.decide()
      guard !plan.isEmpty else {
        throw Failure(
          .refused,
          "\(request.database.shownAsPath) is at \(UpgradeReport.shown(plan.rowsBefore)) already: there is nothing to take back",
          next: "'xm-safe current' shows where it is"
        )
      }
      guard let snapshot = try runner.earlierSnapshot(of: plan) else {
        throw Failure(
          .notFound,
          "there is no snapshot of \(request.database.shownAsPath) from before an upgrade, at \(UpgradeReport.shown(plan.rowsAfter))",
          next:
            "'xm-safe list' shows what there is; without --to-snapshot the scripts' downgrade() runs"
        )
      }
      context.logger("xm_safe.downgrade").warning(
        "What was written since \(snapshot.manifest.created) is not in snapshot \(snapshot.manifest.id)"
      )
      return try restore(snapshot, into: request.database, request.store, isDryRun: isDryRun)
    }
  }

  /// Writes the version rows without running a script, with a snapshot before.
  ///
  /// - Parameters:
  ///   - targets: One or several revisions, as `upgrade` takes them; `base` for none.
  ///   - purges: Whether all rows are deleted first, also those that no script knows.
  ///   - safety: What writes the rows. No script runs: nothing is rehearsed or guarded.
  /// - Returns: What was done.
  /// - Throws: `Failure`.
  public func stamp(
    _ targets: [String],
    purges: Bool = false,
    safety: UpgradeSafety = UpgradeSafety()
  ) throws(Failure) -> UpgradeResult {
    var safety = safety
    safety.rehearses = false
    safety.guarding = .off
    return try failing { try done(.stamp(targets, purges: purges), safety) }
  }

  /// Makes the version table if there is none, with a snapshot before; a database that does not exist is created.
  ///
  /// - Parameter safety: What makes it. No script runs: nothing is rehearsed or guarded.
  /// - Returns: What was done.
  /// - Throws: `Failure`; `.refused` for a database on a server.
  public func ensureVersion(
    safety: UpgradeSafety = UpgradeSafety()
  ) throws(Failure) -> UpgradeResult {
    var safety = safety
    safety.rehearses = false
    safety.guarding = .off
    return try failing {
      if case .server(let address) = try project.location() {
        throw Failure(
          .refused,
          "ensure_version is for SQLite files, and the database is \(address.display)",
          next:
            "every upgrade makes the version table there; 'alembic ensure_version' of the project makes it alone"
        )
      }
      return try done(.ensureVersion, safety)
    }
  }

  /// Does the work, and tells of it.
  func done(_ work: UpgradeWork, _ safety: UpgradeSafety) throws -> UpgradeResult {
    if let server = try serverWork() { return try done(work, server, safety) }
    var request = try upgradeRequest(work, safety, command: work.noun)
    request.engine = try engine(for: request, safety, command: work.noun)
    let report = try run(&request, safety)
    return result(
      report,
      engine: request.engine.isAlembic ? "alembic" : "native",
      in: request.store
    )
  }

  /// What was done, for people and programs.
  func result(_ report: UpgradeReport, engine: String, in store: Store) -> UpgradeResult {
    UpgradeResult(
      outcome: report.outcome.rawValue,
      database: report.database,
      engine: engine,
      from: report.from,
      to: report.to,
      applied: report.applied,
      snapshot: report.snapshot.map { told($0, in: store) }
    )
  }
}
