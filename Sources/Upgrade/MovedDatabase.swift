internal import Archive
internal import DurableFiles
internal import Revisions
internal import Snapshots

/// The file that is being upgraded has lost its name: somebody has moved or removed it, or put another one in its place.
///
/// SQLite goes on with the file that it has open, and would report a success that nobody finds under the name.
struct MovedDatabase: Error, CustomStringConvertible {
  var description: String {
    "another program has moved the file away, or put another one in its place"
  }

  /// What is to be said when an upgrade fails then: what has the name now is none of ours, and is not compared or restored.
  ///
  /// - Parameters:
  ///   - request: The upgrade.
  ///   - snapshot: What was saved of the file that was moved.
  ///   - isDoubtful: Whether it was the commit that failed, so that it may have taken effect.
  /// - Returns: The state, and the next command.
  static func words(
    _ request: UpgradeRequest,
    _ snapshot: Store.Snapshot?,
    isDoubtful: Bool
  ) -> (state: String, next: String) {
    let noun = request.work.noun
    let rolledBack =
      isDoubtful
      ? "whether the \(noun) has taken effect in the one that was moved was not looked at"
      : "in the one that was moved the \(noun) was rolled back"
    let saved =
      snapshot.map { "; what the other one had before is snapshot \($0.manifest.id)" } ?? ""
    return (
      "the file that has the name \(request.shown) now, if there is one, was not touched; \(rolledBack)\(saved)",
      "look which file is wanted, then run the same command again"
    )
  }

  /// The failure when it is found after the commit.
  ///
  /// - Parameters:
  ///   - request: The upgrade.
  ///   - plan: What it has done.
  ///   - snapshot: What was saved before.
  /// - Returns: The failure.
  static func afterCommit(
    _ request: UpgradeRequest,
    _ plan: Plan,
    _ snapshot: Store.Snapshot?
  ) -> UpgradeFailure {
    UpgradeFailure(
      .notRestored,
      "\(MovedDatabase()), while the \(request.work.noun) of \(request.shown) was being committed",
      state:
        "the file that was moved is at \(UpgradeReport.shown(plan.rowsAfter)); the one that has the name now, if there is one, was not touched",
      next: "look which file is wanted; 'xm-safe current' shows where it is",
      snapshot: snapshot
    )
  }
}
