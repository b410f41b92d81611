import Snapshots
import Testing

/// What `RetentionPolicy` refuses, and what it keeps although no rule says so.
@Suite struct RetentionRefusalTests {
  typealias Policies = RetentionPolicyTests

  struct Empty: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var policy: RetentionPolicy
  }

  @Test(arguments: [
    Empty(testDescription: "no rule", policy: RetentionPolicy()),
    Empty(testDescription: "last 0", policy: RetentionPolicy(last: 0)),
    Empty(testDescription: "all 0", policy: RetentionPolicy(last: 0, daily: 0, yearly: 0)),
    Empty(
      testDescription: "durations of no length",
      policy: RetentionPolicy(
        within: try? RetentionDuration("0d"),
        withinYearly: try? RetentionDuration("0y0h")
      )
    ),
  ])
  func `an empty policy is refused`(_ empty: Empty) throws {
    #expect(empty.policy.isEmpty)
    for times in [[], ["2026-01-01"]] {
      let items = try Policies.items(times)
      let error = try #require(throws: RetentionError.self) {
        try Policies.decide(empty.policy, items)
      }
      #expect(error.code == .emptyPolicy)
      #expect(error.description == "no policy was specified, so no snapshots are removed")
    }
  }

  @Test(arguments: [-2, -100, Int.min])
  func `a negative count is refused, with the option's name`(_ count: Int) throws {
    let policies = [
      "last": RetentionPolicy(last: count), "hourly": RetentionPolicy(hourly: count),
      "daily": RetentionPolicy(daily: count), "weekly": RetentionPolicy(last: 1, weekly: count),
      "monthly": RetentionPolicy(monthly: count), "yearly": RetentionPolicy(yearly: count),
    ]
    for (name, policy) in policies {
      let error = try #require(throws: RetentionError.self) { try policy.validate() }
      #expect(error.code == .invalidCount)
      #expect(error.message == "--keep-\(name) cannot be \(count)")
    }
  }

  @Test func `each rule alone makes a policy`() throws {
    let day = try RetentionDuration("1d")
    let policies = [
      RetentionPolicy(last: 1), RetentionPolicy(hourly: 1), RetentionPolicy(daily: 1),
      RetentionPolicy(weekly: -1), RetentionPolicy(monthly: 1), RetentionPolicy(yearly: .max),
      RetentionPolicy(within: day), RetentionPolicy(withinHourly: day),
      RetentionPolicy(withinDaily: day), RetentionPolicy(withinWeekly: day),
      RetentionPolicy(withinMonthly: day), RetentionPolicy(withinYearly: day),
    ]
    for policy in policies {
      #expect(!policy.isEmpty)
      try policy.validate()
      let decision = try Policies.decide(policy, try Policies.items(["2020-02-02"]))
      #expect(decision.removed.isEmpty)
    }
  }

  @Test func `a count is a number from 0 or unlimited`() throws {
    #expect(try RetentionPolicy.count("0") == 0)
    #expect(try RetentionPolicy.count("14") == 14)
    #expect(try RetentionPolicy.count("unlimited") == -1)
  }

  @Test(arguments: ["", "-1", "-2", "1.5", "ten", "Unlimited", " 1", "99999999999999999999", "1\n"])
  func `anything else is no count`(_ text: String) throws {
    let error = try #require(throws: RetentionError.self) { try RetentionPolicy.count(text) }
    #expect(error.code == .invalidCount)
    #expect(!error.message.contains("\n"))
  }

  @Test func `snapshots dated in the future are kept and count for nothing`() throws {
    let times = ["2027-01-01T00:00:00", "2026-11-22T22:51:34", "2026-11-22T22:51:33", "2026-11-20"]
    let decision = try Policies.decide(RetentionPolicy(last: 1), try Policies.items(times))
    #expect(
      Policies.shown(decision) == [
        "2027-01-01T00:00:00: dated in the future", "2026-11-22T22:51:34: dated in the future",
        "2026-11-22T22:51:33: last snapshot",
      ]
    )
    #expect(decision.removed.map(\.id) == ["2026-11-20"])
    #expect(decision.kept.map(\.counters.last) == [1, 1, 0])
  }

  @Test func `a duration is not counted from a snapshot of the future`() throws {
    let policy = RetentionPolicy(within: try RetentionDuration("2d"))
    let items = try Policies.items(["2099-01-01", "2026-11-20", "2026-11-19", "2026-11-18"])
    #expect(
      Policies.shown(try Policies.decide(policy, items)) == [
        "2099-01-01: dated in the future", "2026-11-20: within 2d", "2026-11-19: within 2d",
      ]
    )
  }

  @Test func `with a clock that is far behind nothing is removed`() throws {
    let items = try Policies.items(["2026-01-01", "2026-01-02", "2026-01-03"])
    let decision = try Policies.decide(
      RetentionPolicy(last: 1),
      items,
      now: "1970-01-01T00:00:00Z"
    )
    #expect(decision.removed.isEmpty)
  }

  @Test func `the protected are kept, with their reasons first, and counted like others`() throws {
    var items = try Policies.items(["2026-01-01", "2026-01-02", "2026-01-03", "2099-01-01"])
    items[0].protections = [.upgradeNotSucceeded]
    items[2].protections = [.pinned, .newestVerified]
    items[3].protections = [.pinned]
    let decision = try Policies.decide(RetentionPolicy(last: 1), items)
    #expect(
      Policies.shown(decision) == [
        "2099-01-01: pinned, dated in the future",
        "2026-01-03: pinned, newest verified snapshot, last snapshot",
        "2026-01-01: upgrade not yet succeeded",
      ]
    )
    #expect(decision.removed.map(\.id) == ["2026-01-02"])
  }

  @Test func `ten thousand snapshots are decided on at once`() throws {
    let now = try #require(CivilTime(Policies.now))
    let items = try (0..<10_000).map { hour in
      let time = now.subtracting(try RetentionDuration(hours: hour))
      return RetentionItem(id: "\(hour)", created: time, sequence: Int64(10_000 - hour))
    }
    let policy = RetentionPolicy(last: 3, hourly: 24, daily: 7, weekly: 5, monthly: 12, yearly: 75)
    let decision = try policy.decide(items, now: now)
    #expect(decision.kept.count + decision.removed.count == 10_000)
    #expect(decision.kept.last?.item.id == "9999")
  }
}
