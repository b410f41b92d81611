/// The upgrades of one database that were tried and have not succeeded since, told from its snapshots alone.
///
/// A try is a pre-upgrade snapshot. It has succeeded when the database is at its target now, or when a later snapshot
/// shows it there, or shows it at other heads than before the try. The last does not hold for a later try at the same
/// target: an upgrade that was left half done by other tools and is tried again has not succeeded. What is older than a
/// try that succeeded is settled with it.
package struct OpenUpgrades: Hashable, Sendable {
  /// The tries since the last success, oldest first.
  package let attempts: [SnapshotFacts]
  /// The oldest try for each pair of heads and target: taken before the first failing run, so the good one.
  package let firstAttempts: [SnapshotFacts]

  /// What identifies an upgrade, and what a snapshot proves of those before it.
  private struct Step: Hashable {
    var heads: Set<String>
    var target: Set<String>?

    init(_ snapshot: SnapshotFacts) {
      heads = Set(snapshot.heads)
      target = snapshot.isPreUpgrade ? snapshot.target.map { Set($0) } : nil
    }

    func isProven(by later: Self) -> Bool {
      if later.heads == target { return true }
      return later.heads != heads && (later.target == nil || later.target != target)
    }
  }

  /// Finds the open upgrades.
  ///
  /// - Parameters:
  ///   - snapshots: All snapshots of one database, in any order.
  ///   - currentHeads: The heads of the database now; nil if it cannot be read, which proves nothing.
  package init(_ snapshots: [SnapshotFacts], currentHeads: [String]?) {
    let current = currentHeads.map { Set($0) }
    // There are as many of these as revisions at the most, however many snapshots there are.
    var later: Set<Step> = []
    var open: [SnapshotFacts] = []
    var first: [Step: SnapshotFacts] = [:]
    for snapshot in snapshots.sorted(by: SnapshotFacts.isOlder).reversed() {
      let step = Step(snapshot)
      if snapshot.isPreUpgrade {
        let isReached = step.target != nil && step.target == current
        if isReached || later.contains(where: { step.isProven(by: $0) }) { break }
        open.append(snapshot)
        first[step] = snapshot
      }
      later.insert(step)
    }
    attempts = open.reversed()
    firstAttempts = first.values.sorted(by: SnapshotFacts.isOlder)
  }

  /// Finds the earlier try that makes a new one superfluous after its run has failed: the same content, so that nothing is
  /// lost when the new one is dropped.
  ///
  /// The earlier one must be an open try itself, since a settled one may be pruned. A new snapshot that is known to be
  /// whole is not given up for one that is not.
  ///
  /// - Parameter new: The snapshot that the failed run took; whether it is among the snapshots given does not matter.
  /// - Returns: The oldest earlier try of the same content and heads; nil if the new one is pinned or holds something new.
  package func original(of new: SnapshotFacts) -> SnapshotFacts? {
    guard new.isPreUpgrade, !new.isPinned, !new.contentSHA256.isEmpty else { return nil }
    return attempts.first { earlier in
      earlier.id != new.id && earlier.sequence < new.sequence
        && earlier.contentSHA256 == new.contentSHA256
        && Set(earlier.heads) == Set(new.heads)
        && (earlier.isVerified || !new.isVerified)
    }
  }

  /// The tries that lie between the first and the newest of the same upgrade, whatever they hold.
  ///
  /// They are what accumulates when the database is written to between failing runs, and are offered to callers that
  /// want no more than two files. The pinned are never among them, nor is the newest verified try.
  package var superseded: [SnapshotFacts] {
    var newest: [Step: SnapshotFacts] = [:]
    for attempt in attempts { newest[Step(attempt)] = attempt }
    let verified = attempts.last(where: \.isVerified)
    let needed = Set(([verified].compactMap(\.self) + firstAttempts + newest.values).map(\.id))
    return attempts.filter { !$0.isPinned && !needed.contains($0.id) }
  }
}
