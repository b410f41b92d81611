import Snapshots
import Testing

/// `OpenUpgrades`: which tries have not succeeded, and what a failed run leaves superfluous.
@Suite struct RetentionUpgradesTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var snapshots: [SnapshotFacts]
    var current: [String]?
    var open: [String]
    var testDescription: String { name }
  }

  static let upgrades = [
    Case(name: "no snapshots", snapshots: [], current: ["a"], open: []),
    Case(
      name: "one try, failed",
      snapshots: [.snapshot("1", 1, ["a"], to: ["b"])],
      current: ["a"],
      open: ["1"]
    ),
    Case(
      name: "one try, succeeded",
      snapshots: [.snapshot("1", 1, ["a"], to: ["b"])],
      current: ["b"],
      open: []
    ),
    Case(
      name: "the database cannot be read",
      snapshots: [.snapshot("1", 1, ["a"], to: ["b"])],
      current: nil,
      open: ["1"]
    ),
    Case(
      name: "several heads, in another order",
      snapshots: [.snapshot("1", 1, ["a"], to: ["b", "c"])],
      current: ["c", "b"],
      open: []
    ),
    Case(
      name: "one of two heads reached",
      snapshots: [.snapshot("1", 1, ["a"], to: ["b", "c"])],
      current: ["b", "a"],
      open: ["1"]
    ),
    Case(
      name: "from base",
      snapshots: [.snapshot("1", 1, [], to: ["a"])],
      current: [],
      open: ["1"]
    ),
    Case(
      name: "to base",
      snapshots: [.snapshot("1", 1, ["a"], to: [])],
      current: [],
      open: []
    ),
    Case(
      name: "three failing runs: the oldest is the good one",
      snapshots: [
        .snapshot("1", 1, ["a"], to: ["b"]), .snapshot("2", 2, ["a"], to: ["b"]),
        .snapshot("3", 3, ["a"], to: ["b"]),
      ],
      current: ["a"],
      open: ["1"]
    ),
    Case(
      name: "failing, then succeeding",
      snapshots: [.snapshot("1", 1, ["a"], to: ["b"]), .snapshot("2", 2, ["a"], to: ["b"])],
      current: ["b"],
      open: []
    ),
    Case(
      name: "succeeding, then the next upgrade failing",
      snapshots: [
        .snapshot("1", 1, ["a"], to: ["b"]), .snapshot("2", 2, ["b"], to: ["c"]),
        .snapshot("3", 3, ["b"], to: ["c"]),
      ],
      current: ["b"],
      open: ["2"]
    ),
    Case(
      name: "a later snapshot shows the target, and the database was put back",
      snapshots: [
        .snapshot("1", 1, ["a"], to: ["b"]), .snapshot("2", 2, ["b"]),
        .snapshot("3", 3, ["a"], to: ["b"]), .snapshot("4", 4, ["a"], to: ["b"]),
      ],
      current: ["a"],
      open: ["3"]
    ),
    Case(
      name: "a later snapshot shows other heads",
      snapshots: [.snapshot("1", 1, ["a"], to: ["b"]), .snapshot("2", 2, ["x"])],
      current: ["x"],
      open: []
    ),
    Case(
      name: "a later snapshot shows the same heads",
      snapshots: [.snapshot("1", 1, ["a"], to: ["b"]), .snapshot("2", 2, ["a"])],
      current: ["a"],
      open: ["1"]
    ),
    Case(
      name: "an earlier snapshot shows the target",
      snapshots: [.snapshot("1", 1, ["b"]), .snapshot("2", 2, ["a"], to: ["b"])],
      current: ["a"],
      open: ["2"]
    ),
    Case(
      name: "half done, and tried again from there",
      snapshots: [.snapshot("1", 1, ["a"], to: ["c"]), .snapshot("2", 2, ["b"], to: ["c"])],
      current: ["b"],
      open: ["1", "2"]
    ),
    Case(
      name: "half done, tried again, and succeeded",
      snapshots: [.snapshot("1", 1, ["a"], to: ["c"]), .snapshot("2", 2, ["b"], to: ["c"])],
      current: ["c"],
      open: []
    ),
    Case(
      name: "a release that fails, and the next that fails too",
      snapshots: [
        .snapshot("1", 1, ["a"], to: ["b"]), .snapshot("2", 2, ["a"], to: ["b"]),
        .snapshot("3", 3, ["a"], to: ["c"]), .snapshot("4", 4, ["a"], to: ["c"]),
      ],
      current: ["a"],
      open: ["1", "3"]
    ),
    Case(
      name: "a release that fails, and the next that succeeds",
      snapshots: [.snapshot("1", 1, ["a"], to: ["b"]), .snapshot("2", 2, ["a"], to: ["c"])],
      current: ["c"],
      open: []
    ),
    Case(
      name: "a target is only a fact of pre-upgrade snapshots",
      snapshots: [.snapshot("1", 1, ["a"])],
      current: ["a"],
      open: []
    ),
  ]

  @Test(arguments: upgrades)
  func `the first try since the last success is protected`(_ expected: Case) {
    for order in [expected.snapshots, expected.snapshots.reversed()] {
      let upgrades = OpenUpgrades(order, currentHeads: expected.current)
      #expect(upgrades.firstAttempts.map(\.id) == expected.open)
      let found = Protection.protections(of: order, currentHeads: expected.current)
      #expect(
        found
          == Dictionary(uniqueKeysWithValues: expected.open.map { ($0, [.upgradeNotSucceeded]) })
      )
    }
  }

  @Test func `a hundred failing runs leave the good one and at most one more`() {
    var files: [SnapshotFacts] = []
    for run in Int64(1)...100 {
      files.append(.snapshot("\(run)", run, ["a"], to: ["b"]))
      let superseded = Set(OpenUpgrades(files, currentHeads: ["a"]).superseded.map(\.id))
      files.removeAll { superseded.contains($0.id) }
    }
    #expect(files.map(\.id) == ["1", "100"])
  }

  @Test func `the first, the newest, the pinned and the newest verified are not superseded`() {
    let tries = (1...7).map {
      SnapshotFacts.snapshot(
        "\($0)",
        $0,
        ["a"],
        to: ["b"],
        isPinned: $0 == 3,
        condition: $0 < 6 ? .whole : .unread
      )
    }
    let upgrades = OpenUpgrades(tries, currentHeads: ["a"])
    #expect(upgrades.superseded.map(\.id) == ["2", "4", "6"])
    #expect(OpenUpgrades(tries, currentHeads: ["b"]).superseded.isEmpty)
  }

  @Test func `ten thousand tries are looked through at once`() {
    let tries = (Int64(1)...10_000).map { SnapshotFacts.snapshot("\($0)", $0, ["a"], to: ["b"]) }
    #expect(OpenUpgrades(tries, currentHeads: ["a"]).firstAttempts.map(\.id) == ["1"])
  }
}
