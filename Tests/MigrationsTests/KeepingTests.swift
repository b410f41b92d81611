import AlembicScripts
import Foundation
import Logging
import Migrations
import Revisions
import SQLite
import TestKit
import Testing

/// Something that alembic's rebuild loses, and what shows whether it is there.
struct LossCase: CustomTestStringConvertible, Sendable {
  var name: String
  var database: [String]
  /// The body of `upgrade()`.
  var upgrade = "with op.batch_alter_table('t', recreate='always'): pass"
  /// Whether what alembic leaves is a matter of chance.
  var isRandom = false
  /// Statements whose results, or errors, tell.
  var probes: [String]
  var testDescription: String { name }
}

/// `keepsEverything`: the default is alembic's result, and the switch keeps what it loses.
@Suite struct KeepingTests {
  private static let rows = "INSERT INTO t (id, name, n) VALUES (1, 'One', 5), (2, 'two', 7)"
  private static let plain =
    "CREATE TABLE t (id INTEGER NOT NULL, name TEXT, n INTEGER, PRIMARY KEY (id))"

  static let cases = [
    LossCase(
      name: "triggers",
      database: [
        plain, "CREATE TABLE log (x)", rows,
        "CREATE TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO log VALUES (NEW.n); END",
      ],
      probes: [
        "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'",
        "INSERT INTO t (n) VALUES (9); SELECT * FROM log",
      ]
    ),
    LossCase(
      name: "AUTOINCREMENT, and where it is",
      database: [
        "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, name TEXT, n INTEGER)",
        rows, "INSERT INTO t (id) VALUES (50)", "DELETE FROM t WHERE id = 50",
      ],
      probes: [
        "SELECT name, seq FROM sqlite_sequence",
        "INSERT INTO t (n) VALUES (9); SELECT max(id) FROM t",
      ]
    ),
    LossCase(
      name: "AUTOINCREMENT of a table that was never written to",
      database: ["CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, n INTEGER)"],
      probes: [
        "INSERT INTO t VALUES (70, 1); DELETE FROM t; INSERT INTO t (n) VALUES (1); SELECT id FROM t"
      ]
    ),
    LossCase(
      name: "COLLATE of columns, with whatever type",
      database: [
        "CREATE TABLE t (id INTEGER NOT NULL, name VARCHAR(9) DEFAULT 'x' COLLATE NOCASE NOT NULL, n INTEGER COLLATE RTRIM, PRIMARY KEY (id))",
        rows,
      ],
      probes: [
        "SELECT id FROM t WHERE name = 'ONE'",
        "INSERT INTO t VALUES (9, 'z', 'a  '); SELECT id FROM t WHERE n = 'a'",
      ]
    ),
    LossCase(
      name: "DESC in an index",
      database: [plain, rows, "CREATE INDEX ix ON t (n DESC, name)"],
      probes: ["SELECT sql FROM sqlite_schema WHERE name = 'ix'"]
    ),
    LossCase(
      name: "COLLATE in an index",
      database: [plain, rows, "CREATE UNIQUE INDEX ix ON t (name COLLATE NOCASE)"],
      probes: ["INSERT INTO t VALUES (9, 'ONE', 1)"]
    ),
    LossCase(
      name: "an index on an expression",
      database: [plain, rows, "CREATE UNIQUE INDEX ix ON t (lower(name), n)"],
      probes: [
        "SELECT sql FROM sqlite_schema WHERE name = 'ix'", "INSERT INTO t VALUES (9, 'ONE', 5)",
      ]
    ),
    LossCase(
      name: "a condition of a partial index that goes on",
      database: [plain, rows, "CREATE UNIQUE INDEX ix ON t (name) WHERE n > 1\n AND n < 6"],
      probes: ["INSERT INTO t VALUES (9, 'two', 8)", "INSERT INTO t VALUES (9, 'One', 5)"]
    ),
    LossCase(
      name: "CHECK constraints without a name",
      database: [
        "CREATE TABLE t (id INTEGER NOT NULL, name TEXT, n INTEGER CHECK (n <> 6), CHECK (name <> ':x' AND n > 0), PRIMARY KEY (id))",
        rows,
      ],
      probes: [
        "INSERT INTO t VALUES (9, 'x', 6)", "INSERT INTO t VALUES (9, 'x', 0)",
        "INSERT INTO t VALUES (9, ':x', 1)",
      ]
    ),
    LossCase(
      name: "ON DELETE, ON UPDATE and DEFERRABLE of references inside columns",
      database: [
        "CREATE TABLE p (id INTEGER PRIMARY KEY)", "INSERT INTO p VALUES (5), (7)",
        "CREATE TABLE t (id INTEGER NOT NULL, name TEXT, n INTEGER CONSTRAINT fk REFERENCES p (id) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED, PRIMARY KEY (id))",
        rows,
      ],
      probes: [
        "PRAGMA foreign_key_list(t)",
        "PRAGMA foreign_keys=ON; DELETE FROM p WHERE id = 5; SELECT id FROM t",
        "PRAGMA foreign_keys=ON; UPDATE p SET id = 8 WHERE id = 7; SELECT n FROM t",
        "PRAGMA foreign_keys=ON; BEGIN; INSERT INTO t VALUES (9, 'x', 99); SELECT count(*) FROM t",
      ]
    ),
    LossCase(
      name: "two constraints of one name",
      database: [
        "CREATE TABLE t (id INTEGER NOT NULL, name TEXT, n INTEGER, PRIMARY KEY (id), CONSTRAINT c CHECK (n > 1), CONSTRAINT c CHECK (n < 9))",
        rows,
      ],
      isRandom: true,
      probes: ["INSERT INTO t VALUES (9, 'x', 1)", "INSERT INTO t VALUES (9, 'x', 9)"]
    ),
    LossCase(
      name: "types that SQLAlchemy does not know",
      database: [
        "CREATE TABLE t (id INTEGER NOT NULL, name UUID_TEXT, n money, PRIMARY KEY (id))", rows,
      ],
      probes: ["SELECT name, type FROM pragma_table_info('t')"]
    ),
    LossCase(
      name: "UNIQUE inside a column whose type has a length",
      database: [
        "CREATE TABLE t (id INTEGER NOT NULL, name VARCHAR(10) UNIQUE, n INTEGER, PRIMARY KEY (id))",
        rows,
      ],
      probes: ["INSERT INTO t VALUES (9, 'One', 9)"]
    ),
    LossCase(
      name: "everything at once, in a batch that does something",
      database: [
        "CREATE TABLE p (id INTEGER PRIMARY KEY)", "INSERT INTO p VALUES (5), (7)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT COLLATE NOCASE, n INTEGER REFERENCES p (id) ON DELETE SET NULL, old TEXT, CHECK (length(name) > 1))",
        rows, "CREATE INDEX ix ON t (n DESC)", "CREATE INDEX ix_e ON t (abs(n))",
        "CREATE TRIGGER tr AFTER DELETE ON t BEGIN SELECT RAISE(ABORT, 'never'); END",
      ],
      upgrade: """
        with op.batch_alter_table('t') as batch_op:
            batch_op.drop_column('old')
            batch_op.add_column(sa.Column('fresh', sa.Text()))
        """,
      probes: [
        "SELECT type, name, CASE type WHEN 'table' THEN '' ELSE sql END FROM sqlite_schema WHERE name <> 'alembic_version' AND name NOT LIKE 'sqlite_autoindex%' ORDER BY name",
        "SELECT * FROM sqlite_sequence", "PRAGMA foreign_key_list(t)",
        "SELECT id FROM t WHERE name = 'ONE'", "INSERT INTO t (name) VALUES ('x')",
        "DELETE FROM t",
      ]
    ),
  ]

  @Test(arguments: cases)
  func `alembic's result by default, and nothing lost with the switch`(_ test: LossCase) throws {
    let scratch = try Scratch()
    let script = ConformanceCase(name: test.name, upgrade: test.upgrade).script
    try scratch.write(script, to: "scripts/versions/aaaa1111_x.py")
    let environment = ConformanceTests.environment.replacingOccurrences(
      of: "METADATA",
      with: "None"
    )
    try scratch.write(environment, to: "scripts/env.py")
    for name in ["theirs", "default", "kept"] {
      try SampleDatabases.create(scratch.file(name), test.database)
    }
    let before = try facts(scratch, "theirs", test)
    let oracle = try Workshop.alembicUpgrade(
      scratch.file("theirs"),
      scripts: scratch.file("scripts")
    )
    #expect(oracle.status == 0, "\(oracle)")
    let losses = try upgrade(scratch, "default", keepsEverything: false)
    let left = try ["default", "theirs"].map { try DatabaseDump.text(scratch.file($0)) }
    #expect(test.isRandom || left[0] == left[1])
    #expect(!losses.isEmpty)
    #expect(try facts(scratch, "default", test) != before, "the case loses nothing")
    #expect(try upgrade(scratch, "kept", keepsEverything: true).isEmpty)
    #expect(try facts(scratch, "kept", test) == before)
  }

  @Test func `what names a column that is renamed is told, not kept wrongly`() throws {
    let scratch = try Scratch()
    let script = ConformanceCase(
      name: "x",
      upgrade: """
        with op.batch_alter_table('t') as batch_op:
            batch_op.alter_column('name', new_column_name='title', existing_type=sa.Text())
        """
    ).script
    try scratch.write(script, to: "scripts/versions/aaaa1111_x.py")
    try SampleDatabases.create(
      scratch.file("kept"),
      [
        Self.plain, Self.rows, "CREATE INDEX ix ON t (lower(Name))",
        "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT NEW.name; END",
        "CREATE TRIGGER other AFTER INSERT ON t BEGIN SELECT NEW.n; END",
      ]
    )
    let losses = try upgrade(scratch, "kept", keepsEverything: true)
    #expect(
      losses == ["the index ix is gone, as it is on an expression", "the trigger tr is gone"]
    )
  }

  /// Upgrades one of the databases; what was lost.
  private func upgrade(
    _ scratch: Scratch,
    _ name: String,
    keepsEverything: Bool
  ) throws -> [String] {
    let configuration = try AlembicConfiguration(scripts: scratch.file("scripts"))
    let scripts = try ScriptDirectory(
      versions: configuration.revisions.versionDirectories,
      environment: configuration.scriptDirectory
    )
    let plan = try scripts.graph.upgradePlan(to: .head, rows: [])
    try scripts.check(plan)
    let live = try Connection(opening: scratch.file(name), mode: .readWrite)
    try live.execute("PRAGMA foreign_keys=OFF")
    try live.beginImmediate()
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    var losses: [String] = []
    try MigrationRunner(
      scripts: scripts,
      versionTable: VersionTable(),
      migrationLogger: logger,
      logger: logger,
      keepsEverything: keepsEverything,
      observe: { losses += $0.losses.map(\.what) }
    ).run(plan, on: live)
    try live.commit()
    try live.close()
    return losses
  }

  /// What the probes say, each on a copy of its own.
  private func facts(_ scratch: Scratch, _ name: String, _ test: LossCase) throws -> [String] {
    try test.probes.map { probe in
      let copy = scratch.file("probe")
      try Data(contentsOf: URL(fileURLWithPath: scratch.file(name)))
        .write(to: URL(fileURLWithPath: copy))
      let connection = try Connection(opening: copy, mode: .readWrite)
      defer { try? connection.close() }
      var answer = ""
      for statement in probe.split(separator: "; ") {
        // A trigger's body has semicolons of its own, and no probe has a trigger.
        do {
          answer = "\(try connection.query(String(statement)))"
        } catch {
          answer = (error as? SQLiteError)?.message ?? "\(error)"
        }
      }
      return answer
    }
  }
}
