import AlembicScripts
import DurableFiles
import Foundation
import Migrations
import Revisions
import SQLite
import Snapshots
import TestKit
import Testing
import Upgrade

/// An upgrade that runs on a copy first, and the plan that only does that.
@Suite struct RehearsalTests {
  let log = LogLines()

  func request(
    _ database: String,
    scripts: String = Workshop.xmanagerScripts + "/versions"
  ) throws -> UpgradeRequest {
    var request = UpgradeRequest(
      database: database,
      work: .upgrade(to: .head),
      scripts: try ScriptDirectory(versions: [scripts]),
      versionTable: VersionTable(),
      store: Store(path: Store.defaultPath(for: database)),
      busyTimeout: .milliseconds(50),
      created: "2026-11-22T22:51:33Z",
      tool: "test",
      holder: "a test",
      logger: log.logger,
      progress: { _ in }
    )
    request.rehearses = true
    return request
  }

  private func bytes(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  private func leftovers(_ scratch: Scratch) throws -> [String] {
    try scratch.tree().filter { $0.contains(DurableFile.temporaryMark) }
  }

  @Test func `an upgrade is rehearsed once, and alembic's lines come once`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let report = try UpgradeRunner(try request(path)).run()
    #expect(report.outcome == .upgraded)
    let lines = log.lines
    #expect(lines.filter { $0.contains("Running upgrade") }.count == 1)
    let said = try #require(lines.firstIndex { $0.hasPrefix("[xm_safe.rehearsal]") })
    #expect(lines[said].contains("Rehearsed on a copy: 1 revision in 0."), "\(lines[said])")
    #expect(said < (try #require(lines.firstIndex { $0.contains("Context impl") })))
    #expect(try leftovers(scratch) == [])
  }

  @Test(arguments: ["delete", "wal"])
  func `a rehearsal that fails leaves the database byte for byte`(_ mode: String) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    try SampleDatabases.create(path, ["PRAGMA journal_mode=\(mode)"])
    let versions = try UpgradeTests.failingChain(scratch, failure: "raise RuntimeError('x')")
    let before = try bytes(path)
    for _ in 1...3 {
      let failure = try #require(throws: UpgradeFailure.self) {
        try UpgradeRunner(try request(path, scripts: versions)).run()
      }
      #expect(failure.code == .asBefore)
      #expect(
        failure.state
          == "the database was not touched: the upgrade failed in its rehearsal on a copy"
      )
      #expect(failure.message.contains("RuntimeError: x"))
      #expect(try bytes(path) == before)
    }
    #expect(!log.lines.contains { $0.contains("Running upgrade") })
    #expect(try leftovers(scratch) == [])
    let store = Store(path: Store.defaultPath(for: path))
    #expect(try store.catalogue().snapshots.count == 2, "the first one and the newest")
  }

  @Test func `vanishing rows stop it on the copy, with the option that lets them go`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    try SampleDatabases.create(
      path,
      ["CREATE TRIGGER t AFTER DELETE ON Experiment BEGIN DELETE FROM WorkUnit; END"]
    )
    try scratch.write(
      "from alembic import op\nrevision = 'aaaa'\ndown_revision = None\ndef upgrade():\n"
        + "    op.execute('DELETE FROM Experiment WHERE Id = 1660000000001')\n",
      to: "versions/a.py"
    )
    let before = try bytes(path)
    var request = try request(path, scripts: scratch.file("versions"))
    let failure = try #require(throws: UpgradeFailure.self) { try UpgradeRunner(request).run() }
    #expect(failure.code == .asBefore)
    #expect(failure.message.contains("3 rows of table 'WorkUnit' vanished (3 before, 0 after)"))
    #expect(failure.next.contains("--allow-row-loss WorkUnit"))
    #expect(try bytes(path) == before)
    request.guarding = DataLossGuard(allowed: ["workunit"])
    #expect(try UpgradeRunner(request).run().outcome == .upgraded)
    #expect(
      log.lines.contains { $0.contains("rows deleted: Experiment 1, WorkUnit 3") }
    )
  }

  @Test func `what a killed rehearsal leaves is swept by the next run`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let mark = "Backups/.rehearsal\(DurableFile.temporaryMark)-1"
    for name in [mark, mark + "-file", mark + "-file-journal", mark + "-file-wal"] {
      try scratch.write("left", to: name)
    }
    #expect(try UpgradeRunner(try request(path)).run().outcome == .upgraded)
    #expect(try leftovers(scratch) == [])
  }

  @Test func `the copy is readable by its owner alone, and has one`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(
      path,
      ["CREATE TABLE big (a)", "INSERT INTO big VALUES (zeroblob(9000000))"]
    )
    let versions = try UpgradeTests.failingChain(scratch, failure: "pass")
    var request = try request(path, scripts: versions)
    var modes: [String: UInt32] = [:]
    request.progress = { progress in
      guard progress.activity == "rehearse" else { return }
      for name in try scratch.names(in: "Backups") where name.contains("-file") {
        modes[name] = try FileStatus(of: scratch.file("Backups/" + name)).mode
      }
    }
    _ = try UpgradeRunner(request).plan()
    #expect(!modes.isEmpty)
    #expect(Set(modes.values) == [0o600])
    #expect(try leftovers(scratch) == [])
  }

  @Test func `without a copy there is no upgrade, unless the rehearsal is given up`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let before = try bytes(path)
    struct Vanished: Error {}
    try SampleDatabases.create(
      path,
      ["CREATE TABLE big (a)", "INSERT INTO big VALUES (zeroblob(9000000))"]
    )
    let large = try bytes(path)
    #expect(large != before)
    var request = try request(path)
    request.progress = { if $0.activity == "rehearse" { throw Vanished() } }
    let failure = try #require(throws: UpgradeFailure.self) { try UpgradeRunner(request).run() }
    #expect(failure.code == .refused)
    #expect(failure.next.contains("--no-rehearsal"))
    #expect(try bytes(path) == large)
    request.rehearses = false
    #expect(try UpgradeRunner(request).run().outcome == .upgraded)
  }

  @Test(arguments: ["delete", "wal"])
  func `a plan reads only, while others read and write`(_ mode: String) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    try SampleDatabases.create(path, ["PRAGMA journal_mode=\(mode)"])
    let other = try Connection(opening: path, mode: .readWrite)
    try other.beginReading()
    let writer = try Connection(opening: path, mode: .readWrite)
    try writer.beginImmediate()
    let before = try bytes(path)
    let (plan, report) = try UpgradeRunner(try request(path)).plan()
    #expect(try bytes(path) == before)
    #expect(plan.rowsAfter == ["f45829405692"])
    let run = try #require(report)
    #expect(run.failure == nil)
    #expect(run.peakDisk >= Int64(before.count))
    #expect(run.revisions[0].statements.first?.contains("CREATE TABLE alembic_version") == true)
    #expect(
      run.revisions[0].statements.last
        == "INSERT INTO alembic_version (version_num) VALUES ('f45829405692')"
    )
    #expect(run.difference?.schema.contains("DROP TABLE \"VersionHistory\"") == true)
    try writer.rollback()
    try other.rollback()
    #expect(try leftovers(scratch) == [])
    #expect(try Store(path: Store.defaultPath(for: path)).catalogue().snapshots.isEmpty)
  }

  @Test func `a plan needs no database`() throws {
    let scratch = try Scratch()
    let (plan, report) = try UpgradeRunner(try request(scratch.file("new"))).plan()
    #expect(plan.rowsBefore == [])
    #expect(try #require(report).failure == nil)
    #expect(try scratch.tree() == ["Backups"])
  }

  @Test func `a plan of a database that is locked for good says so`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let other = try Connection(opening: path, mode: .readWrite)
    try other.execute("BEGIN EXCLUSIVE")
    let failure = try #require(throws: UpgradeFailure.self) {
      try UpgradeRunner(try request(path)).plan()
    }
    #expect(failure.code == .locked)
    try other.rollback()
  }
}
