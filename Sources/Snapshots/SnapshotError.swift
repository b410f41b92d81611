/// Why a snapshot could not be taken, found, or restored, and what to do about it.
package struct SnapshotError: Error, Sendable, CustomStringConvertible {
  /// What happened, in kinds that callers act on.
  package struct Code: Hashable, Sendable {
    private let name: String

    /// There is no such database, or it is not one.
    package static let noSuchDatabase = Self(name: "noSuchDatabase")
    /// There is no such snapshot, or more than one.
    package static let noSuchSnapshot = Self(name: "noSuchSnapshot")
    /// Another process holds a lock for longer than we wait.
    package static let locked = Self(name: "locked")
    /// The snapshot cannot be restored there; nothing was touched.
    package static let refused = Self(name: "refused")
    /// The copy was committed, and making it durable failed.
    package static let notDurable = Self(name: "notDurable")
    /// The copy was committed into a file that has no longer the database's name.
    package static let moved = Self(name: "moved")
    /// The database is not what was restored into it.
    package static let notAsRestored = Self(name: "notAsRestored")
  }

  /// The kind.
  package var code: Code
  /// What was being done and what is in the way, as one sentence in lower case.
  package var message: String
  /// What to do now; nil where the message says it.
  package var hint: String?

  /// Makes an error.
  ///
  /// - Parameters:
  ///   - code: The kind.
  ///   - message: What was being done and what is in the way.
  ///   - hint: What to do now.
  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// The message.
  package var description: String { message }
}
