import AlembicScripts
import Archive
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
      work: .upgrade(to: target),
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
    "op.execute('PRAGMA writable_schema' + '=ON')",
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

  @Test func `a proof that cannot run is no reason to overwrite the database`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let before = try DatabaseDump.text(path)
    let versions = try Self.failingChain(scratch, failure: "raise RuntimeError('x')")
    var request = try request(path, scripts: versions)
    struct Vanished: Error {}
    request.progress = { progress in
      if progress.activity == "compare" || progress.activity == "restore" { throw Vanished() }
    }
    // Large enough that the comparison reports progress.
    try SampleDatabases.create(
      path,
      ["CREATE TABLE big (a)", "INSERT INTO big VALUES (zeroblob(9000000))"]
    )
    let dump = try DatabaseDump.text(path)
    let failure = try #require(throws: UpgradeFailure.self) { try UpgradeRunner(request).run() }
    #expect(failure.code == .asBefore)
    #expect(failure.state.contains("rolled back"))
    #expect(failure.message.contains("RuntimeError: x"), "the first error is the one that is told")
    #expect(try DatabaseDump.text(path) == dump)
    #expect(dump != before)
    #expect(try request.store.catalogue().snapshots.count == 1, "nothing was restored over it")
  }

  @Test func `a writer that gets in after the rollback keeps its commit`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    try SampleDatabases.create(
      path,
      ["CREATE TABLE big (a)", "INSERT INTO big VALUES (zeroblob(9000000))"]
    )
    let versions = try Self.failingChain(scratch, failure: "raise RuntimeError('x')")
    // A process that waits for the write lock, commits as soon as it has it, and keeps it for a while.
    let program = """
      import sqlite3, sys
      db = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
      print("waiting", flush=True)
      db.execute("BEGIN IMMEDIATE")
      db.execute("INSERT INTO Experiment VALUES (7, 'theirs')")
      db.execute("COMMIT")
      """
    var request = try request(path, scripts: versions)
    var writer: Command.Running?
    request.progress = { progress in
      // The snapshot is taken under the write lock: a writer that starts now has to wait for the rollback.
      guard progress.activity == "snapshot", writer == nil else { return }
      writer = try Command.started([Workshop.python, "-c", program, path])
    }
    let failure = try #require(throws: UpgradeFailure.self) { try UpgradeRunner(request).run() }
    #expect(failure.code == .asBefore)
    #expect(try #require(writer).finish().status == 0)
    let connection = try Connection(opening: path, mode: .readWrite)
    #expect(try connection.value("SELECT Title FROM Experiment WHERE Id = 7") == .text("theirs"))
    #expect(try connection.value("SELECT count(*) FROM WorkUnit") == .integer(3))
    try connection.close()
  }

  @Test func `pages that were free before the upgrade do not spoil the proof`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    try SampleDatabases.create(
      path,
      [
        "CREATE TABLE big (a)",
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
        INSERT INTO big SELECT randomblob(1900) FROM n
        """,
        "DELETE FROM big WHERE rowid % 3 != 0",
      ]
    )
    let versions = try Self.failingChain(
      scratch,
      failure:
        "op.execute('CREATE TABLE more AS SELECT randomblob(1900) AS a FROM big, (SELECT 1 UNION SELECT 2)')\n"
        + "    raise RuntimeError('after the cache has overflowed')"
    )
    let dump = try DatabaseDump.text(path)
    let failure = try #require(throws: UpgradeFailure.self) {
      try UpgradeRunner(try request(path, scripts: versions)).run()
    }
    #expect(failure.code == .asBefore)
    #expect(failure.state.contains("exactly as it was before"))
    #expect(try DatabaseDump.text(path) == dump)
    let reasons = try Store(path: Store.defaultPath(for: path)).catalogue().snapshots.map(
      \.manifest.reason
    )
    #expect(reasons == [.preUpgrade], "nothing had to be restored")
  }

  @Test func `a log that another database left stops the creation of a new one`() throws {
    for suffix in ["-wal", "-journal"] {
      let scratch = try Scratch()
      try scratch.write("stale", to: "new.sqlite3" + suffix)
      let failure = try #require(throws: UpgradeFailure.self) {
        try UpgradeRunner(try request(scratch.file("new.sqlite3"))).run()
      }
      #expect(failure.code == .refused)
      #expect(try scratch.names() == ["new.sqlite3" + suffix])
    }
  }

  @Test func `a revision in the table that is not text is refused`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(
      path,
      [
        "CREATE TABLE alembic_version (version_num)",
        "INSERT INTO alembic_version VALUES (X'6161')",
      ]
    )
    #expect(throws: RevisionError.self) { try UpgradeRunner(try request(path)).run() }
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
      var failure: UpgradeFailure?
      do {
        let files = FileSystem(calls: failing.calls)
        _ = try UpgradeRunner(try request(path, files: files)).run()
      } catch let error as UpgradeFailure {
        failure = error
      } catch {
        #expect(error is FileError, "before the database was touched: \(error)")
      }
      let dump = try DatabaseDump.text(path)
      if failing.failed == nil { after = dump }
      if let failure {
        let isNew = dump != before
        #expect(isNew == (failure.code == .notRestored), "\(failure.state)")
        if isNew { #expect(failure.state.contains("the database is at f45829405692")) }
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
