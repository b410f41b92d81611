package import AlembicScripts
package import Logging
package import Revisions
package import SQLite
internal import Schema
internal import Stopping

/// Runs a plan on an open transaction: one savepoint per revision, the version table moved inside it.
package struct MigrationRunner {
  /// Which revision failed, and why.
  package struct Failure: Error, CustomStringConvertible {
    /// The revision.
    package var revision: Revision
    /// What was thrown.
    package var cause: any Error

    /// The revision and the cause in one sentence.
    package var description: String { "revision \(revision.id): \(cause)" }
  }

  let scripts: ScriptDirectory
  private let versionTable: VersionTable
  /// Carries alembic's own lines: the label is `alembic.runtime.migration`.
  private let migrationLogger: Logger
  let logger: Logger
  private let guarding: DataLossGuard
  private let observe: ((RevisionRun) throws -> Void)?
  private let keepsEverything: Bool

  /// Makes a runner.
  ///
  /// - Parameters:
  ///   - scripts: The scripts; those of the plan were checked.
  ///   - versionTable: Where the heads are kept.
  ///   - migrationLogger: For alembic's own lines.
  ///   - logger: For what is lost by a rebuild.
  ///   - guarding: What stops a revision that loses rows.
  ///   - keepsEverything: Whether rebuilds keep what alembic's lose.
  ///   - observe: Told of every revision that has run, within the transaction; also has its rows counted.
  package init(
    scripts: ScriptDirectory,
    versionTable: VersionTable,
    migrationLogger: Logger,
    logger: Logger,
    guarding: DataLossGuard = DataLossGuard(),
    keepsEverything: Bool = false,
    observe: ((RevisionRun) throws -> Void)? = nil
  ) {
    self.guarding = guarding
    self.keepsEverything = keepsEverything
    self.observe = observe
    self.scripts = scripts
    self.versionTable = versionTable
    self.migrationLogger = migrationLogger
    self.logger = logger
  }

  /// Runs the steps of a plan in order.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - connection: The database, with a transaction open and foreign keys off.
  ///   - counts: Rows per table, if they were counted in this very state already.
  /// - Throws: `Failure` for the first revision that failed; the transaction is then to be rolled back.
  package func run(
    _ plan: Plan,
    on connection: Connection,
    counts: [String: Int64]? = nil
  ) throws {
    guard !plan.isEmpty else { return }
    var ledger = try guarding.ledger(
      connection,
      versionTable: versionTable.name,
      known: counts,
      isObserved: observe != nil
    )
    var prologue = try versionTable.create(in: connection).map { [$0] } ?? []
    if plan.purges { prologue.append(try versionTable.purge(in: connection)) }
    for step in plan.steps {
      try StopSwitch.check()
      migrationLogger.info(
        "\(plan.direction.line(of: step))",
        metadata: [
          "revision.from": .array(step.from.map { .string($0) }),
          "revision.to": .string(step.to.joined(separator: ", ")),
        ]
      )
      let log = StatementLog(
        tables: ledger?.counts.keys.map { $0 } ?? [],
        views: try SchemaImage.views(connection)
      )
      prologue.forEach(log.append)
      prologue = []
      let start = ContinuousClock.now
      let before = ledger
      do {
        try connection.withSavepoint("xm_safe_\(step.revision.id)") {
          try run(step, plan.direction, on: connection, log)
          guard let before else { return }
          try ledger?.update(log.touched, connection)
          if let ledger { try guarding.check(log, before: before, after: ledger) }
        }
      } catch {
        // What it did until then belongs to the report of a failure.
        try report(step, log, before, nil, since: start)
        throw Failure(revision: step.revision, cause: error)
      }
      try report(step, log, before, ledger, since: start)
    }
  }

  private func run(
    _ step: Plan.Step,
    _ direction: Plan.Direction,
    on connection: Connection,
    _ log: StatementLog
  ) throws {
    if let function = direction.function {
      guard let script = scripts.script(of: step.revision.id) else {
        throw ScriptError(.unreadable, "the script of revision \(step.revision.id) is gone")
      }
      let actions = NativeActions(
        connection: connection,
        logger: logger,
        log: log,
        keepsEverything: keepsEverything
      )
      try connection.withGuard(Self.isAllowed, observe: log.observe) {
        try ScriptRunner.run(function, of: script, actions: actions)
      }
      try actions.tellLosses()
    }
    for change in step.changes { log.append(try versionTable.apply(change, in: connection)) }
  }

  private func report(
    _ step: Plan.Step,
    _ log: StatementLog,
    _ before: RowLedger?,
    _ after: RowLedger?,
    since start: ContinuousClock.Instant
  ) throws {
    guard let observe else { return }
    try observe(
      RevisionRun(
        revision: step.revision,
        statements: log.statements,
        tables: before.map { RevisionRun.tables(log.touched, $0, after ?? $0) } ?? [],
        fewer: before.map { RevisionRun.fewer(log, $0, after ?? $0) } ?? [:],
        losses: log.losses.map { RevisionRun.Loss(table: $0.table, $0.loss) },
        duration: start.duration(to: .now),
        isDone: after != nil
      )
    )
  }

  /// PRAGMAs that would have another meaning inside our transaction than in alembic, or none.
  private static let refusedPragmas: Set<String> = [
    "writable_schema", "journal_mode", "locking_mode", "synchronous", "query_only",
  ]

  /// What a script may do to the connection: everything but end our transaction, leave our file, or edit the schema by hand.
  static func isAllowed(_ action: Connection.GuardedAction) -> Bool {
    switch action {
    case .transaction, .savepoint, .attach, .detach: false
    case .pragma(let name, let argument):
      argument == nil || !refusedPragmas.contains(name.lowercased())
    }
  }
}
