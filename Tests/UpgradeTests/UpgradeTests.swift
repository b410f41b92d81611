import AlembicScripts
import DurableFiles
import Foundation
import Logging
import Migrations
import Revisions
import SQLite
import Snapshots
import Synchronization
import TestKit
import Testing
import Upgrade

/// Collects log lines.
final class LogLines: Sendable {
  private let collected = Mutex<[String]>([])
  var lines: [String] { collected.withLock { $0 } }

  private struct Handler: LogHandler {
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]
    let label: String
    let add: @Sendable (String) -> Void
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { add("[\(label)] \(event.message)") }
  }

  func logger(_ label: String) -> Logger {
    Logger(
      label: label,
      factory: { label in
        Handler(label: label) { line in self.collected.withLock { $0.append(line) } }
      }
    )
  }
}

@Suite struct UpgradeTests {
  let log = LogLines()

  func request(
    _ database: String,
    scripts: String = Workshop.xmanagerScripts + "/versions",
    target: Target = .head,
    files: FileSystem = FileSystem()
  ) throws -> UpgradeRequest {
    UpgradeRequest(
      database: database,
      target: target,
      scripts: try ScriptDirectory(versions: [scripts]),
      versionTable: VersionTable(),
      store: Store(path: Store.defaultPath(for: database), files: files),
      busyTimeout: .milliseconds(50),
      created: "2026-11-22T22:51:33Z",
      tool: "test",
      holder: "a test",
      logger: log.logger,
      progress: { _ in }
    )
  }

  /// A chain of two revisions: the first one good, the second one failing after it has changed schema and rows.
  static func failingChain(_ scratch: Scratch, failure: String) throws -> String {
    let head = "from alembic import op\nimport sqlalchemy as sa\n"
    try scratch.write(
      """
      \(head)revision = 'aaaa'
      down_revision = None
      def upgrade():
          op.create_table('first', sa.Column('id', sa.Integer, primary_key=True))
      """,
      to: "versions/aaaa.py"
    )
    try scratch.write(
      """
      \(head)revision = 'bbbb'
      down_revision = 'aaaa'
      def upgrade():
          op.execute("UPDATE Experiment SET Title = 'changed'")
          op.execute("DELETE FROM Job")
          op.drop_table('WorkUnit')
          with op.batch_alter_table('Experiment') as batch_op:
              batch_op.alter_column('Title', new_column_name='name')
          \(failure)
      """,
      to: "versions/bbbb.py"
    )
    return scratch.file("versions")
  }

  @Test(arguments: ["delete", "wal"])
  func `a failing revision leaves the database as it was, and so does a second run`(
    _ mode: String
  ) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    try SampleDatabases.create(path, ["PRAGMA journal_mode=\(mode)"])
    let before = try DatabaseDump.text(path)
    let versions = try Self.failingChain(scratch, failure: "raise RuntimeError('half-way')")
    for _ in 1...2 {
      let failure = try #require(throws: UpgradeFailure.self) {
        try UpgradeRunner(try request(path, scripts: versions)).run()
      }
      #expect(failure.code == .asBefore)
      #expect(failure.state.contains("exactly as it was before"))
      #expect(failure.message.contains("RuntimeError: half-way"))
      #expect(try DatabaseDump.text(path) == before)
    }
    #expect(log.lines.contains("[alembic.runtime.migration] Running upgrade aaaa -> bbbb"))
  }

  @Test(arguments: [
    "op.execute('SELECT * FROM nowhere')",
    "op.execute('CREATE TABLE first (id)')",
    "op.create_index('i', 'Job', ['nope'])",
    "op.execute('INSERT INTO first VALUES (1), (1)')",
    "op.execute('PRAGMA writable_schema=ON')",
    "op.execute('SELECT 1; SELECT 2')",
    "op.execute('COM' + 'MIT')",
    "op.execute('ROLL' + 'BACK')",
    "op.execute(\"DELETE FROM alembic_version\")",
    "op.execute('CREATE TABLE c (e REFERENCES Experiment (Id))')\n    op.execute('INSERT INTO c VALUES (99)')",
  ])
  func `every way to fail is undone and proven undone`(_ failure: String) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let before = try DatabaseDump.text(path)
    let versions = try Self.failingChain(scratch, failure: failure)
    let error = try #require(throws: UpgradeFailure.self) {
      try UpgradeRunner(try request(path, scripts: versions)).run()
    }
    #expect(error.code == .asBefore, "\(error.message)")
    #expect(error.state.contains("digest of snapshot"))
    #expect(try DatabaseDump.text(path) == before)
    #expect(try scratch.names() == ["Backups", "a.sqlite3", "versions"])
  }

  @Test func `the lock and the write lock are held from before the snapshot to the end`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    var request = try request(path)
    let attempts = Mutex<[String]>([])
    let store = request.store
    request.progress = { _ in
      let other = try Connection(opening: path, mode: .readWrite, busyTimeout: .zero)
      do {
        try other.beginImmediate()
        attempts.withLock { $0.append("written") }
      } catch let error as SQLiteError where error.isBusy {
        attempts.withLock { $0.append("busy") }
      }
      do {
        try store.lock(for: path, holder: "other").release()
        attempts.withLock { $0.append("locked") }
      } catch is KernelLock.Held {
        attempts.withLock { $0.append("held") }
      }
    }
    let report = try UpgradeRunner(request).run()
    #expect(report.outcome == .upgraded)
    #expect(Set(attempts.withLock { $0 }) == ["busy", "held"])
  }

  @Test func `a database that another process locks is not touched`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let other = try Connection(opening: path, mode: .readWrite)
    try other.beginImmediate()
    let error = try #require(throws: UpgradeFailure.self) {
      try UpgradeRunner(try request(path)).run()
    }
    #expect(error.code == .locked)
    #expect(error.state == "the database was not touched")
    try other.rollback()
  }

  @Test func `when the rollback is not enough, the snapshot is restored`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let before = try DatabaseDump.text(path)
    // A second process cannot write while we hold the lock; so the damage is done where the snapshot is compared, by
    // a clock that fires between the rollback and the proof: the first progress report of the comparison.
    let versions = try Self.failingChain(scratch, failure: "raise RuntimeError('x')")
    var request = try request(path, scripts: versions)
    struct Vanished: Error {}
    let isFirst = Mutex(true)
    request.progress = { progress in
      guard progress.activity == "compare" else { return }
      let first = isFirst.withLock { value in
        defer { value = false }
        return value
      }
      if first { throw Vanished() }
    }
    let failure = try #require(throws: UpgradeFailure.self) { try UpgradeRunner(request).run() }
    #expect(failure.code == .asBefore)
    #expect(failure.state.contains("restored from snapshot"))
    #expect(failure.message.contains("RuntimeError: x"), "the first error is the one that is told")
    #expect(try DatabaseDump.text(path) == before)
  }

  @Test func `when the restore fails too, it says so and keeps the snapshot`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let versions = try Self.failingChain(scratch, failure: "raise RuntimeError('x')")
    var request = try request(path, scripts: versions)
    struct Vanished: Error {}
    request.progress = { progress in
      if progress.activity == "compare" || progress.activity == "restore" { throw Vanished() }
    }
    let failure = try #require(throws: UpgradeFailure.self) { try UpgradeRunner(request).run() }
    #expect(failure.code == .notRestored)
    #expect(failure.next.contains("xm-safe restore"))
    #expect(failure.snapshot != nil)
  }

  @Test(arguments: [ENOSPC, EIO])
  func `whichever file call fails, the database is old or new, as reported`(_ code: Int32) throws {
    let original = try Scratch()
    try SampleDatabases.legacy(original.file("a.sqlite3"))
    let before = try DatabaseDump.text(original.file("a.sqlite3"))
    var after: String?
    var number = 0
    while true {
      number += 1
      let scratch = try Scratch()
      let path = scratch.file("a.sqlite3")
      try SampleDatabases.legacy(path)
      let failing = FailingCalls(at: number, code: code)
      var hasFailed = false
      do {
        let files = FileSystem(calls: failing.calls)
        _ = try UpgradeRunner(try request(path, files: files)).run()
      } catch {
        hasFailed = true
      }
      let dump = try DatabaseDump.text(path)
      if failing.failed == nil { after = dump }
      if hasFailed, dump != before {
        // Only the sync of the directory after the commit may fail with the database new; it says so.
        #expect(failing.failed == "fsync" || failing.failed == "open" || failing.failed == "close")
      }
      guard failing.failed != nil else { break }
      let leftovers = try scratch.tree().filter { $0.contains(DurableFile.temporaryMark) }
      #expect(leftovers == [])
    }
    #expect(number > 15)
    #expect(after != before)
  }

  @Test func `nothing to do is said, and takes no snapshot`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    #expect(try UpgradeRunner(try request(path)).run().outcome == .created)
    let report = try UpgradeRunner(try request(path)).run()
    #expect(report.outcome == .nothingToDo)
    #expect(report.snapshot == nil)
    #expect(try Store(path: Store.defaultPath(for: path)).catalogue().snapshots.isEmpty)
  }

  @Test func `a database that cannot be created leaves nothing under its name`() throws {
    let scratch = try Scratch()
    let versions = try Self.failingChain(scratch, failure: "pass")
    let error = try #require(throws: UpgradeFailure.self) {
      try UpgradeRunner(try request(scratch.file("new.sqlite3"), scripts: versions)).run()
    }
    #expect(error.code == .asBefore)
    #expect(try scratch.names() == ["Backups", "versions"])
  }

  @Test func `a table that alembic left behind stops the upgrade in words`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    try SampleDatabases.create(path, ["CREATE TABLE _alembic_tmp_Job (a)"])
    let error = try #require(throws: UpgradeFailure.self) {
      try UpgradeRunner(try request(path)).run()
    }
    #expect(error.code == .refused)
    #expect(error.message.contains("_alembic_tmp_Job"))
  }

  @Test func `children keep their rows when their parent is rebuilt`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(
      path,
      [
        "CREATE TABLE p (id INTEGER PRIMARY KEY, v INTEGER)",
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p REFERENCES p (id) ON DELETE CASCADE)",
        "INSERT INTO p VALUES (1, 1)", "INSERT INTO c VALUES (1, 1), (2, 1)",
      ]
    )
    try scratch.write(
      """
      from alembic import op
      import sqlalchemy as sa
      revision = 'aaaa'
      down_revision = None
      def upgrade():
          op.execute('PRAGMA foreign_keys=ON')
          with op.batch_alter_table('p') as batch_op:
              batch_op.alter_column('v', type_=sa.BigInteger())
      """,
      to: "versions/aaaa.py"
    )
    _ = try UpgradeRunner(try request(path, scripts: scratch.file("versions"))).run()
    let connection = try Connection(opening: path, mode: .readWrite)
    #expect(try connection.rowCounts() == ["p": 1, "c": 2, "alembic_version": 1])
    try connection.close()
  }
}
