internal import AlembicHelper
internal import DatabaseURLs
internal import DurableFiles
internal import Logging
internal import Revisions
internal import Servers
internal import Snapshots
internal import Upgrade

/// One run of the project's own alembic on a server's database: what it has told, and how it ended.
final class GuardedRun {
  private let request: ServerUpgradeRequest
  /// What the server knows its sessions by.
  let session = "xm-safe-" + String(UInt64.random(in: .min ... .max), radix: 36)
  /// The revisions that came to their end, in order.
  private(set) var done: [HelperEvent.RevisionFacts] = []
  /// The words of all statements that were sent, in lower case: what is not among them the project has not touched.
  private(set) var touched: Set<String> = []
  /// Whether the project has ended the transaction that it ran in, or has written beside it.
  private(set) var hasLostTransaction = false
  /// Whether it was told to commit.
  private(set) var hasAgreed = false

  /// Told each time that there are more words.
  private let onTouched: (Set<String>) throws -> Void
  /// Told, with the words so far, that nothing is in a transaction any more.
  private let onLost: (Set<String>) throws -> Void

  init(
    _ request: ServerUpgradeRequest,
    onTouched: @escaping (Set<String>) throws -> Void = { _ in },
    onLost: @escaping (Set<String>) throws -> Void = { _ in }
  ) {
    self.request = request
    self.onTouched = onTouched
    self.onLost = onLost
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
    var helper = request.helper
    helper.environment["PGAPPNAME"] = session
    // The password is in the URL, which goes through the helper's channel.
    helper.environment["XM_SAFE_PASSWORD"] = nil
    helper.database = .url(client.url(database: database))
    helper.guards = [
      request.server.guardName: [
        "mode": request.mode.rawValue,
        "holder": hold.identity,
        "lock": "xm-safe:" + Store.key(for: database ?? client.address.database),
        "database": database ?? client.address.database,
        // What a rehearsal must leave alone.
        "live": database == nil ? "" : client.address.database,
        "application": session,
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
        guard revisions == plan.scripted else {
          throw UnexpectedRun(
            description:
              "the project's alembic would run \(revisions.joined(separator: ", ")), which is not what is planned"
          )
        }
      case .done(let facts): done.append(facts)
      case .note("touched", let words):
        touched.formUnion(words.split(separator: " ").map(String.init))
        if hasLostTransaction { try onTouched(touched) }
      case .touching(let words):
        touched.formUnion(words)
        try onTouched(touched)
      case .note("transaction_lost", _): try loseTransaction()
      case .note("unwatched", let reason):
        request.logger("xm_safe.guard").warning(
          "A script that waits for itself would not be noticed: \(reason)"
        )
      case .ready(let heads):
        guard heads.sorted() == rows.sorted() else {
          throw UnexpectedRun(
            description:
              "the version table says \(heads.joined(separator: ", ")) after the \(request.work.noun), and not \(rows.joined(separator: ", "))"
          )
        }
        // What another run does under the lock must not be committed upon.
        try hold.check()
        hasAgreed = true
      case .failed(let failure):
        guard failure.code == "transaction_lost" else { break }
        do { try loseTransaction() } catch let second {
          // The first error is the one to tell; what is left is looked at all the same.
          request.logger("xm_safe.upgrade").warning(
            "That no transaction is open any more could not be noted: \(String(describing: second).shownOnOneLine)"
          )
        }
      default: break
      }
    }.run()
  }

  private func loseTransaction() throws {
    guard !hasLostTransaction else { return }
    hasLostTransaction = true
    try onLost(touched)
  }
}
