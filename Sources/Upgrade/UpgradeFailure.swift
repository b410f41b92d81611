package import Snapshots

/// An upgrade that did not happen: why, what the database is like now, and what to do next.
package struct UpgradeFailure: Error, CustomStringConvertible {
  /// How it ended, in kinds that become exit codes.
  package enum Code: Hashable, Sendable {
    /// There is no such database, or the file is none.
    case noSuchDatabase
    /// Somebody else holds a lock.
    case locked
    /// There is not enough room.
    case outOfSpace
    /// The disk does not work; nothing was touched.
    case inputOutput
    /// Something was found that must be put right first; nothing was touched.
    case refused
    /// It failed, and the database is as it was before.
    case asBefore
    /// It failed, and so did putting the database back.
    case notRestored
  }

  /// How it ended.
  package var code: Code
  /// What happened, as one sentence in lower case.
  package var message: String
  /// What the database is like now, as one sentence.
  package var state: String
  /// The next command, or what to look at.
  package var next: String
  /// What was thrown first; nil where the message says all.
  package var cause: (any Error)?
  /// The snapshot that was taken before; nil if none was.
  package var snapshot: Store.Snapshot?
  /// What was being done: an upgrade, a downgrade or a stamp.
  package var work = "upgrade"
  /// The revisions that ran to their end on a copy before the one that failed.
  package var completed: [String] = []

  /// Makes a failure of its parts.
  package init(
    _ code: Code,
    _ message: String,
    state: String,
    next: String,
    cause: (any Error)? = nil,
    snapshot: Store.Snapshot? = nil
  ) {
    self.code = code
    self.message = message
    self.state = state
    self.next = next
    self.cause = cause
    self.snapshot = snapshot
  }

  /// The message.
  package var description: String { message }

  /// The state of a database that nothing was done to.
  package static let untouched = "the database was not touched"
}
