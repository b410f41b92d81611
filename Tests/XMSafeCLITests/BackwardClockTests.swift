import Foundation
import Logging
import Synchronization
import TestKit
import Testing
import XMSafe

/// A clock that goes back, stands still, or jumps ahead: what was taken last stays the last.
@Suite struct BackwardClockTests {
  /// A clock that is set by hand.
  private final class Clock: Sendable {
    private let time = Mutex("2026-11-22T22:51:33Z")

    func set(_ time: String) { self.time.withLock { $0 = time } }
    var now: String { time.withLock { $0 } }
  }

  static let times = [
    "2026-11-22T22:51:33Z", "2026-11-22T22:51:33Z", "1970-01-01T00:00:00Z", "2099-12-31T23:59:59Z",
    "2026-11-22T21:00:00Z",
  ]

  private func facade(_ scratch: Scratch, _ clock: Clock) -> Safeguard {
    Safeguard(
      options: Options(
        database: scratch.file("a.sqlite3"),
        scripts: Workshop.xmanagerScripts
      ),
      context: Context(
        workingDirectory: scratch.path,
        environment: [:],
        processID: 1,
        now: { clock.now },
        logHandler: { _ in SwiftLogNoOpLogHandler() }
      )
    )
  }

  @Test func `the latest is the one that was taken last, whatever its time`() throws {
    let scratch = try Scratch()
    try SampleDatabases.legacy(scratch.file("a.sqlite3"))
    let clock = Clock()
    let facade = facade(scratch, clock)
    var ids: [String] = []
    var contents: [String] = []
    for (index, time) in Self.times.enumerated() {
      clock.set(time)
      try SampleDatabases.create(
        scratch.file("a.sqlite3"),
        ["UPDATE Experiment SET Title = 'state \(index)'"]
      )
      ids.append(try #require(try facade.snapshot().snapshot?.id))
      contents.append(try DatabaseDump.text(scratch.file("a.sqlite3")))
      #expect(try facade.list().snapshots.map(\.id) == ids)
      #expect(try facade.show("latest").id == ids.last)
    }
    // No archive has taken the place of another one, and each still has its own content.
    for (id, content) in zip(ids, contents) {
      _ = try facade.restore(id)
      #expect(try DatabaseDump.text(scratch.file("a.sqlite3")) == content)
    }
    #expect(try facade.verify(nil).isWhole)
  }

  @Test func `an upgrade whose clock goes back half-way is undone as any other`() throws {
    let scratch = try Scratch()
    try SampleDatabases.legacy(scratch.file("a.sqlite3"))
    let clock = Clock()
    let facade = facade(scratch, clock)
    let before = try DatabaseDump.text(scratch.file("a.sqlite3"))
    clock.set("2099-12-31T23:59:59Z")
    _ = try facade.snapshot()
    clock.set("1970-01-01T00:00:00Z")
    #expect(try facade.upgrade().outcome == "upgraded")
    let after = try DatabaseDump.text(scratch.file("a.sqlite3"))
    _ = try facade.undo()
    #expect(try DatabaseDump.text(scratch.file("a.sqlite3")) == before)
    _ = try facade.undo()
    #expect(try DatabaseDump.text(scratch.file("a.sqlite3")) == after)
  }

  @Test(arguments: ["1970-01-01T00:00:00Z", "2026-11-22T22:51:33Z", "2099-12-31T23:59:59Z"])
  func `prune removes nothing early, and never what was taken last`(_ now: String) throws {
    let scratch = try Scratch()
    try SampleDatabases.legacy(scratch.file("a.sqlite3"))
    let clock = Clock()
    let facade = facade(scratch, clock)
    for time in Self.times {
      clock.set(time)
      _ = try facade.snapshot()
    }
    let all = try facade.list().snapshots.map(\.id)
    clock.set(now)
    var rules = RetentionRules()
    rules.within = "1d"
    let result = try facade.prune(rules)
    let kept = try facade.list().snapshots
    #expect(kept.last?.id == all.last)
    #expect(Set(kept.map(\.id)).union(result.removed.map(\.id)) == Set(all))
    // What is dated after the clock is from the future, or the clock is behind: it stays.
    for snapshot in result.removed { #expect(snapshot.created < now, "\(snapshot.created)") }
  }
}
