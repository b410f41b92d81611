import SQLite
import TestKit
import Testing

/// Tables that a rebuild has left: which of them go, and which hold something that nothing else has.
@Suite struct DoctorLeftoverTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var setUp: [String]
    /// What `--fix` executes; empty where somebody has to decide.
    var statements: [String] = []
    var words: String

    static let drop = ["DROP TABLE \"_alembic_tmp_t\""]
    static let long = String(repeating: "l", count: 40)

    static let all = [
      Case(
        testDescription: "another case of letters under NOCASE",
        setUp: [
          "CREATE TABLE t (n TEXT COLLATE NOCASE)", "INSERT INTO t VALUES ('A')",
          "CREATE TABLE _alembic_tmp_t (n TEXT COLLATE NOCASE)",
          "INSERT INTO _alembic_tmp_t VALUES ('a')",
        ],
        words: "that 't' does not all have"
      ),
      Case(
        testDescription: "1.0 where the original has 1",
        setUp: [
          "CREATE TABLE t (n)", "INSERT INTO t VALUES (1)", "CREATE TABLE _alembic_tmp_t (n)",
          "INSERT INTO _alembic_tmp_t VALUES (1.0)",
        ],
        words: "that 't' does not all have"
      ),
      Case(
        testDescription: "a blob where the original has text",
        setUp: [
          "CREATE TABLE t (n)", "INSERT INTO t VALUES ('A')", "CREATE TABLE _alembic_tmp_t (n)",
          "INSERT INTO _alembic_tmp_t VALUES (x'41')",
        ],
        words: "that 't' does not all have"
      ),
      Case(
        testDescription: "one row more often than the original has it",
        setUp: [
          "CREATE TABLE t (n)", "INSERT INTO t VALUES (1), (2), (3)",
          "CREATE TABLE _alembic_tmp_t (n)", "INSERT INTO _alembic_tmp_t VALUES (1), (1), (1)",
        ],
        words: "that 't' does not all have"
      ),
      Case(
        testDescription: "all of it, NULL and text that is no UTF-8 as well",
        setUp: [
          "CREATE TABLE t (n, m)",
          "INSERT INTO t VALUES (1, NULL), (2, CAST(x'fc' AS TEXT)), (1, NULL)",
          "CREATE TABLE _alembic_tmp_t (n, m)", "INSERT INTO _alembic_tmp_t SELECT * FROM t",
        ],
        statements: drop,
        words: "is left, with 3 rows; 't' is whole"
      ),
      Case(
        testDescription: "a new column that is empty, and one that has its default",
        setUp: [
          "CREATE TABLE t (id INTEGER PRIMARY KEY, n)", "INSERT INTO t VALUES (1, 2)",
          "CREATE TABLE _alembic_tmp_t (id INTEGER PRIMARY KEY, n, z, y TEXT DEFAULT 'it')",
          "INSERT INTO _alembic_tmp_t (id, n) VALUES (1, 2)",
        ],
        statements: drop,
        words: "is left, with 1 row; 't' is whole"
      ),
      Case(
        testDescription: "a new column with a value",
        setUp: [
          "CREATE TABLE t (id INTEGER PRIMARY KEY, n)", "INSERT INTO t VALUES (1, 2)",
          "CREATE TABLE _alembic_tmp_t (id INTEGER PRIMARY KEY, n, z DEFAULT 1)",
          "INSERT INTO _alembic_tmp_t VALUES (1, 2, 3)",
        ],
        words: "with 1 value in its column 'z'"
      ),
      Case(
        testDescription: "the original in other letters",
        setUp: [
          "CREATE TABLE T (id INTEGER PRIMARY KEY, n)", "INSERT INTO T VALUES (1, 2)",
          "CREATE TABLE _alembic_tmp_t (id INTEGER PRIMARY KEY, N)",
          "INSERT INTO _alembic_tmp_t VALUES (1, 2)",
        ],
        statements: drop,
        words: "is left, with 1 row; 'T' is whole"
      ),
      Case(
        testDescription: "an original that is a view",
        setUp: [
          "CREATE TABLE r (id)", "CREATE VIEW t AS SELECT * FROM r",
          "CREATE TABLE _alembic_tmp_t (id)", "INSERT INTO _alembic_tmp_t VALUES (1)",
        ],
        words: "holds 1 row, and 't' is no table"
      ),
      Case(
        testDescription: "a trigger on the copy",
        setUp: [
          "CREATE TABLE t (id)", "CREATE TABLE _alembic_tmp_t (id)",
          "CREATE TRIGGER mine AFTER INSERT ON _alembic_tmp_t BEGIN SELECT 1; END",
        ],
        words: "'t' is whole; but the trigger 'mine' is made on it"
      ),
      Case(
        testDescription: "a name that alembic has cut, with the original there",
        setUp: [
          "CREATE TABLE \(long) (id)", "INSERT INTO \(long) VALUES (1)",
          "CREATE TABLE _alembic_tmp_\(long.prefix(37)) (id)",
          "INSERT INTO _alembic_tmp_\(long.prefix(37)) VALUES (1)",
        ],
        statements: ["DROP TABLE \"_alembic_tmp_\(long.prefix(37))\""],
        words: "is whole"
      ),
      Case(
        testDescription: "a name that alembic has cut, with the original gone",
        setUp: [
          "CREATE TABLE _alembic_tmp_\(long.prefix(37)) (id)",
          "INSERT INTO _alembic_tmp_\(long.prefix(37)) VALUES (1)",
        ],
        words: "holds 1 row, and its original is gone"
      ),
    ]
  }

  @Test(arguments: Case.all)
  func `a copy goes only if the original has all of it`(_ one: Case) throws {
    let world = try DoctorWorld()
    try world.script("rev1", after: nil, ["pass"])
    #expect(try Workshop.xmSafe(["upgrade"] + world.options).status == 0)
    let database = world.scratch.file("a.sqlite3")
    try SampleDatabases.create(database, one.setUp)
    let before = try DatabaseDump.text(database)
    let found = try world.doctor(status: 25).problems("leftover-table")
    #expect(found.map(\.statements) == [one.statements])
    #expect(found.first?.what.contains(one.words) == true, "\(found)")
    let isMended = !one.statements.isEmpty
    _ = try world.doctor(["--fix"], status: isMended ? 0 : 25)
    #expect(try (DatabaseDump.text(database) == before) != isMended)
  }

  @Test func `a table of a half-applied revision stays with what somebody has made on it`() throws {
    let world = try DoctorWorld()
    try world.script("rev1", after: nil, ["pass"])
    #expect(try Workshop.xmSafe(["upgrade"] + world.options).status == 0)
    try world.script(
      "rev2",
      after: "rev1",
      [
        "op.create_table('q', sa.Column('id', sa.Integer, primary_key=True))",
        "op.create_index('ours', 'q', ['id'])",
      ]
    )
    let database = world.scratch.file("a.sqlite3")
    try SampleDatabases.create(
      database,
      [
        "CREATE TABLE q (id INTEGER NOT NULL, PRIMARY KEY (id))", "CREATE INDEX ours ON q (id)",
        "CREATE INDEX mine ON q (id DESC)",
      ]
    )
    let found = try world.doctor(["--fix"], status: 25).problems("half-applied")
    #expect(found.first?.what.contains("the index 'mine' is made on it") == true, "\(found)")
    try SampleDatabases.create(database, ["DROP INDEX mine"])
    _ = try world.doctor(["--fix"], status: 0)
    #expect(try !DatabaseDump.text(database).contains("CREATE TABLE q"))
  }

  @Test func `legacy tables are mended in any letters, and rows are never to be dropped`() throws {
    let world = try DoctorWorld()
    let database = world.scratch.file("a.sqlite3")
    try SampleDatabases.legacy(database)
    try SampleDatabases.create(
      database,
      ["DROP TABLE VersionHistory", "ALTER TABLE Job RENAME TO j", "ALTER TABLE j RENAME TO job"]
    )
    let options = ["--db", database, "--scripts", Workshop.xmanagerScripts]
    #expect(try Workshop.xmSafe(["doctor", "--fix"] + options).status == 0)
    let upgraded = try Workshop.xmSafe(["upgrade"] + options)
    #expect(upgraded.status == 0, "\(upgraded)")
    #expect(try DatabaseDump.text(database).contains("cifar sweep"))
    try world.script(
      "rev1",
      after: nil,
      ["op.create_table('experiment', sa.Column('id', sa.Integer))"]
    )
    try SampleDatabases.create(database, ["DELETE FROM alembic_version"])
    let report = try Workshop.xmSafe(["doctor"] + world.options)
    #expect(report.output.contains("RENAME TO \"experiment_aside\""), "\(report)")
    #expect(!report.output.contains("DROP TABLE"), "\(report)")
  }
}
