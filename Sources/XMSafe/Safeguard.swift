internal import AlembicScripts
internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import PythonPackages
internal import Revisions
internal import SQLite
internal import Servers
internal import Snapshots
internal import Stopping
internal import Upgrade

/// One method per command: what the command line calls, and what a program embeds.
///
/// Every method throws `Failure`, which says what state the database is in and what to do next.
public struct Safeguard: Sendable {
  /// The version of xm-safe.
  public static let version = "0.1.0"

  /// The version of SQLite that this program is linked with.
  public static var sqliteVersion: String { Connection.libraryVersion }

  let options: Options
  let context: Context
  /// The Pythons of the user's shell; kept here, so that none is asked the same twice.
  private let python: PythonEnvironment
  let putBackFirst = PutBackFirst()
  private let remarks = Remarks()

  /// Makes the facade.
  ///
  /// - Parameters:
  ///   - options: What the user chose.
  ///   - context: Everything from outside.
  public init(options: Options, context: Context) {
    self.options = options
    self.context = context
    python = PythonEnvironment(
      environment: context.environment,
      workingDirectory: context.workingDirectory,
      named: context.environment["XM_SAFE_PYTHON"].flatMap { $0.isEmpty ? nil : $0 }
    )
  }

  var project: Project { Project(options, context, python, remarks) }

  /// Runs a body and turns whatever it throws into a `Failure`.
  func failing<Result>(_ body: () throws -> Result) throws(Failure) -> Result {
    do {
      return try StopSwitch.$current.withValue(context.cancellation.stop) {
        try StopSwitch.check()
        return try body()
      }
    } catch {
      throw Failure(error, stopped: context.cancellation.stop.stopped)
    }
  }

  /// The same, for what is to be done at the end of a command that a signal has stopped.
  package var unstoppable: Safeguard {
    var context = context
    context.cancellation = Cancellation()
    return Safeguard(options: options, context: context)
  }

  var progress: ProgressReport {
    { step in
      try StopSwitch.check()
      context.progress(step.activity, step.done, step.total)
    }
  }

  func holder(_ command: String) -> String {
    "process \(context.processID) (xm-safe \(command), since \(context.now()))"
  }

  /// Takes the lock that keeps two runs of xm-safe off one database, and says so when it has to wait.
  func lock(_ store: Store, for database: String, _ command: String) throws -> KernelLock {
    try store.lock(for: database, holder: holder(command), waiting: options.wait) { held in
      context.logger("xm_safe.lock").info("Waiting for \(held.who)")
    }
  }

  /// Upgrades the database to a target, or leaves it exactly as it was.
  ///
  /// - Parameters:
  ///   - target: `head`, `heads`, a revision, the beginning of one, or `+N`.
  ///   - safety: Whether it is rehearsed, and what the guard compares.
  /// - Returns: What was done.
  /// - Throws: `Failure`.
  public func upgrade(
    to target: String = "head",
    safety: UpgradeSafety = UpgradeSafety()
  ) throws(Failure) -> UpgradeResult {
    try failing {
      try done(.upgrade(to: Target(target)), safety)
    }
  }

  /// Whether upgrades are pending.
  ///
  /// - Returns: Where the database is, and where the scripts are.
  /// - Throws: `Failure`.
  public func check() throws(Failure) -> CheckResult {
    try failing {
      let (database, rows): (String, [String])
      if let work = try serverWork() {
        if let refusal = try look(work.key, { work }) { throw refusal }
        (database, rows) = (work.key, try work.server.heads())
      } else {
        (database, rows) = try present(mayBeMissing: true)
        try UnsettledRun.refuseUnlocked(database, in: project.store(for: database))
      }
      let graph = try project.scripts().directory.graph
      let plan = try graph.upgradePlan(to: .heads, rows: rows)
      return CheckResult(
        database: database,
        exists: try Project.isOnServer(database) || FileStatus.ifPresent(database) != nil,
        current: rows,
        latest: graph.realHeads,
        pending: plan.steps.map(\.revision.id)
      )
    }
  }

  /// What the database is known by, and the rows of its version table.
  ///
  /// - Parameter mayBeMissing: Whether a file that is not there has no rows, instead of being an error.
  /// - Returns: Both.
  /// - Throws: What the parts throw.
  func present(mayBeMissing: Bool) throws -> (database: String, rows: [String]) {
    if let work = try serverWork() {
      _ = try look(work.key) { work }
      return (work.key, try work.server.heads())
    }
    let database = try project.database()
    _ = try store(for: database)
    if mayBeMissing, try FileStatus.ifPresent(database) == nil { return (database, []) }
    return (database, try rows(of: database))
  }

  /// The rows of the version table of an existing database.
  ///
  /// Where env.py leaves open which table that is, no rows need not mean that there is no revision: that is refused.
  func rows(of database: String) throws -> [String] {
    let table = try project.versionTable()
    let rows = try reading(database) { connection in try table.rows(in: connection) }
    try requireKnownTable(rows, of: database)
    return rows
  }

  /// Refuses no rows where env.py leaves open which table has them.
  func requireKnownTable(_ rows: [String], of database: String) throws {
    guard rows.isEmpty, let configuration = try project.configuration(),
      !configuration.isVersionTableKnown
    else { return }
    throw Failure(
      .refused,
      "there is no telling where \(database) is: env.py leaves open which version table "
        + "it means, and \(try project.versionTable().name) is empty or not there",
      next: "run 'alembic current' of the project; 'xm-safe upgrade' runs its alembic by itself"
    )
  }
}
