/// Why something on a database server did not work, and what to do about it; no word of it holds a password.
package struct ServerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What went wrong, in kinds that become exit codes.
  package enum Code: Hashable, Sendable {
    /// The server does not answer.
    case unreachable
    /// The server does not let this user in.
    case denied
    /// The server has no such database.
    case noSuchDatabase
    /// A program that is needed is not installed, or too old.
    case program
    /// Another xm-safe works on the database, or somebody else holds its locks.
    case locked
    /// It would not be safe, or not whole; nothing was touched.
    case refused
    /// A statement or a program failed; the database is as it was.
    case failed
    /// The connection was lost in the middle.
    case lost
    /// The database was changed, and is not what it should be.
    case notAsRestored
  }

  /// What went wrong.
  package var code: Code
  /// What happened, as one sentence in lower case.
  package var message: String
  /// What to do now.
  package var hint: String

  /// Makes an error of its parts.
  ///
  /// - Parameters:
  ///   - code: What went wrong.
  ///   - message: What happened, as one sentence in lower case.
  ///   - hint: What to do now.
  package init(_ code: Code, _ message: String, hint: String) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// The connection that had the lock is gone, and the lock with it.
  static func lostLock(_ client: ServerClient, holder: String?) -> Self {
    let other = holder.map { ", and connection \($0) has it now" } ?? ""
    return Self(
      .lost,
      "the lock on \(client.shown) was lost in the middle: the server has ended the connection that held it\(other)",
      hint:
        "look at the server's log for what ends idle connections, then run the same command again"
    )
  }

  /// The message.
  package var description: String { message }
}
