internal import AlembicHelper
package import Logging
package import Revisions
internal import SQLite
internal import Schema
internal import Stopping

/// Runs a plan with the project's own alembic, in a process of its own, on a copy of the database.
///
/// The scripts do what they do under plain alembic: transactions, PRAGMAs, second connections. Nothing of that matters, since
/// the copy is thrown away if anything is wrong with it. What the helper says is compared with the plan, step by step.
package struct AlembicRunner {
  private let project: AlembicProject
  private let versionTable: VersionTable
  private let guarding: DataLossGuard
  private let logger: Logger
  private let observe: (RevisionRun) throws -> Void

  /// Makes a runner.
  ///
  /// - Parameters:
  ///   - project: The project.
  ///   - versionTable: Where the heads are kept.
  ///   - guarding: What stops a revision that loses rows.
  ///   - logger: For what is worth knowing and is no failure.
  ///   - observe: Told of every revision that has run.
  package init(
    project: AlembicProject,
    versionTable: VersionTable,
    guarding: DataLossGuard,
    logger: Logger,
    observe: @escaping (RevisionRun) throws -> Void
  ) {
    self.project = project
    self.versionTable = versionTable
    self.guarding = guarding
    self.logger = logger
    self.observe = observe
  }

  /// Runs the steps of a plan.
  ///
  /// - Parameters:
  ///   - plan: The plan.
  ///   - arguments: The command of alembic that does the same, with its arguments.
  ///   - live: The database that the project believes to work on.
  ///   - copy: What it really works on; nobody has it open.
  ///   - timeout: How long to wait for locks on the copy.
  /// - Throws: `MigrationRunner.Failure` for the revision that failed; `AlembicFailure` if none was under way; `Stopped`.
  package func run(
    _ plan: Plan,
    arguments: [String],
    live: String,
    copy: String,
    timeout: Duration
  ) throws {
    let (base, schema) = try withConnection(to: copy, timeout) { connection in
      (try ledger(connection), try SchemaImage(connection))
    }
    let progress = Run(plan: plan, ledger: base, schema: schema)
    let request = project.request(arguments, of: live, on: copy)
    let facts: HelperEvent.EndFacts
    do {
      facts = try HelperRun(request, hearing: { try hear($0, progress) }).run()
    } catch let error as HelperError {
      throw failure(AlembicFailure(error), during: error.revision, of: plan)
    } catch let error as HelperEvent.Failure {
      if let step = plan.steps.first(where: { $0.revision.id == error.revision }) {
        let log = StatementLog(tables: progress.ledger.counts.keys)
        error.statements.forEach(log.append)
        do {
          try report(step, log, progress.ledger, nil, .zero)
        } catch let second {
          // The first error is the one to tell.
          logger.warning("What the revision did until then cannot be told: \(second)")
        }
      }
      throw failure(AlembicFailure(error), during: error.revision, of: plan)
    }
    guard facts.revisions == plan.scripted else {
      throw AlembicFailure(
        "the project's alembic ran \(Self.list(facts.revisions)) instead of \(Self.list(plan.scripted))"
      )
    }
    try checkWhole(progress, base, copy, timeout)
  }

  /// What is known while it runs.
  private final class Run {
    let plan: Plan
    var ledger: RowLedger
    /// The schema after the last revision.
    var schema: SchemaImage
    /// Whether this alembic loses CHECK constraints that have a name.
    var losesNamedChecks = false
    /// All that was executed so far, as one.
    let whole: StatementLog

    init(plan: Plan, ledger: RowLedger, schema: SchemaImage) {
      self.plan = plan
      self.ledger = ledger
      self.schema = schema
      whole = StatementLog(tables: ledger.counts.keys, views: schema.views)
    }
  }

  private func ledger(_ connection: Connection) throws -> RowLedger {
    try RowLedger(
      connection,
      versionTable: versionTable.name,
      isDigesting: guarding.mode == .digest,
      // The project's own connection may have PRAGMA foreign_keys on.
      isWatchingReferences: guarding.mode != .off
    )
  }

  private func withConnection<Result>(
    to path: String,
    _ timeout: Duration,
    _ body: (Connection) throws -> Result
  ) throws -> Result {
    let connection = try Connection(opening: path, mode: .readWrite, busyTimeout: timeout)
    let result = try body(connection)
    try connection.close()
    return result
  }

  // MARK: - What the helper tells

  private func hear(_ event: HelperEvent, _ run: Run) throws {
    switch event {
    case .hello(let python, let alembic, let sqlalchemy):
      logger.info(
        "Running the project's own alembic \(alembic) on a copy, with SQLAlchemy \(sqlalchemy) and Python \(python)"
      )
      // "As of Alembic 1.7, named CHECK constraints are automatically included in batch mode"
      // (https://alembic.sqlalchemy.org/en/latest/batch.html#including-check-constraints).
      let version = alembic.split(separator: ".").compactMap { Int($0) }
      run.losesNamedChecks = version.lexicographicallyPrecedes([1, 7])
    case .context(let context): try check(context)
    case .plan(let revisions):
      let planned = run.plan.scripted
      guard revisions == planned else {
        throw AlembicFailure(
          "the project's alembic would run \(Self.list(revisions)) where \(Self.list(planned)) is planned",
          hint: "report this, with the output of 'alembic history'"
        )
      }
    case .done(let facts): try take(facts, run)
    case .note(let kind, let detail): note(kind, detail)
    case .redirected, .started, .ready, .touching, .finished, .failed, .missing: break
    }
  }

  private func check(_ context: HelperEvent.Context) throws(AlembicFailure) {
    let named = context.versionTable ?? versionTable.name
    guard named == versionTable.name, context.versionTableSchema == nil else {
      let shown = (context.versionTableSchema.map { "\($0)." } ?? "") + named
      throw AlembicFailure(
        "env.py uses the version table '\(shown)', and '\(versionTable.name)' was read out of its text",
        hint: "write the name of the version table as a plain string in env.py"
      )
    }
  }

  private func note(_ kind: String, _ detail: String) {
    switch kind {
    case "attached":
      logger.warning(
        "A script attaches '\(detail)', which is not guarded: what is written there stays, whatever happens"
      )
    case "direct_file_read":
      logger.warning(
        "A script reads the database file itself, '\(detail)', and finds it as it was before"
      )
    case "child_process":
      logger.info("The project starts another program, which is not guarded: '\(detail)'")
    default: logger.debug("\(kind): \(detail)")
    }
  }

  private func take(_ facts: HelperEvent.RevisionFacts, _ run: Run) throws {
    guard let step = run.plan.steps.first(where: { $0.revision.id == facts.revision }) else {
      return
    }
    let before = run.ledger
    let log = StatementLog(tables: before.counts.keys, views: run.schema.views)
    for sql in facts.statements { log.append(sql) }
    if facts.leftOut > 0 { log.append("-- and \(facts.leftOut) more statements") }
    for shape in facts.shapes {
      log.finish(text: shape)
      run.whole.finish(text: shape)
    }
    for name in facts.touched { run.whole.noteTouched(TableKey(name)) }
    if let lost = facts.lost {
      for (name, rows) in lost {
        log.noteLost(rows, from: TableKey(name))
        run.whole.noteLost(rows, from: TableKey(name))
      }
    } else if guarding.mode != .off {
      logger.warning(
        "What triggers and foreign keys have deleted in revision \(facts.revision) could not be seen: only the numbers of rows before and after are compared"
      )
    }
    noteLosses(facts, log, run)
    if let rows = facts.rows {
      for key in run.ledger.take(touched: facts.touched, rows: rows) { log.noteTouched(key) }
    } else {
      logger.debug("The rows after revision \(facts.revision) could not be counted")
    }
    do {
      try guarding.check(log, before: before.countsAlone, after: run.ledger.countsAlone)
    } catch {
      try report(step, log, before, nil, facts.duration)
      throw MigrationRunner.Failure(revision: step.revision, cause: error)
    }
    try report(step, log, before, run.ledger, facts.duration)
  }

  /// alembic's rebuilds lose things without a word; the schemas before and after tell which.
  private func noteLosses(_ facts: HelperEvent.RevisionFacts, _ log: StatementLog, _ run: Run) {
    guard let change = facts.schema else {
      logger.warning(
        "What the rebuilds of revision \(facts.revision) have lost cannot be told: the schema could not be read"
      )
      return
    }
    let before = run.schema
    run.schema.take(change)
    do {
      let trace = RebuildTrace(facts.shapes)
      let losses = try before.losses(
        of: trace,
        run.schema,
        losesNamedChecks: run.losesNamedChecks
      )
      for (table, loss) in losses { log.append(loss: loss, of: table) }
    } catch {
      logger.warning(
        "What the rebuilds of revision \(facts.revision) have lost cannot be told: \(String(describing: error))"
      )
    }
  }

  private func report(
    _ step: Plan.Step,
    _ log: StatementLog,
    _ before: RowLedger,
    _ after: RowLedger?,
    _ duration: Duration
  ) throws {
    try observe(
      RevisionRun(
        revision: step.revision,
        statements: log.statements,
        tables: RevisionRun.tables(log.touched, before, after ?? before),
        fewer: RevisionRun.fewer(log, before, after ?? before),
        losses: log.losses.map { RevisionRun.Loss(table: $0.table, $0.loss) },
        duration: duration,
        isDone: after != nil
      )
    )
  }

  /// Looks at what the run has left as a whole: what was counted on the way is the helper's word.
  private func checkWhole(
    _ run: Run,
    _ base: RowLedger,
    _ copy: String,
    _ timeout: Duration
  ) throws {
    guard guarding.mode != .off else { return }
    let after = try withConnection(to: copy, timeout, ledger)
    try guarding.check(run.whole, before: base, after: after)
  }

  private func failure(
    _ failure: AlembicFailure,
    during revision: String?,
    of plan: Plan
  ) -> any Error {
    guard let step = plan.steps.first(where: { $0.revision.id == revision }) else {
      return failure
    }
    return MigrationRunner.Failure(revision: step.revision, cause: failure)
  }

  private static func list(_ revisions: [String]) -> String {
    revisions.isEmpty ? "nothing" : revisions.joined(separator: ", ")
  }
}
