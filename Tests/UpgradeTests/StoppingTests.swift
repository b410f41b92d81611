import AlembicScripts
import DurableFiles
import Foundation
import Migrations
import Revisions
import SQLite
import Snapshots
import Stopping
import TestKit
import Testing
import Upgrade

/// An upgrade that is told to stop when it is too late.
@Suite struct StoppingTests {
  @Test func `a signal after the commit lets the upgrade succeed`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let store = Store(path: Store.defaultPath(for: path))
    try store.create()
    // The directory of the database is synced for the notes beside it, and when the upgrade has been committed.
    let stop = StopSwitch()
    var calls = SystemCalls.live
    calls.open = { name, flags, mode in
      if name == scratch.path, (try? Self.isUpgraded(path)) == true { stop.stop(signal: SIGTERM) }
      return SystemCalls.live.open(name, flags, mode)
    }
    let log = LogLines()
    let request = UpgradeRequest(
      database: path,
      work: .upgrade(to: .head),
      scripts: try ScriptDirectory(versions: [Workshop.xmanagerScripts + "/versions"]),
      versionTable: VersionTable(),
      store: Store(path: store.path, files: FileSystem(calls: calls)),
      busyTimeout: .zero,
      created: "2026-11-22T22:51:33Z",
      tool: "test",
      holder: "a test",
      logger: log.logger,
      progress: { _ in try StopSwitch.check() }
    )
    let report = try StopSwitch.$current.withValue(stop) { try UpgradeRunner(request).run() }
    #expect(report.outcome == .upgraded)
    #expect(stop.stopped == Stopped(signal: SIGTERM))
  }

  /// Whether others see the upgraded database.
  private static func isUpgraded(_ path: String) throws -> Bool {
    let other = try Connection(opening: path, mode: .readOnly)
    let names = try other.tableNames()
    try other.close()
    return names.contains("alembic_version")
  }

  @Test func `only the first cause counts, and what is shielded goes on`() {
    let stop = StopSwitch()
    StopSwitch.$current.withValue(stop) {
      #expect(throws: Never.self) { try StopSwitch.check() }
      #expect(stop.stop(signal: SIGINT))
      #expect(!stop.stop(signal: SIGTERM))
      #expect(throws: Stopped(signal: SIGINT)) { try StopSwitch.check() }
      #expect(throws: Never.self) { try StopSwitch.shielded { try StopSwitch.check() } }
    }
  }
}
