/// A span of the calendar of which a rule keeps the newest snapshot.
enum RetentionBucket: String, CaseIterable {
  /// Each snapshot by itself.
  case last
  case hourly
  case daily
  /// From Monday to Sunday.
  case weekly
  case monthly
  case yearly

  /// Names the bucket that a snapshot falls into.
  ///
  /// - Parameters:
  ///   - time: When it was taken.
  ///   - index: Its place among all.
  /// - Returns: A number that is equal for two snapshots in one bucket.
  func key(of time: CivilTime, index: Int) -> Int {
    let month = time.year * 100 + time.month
    switch self {
    case .last: return index
    case .hourly: return (month * 100 + time.day) * 100 + time.hour
    case .daily: return month * 100 + time.day
    case .weekly:
      let (year, week) = time.isoWeek
      return year * 100 + week
    case .monthly: return month
    case .yearly: return time.year
    }
  }

  /// A rule in use, with the bucket that it kept a snapshot of last.
  ///
  /// What restic does for `--keep-daily 7` and for `--keep-within-daily 7d`: the newest of each bucket is kept, and the
  /// oldest of all as well, for as long as the rule is not exhausted, so that the history is as long as it may be.
  struct Rule {
    let bucket: RetentionBucket
    /// What follows the bucket's name in the reason: `snapshot` or `within 7d`.
    let noun: String
    /// How many more to keep; -1 without limit.
    private(set) var remaining: Int
    /// Only what is newer than this is looked at; nil for everything.
    let start: CivilTime?
    private var lastKey: Int?

    init(_ bucket: RetentionBucket, noun: String, count: Int = -1, after start: CivilTime? = nil) {
      self.bucket = bucket
      self.noun = noun
      self.remaining = count
      self.start = start
    }

    /// Offers the next older snapshot to the rule.
    ///
    /// - Parameters:
    ///   - time: When it was taken.
    ///   - index: Its place among all.
    ///   - isOldest: Whether it is the last one.
    /// - Returns: Why the rule keeps it; nil if it does not.
    mutating func reason(for time: CivilTime, index: Int, isOldest: Bool) -> String? {
      guard remaining != 0 else { return nil }
      if let start, time <= start { return nil }
      let key = bucket.key(of: time, index: index)
      let isRepeated = key == lastKey
      guard !isRepeated || isOldest else { return nil }
      lastKey = key
      if remaining > 0 { remaining -= 1 }
      return "\(isRepeated ? "oldest " : "")\(bucket.rawValue) \(noun)"
    }
  }
}
