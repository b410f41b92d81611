/// How a policy is applied to the snapshots of one database: restic's `ApplyPolicy`
/// (https://github.com/restic/restic/blob/v0.19.1/internal/data/snapshot_policy.go), and more careful in three points.
///
/// Protected items are kept as restic keeps tagged ones: whatever the rules say, and counted by the rules like others.
/// Snapshots dated in the future are kept and never count, as restic's manual says of rules with a duration: a clock that
/// was wrong once would otherwise rotate out the good ones. And something always remains.
extension RetentionPolicy {
  /// Decides what to keep and what to remove; nothing is done.
  ///
  /// - Parameters:
  ///   - items: The snapshots of one database, in any order.
  ///   - now: The time by which a snapshot is in the future. Durations are counted from the latest snapshot that is not,
  ///     never from now: without new snapshots nothing expires.
  /// - Returns: Each item once, kept or removed.
  /// - Throws: `RetentionError` if the policy is empty or has an impossible count, even for no items.
  package func decide(
    _ items: [RetentionItem],
    now: CivilTime
  ) throws(RetentionError) -> RetentionDecision {
    try validate()
    let sorted = items.sorted(by: RetentionItem.isNewer)
    let future = sorted.prefix { $0.created > now }
    let past = sorted.dropFirst(future.count)
    var rules = Rules(self, latest: past.first?.created ?? now)
    var decision = RetentionDecision(kept: [], removed: [])
    func add(_ item: RetentionItem, _ reasons: [String]) {
      let reasons = item.protections.map(\.reason) + reasons
      guard !reasons.isEmpty else {
        decision.removed.append(item)
        return
      }
      decision.kept.append(.init(item: item, reasons: reasons, counters: rules.counters))
    }
    for item in future { add(item, ["dated in the future"]) }
    for (index, item) in past.enumerated() {
      let isOldest = index == past.count - 1
      add(item, rules.reasons(for: item.created, index: index, isOldest: isOldest))
    }
    // No rule there is comes to this: each keeps the newest snapshot that it looks at.
    if decision.kept.isEmpty, let newest = decision.removed.first {
      decision.removed.removeFirst()
      add(newest, ["newest snapshot"])
    }
    return decision
  }

  /// The rules of a policy while it is applied.
  private struct Rules {
    private var counted: [RetentionBucket.Rule]
    private var withins: [RetentionBucket.Rule]
    private let within: (start: CivilTime, reason: String)?

    init(_ policy: RetentionPolicy, latest: CivilTime) {
      counted = policy.counts.map { .init($0.bucket, noun: "snapshot", count: $0.count) }
      withins = policy.withins.map { bucket, duration in
        .init(bucket, noun: "within \(duration)", after: latest.subtracting(duration))
      }
      within = policy.within.flatMap { duration in
        duration.isZero ? nil : (latest.subtracting(duration), "within \(duration)")
      }
    }

    mutating func reasons(for time: CivilTime, index: Int, isOldest: Bool) -> [String] {
      var reasons: [String] = []
      if let within, time > within.start { reasons.append(within.reason) }
      for rule in counted.indices {
        let reason = counted[rule].reason(for: time, index: index, isOldest: isOldest)
        if let reason { reasons.append(reason) }
      }
      for rule in withins.indices {
        let reason = withins[rule].reason(for: time, index: index, isOldest: isOldest)
        if let reason { reasons.append(reason) }
      }
      return reasons
    }

    var counters: RetentionDecision.Counters {
      func remaining(_ bucket: RetentionBucket) -> Int {
        counted.first { $0.bucket == bucket }?.remaining ?? 0
      }
      return .init(
        last: remaining(.last),
        hourly: remaining(.hourly),
        daily: remaining(.daily),
        weekly: remaining(.weekly),
        monthly: remaining(.monthly),
        yearly: remaining(.yearly)
      )
    }
  }
}
