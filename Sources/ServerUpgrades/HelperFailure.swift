internal import AlembicHelper
internal import Servers
internal import Stopping

/// Why the project's own alembic did not upgrade a server's database: in one sentence, with what to do.
struct HelperFailure {
  var message: String
  var next: String
  /// Whether nothing of the project has run.
  var isRefusal = false
  /// Whether the helper was connected to another database, or could not be.
  var isElsewhere = false
  /// Whether a statement would have reached beyond the copy of a rehearsal.
  var isBeyondCopy = false

  /// Describes an error.
  ///
  /// - Parameters:
  ///   - error: The error.
  ///   - isRehearsed: Whether the project ran on a copy.
  init(_ error: any Error, isRehearsed: Bool = false) {
    next = "correct the cause, then run the same command again"
    switch error {
    case let failure as HelperEvent.Failure:
      let text = failure.error.isEmpty ? "an error without a message" : failure.error
      let revision = failure.revision.map { "revision \($0): " } ?? ""
      let code = failure.code ?? Self.code(of: failure, isRehearsed)
      message = revision + (code.map { "\($0): \(text)" } ?? text)
      if let hint = code.flatMap({ Self.hints[$0] }) { next = hint }
      isElsewhere = code == "other_database"
      isBeyondCopy = code == "beyond_the_copy"
    case let error as HelperError:
      message = error.description
      next = error.hint
      isRefusal = error.isBeforeAnything
    case let error as ServerError:
      message = error.message
      next = error.hint
    case is Stopped:
      message = String(describing: error)
      next = "run the same command again when you like"
    default: message = String(describing: error)
    }
  }

  /// The hazard that shows only in what the server has said; alembic's own clean-up may hide it behind another error.
  private static func code(of failure: HelperEvent.Failure, _ isRehearsed: Bool) -> String? {
    let text = failure.error + "\n" + (failure.traceback ?? "")
    let refusals = ["in a read-only transaction", "in a READ ONLY transaction"]
    if isRehearsed, refusals.contains(where: text.contains) { return "own_connection" }
    let signs = [
      "cannot run inside a transaction block", "unsafe use of new value",
      "cannot be executed from a function or multi-command string",
    ]
    return signs.contains { text.contains($0) } ? "needs_autocommit" : nil
  }

  private static let hints = [
    "needs_autocommit":
      "run it with --tx-mode none: then the snapshot alone is the guarantee, and is restored if it fails",
    "beyond_the_copy":
      "let the script name its tables without a database, and leave to an administrator what is for the whole server; or see to it that this upgrade may do that, and run it with --no-rehearsal",
    "other_database": "name the database that env.py connects to with --db",
    "lock_lost":
      "see whether the server, or a proxy before it, ends sessions that wait (idle_session_timeout), and whether --db names the server that env.py connects to; then run the same command again",
    "transaction_lost":
      "the script must not commit behind SQLAlchemy's back: correct it, or run it with --tx-mode none",
    "self_deadlock":
      "the script must use op.get_bind() where it opens a connection of its own: correct it",
    "own_connection":
      "in a rehearsal, a connection of the script's own to the database itself may only read: let it use op.get_bind(), or run it with --no-rehearsal",
    "row_loss":
      "if that is meant, add --allow-row-loss TABLE; else correct the script",
    "autocommit": "run it with --tx-mode none",
  ]
}
