internal import AlembicHelper
internal import DatabaseURLs
internal import Logging
internal import Revisions
internal import Servers
internal import Snapshots

/// One run of the project's own alembic on a server's database: what it has told, and how it ended.
final class GuardedRun {
  private let request: ServerUpgradeRequest
  /// The revisions that came to their end, in order.
  private(set) var done: [HelperEvent.RevisionFacts] = []
  /// The words of all statements that were sent, in lower case: what is not among them the project has not touched.
  private(set) var touched: Set<String> = []
  /// Whether the project has ended the transaction that it ran in.
  private(set) var hasLostTransaction = false
  /// Whether it was told to commit.
  private(set) var hasAgreed = false

  init(_ request: ServerUpgradeRequest) {
    self.request = request
  }

  /// Runs it.
  ///
  /// - Parameters:
  ///   - hold: The lock that tells the helper which database is meant.
  ///   - database: Another database on the same server; nil for the one of the request.
  ///   - plan: What is to be run.
  /// - Throws: `HelperError`, `HelperEvent.Failure`, `UnexpectedRun`, `Stopped`.
  func run(_ hold: any ServerHold, database: String?, _ plan: Plan) throws {
    let rows = plan.rowsAfter
    let client = request.server.client
    let application = "xm-safe-" + String(UInt64.random(in: .min ... .max), radix: 36)
    var helper = request.helper
    helper.environment["PGAPPNAME"] = application
    // The password is in the URL, which goes through the helper's channel.
    helper.environment["XM_SAFE_PASSWORD"] = nil
    helper.database = .url(client.url(database: database))
    helper.guards = [
      request.server.guardName: [
        "mode": request.mode.rawValue,
        "holder": hold.identity,
        "lock": "xm-safe:" + Store.key(for: database ?? client.address.database),
        "database": database ?? client.address.database,
        "application": application,
        "lock_timeout": "\(max(1, client.lockTimeout.milliseconds))",
        "guard": request.guardsRows ? "rows" : "off",
        "allowed": request.allowedLosses.joined(separator: "\n"),
      ]
    ]
    _ = try HelperRun(helper) { [self] event in
      switch event {
      case .hello(let python, let alembic, let sqlalchemy):
        request.logger("xm_safe.guard").info(
          "Running the project's own alembic \(alembic), with SQLAlchemy \(sqlalchemy) and Python \(python)"
        )
      case .context(let context):
        let named = context.versionTable ?? "alembic_version"
        let table = context.versionTableSchema.map { "\($0).\(named)" } ?? named
        guard table == request.server.versionTable else {
          throw UnexpectedRun(
            description:
              "env.py uses the version table '\(table)', and '\(request.server.versionTable)' was read out of its text"
          )
        }
      case .plan(let revisions):
        guard revisions == plan.steps.map(\.revision.id) else {
          throw UnexpectedRun(
            description:
              "the project's alembic would run \(revisions.joined(separator: ", ")), which is not what is planned"
          )
        }
      case .done(let facts): done.append(facts)
      case .note("touched", let words):
        touched.formUnion(words.split(separator: " ").map(String.init))
      case .note("transaction_lost", _): hasLostTransaction = true
      case .note("unwatched", let reason):
        request.logger("xm_safe.guard").warning(
          "A script that waits for itself would not be noticed: \(reason)"
        )
      case .ready(let heads):
        guard heads.sorted() == rows.sorted() else {
          throw UnexpectedRun(
            description:
              "the version table says \(heads.joined(separator: ", ")) after the upgrade, and not \(rows.joined(separator: ", "))"
          )
        }
        hasAgreed = true
      case .failed(let failure):
        if failure.code == "transaction_lost" { hasLostTransaction = true }
      default: break
      }
    }.run()
  }
}
