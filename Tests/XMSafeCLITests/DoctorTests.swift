import SQLite
import TestKit
import Testing

/// `doctor --fix`, asked of databases that the real alembic has damaged.
@Suite struct DoctorTests {
  @Test func `the three tries of alembic are mended, and the upgrade then runs`() throws {
    let world = try DoctorWorld()
    let scratch = world.scratch
    try world.environment()
    try world.script(
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
    #expect(try world.doctor(status: 0).isHealthy)
    try world.script(
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
    let refused = try Workshop.xmSafe(["upgrade"] + world.options)
    #expect(refused.status == 24, "\(refused)")
    #expect(refused.plainErrors.contains("xm-safe doctor --fix"))

    let before = try DatabaseDump.text(database)
    let found = try world.doctor(status: 25).problems("leftover-table")
    #expect(found.map(\.statements) == [["DROP TABLE \"_alembic_tmp_t1\""]])
    #expect(try DatabaseDump.text(database) == before, "without --fix nothing is written")
    let mended = try world.doctor(["--fix"], status: 0)
    #expect(mended.repaired.map(\.check) == ["leftover-table"])
    let upgraded = try Workshop.xmSafe(["upgrade"] + world.options)
    #expect(upgraded.status == 0, "\(upgraded)")
    let dump = try DatabaseDump.text(database)
    #expect(dump.contains("name VARCHAR(20) NOT NULL"))
    #expect(dump.contains("one") && dump.contains("two"))
    // The snapshot of the repair brings the damaged state back, for whoever wants to study it.
    let snapshots = try Workshop.xmSafe(["list", "--json"] + world.options).output
    #expect(snapshots.contains("\"manual\""))
  }

  @Test func `a snapshot that was found damaged is a finding`() throws {
    let subject = try Subject()
    let ids = [try subject.snapshot(), try subject.snapshot()]
    try subject.damage(ids[0])
    #expect(try subject.run(["doctor"]).output.contains("2 can be read"))
    try subject.run(["verify", "--all"], status: 22)
    let outcome = try subject.run(["doctor"], status: 25)
    #expect(
      outcome.output.contains(
        "1 of 2 snapshots was found damaged when every byte was read: \(ids[0])"
      ),
      "\(outcome)"
    )
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
    let world = try DoctorWorld()
    let scratch = world.scratch
    try world.environment()
    try world.script(
      "rev1",
      after: nil,
      ["op.create_table('t1', sa.Column('id', sa.Integer, primary_key=True))"]
    )
    let database = scratch.file("a.sqlite3")
    let scripts = scratch.file("scripts")
    #expect(try Workshop.alembicUpgrade(database, scripts: scripts).status == 0)
    try SampleDatabases.create(database, ["INSERT INTO t1 VALUES (1)"])
    let before = try DatabaseDump.text(database)
    try world.script("rev2", after: "rev1", half.body + ["raise RuntimeError('half-way')"])
    #expect(try Workshop.alembicUpgrade(database, scripts: scripts).status != 0)
    #expect(try DatabaseDump.text(database) != before)
    let found = try world.doctor(status: 25).problems("half-applied")
    #expect(found.flatMap(\.statements) == half.left)
    _ = try world.doctor(["--fix"], status: 0)
    #expect(try DatabaseDump.text(database) == before)
    try world.script("rev2", after: "rev1", half.body)
    let upgraded = try Workshop.xmSafe(["upgrade"] + world.options)
    #expect(upgraded.status == 0, "\(upgraded)")
  }

  @Test func `what holds rows is never removed`() throws {
    let world = try DoctorWorld()
    let scratch = world.scratch
    try world.script("rev1", after: nil, ["op.create_table('t1', sa.Column('id', sa.Integer))"])
    #expect(try Workshop.xmSafe(["upgrade"] + world.options).status == 0)
    try world.script(
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
    let report = try world.doctor(["--fix"], status: 25)
    #expect(report.problems("half-applied").map(\.repair) == [nil, nil])
    #expect(report.problems("leftover-table").map(\.repair) == [nil])
    #expect(report.checks.filter { $0.severity == "problem" }.allSatisfy { !$0.commands.isEmpty })
    #expect(try DatabaseDump.text(scratch.file("a.sqlite3")) == before)
  }

  @Test func `an original that is gone is brought back from its copy`() throws {
    let world = try DoctorWorld()
    let scratch = world.scratch
    try world.script("rev1", after: nil, ["op.create_table('t1', sa.Column('id', sa.Integer))"])
    #expect(try Workshop.xmSafe(["upgrade"] + world.options).status == 0)
    try SampleDatabases.create(
      scratch.file("a.sqlite3"),
      [
        "INSERT INTO t1 VALUES (1), (2)", "CREATE VIEW v AS SELECT * FROM t1",
        "CREATE TABLE _alembic_tmp_t1 (id INTEGER)", "INSERT INTO _alembic_tmp_t1 SELECT * FROM t1",
        "DROP TABLE t1",
      ]
    )
    #expect(try world.doctor(["--fix"], status: 0).repaired.count == 1)
    let connection = try Connection(opening: scratch.file("a.sqlite3"), mode: .readWrite)
    #expect(try connection.value("SELECT count(*) FROM v") == .integer(2))
    try connection.close()
  }

  @Test func `a bricked XManager database is mended, and migrated`() throws {
    let world = try DoctorWorld()
    let scratch = world.scratch
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
}
