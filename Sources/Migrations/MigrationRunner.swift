package import AlembicScripts
package import Logging
package import Revisions
package import SQLite
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

  /// Makes a runner.
  ///
  /// - Parameters:
  ///   - scripts: The scripts; those of the plan were checked.
  ///   - versionTable: Where the heads are kept.
  ///   - migrationLogger: For alembic's own lines.
  ///   - logger: For what is lost by a rebuild.
  package init(
    scripts: ScriptDirectory,
    versionTable: VersionTable,
    migrationLogger: Logger,
    logger: Logger
  ) {
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
  /// - Throws: `Failure` for the first revision that failed; the transaction is then to be rolled back.
  package func run(_ plan: Plan, on connection: Connection) throws {
    guard !plan.steps.isEmpty else { return }
    try versionTable.create(in: connection)
    for step in plan.steps {
      try StopSwitch.check()
      migrationLogger.info(
        "\(Self.line(for: step.revision))",
        metadata: [
          "revision.from": .array(step.revision.downRevisions.map { .string($0) }),
          "revision.to": .string(step.revision.id),
        ]
      )
      do {
        try connection.withSavepoint("xm_safe_\(step.revision.id)") {
          try run(step, on: connection)
        }
      } catch {
        throw Failure(revision: step.revision, cause: error)
      }
    }
  }

  private func run(_ step: Plan.Step, on connection: Connection) throws {
    guard let script = scripts.script(of: step.revision.id) else {
      throw ScriptError(.unreadable, "the script of revision \(step.revision.id) is gone")
    }
    let actions = NativeActions(connection: connection, logger: logger)
    try connection.withGuard(Self.isAllowed) {
      try ScriptRunner.upgrade(script, actions: actions)
    }
    for change in step.changes { try versionTable.apply(change, in: connection) }
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

  /// alembic's line: the empty side is empty, and a script without a docstring has no comma.
  static func line(for revision: Revision) -> String {
    let from = revision.downRevisions.joined(separator: ", ")
    let line = "Running upgrade \(from) -> \(revision.id)"
    return revision.message.isEmpty ? line : "\(line), \(revision.message)"
  }
}
