/// What a policy keeps, with the reasons, and what it removes.
package struct RetentionDecision: Hashable, Sendable {
  /// An item that is kept.
  package struct Kept: Hashable, Sendable {
    /// The item.
    package var item: RetentionItem
    /// Why, in restic's words and order, such as `daily snapshot`; never empty.
    ///
    /// Restic's JSON calls them `matches`.
    package var reasons: [String]
    /// What is left of the counted rules after this item.
    package var counters: Counters
  }

  /// How many more snapshots each counted rule keeps: -1 without limit, 0 also for a rule that was not given.
  package struct Counters: Hashable, Sendable, Encodable {
    /// Of `--keep-last`.
    package var last: Int
    /// Of `--keep-hourly`.
    package var hourly: Int
    /// Of `--keep-daily`.
    package var daily: Int
    /// Of `--keep-weekly`.
    package var weekly: Int
    /// Of `--keep-monthly`.
    package var monthly: Int
    /// Of `--keep-yearly`.
    package var yearly: Int

    private enum CodingKeys: String, CodingKey {
      case last
      case hourly
      case daily
      case weekly
      case monthly
      case yearly
    }

    /// Writes the counters as restic does: without those that are 0.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    package func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      let counters: [(CodingKeys, Int)] = [
        (.last, last), (.hourly, hourly), (.daily, daily), (.weekly, weekly), (.monthly, monthly),
        (.yearly, yearly),
      ]
      for (key, count) in counters where count != 0 { try container.encode(count, forKey: key) }
    }
  }

  /// What stays, newest first.
  package var kept: [Kept]
  /// What goes, newest first.
  package var removed: [RetentionItem]
}
