import Foundation
import SQLite
import TestKit
import Testing

/// A chain of ten revisions with rebuilds, failed and killed before its statements, and xm-safe killed while it publishes.
@Suite struct AlembicSweepTests {
  static let chain = [
    "op.create_table('made', sa.Column('id', sa.Integer, primary_key=True), sa.Column('n', sa.Integer))",
    "op.execute(\"INSERT INTO made SELECT id, id * 2 FROM other\")",
    "with op.batch_alter_table('other') as batch:\n    batch.alter_column('value', type_=sa.String(30))",
    "op.create_index('ix_made_n', 'made', ['n'])",
    "op.add_column('parent', sa.Column('extra', sa.String(10), server_default='x'))",
    "op.execute(\"UPDATE parent SET extra = 'y' WHERE id = 2\")",
    "with op.batch_alter_table('made') as batch:\n    batch.add_column(sa.Column('m', sa.Integer))\n    batch.drop_column('n')\n    batch.drop_index('ix_made_n')",
    "op.rename_table('made', 'renamed')",
    "op.execute('CREATE VIEW v AS SELECT * FROM renamed')\nop.execute('CREATE TRIGGER tr AFTER INSERT ON renamed BEGIN UPDATE parent SET extra = 1; END')",
    "op.execute('INSERT INTO renamed VALUES (77, 7)')\nop.drop_table('child')",
  ]

  /// The generic env.py, which raises or dies before a statement whose number the environment gives, and writes how many there were.
  static let environment = """
    import os
    import signal
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    count = 0

    @event.listens_for(Engine, "before_cursor_execute")
    def before(connection, cursor, statement, parameters, context, executemany):
        global count
        count += 1
        if str(count) == os.environ.get("FAIL_AT"):
            raise RuntimeError("injected")
        if str(count) == os.environ.get("KILL_AT"):
            os.kill(os.getpid(), signal.SIGKILL)

    \(AlembicProjectFixture.genericEnvironment)
    open("count", "w").write(str(count))
    """

  /// All of them when it is asked for, else a sample.
  static var stride: Int {
    ProcessInfo.processInfo.environment["XM_SAFE_TEST_WHOLE_SWEEP"] == nil ? 17 : 1
  }

  @Test(arguments: AlembicStack.allCases)
  func `a chain of ten, failed or killed before whatever statement, is as before`(
    _ stack: AlembicStack
  ) throws {
    let project = try AlembicProjectFixture(
      stack,
      scripts: Self.chain,
      environment: Self.environment
    )
    let before = try project.dump()
    let plain = try project.plain()
    #expect(plain.status == 0, "\(plain)")
    let text = try String(contentsOfFile: project.scratch.file("plain/count"), encoding: .utf8)
    let count = try #require(Int(text))
    #expect(count > 40)
    for variable in ["FAIL_AT", "KILL_AT"] {
      for number in Swift.stride(from: 1, through: count, by: Self.stride) {
        let outcome = try project.guarded(environment: [variable: "\(number)"])
        #expect(outcome.status == 20, "\(variable) \(number): \(outcome)")
        #expect(try project.dump() == before, "\(variable) \(number)")
        #expect(try project.leftovers() == [], "\(variable) \(number)")
      }
    }
    let outcome = try project.guarded()
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try project.dump() == project.dump("plain"))
  }

  @Test(arguments: ["DELETE", "WAL"])
  func `xm-safe killed while it publishes, the next command finds before or after`(
    _ mode: String
  ) throws {
    let project = try AlembicProjectFixture(scripts: [
      "op.execute('CREATE TABLE large AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400) SELECT i, randomblob(900) AS b FROM n')",
      "op.drop_table('child')",
    ])
    try SampleDatabases.create(project.database, ["PRAGMA journal_mode=\(mode)"])
    let original = project.scratch.file("original.db")
    try FileManager.default.copyItem(atPath: project.database, toPath: original)
    let before = try project.dump()
    var found: Set<String> = []
    // Without -f only the thread that works on the database is traced, and not the project's Python.
    for call in ["pwrite64", "fsync", "fdatasync", "unlink"] {
      for turn in Swift.stride(from: 1, through: 400, by: call == "pwrite64" ? Self.stride : 3) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
          try? FileManager.default.removeItem(atPath: project.database + suffix)
        }
        try FileManager.default.copyItem(atPath: original, toPath: project.database)
        let outcome = try Command.run(
          [
            "strace", "-o", "/dev/null", "-e", "inject=\(call):signal=KILL:when=\(turn)",
            Workshop.program, "upgrade", "--engine", "alembic", "--python", Workshop.python,
          ],
          in: project.scratch.file("guarded")
        )
        if outcome.status == 0 { break }
        let next = try Workshop.xmSafe(["current"], in: project.scratch.file("guarded"))
        #expect(next.status == 0, "\(call) \(turn): \(next)")
        let isAfter = next.output.hasPrefix("r3")
        found.insert(isAfter ? "after" : "before")
        if isAfter {
          let database = try Connection(opening: project.database, mode: .readWrite)
          #expect(try database.tableNames().contains("child") == false)
          #expect(try database.value("SELECT count(*) FROM large")?.integerValue == 400)
          #expect(try database.integrityCheck() == [])
          try database.close()
        } else {
          #expect(try project.dump() == before, "\(call) \(turn): \(next)")
        }
        // A journal that was only begun is not hot: SQLite leaves it to the next writer.
        let leftovers = try project.leftovers().filter { $0 != "app.db-journal" }
        #expect(leftovers == [], "\(call) \(turn)")
      }
    }
    #expect(found == ["before", "after"])
  }
}
