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
  ///
  /// One that is known to be damaged gives its place to the next one that is not; only where all are damaged is it
  /// still the oldest, since something of it may be saved.
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
        let hasBetter = first[step].map { $0.condition != .damaged } ?? false
        if snapshot.condition != .damaged || !hasBetter { first[step] = snapshot }
      }
      later.insert(step)
    }
    attempts = open.reversed()
    firstAttempts = first.values.sorted(by: SnapshotFacts.isOlder)
  }

  /// The tries that lie between the first and the newest of the same upgrade, whatever they hold.
  ///
  /// They are what accumulates when the database is written to between failing runs, and are offered to callers that
  /// want no more than two files. The pinned are never among them, nor the newest verified try, nor what is damaged:
  /// nobody decided yet what to do with that.
  package var superseded: [SnapshotFacts] {
    var newest: [Step: SnapshotFacts] = [:]
    for attempt in attempts { newest[Step(attempt)] = attempt }
    let verified = attempts.last { $0.condition == .whole }
    let needed = Set(([verified].compactMap(\.self) + firstAttempts + newest.values).map(\.id))
    return attempts.filter {
      !$0.isPinned && $0.condition != .damaged && !needed.contains($0.id)
    }
  }
}
