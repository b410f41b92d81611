import Snapshots
import Testing

/// A policy, the times of some snapshots, and what restic keeps of them.
struct RetentionCase: CustomTestStringConvertible, Sendable {
  private let name: String
  let policy: RetentionPolicy
  let times: [String]
  let kept: [String]
  var testDescription: String { name }

  init(_ name: String, _ policy: RetentionPolicy, _ times: [String], keeps kept: [String]) {
    self.name = name
    self.policy = policy
    self.times = times
    self.kept = kept
  }

  private static let days = ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05"]

  static let counted = [
    Self("nothing", RetentionPolicy(last: 1), [], keeps: []),
    Self(
      "one",
      RetentionPolicy(daily: 1),
      ["2026-01-01"],
      keeps: ["2026-01-01: daily snapshot"]
    ),
    Self(
      "last 2",
      RetentionPolicy(last: 2),
      days,
      keeps: ["2026-01-05: last snapshot", "2026-01-04: last snapshot"]
    ),
    Self(
      "more than there are",
      RetentionPolicy(last: 9),
      ["2026-01-01", "2026-01-02"],
      keeps: ["2026-01-02: last snapshot", "2026-01-01: last snapshot"]
    ),
    Self(
      "hours are from :00 to :59",
      RetentionPolicy(hourly: 2),
      [
        "2026-01-01T09:00:00", "2026-01-01T09:59:59", "2026-01-01T10:00:00", "2026-01-01T10:59:59",
      ],
      keeps: ["2026-01-01T10:59:59: hourly snapshot", "2026-01-01T09:59:59: hourly snapshot"]
    ),
    Self(
      "the same hour of two days is two hours",
      RetentionPolicy(hourly: 2),
      ["2026-01-01T09:00:00", "2026-01-02T09:00:00"],
      keeps: ["2026-01-02T09:00:00: hourly snapshot", "2026-01-01T09:00:00: hourly snapshot"]
    ),
    Self(
      "only days that have a snapshot count",
      RetentionPolicy(daily: 2),
      ["2024-02-29", "2025-03-01", "2026-01-05T01:00:00", "2026-01-05T02:00:00"],
      keeps: ["2026-01-05T02:00:00: daily snapshot", "2025-03-01: daily snapshot"]
    ),
    Self(
      "days end at midnight in UTC",
      RetentionPolicy(daily: 2),
      ["2026-02-28T23:59:59", "2026-03-01T00:00:00"],
      keeps: ["2026-03-01T00:00:00: daily snapshot", "2026-02-28T23:59:59: daily snapshot"]
    ),
    Self(
      "weeks are from Monday to Sunday",
      RetentionPolicy(weekly: 2),
      ["2025-12-28", "2025-12-29", "2026-01-04", "2026-01-05"],
      keeps: ["2026-01-05: weekly snapshot", "2026-01-04: weekly snapshot"]
    ),
    Self(
      "week 53 goes on in January",
      RetentionPolicy(weekly: 3),
      ["2020-12-27", "2020-12-28", "2021-01-03", "2021-01-04", "2021-01-10"],
      keeps: [
        "2021-01-10: weekly snapshot", "2021-01-03: weekly snapshot", "2020-12-27: weekly snapshot",
      ]
    ),
    Self(
      "the last days of December may be week 1",
      RetentionPolicy(weekly: 2),
      ["2024-01-01", "2024-12-29", "2024-12-30", "2025-01-05"],
      keeps: ["2025-01-05: weekly snapshot", "2024-12-29: weekly snapshot"]
    ),
    Self(
      "months",
      RetentionPolicy(monthly: 3),
      ["2025-01-31", "2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01"],
      keeps: [
        "2026-02-01: monthly snapshot", "2026-01-31: monthly snapshot",
        "2025-12-31: monthly snapshot",
      ]
    ),
    Self(
      "years",
      RetentionPolicy(yearly: 2),
      ["2023-05-05", "2024-05-05", "2024-12-31", "2026-01-01"],
      keeps: ["2026-01-01: yearly snapshot", "2024-12-31: yearly snapshot"]
    ),
    Self(
      "without limit",
      RetentionPolicy(daily: RetentionPolicy.unlimited),
      ["2026-01-01", "2026-01-02T01:00:00", "2026-01-02T02:00:00"],
      keeps: ["2026-01-02T02:00:00: daily snapshot", "2026-01-01: daily snapshot"]
    ),
    Self(
      "the rules are ORed, their reasons in restic's order",
      RetentionPolicy(last: 1, daily: 2, monthly: 2, yearly: 1),
      ["2025-12-30", "2025-12-31", "2026-01-04", "2026-01-05"],
      keeps: [
        "2026-01-05: last snapshot, daily snapshot, monthly snapshot, yearly snapshot",
        "2026-01-04: daily snapshot", "2025-12-31: monthly snapshot",
      ]
    ),
    Self(
      "a rule of 0 is none",
      RetentionPolicy(last: 0, daily: 1),
      days,
      keeps: ["2026-01-05: daily snapshot"]
    ),
  ]

  static let oldest = [
    Self(
      "the oldest is kept while a rule is not exhausted",
      RetentionPolicy(monthly: 3),
      days,
      keeps: ["2026-01-05: monthly snapshot", "2026-01-01: oldest monthly snapshot"]
    ),
    Self(
      "for every rule that is not exhausted",
      RetentionPolicy(daily: 2, weekly: 5, monthly: 3, yearly: -1),
      days,
      keeps: [
        "2026-01-05: daily snapshot, weekly snapshot, monthly snapshot, yearly snapshot",
        "2026-01-04: daily snapshot, weekly snapshot",
        "2026-01-01: oldest weekly snapshot, oldest monthly snapshot, oldest yearly snapshot",
      ]
    ),
    Self(
      "but not for one that is",
      RetentionPolicy(monthly: 1),
      days,
      keeps: ["2026-01-05: monthly snapshot"]
    ),
    Self(
      "and without the word where its bucket is new",
      RetentionPolicy(monthly: 9),
      ["2025-12-31", "2026-01-01"],
      keeps: ["2026-01-01: monthly snapshot", "2025-12-31: monthly snapshot"]
    ),
    Self(
      "within a duration only if it lies in it",
      RetentionPolicy(
        withinMonthly: try? RetentionDuration("4d"),
        withinYearly: try? RetentionDuration("5d")
      ),
      days,
      keeps: [
        "2026-01-05: monthly within 4d, yearly within 5d", "2026-01-01: oldest yearly within 5d",
      ]
    ),
  ]

  static let within = [
    Self(
      "the limit itself is outside",
      RetentionPolicy(within: try? RetentionDuration("2d")),
      ["2026-01-03T12:00:00", "2026-01-03T12:00:01", "2026-01-05T12:00:00"],
      keeps: ["2026-01-05T12:00:00: within 2d", "2026-01-03T12:00:01: within 2d"]
    ),
    Self(
      "counted from the latest snapshot, however old",
      RetentionPolicy(within: try? RetentionDuration("1y2m3d4h")),
      ["2013-11-01", "2014-11-15T08:00:00", "2014-11-15T08:00:01", "2016-01-18T12:00:00"],
      keeps: ["2016-01-18T12:00:00: within 1y2m3d4h", "2014-11-15T08:00:01: within 1y2m3d4h"]
    ),
    Self(
      "a month before March 31 is March 3",
      RetentionPolicy(within: try? RetentionDuration("1m")),
      ["2025-03-02", "2025-03-03", "2025-03-04", "2025-03-31"],
      keeps: ["2025-03-31: within 1m", "2025-03-04: within 1m"]
    ),
    Self(
      "the plain duration comes first, then the counts, then the buckets within a duration",
      RetentionPolicy(
        last: 1,
        within: try? RetentionDuration("1h"),
        withinHourly: try? RetentionDuration("1d"),
        withinDaily: try? RetentionDuration("7d"),
        withinWeekly: try? RetentionDuration("1m"),
        withinMonthly: try? RetentionDuration("1y"),
        withinYearly: try? RetentionDuration("9999y")
      ),
      [
        "2023-06-01", "2024-06-01", "2025-12-01", "2026-01-01", "2026-01-05T10:00:00",
        "2026-01-05T11:30:00", "2026-01-05T11:59:00",
      ],
      keeps: [
        "2026-01-05T11:59:00: within 1h, last snapshot, hourly within 1d, daily within 7d, "
          + "weekly within 1m, monthly within 1y, yearly within 9999y",
        "2026-01-05T11:30:00: within 1h",
        "2026-01-05T10:00:00: hourly within 1d",
        "2026-01-01: daily within 7d, weekly within 1m",
        "2025-12-01: monthly within 1y, yearly within 9999y",
        "2024-06-01: yearly within 9999y", "2023-06-01: yearly within 9999y",
      ]
    ),
  ]
}
