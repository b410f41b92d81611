import Snapshots
import Testing

@Suite struct RetentionProtectionTests {
  @Test func `the pinned and the newest verified are protected`() {
    let snapshots: [SnapshotFacts] = [
      .snapshot("1", 1, ["a"], isPinned: true),
      .snapshot(
        "2",
        2,
        ["a"],
        to: ["b"],
        isPinned: true,
        condition: .whole,
        undoesRestore: true,
        settlesRun: true
      ),
      .snapshot("3", 3, ["a"]),
    ]
    let found = Protection.protections(of: snapshots.reversed(), currentHeads: ["a"])
    #expect(found == ["1": [.pinned], "2": Protection.allCases])
    #expect(
      Protection.allCases.map(\.reason) == [
        "pinned", "newest verified snapshot", "upgrade not yet succeeded",
        "saved before the last restore", "a killed run is not settled",
      ]
    )
  }

  @Test func `only the newest of the verified is protected`() {
    let snapshots = (1...3).map {
      SnapshotFacts.snapshot("\($0)", $0, ["a"], condition: $0 < 3 ? .whole : .unread)
    }
    #expect(
      Protection.protections(of: snapshots, currentHeads: ["a"]) == ["2": [.newestVerified]]
    )
  }

  @Test func `a hundred failing runs do not rotate the good one out`() throws {
    let tries = (1...100).map {
      SnapshotFacts.snapshot("\($0)", $0, ["a"], to: ["b"])
    }
    let found = Protection.protections(of: tries, currentHeads: ["a"])
    let created = try #require(CivilTime("2026-11-22T22:51:33Z"))
    let items = tries.map {
      RetentionItem(
        id: $0.id,
        created: created,
        sequence: $0.sequence,
        protections: found[$0.id, default: []]
      )
    }
    let decision = try RetentionPolicy(last: 1).decide(items, now: created)
    #expect(decision.kept.map(\.item.id) == ["100", "1"])
  }

  struct DamageCase: CustomTestStringConvertible, Sendable {
    var name: String
    /// Which of five tries of one upgrade are damaged, from 1.
    var damaged: Set<String>
    /// Which are read to find that out, in order.
    var read: [String]
    var protections: [String: [Protection]]
    var superseded: [String]
    var testDescription: String { name }
  }

  static let damage = [
    DamageCase(
      name: "none",
      damaged: [],
      read: ["5", "1"],
      protections: ["5": [.newestVerified], "1": [.upgradeNotSucceeded]],
      superseded: ["2", "3", "4"]
    ),
    DamageCase(
      name: "the first",
      damaged: ["1"],
      read: ["5", "1", "2"],
      protections: ["5": [.newestVerified], "2": [.upgradeNotSucceeded]],
      superseded: ["3", "4"]
    ),
    DamageCase(
      name: "the first two and the newest",
      damaged: ["1", "2", "5"],
      read: ["5", "4", "1", "2", "3"],
      protections: ["4": [.newestVerified], "3": [.upgradeNotSucceeded]],
      superseded: []
    ),
    DamageCase(
      name: "all but one, which is both",
      damaged: ["1", "2", "4", "5"],
      read: ["5", "4", "3", "1", "2"],
      protections: ["3": [.newestVerified, .upgradeNotSucceeded]],
      superseded: []
    ),
    DamageCase(
      name: "all: something may be saved of the first",
      damaged: ["1", "2", "3", "4", "5"],
      read: ["5", "4", "3", "2", "1"],
      protections: ["1": [.upgradeNotSucceeded]],
      superseded: []
    ),
  ]

  @Test(arguments: damage)
  func `what is damaged never has the protected place of what is whole`(_ test: DamageCase) {
    var facts = (1...5).map { SnapshotFacts.snapshot("\($0)", $0, ["a"], to: ["b"]) }
    var read: [String] = []
    while let next = Protection.needed(of: facts, currentHeads: ["a"])
      .first(where: { $0.condition == .unread }), let index = facts.firstIndex(of: next)
    {
      read.append(next.id)
      facts[index].condition = test.damaged.contains(next.id) ? .damaged : .whole
    }
    #expect(read == test.read)
    #expect(Protection.protections(of: facts, currentHeads: ["a"]) == test.protections)
    #expect(
      OpenUpgrades(facts, currentHeads: ["a"]).superseded.map(\.id) == test.superseded
    )
  }
}
