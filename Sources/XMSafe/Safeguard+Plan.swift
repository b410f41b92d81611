internal import AlembicScripts
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import Snapshots
internal import Upgrade
internal import XManager

/// The command that says what an upgrade would do.
extension Safeguard {
  /// Runs an upgrade on a copy; the database is only read.
  ///
  /// - Parameters:
  ///   - target: `head`, `heads`, a revision, the beginning of one, or `+N`.
  ///   - safety: What the guard compares.
  /// - Returns: What it did there, also if it failed.
  /// - Throws: `Failure` when there is nothing to run or no copy to run it on.
  public func plan(
    to target: String = "head",
    safety: UpgradeSafety = UpgradeSafety()
  ) throws(Failure) -> PlanResult {
    try failing {
      try planned(.upgrade(to: Target(target)), safety)
    }
  }

  /// What a downgrade would do, run on a copy; the database is only read.
  ///
  /// - Parameters:
  ///   - target: As for `downgrade`.
  ///   - safety: What the guard compares.
  /// - Returns: What it did there, also if it failed.
  /// - Throws: `Failure` when there is nothing to run or no copy to run it on.
  public func downgradePlan(
    to target: String,
    safety: UpgradeSafety = UpgradeSafety()
  ) throws(Failure) -> PlanResult {
    try failing { try planned(.downgrade(to: Target(target)), safety) }
  }

  private func planned(_ work: UpgradeWork, _ safety: UpgradeSafety) throws -> PlanResult {
    if let server = try serverWork() { return try plan(work, server, safety) }
    var request = try upgradeRequest(work, safety, command: "plan")
    request.engine = try engine(for: request, safety, command: "plan")
    let exists = try FileStatus.ifPresent(request.database) != nil
    var (plan, report) = try UpgradeRunner(request).plan()
    if let cause = try report?.failure.flatMap({ try needsAlembic($0, safety) }) {
      request.engine = try engineAfterAll(cause, safety, command: "plan")
      (plan, report) = try UpgradeRunner(request).plan()
    }
    let engine = request.engine.isAlembic ? "alembic" : "native"
    var result = PlanResult(plan, work.noun, of: request.database, engine: engine, safety)
    guard let report else { return result }
    result.outcome = exists ? "would-\(work.noun)" : "would-create"
    result.revisions = report.revisions.map(PlanResult.Step.init)
    result.schema = report.difference?.schema ?? []
    result.rows = (report.difference?.rows ?? []).map {
      PlanResult.Rows(table: $0.table, before: $0.before, after: $0.after)
    }
    result.seconds = report.duration / .seconds(1)
    result.peakDisk = report.peakDisk
    if let error = report.failure {
      let failure = Failure(UpgradeRunner(request).rehearsalFailure(error, nil, isPlan: true))
      // A copy for which there is no room says nothing of the upgrade.
      guard failure.exitStatus == .failedAsBefore else { throw failure }
      result.outcome = "would-fail"
      result.failure = PlanResult.Reason(
        message: failure.message,
        location: failure.location,
        next: failure.next
      )
    }
    return result
  }

  /// The request of an upgrade, a downgrade or a stamp, for real or on a copy.
  func upgradeRequest(
    _ work: UpgradeWork,
    _ safety: UpgradeSafety,
    command: String
  ) throws -> UpgradeRequest {
    let database = try project.database()
    let scripts = try project.scripts()
    if let found = try project.xmanager() {
      context.logger("xm_safe.config").info(
        "Found \(found.name) in \(found.directory.shownAsPath)"
      )
    }
    var request = UpgradeRequest(
      database: database,
      work: work,
      scripts: scripts.directory,
      versionTable: scripts.versionTable,
      store: try store(for: database),
      busyTimeout: options.busyTimeout,
      lockWait: options.wait,
      created: context.now(),
      tool: Self.version,
      holder: holder(command),
      logger: context.logger,
      progress: progress
    )
    request.rehearses = safety.rehearses
    request.keepsEverything = safety.keepsWhatAlembicLoses
    request.guarding = DataLossGuard(
      mode: DataLossGuard.Mode(rawValue: safety.guarding.rawValue) ?? .rows,
      allowed: safety.allowedLosses
    )
    return request
  }
}

extension PlanResult {
  /// What is planned, before anything of it has run: nothing to do.
  init(
    _ plan: Plan,
    _ direction: String,
    of database: String,
    engine: String,
    _ safety: UpgradeSafety
  ) {
    self.init(
      outcome: "nothing-to-do",
      direction: direction,
      database: database,
      engine: engine,
      from: plan.rowsBefore,
      to: plan.rowsAfter,
      revisions: [],
      schema: [],
      rows: [],
      guarding: safety.guarding.rawValue,
      allowedLosses: safety.allowedLosses,
      seconds: 0,
      peakDisk: 0
    )
  }
}

extension PlanResult.Step {
  init(_ run: RevisionRun) {
    self.init(
      revision: run.revision.id,
      downRevisions: run.revision.downRevisions,
      message: run.revision.message,
      statements: run.statements,
      tables: run.tables.map {
        PlanResult.Rows(table: $0.table, before: $0.before, after: $0.after)
      },
      warnings: run.losses.map {
        PlanResult.Warning(table: $0.table, message: $0.what, remedy: $0.remedy)
      },
      seconds: run.duration / .seconds(1)
    )
  }
}
