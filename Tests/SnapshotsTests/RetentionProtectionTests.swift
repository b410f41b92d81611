import Snapshots
import Testing

@Suite struct RetentionProtectionTests {
  @Test func `the pinned and the newest verified are protected`() {
    let snapshots: [SnapshotFacts] = [
      .snapshot("1", 1, ["a"], isPinned: true),
      .snapshot("2", 2, ["a"], to: ["b"], isPinned: true, isVerified: true),
      .snapshot("3", 3, ["a"]),
    ]
    let found = Protection.protections(of: snapshots.reversed(), currentHeads: ["a"])
    #expect(found == ["1": [.pinned], "2": Protection.allCases])
    #expect(
      Protection.allCases.map(\.reason) == [
        "pinned", "newest verified snapshot", "upgrade not yet succeeded",
      ]
    )
  }

  @Test func `only the newest of the verified is protected`() {
    let snapshots = (1...3).map { SnapshotFacts.snapshot("\($0)", $0, ["a"], isVerified: $0 < 3) }
    #expect(
      Protection.protections(of: snapshots, currentHeads: ["a"]) == ["2": [.newestVerified]]
    )
  }

  @Test func `a hundred failing runs do not rotate the good one out`() throws {
    let tries = (1...100).map {
      SnapshotFacts.snapshot("\($0)", $0, ["a"], to: ["b"], content: "\($0)")
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
}
