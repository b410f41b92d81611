/// Why a snapshot is kept whatever the policy says.
package enum Protection: String, Hashable, Sendable, CaseIterable {
  /// The user said so.
  case pinned = "pinned"
  /// It is the newest one that is known to be whole.
  case newestVerified = "newest verified snapshot"
  /// It was taken before the first run of an upgrade that has only failed since.
  case upgradeNotSucceeded = "upgrade not yet succeeded"
  /// It holds what the last restore replaced, and `undo` would put it back.
  case savedBeforeRestore = "saved before the last restore"
  /// A run that was killed has left what only it can undo, and nobody has decided yet.
  case settlesRun = "a killed run is not settled"

  /// The reason as it is shown, in the style of restic's reasons.
  package var reason: String { rawValue }

  /// Finds out which snapshots of one database are protected.
  ///
  /// Newest means the highest sequence: it does not depend on anybody's clock.
  ///
  /// - Parameters:
  ///   - snapshots: All snapshots of one database, in any order.
  ///   - currentHeads: The heads of the database now; nil if it cannot be read.
  /// - Returns: The protections by id, each in the order of `allCases`; no entry for a snapshot without any.
  package static func protections(
    of snapshots: [SnapshotFacts],
    currentHeads: [String]?
  ) -> [String: [Protection]] {
    let verified = snapshots.filter { $0.condition == .whole }.max(by: SnapshotFacts.isOlder)
    let upgrades = OpenUpgrades(snapshots, currentHeads: currentHeads)
    let found: [(Protection, Set<String>)] = [
      (.pinned, Set(snapshots.filter(\.isPinned).map(\.id))),
      (.newestVerified, Set([verified].compactMap { $0?.id })),
      (.upgradeNotSucceeded, Set(upgrades.firstAttempts.map(\.id))),
      (.savedBeforeRestore, Set(snapshots.filter(\.undoesRestore).map(\.id))),
      (.settlesRun, Set(snapshots.filter(\.settlesRun).map(\.id))),
    ]
    var protections: [String: [Protection]] = [:]
    for (protection, ids) in found {
      for id in ids { protections[id, default: []].append(protection) }
    }
    return protections
  }

  /// The snapshots that must have been read before the protections are right: the newest that may be whole, and the first
  /// tries of open upgrades.
  ///
  /// - Parameters:
  ///   - snapshots: All snapshots of one database, in any order.
  ///   - currentHeads: The heads of the database now; nil if it cannot be read.
  /// - Returns: The snapshots, read or not; see `SnapshotHistory.read`.
  package static func needed(
    of snapshots: [SnapshotFacts],
    currentHeads: [String]?
  ) -> [SnapshotFacts] {
    let newest = snapshots.filter { $0.condition != .damaged }.max(by: SnapshotFacts.isOlder)
    let upgrades = OpenUpgrades(snapshots, currentHeads: currentHeads)
    return [newest].compactMap(\.self) + upgrades.firstAttempts
  }
}
