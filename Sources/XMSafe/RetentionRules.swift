internal import Snapshots

/// What `prune` is to keep, in restic's words: counts as text (`7`, `unlimited`), durations as text (`1y5m7d2h`).
public struct RetentionRules: Sendable {
  /// How many of the last snapshots.
  public var last: String?
  /// For how many hours the last snapshot of each.
  public var hourly: String?
  /// For how many days the last snapshot of each.
  public var daily: String?
  /// For how many weeks the last snapshot of each.
  public var weekly: String?
  /// For how many months the last snapshot of each.
  public var monthly: String?
  /// For how many years the last snapshot of each.
  public var yearly: String?
  /// All within a duration of the latest.
  public var within: String?
  /// Hourly ones within a duration of the latest.
  public var withinHourly: String?
  /// Daily ones within a duration of the latest.
  public var withinDaily: String?
  /// Weekly ones within a duration of the latest.
  public var withinWeekly: String?
  /// Monthly ones within a duration of the latest.
  public var withinMonthly: String?
  /// Yearly ones within a duration of the latest.
  public var withinYearly: String?

  /// Makes rules that keep nothing yet.
  public init() {}

  /// What is wrong with a rule, as one sentence with what to do; nil if all can be read.
  package var mistake: String? {
    do {
      try policy().validate()
      return nil
    } catch let error as RetentionError {
      // That no rule is given is for the command to judge.
      return error.code == .emptyPolicy ? nil : "\(error.message); \(error.hint)"
    } catch {
      return "\(error)"
    }
  }

  func policy() throws -> RetentionPolicy {
    func duration(_ text: String?) throws -> RetentionDuration? {
      try text.map { try RetentionDuration($0) }
    }
    func count(_ text: String?) throws -> Int? { try text.map { try RetentionPolicy.count($0) } }
    return RetentionPolicy(
      last: try count(last),
      hourly: try count(hourly),
      daily: try count(daily),
      weekly: try count(weekly),
      monthly: try count(monthly),
      yearly: try count(yearly),
      within: try duration(within),
      withinHourly: try duration(withinHourly),
      withinDaily: try duration(withinDaily),
      withinWeekly: try duration(withinWeekly),
      withinMonthly: try duration(withinMonthly),
      withinYearly: try duration(withinYearly)
    )
  }
}
