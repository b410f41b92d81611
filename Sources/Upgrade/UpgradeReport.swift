internal import DurableFiles
package import Snapshots

/// An upgrade, a downgrade or a stamp that succeeded, or had nothing to do.
package struct UpgradeReport: Sendable {
  /// What became of the database.
  package enum Outcome: String, Hashable, Sendable {
    /// It is at the target already.
    case nothingToDo = "nothing-to-do"
    /// It was upgraded.
    case upgraded
    /// It was downgraded.
    case downgraded
    /// Its version rows were written.
    case stamped
    /// Its version table was made.
    case tableMade = "table-made"
    /// It did not exist and was created.
    case created
  }

  /// What became of it.
  package var outcome: Outcome
  /// The absolute path of the database.
  package var database: String
  /// The rows of the version table before.
  package var from: [String]
  /// The rows of the version table now.
  package var to: [String]
  /// The revisions that were applied, or taken back, in order.
  package var applied: [String]
  /// The snapshot that was taken before; nil if there was nothing to save.
  package var snapshot: Store.Snapshot?

  /// Makes a report of its parts.
  ///
  /// - Parameters:
  ///   - outcome: What became of the database.
  ///   - database: Its absolute path, or what its snapshots are known by.
  ///   - from: The rows of the version table before.
  ///   - to: The rows now.
  ///   - applied: The revisions that were applied, in order.
  ///   - snapshot: The snapshot that was taken before.
  package init(
    outcome: Outcome,
    database: String,
    from: [String],
    to: [String],
    applied: [String],
    snapshot: Store.Snapshot? = nil
  ) {
    self.outcome = outcome
    self.database = database
    self.from = from
    self.to = to
    self.applied = applied
    self.snapshot = snapshot
  }

  /// Revisions for people: `base` where there is none.
  ///
  /// - Parameter revisions: The rows of a version table.
  /// - Returns: One line.
  package static func shown(_ revisions: [String]) -> String {
    revisions.isEmpty ? "base" : revisions.joined(separator: ", ").shownOnOneLine
  }
}
