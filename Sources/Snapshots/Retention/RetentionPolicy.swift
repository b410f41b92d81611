/// Which snapshots to keep: restic's `--keep-*` options and their meaning.
///
/// The rules are ORed: what one of them keeps is kept. See https://restic.readthedocs.io/en/stable/060_forget.html and,
/// for the algorithm, `decide` in `RetentionPolicy+Decision.swift`.
package struct RetentionPolicy: Hashable, Sendable {
  /// The count that keeps all, `unlimited` on the command line.
  package static let unlimited = -1

  /// How many of the newest to keep; here and below nil and 0 mean no such rule, -1 all.
  package var last: Int?
  /// For how many hours that have one to keep the newest of the hour.
  package var hourly: Int?
  /// For how many days that have one to keep the newest of the day.
  package var daily: Int?
  /// For how many weeks, Monday to Sunday, that have one to keep the newest of the week.
  package var weekly: Int?
  /// For how many months that have one to keep the newest of the month.
  package var monthly: Int?
  /// For how many years that have one to keep the newest of the year.
  package var yearly: Int?
  /// How long before the latest snapshot to keep all; here and below nil and zero mean no such rule.
  package var within: RetentionDuration?
  /// How long before the latest snapshot to keep the newest of each hour.
  package var withinHourly: RetentionDuration?
  /// How long before the latest snapshot to keep the newest of each day.
  package var withinDaily: RetentionDuration?
  /// How long before the latest snapshot to keep the newest of each week.
  package var withinWeekly: RetentionDuration?
  /// How long before the latest snapshot to keep the newest of each month.
  package var withinMonthly: RetentionDuration?
  /// How long before the latest snapshot to keep the newest of each year.
  package var withinYearly: RetentionDuration?

  /// Makes a policy of its rules.
  package init(
    last: Int? = nil,
    hourly: Int? = nil,
    daily: Int? = nil,
    weekly: Int? = nil,
    monthly: Int? = nil,
    yearly: Int? = nil,
    within: RetentionDuration? = nil,
    withinHourly: RetentionDuration? = nil,
    withinDaily: RetentionDuration? = nil,
    withinWeekly: RetentionDuration? = nil,
    withinMonthly: RetentionDuration? = nil,
    withinYearly: RetentionDuration? = nil
  ) {
    self.last = last
    self.hourly = hourly
    self.daily = daily
    self.weekly = weekly
    self.monthly = monthly
    self.yearly = yearly
    self.within = within
    self.withinHourly = withinHourly
    self.withinDaily = withinDaily
    self.withinWeekly = withinWeekly
    self.withinMonthly = withinMonthly
    self.withinYearly = withinYearly
  }

  /// Reads the value of a `--keep-*` option that counts.
  ///
  /// - Parameter text: A number from 0, or `unlimited`.
  /// - Returns: The number, or -1.
  /// - Throws: `RetentionError` for anything else, negative numbers included, as restic does.
  package static func count(_ text: String) throws(RetentionError) -> Int {
    if text == "unlimited" { return unlimited }
    guard let count = Int(text), count >= 0 else {
      throw RetentionError(
        .invalidCount,
        "\(text.debugDescription) is no number of snapshots",
        hint: "write a number, or 'unlimited' to keep all"
      )
    }
    return count
  }

  /// Whether there is no rule, so that everything would go.
  package var isEmpty: Bool {
    counts.allSatisfy { $0.count == 0 } && within?.isZero != false && withins.isEmpty
  }

  /// Refuses what cannot be meant.
  ///
  /// - Throws: `RetentionError` for a count below -1 and for a policy without rules.
  package func validate() throws(RetentionError) {
    for (bucket, count) in counts where count < Self.unlimited {
      throw RetentionError(
        .invalidCount,
        "--keep-\(bucket.rawValue) cannot be \(count)",
        hint: "write a number, or 'unlimited' to keep all"
      )
    }
    guard !isEmpty else {
      throw RetentionError(
        .emptyPolicy,
        "no policy was specified, so no snapshots are removed",
        hint: "say what to keep, such as --keep-last 10 or --keep-within 30d"
      )
    }
  }

  /// The counted rules in restic's order; 0 for those that were not given.
  var counts: [(bucket: RetentionBucket, count: Int)] {
    [
      (.last, last ?? 0), (.hourly, hourly ?? 0), (.daily, daily ?? 0), (.weekly, weekly ?? 0),
      (.monthly, monthly ?? 0), (.yearly, yearly ?? 0),
    ]
  }

  /// The rules for a bucket and a duration that were given, in restic's order.
  var withins: [(bucket: RetentionBucket, duration: RetentionDuration)] {
    let rules: [(bucket: RetentionBucket, duration: RetentionDuration?)] = [
      (.hourly, withinHourly), (.daily, withinDaily), (.weekly, withinWeekly),
      (.monthly, withinMonthly), (.yearly, withinYearly),
    ]
    return rules.compactMap { bucket, duration in
      guard let duration, !duration.isZero else { return nil }
      return (bucket, duration)
    }
  }
}
