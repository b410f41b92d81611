import Foundation
import Snapshots
import Testing

@Suite struct RetentionPolicyTests {
  static let now = "2026-11-22T22:51:33Z"

  /// Items named by their times, in the order given; a time without hours is at noon.
  static func items(_ times: [String]) throws -> [RetentionItem] {
    try times.enumerated().map { index, text in
      let time = text.count == 10 ? text + "T12:00:00Z" : text + "Z"
      return RetentionItem(
        id: text,
        created: try #require(CivilTime(time), "\(text)"),
        sequence: Int64(index)
      )
    }
  }

  static func decide(
    _ policy: RetentionPolicy,
    _ items: [RetentionItem],
    now: String = now
  ) throws -> RetentionDecision {
    try policy.decide(items, now: try #require(CivilTime(now)))
  }

  /// What is kept, one line each.
  static func shown(_ decision: RetentionDecision) -> [String] {
    decision.kept.map { "\($0.item.id): \($0.reasons.joined(separator: ", "))" }
  }

  @Test(arguments: RetentionCase.counted + RetentionCase.oldest + RetentionCase.within)
  func `a policy keeps what restic keeps, for restic's reasons`(_ expected: RetentionCase) throws {
    let items = try Self.items(expected.times)
    for order in [items, items.reversed(), items.shuffled()] {
      let decision = try Self.decide(expected.policy, order)
      #expect(Self.shown(decision) == expected.kept)
      let all = decision.kept.map(\.item) + decision.removed
      #expect(Set(all) == Set(items) && all.count == items.count)
      #expect(decision.removed.map(\.created) == decision.removed.map(\.created).sorted(by: >))
    }
  }

  @Test func `of two in one second the one with the higher sequence is the newer`() throws {
    var items = try Self.items(["2026-01-01", "2026-01-01", "2026-01-01"])
    for (index, name) in ["b", "c", "a"].enumerated() { items[index].id = name }
    let decision = try Self.decide(RetentionPolicy(last: 1), items)
    #expect(Self.shown(decision) == ["a: last snapshot"])
    #expect(decision.removed.map(\.id) == ["c", "b"])
  }

  @Test func `counters say what is left of each rule`() throws {
    let policy = RetentionPolicy(last: 1, daily: 3, monthly: -1)
    let decision = try Self.decide(policy, try Self.items(["2026-01-01", "2026-01-02"]))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let counters = try decision.kept.map {
      String(decoding: try encoder.encode($0.counters), as: UTF8.self)
    }
    #expect(counters == [#"{"daily":2,"monthly":-1}"#, #"{"daily":1,"monthly":-1}"#])
    #expect(decision.kept.first?.counters.last == 0)
  }
}
