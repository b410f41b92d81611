import Foundation
import SQLite
import TestKit
import Testing

/// `doctor`, asked of databases that the real alembic has damaged, and of others.
@Suite struct DoctorTests {
  private static let header = "from alembic import op\nimport sqlalchemy as sa\n"

  private func script(
    _ scratch: Scratch,
    _ id: String,
    after down: String?,
    _ body: [String]
  ) throws {
    try scratch.write(
      Self.header
        + "revision = '\(id)'\ndown_revision = \(down.map { "'\($0)'" } ?? "None")\n\ndef upgrade():\n"
        + body.map { "    \($0)\n" }.joined(),
      to: "scripts/versions/\(id).py"
    )
  }

  /// The env.py that alembic's own template has, without a model.
  private func environment(_ scratch: Scratch) throws {
    try scratch.write(
      """
      from alembic import context
      from sqlalchemy import engine_from_config, pool
      config = context.config
      def run_migrations_online():
          connectable = engine_from_config(
              config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool)
          with connectable.connect() as connection:
              context.configure(connection=connection, target_metadata=None)
              with context.begin_transaction():
                  context.run_migrations()
      run_migrations_online()
      """,
      to: "scripts/env.py"
    )
  }

  private func options(_ scratch: Scratch) -> [String] {
    ["--db", scratch.file("a.sqlite3"), "--scripts", scratch.file("scripts")]
  }

  struct Report: Decodable {
    struct Check: Decodable {
      var check: String
      var severity: String
      var what: String
      var repair: String?
      var statements: [String]
      var commands: [String]
    }
    var isHealthy: Bool
    var checks: [Check]
    var repaired: [Check]

    func problems(_ name: String) -> [Check] {
      checks.filter { $0.check == name && $0.severity == "problem" }
    }
  }

  private func doctor(
    _ scratch: Scratch,
    _ arguments: [String] = [],
    status: Int32
  ) throws -> Report {
    let outcome = try Workshop.xmSafe(["doctor", "--json"] + arguments + options(scratch))
    #expect(outcome.status == status, "\(outcome)")
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  @Test func `the three tries of alembic are mended, and the upgrade then runs`() throws {
    let scratch = try Scratch()
    try environment(scratch)
    try script(
      scratch,
      "rev1",
      after: nil,
      [
        "op.create_table('t1', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(20)))",
        "op.execute(\"INSERT INTO t1 VALUES (1, 'one'), (2, NULL)\")",
      ]
    )
    let database = scratch.file("a.sqlite3")
    let scripts = scratch.file("scripts")
    #expect(try Workshop.alembicUpgrade(database, scripts: scripts).status == 0)
    #expect(try doctor(scratch, status: 0).isHealthy)
    try script(
      scratch,
      "rev2",
      after: "rev1",
      [
        "with op.batch_alter_table('t1') as batch_op:",
        "    batch_op.alter_column('name', existing_type=sa.String(20), nullable=False)",
      ]
    )
    let first = try Workshop.alembicUpgrade(database, scripts: scripts)
    #expect(first.errors.contains("NOT NULL constraint failed"), "\(first)")
    let second = try Workshop.alembicUpgrade(database, scripts: scripts)
    #expect(second.errors.contains("table _alembic_tmp_t1 already exists"), "\(second)")
    try SampleDatabases.create(database, ["UPDATE t1 SET name = 'two' WHERE name IS NULL"])
    let third = try Workshop.alembicUpgrade(database, scripts: scripts)
    #expect(third.errors.contains("table _alembic_tmp_t1 already exists"), "\(third)")
    let refused = try Workshop.xmSafe(["upgrade"] + options(scratch))
    #expect(refused.status == 24, "\(refused)")
    #expect(refused.errors.contains("xm-safe doctor --fix"))

    let before = try DatabaseDump.text(database)
    let found = try doctor(scratch, status: 25).problems("leftover-table")
    #expect(found.map(\.statements) == [["DROP TABLE \"_alembic_tmp_t1\""]])
    #expect(try DatabaseDump.text(database) == before, "without --fix nothing is written")
    let mended = try doctor(scratch, ["--fix"], status: 0)
    #expect(mended.repaired.map(\.check) == ["leftover-table"])
    let upgraded = try Workshop.xmSafe(["upgrade"] + options(scratch))
    #expect(upgraded.status == 0, "\(upgraded)")
    let dump = try DatabaseDump.text(database)
    #expect(dump.contains("name VARCHAR(20) NOT NULL"))
    #expect(dump.contains("one") && dump.contains("two"))
    // The snapshot of the repair brings the damaged state back, for whoever wants to study it.
    let snapshots = try Workshop.xmSafe(["list", "--json"] + options(scratch)).output
    #expect(snapshots.contains("\"manual\""))
  }

  struct Half: CustomTestStringConvertible, Sendable {
    var name: String
    var body: [String]
    var later: [String]
    var left: [String]
    var testDescription: String { name }

    static let all = [
      Half(
        name: "a table, an index and a column",
        body: [
          "op.create_table('t2', sa.Column('id', sa.Integer, primary_key=True), sa.Column('v', sa.String(9)))",
          "op.create_index('ix_v', 't2', ['v'])",
          "op.add_column('t1', sa.Column('x', sa.Integer))",
          "op.create_index('ix_x', 't1', ['id'])",
        ],
        later: [],
        left: [
          "DROP TABLE \"t2\"", "ALTER TABLE \"t1\" DROP COLUMN \"x\"", "DROP INDEX \"ix_x\"",
        ]
      ),
      Half(
        name: "a table of SQL's own making",
        body: ["op.execute('CREATE TABLE \"t 3\" (id INTEGER)')"],
        later: [],
        left: ["DROP TABLE \"t 3\""]
      ),
    ]
  }

  @Test(arguments: Half.all)
  func `what the real alembic leaves of a revision that raises is removed`(_ half: Half) throws {
    let scratch = try Scratch()
    try environment(scratch)
    try script(
      scratch,
      "rev1",
      after: nil,
      ["op.create_table('t1', sa.Column('id', sa.Integer, primary_key=True))"]
    )
    let database = scratch.file("a.sqlite3")
    let scripts = scratch.file("scripts")
    #expect(try Workshop.alembicUpgrade(database, scripts: scripts).status == 0)
    try SampleDatabases.create(database, ["INSERT INTO t1 VALUES (1)"])
    let before = try DatabaseDump.text(database)
    try script(scratch, "rev2", after: "rev1", half.body + ["raise RuntimeError('half-way')"])
    #expect(try Workshop.alembicUpgrade(database, scripts: scripts).status != 0)
    #expect(try DatabaseDump.text(database) != before)
    let found = try doctor(scratch, status: 25).problems("half-applied")
    #expect(found.flatMap(\.statements) == half.left)
    _ = try doctor(scratch, ["--fix"], status: 0)
    #expect(try DatabaseDump.text(database) == before)
    try script(scratch, "rev2", after: "rev1", half.body)
    let upgraded = try Workshop.xmSafe(["upgrade"] + options(scratch))
    #expect(upgraded.status == 0, "\(upgraded)")
  }

  @Test func `what holds rows is never removed`() throws {
    let scratch = try Scratch()
    try script(scratch, "rev1", after: nil, ["op.create_table('t1', sa.Column('id', sa.Integer))"])
    #expect(try Workshop.xmSafe(["upgrade"] + options(scratch)).status == 0)
    try script(
      scratch,
      "rev2",
      after: "rev1",
      [
        "op.create_table('t2', sa.Column('id', sa.Integer))",
        "op.add_column('t1', sa.Column('x', sa.Integer))",
      ]
    )
    try SampleDatabases.create(
      scratch.file("a.sqlite3"),
      [
        "CREATE TABLE t2 (\n\tid INTEGER\n)", "INSERT INTO t2 VALUES (1)",
        "ALTER TABLE t1 ADD COLUMN x INTEGER", "INSERT INTO t1 VALUES (1, 7)",
        "CREATE TABLE _alembic_tmp_t1 (id INTEGER, x INTEGER)",
        "INSERT INTO _alembic_tmp_t1 VALUES (2, 8)",
      ]
    )
    let before = try DatabaseDump.text(scratch.file("a.sqlite3"))
    let report = try doctor(scratch, ["--fix"], status: 25)
    #expect(report.problems("half-applied").map(\.repair) == [nil, nil])
    #expect(report.problems("leftover-table").map(\.repair) == [nil])
    #expect(report.checks.filter { $0.severity == "problem" }.allSatisfy { !$0.commands.isEmpty })
    #expect(try DatabaseDump.text(scratch.file("a.sqlite3")) == before)
  }

  @Test func `an original that is gone is brought back from its copy`() throws {
    let scratch = try Scratch()
    try script(scratch, "rev1", after: nil, ["op.create_table('t1', sa.Column('id', sa.Integer))"])
    #expect(try Workshop.xmSafe(["upgrade"] + options(scratch)).status == 0)
    try SampleDatabases.create(
      scratch.file("a.sqlite3"),
      [
        "INSERT INTO t1 VALUES (1), (2)", "CREATE VIEW v AS SELECT * FROM t1",
        "CREATE TABLE _alembic_tmp_t1 (id INTEGER)", "INSERT INTO _alembic_tmp_t1 SELECT * FROM t1",
        "DROP TABLE t1",
      ]
    )
    #expect(try doctor(scratch, ["--fix"], status: 0).repaired.count == 1)
    let connection = try Connection(opening: scratch.file("a.sqlite3"), mode: .readWrite)
    #expect(try connection.value("SELECT count(*) FROM v") == .integer(2))
    try connection.close()
  }

  @Test func `a bricked XManager database is mended, and migrated`() throws {
    let scratch = try Scratch()
    let database = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(database)
    // What another writer's lock at the fourth statement leaves.
    try SampleDatabases.create(
      database,
      [
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)",
        "DROP TABLE VersionHistory",
        "CREATE TABLE _alembic_tmp_Experiment (experiment_id BIGINT, experiment_title VARCHAR(255))",
      ]
    )
    let stuck = try Workshop.alembicUpgrade(database, scripts: Workshop.xmanagerScripts)
    #expect(stuck.errors.contains("table experiment already exists"), "\(stuck)")
    let options = ["--db", database, "--scripts", Workshop.xmanagerScripts]
    let found = try Workshop.xmSafe(["doctor"] + options)
    #expect(found.status == 25, "\(found)")
    #expect(found.output.contains("legacy XManager database whose table VersionHistory is gone"))
    let mended = try Workshop.xmSafe(["doctor", "--fix"] + options)
    #expect(mended.status == 0, "\(mended)")
    let upgraded = try Workshop.xmSafe(["upgrade"] + options)
    #expect(upgraded.status == 0, "\(upgraded)")
    #expect(try DatabaseDump.text(database).contains("cifar sweep"))
  }

  struct Rows: CustomTestStringConvertible, Sendable {
    var name: String
    var rows: [String]
    var words: String
    var testDescription: String { name }

    static let all = [
      Rows(name: "unknown", rows: ["zzzz"], words: "which these scripts do not have"),
      Rows(name: "two applications", rows: ["rev1", "zzzz"], words: "two applications"),
      Rows(name: "overlapping", rows: ["rev1", "rev2"], words: "overlaps"),
    ]
  }

  @Test(arguments: Rows.all) func `version rows that cannot be are explained`(_ rows: Rows) throws {
    let scratch = try Scratch()
    try script(scratch, "rev1", after: nil, ["pass"])
    try script(scratch, "rev2", after: "rev1", ["pass"])
    try SampleDatabases.create(
      scratch.file("a.sqlite3"),
      ["CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"]
        + rows.rows.map { "INSERT INTO alembic_version VALUES ('\($0)')" }
    )
    let found = try doctor(scratch, ["--fix"], status: 25).problems("version-rows")
    #expect(found.count == 1)
    #expect(found.first?.what.contains(rows.words) == true)
    #expect(found.first?.commands.isEmpty == false)
  }

  @Test func `a schema without a version is recognised, and the command for it works`() throws {
    let scratch = try Scratch()
    try script(scratch, "rev1", after: nil, ["op.create_table('t1', sa.Column('id', sa.Integer))"])
    try script(
      scratch,
      "rev2",
      after: "rev1",
      ["op.add_column('t1', sa.Column('x', sa.Integer))"]
    )
    try script(scratch, "rev3", after: "rev2", ["op.drop_table('t1')"])
    try SampleDatabases.create(
      scratch.file("a.sqlite3"),
      ["CREATE TABLE t1 (x INTEGER, id INTEGER)"]
    )
    let found = try doctor(scratch, status: 25).problems("version-rows")
    #expect(found.first?.what.contains("are those of revision rev2") == true)
    let command = try #require(found.first?.commands.last)
    #expect(try Command.run(["sh", "-c", command]).status == 0)
    #expect(try doctor(scratch, status: 0).isHealthy)
    #expect(try Workshop.xmSafe(["current"] + options(scratch)).output == "rev2\n")
  }

  @Test func `damage, damaged archives and what is left in the store are told`() throws {
    let scratch = try Scratch()
    try script(scratch, "rev1", after: nil, ["op.create_table('t1', sa.Column('id', sa.Integer))"])
    #expect(try Workshop.xmSafe(["upgrade"] + options(scratch)).status == 0)
    try scratch.write("killed", to: "Backups/.x.xm-safe-partial-1")
    let mended = try doctor(scratch, ["--fix"], status: 0)
    #expect(mended.repaired.map(\.check) == ["store"])
    #expect(try !scratch.names(in: "Backups").contains(".x.xm-safe-partial-1"))
    try scratch.write("no archive", to: "Backups/20260101T000000Z-base-manual-00000000.sqlite3.gz")
    #expect(try doctor(scratch, status: 25).problems("snapshots").count == 1)
    try SampleDatabases.large(scratch.file("b.sqlite3"), rows: 100)
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: scratch.file("b.sqlite3")))
    try file.seek(toOffset: 8192)
    try file.write(contentsOf: Data(repeating: 0xff, count: 4096))
    try file.close()
    let damaged = try Workshop.xmSafe(["doctor", "--db", scratch.file("b.sqlite3")])
    #expect(damaged.status == 25, "\(damaged)")
    #expect(damaged.output.contains("problem   integrity: the database is damaged"))
  }

  @Test func `who holds a lock, and who may read the file, is told`() throws {
    let scratch = try Scratch()
    try SampleDatabases.large(scratch.file("a.sqlite3"), rows: 10)
    #expect(chmod(scratch.file("a.sqlite3"), 0o644) == 0)
    let writer = try Connection(opening: scratch.file("a.sqlite3"), mode: .readWrite)
    try writer.beginImmediate()
    let outcome = try Workshop.xmSafe(["doctor", "--db", scratch.file("a.sqlite3")])
    try writer.rollback()
    try writer.close()
    #expect(outcome.status == 0, "\(outcome)")
    let id = ProcessInfo.processInfo.processIdentifier
    #expect(outcome.output.contains("warning   locks: process \(id) ("))
    #expect(outcome.output.contains("chmod go-rwx"))
    #expect(outcome.output.hasSuffix("is healthy\n"))
  }
}
