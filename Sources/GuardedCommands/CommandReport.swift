package import Processes
package import Snapshots

/// What came of a command that was guarded.
package struct CommandReport: Sendable {
  /// What became of the database.
  package enum Outcome: String, Hashable, Sendable {
    /// The command succeeded, and the checks have no objection.
    case kept
    /// It failed, or a check did, and the database was found exactly as before.
    case asBefore = "as-before"
    /// It failed, or a check did, and the snapshot was put back.
    case restored
    /// It failed, or a check did, and the database is as the command has left it.
    case notRestored = "not-restored"
  }

  /// What became of the database.
  package var outcome: Outcome
  /// How the command has ended.
  package var ending: Ending
  /// How long it ran.
  package var duration: Duration
  /// What failed, as a sentence; nil if nothing did.
  package var problem: String?
  /// What the database is like now, as a sentence.
  package var state: String
  /// What to do next; nil if there is nothing to do.
  package var next: String?
  /// The rows of the version table before.
  package var from: [String]
  /// The rows of the version table after the command; nil if they could not be read.
  package var to: [String]?
  /// The snapshot of what was before.
  package var snapshot: Store.Snapshot
  /// The snapshot of what a failed command has left; nil if there was nothing to restore, or what it left was no sound database.
  package var left: Store.Snapshot?
  /// The file with what a failed command has left; nil if none was kept.
  package var leftFile: String?
  /// The other processes that were seen writing.
  package var otherWriters: [String]
}
