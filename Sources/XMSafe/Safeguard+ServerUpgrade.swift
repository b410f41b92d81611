internal import AlembicHelper
internal import AlembicScripts
internal import Archive
internal import DurableFiles
internal import Migrations
internal import Revisions
internal import ServerUpgrades
internal import Servers
internal import Snapshots
internal import Upgrade

/// The upgrade of a server's database.
extension Safeguard {
  func upgrade(
    _ work: ServerWork,
    to target: String,
    _ safety: UpgradeSafety
  ) throws -> UpgradeResult {
    guard try wantedEngine(safety) != .native else {
      throw Failure(
        .refused,
        "xm-safe itself runs migrations on SQLite only",
        next: "leave --engine out: a server's database is upgraded by the project's own alembic"
      )
    }
    guard !safety.keepsCompleted else {
      throw Failure(
        .usage,
        "--keep-completed is for SQLite files",
        next: "name the last revision that works as the target"
      )
    }
    let scripts = try project.scripts()
    let project = try alembicProject(safety, "upgrade", because: "the database is on a server")
    let arguments = ["upgrade", target]
    let entry: HelperRequest.Entry =
      switch project.configuration {
      case .ini(let path): .ini(path: path, arguments: arguments)
      case .scripts(let path): .scripts(path: path, arguments: arguments)
      }
    var helper = HelperRequest(
      python: project.python,
      environment: project.environment,
      workingDirectory: project.workingDirectory,
      entry: entry,
      guards: [:],
      timeout: project.timeout
    )
    helper.input = project.input
    helper.output = project.output
    return try holding(work, "upgrade") { hold in
      let request = ServerUpgradeRequest(
        server: work.server,
        store: work.store,
        key: work.key,
        mode: safety.isTransactional && work.server.isTransactional ? .transaction : .none,
        plan: { try scripts.directory.graph.upgradePlan(to: Target(target), rows: $0) },
        take: { purpose in
          switch purpose {
          case .upgrade(let revisions): try take(.preUpgrade, work, target: revisions)
          case .restore: try take(.preRestore, work)
          }
        },
        helper: helper,
        rehearses: safety.rehearses,
        guardsRows: safety.guarding != .off,
        allowedLosses: safety.allowedLosses,
        logger: context.logger,
        progress: progress
      )
      let report = try ServerUpgrader(request).run(hold)
      return UpgradeResult(
        outcome: report.outcome.rawValue,
        database: report.database,
        engine: "alembic",
        from: report.from,
        to: report.to,
        applied: report.applied,
        snapshot: try report.snapshot.map { try record($0, in: work.store) }
      )
    }
  }
}
