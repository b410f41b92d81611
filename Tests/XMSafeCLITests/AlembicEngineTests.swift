import Foundation
import SQLite
import TestKit
import Testing

/// Upgrades with the project's own alembic, compared with plain alembic on a copy.
@Suite struct AlembicEngineTests {
  @Test(arguments: AlembicStack.allCases, [true, false])
  func `XManager's database is upgraded as by plain alembic`(
    _ stack: AlembicStack,
    isLegacy: Bool
  ) throws {
    let scratch = try Scratch()
    let (plain, guarded) = (scratch.file("plain.db"), scratch.file("guarded.db"))
    if isLegacy {
      // The oldest stack makes the keys NOT NULL, which the fourth job has not.
      for path in [plain, guarded] {
        try SampleDatabases.legacy(path)
        try SampleDatabases.create(path, ["DELETE FROM Job WHERE Name IS NULL"])
      }
    }
    let scripts = Workshop.xmanagerScripts
    let oracle = try Workshop.alembicUpgrade(plain, scripts: scripts, python: stack.python)
    #expect(oracle.status == 0, "\(oracle)")
    let outcome = try Workshop.xmSafe([
      "upgrade", "--db", guarded, "--scripts", scripts, "--engine", "alembic", "--python",
      stack.python,
    ])
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try DatabaseDump.text(guarded) == DatabaseDump.text(plain))
    #expect(
      outcome.errors.contains(
        "INFO  [alembic.runtime.migration] Running upgrade  -> f45829405692, Migrate from legacy"
      )
    )
  }

  @Test(arguments: AlembicStack.allCases)
  func `a failure of XManager's migration leaves the database as it was`(
    _ stack: AlembicStack
  )
    throws
  {
    let subject = try Subject(hasTitle: false)
    let before = try subject.dump()
    let outcome = try subject.run(
      [
        "upgrade", "--scripts", Workshop.xmanagerScripts, "--engine", "alembic", "--python",
        stack.python,
      ],
      status: 20
    )
    #expect(outcome.errors.contains("KeyError"))
    #expect(outcome.errors.contains("f45829405692_migrate_or_create.py:"))
    #expect(!outcome.errors.contains("Traceback"))
    #expect(try subject.dump() == before)
  }

  @Test(arguments: [
    ["generic", "sqlite:///app.db"], ["async", "sqlite+aiosqlite:///app.db"],
  ])
  func `what 'alembic init' writes is upgraded as by plain alembic`(_ template: [String]) throws {
    let scratch = try Scratch(named: "xm-safe test #1")
    for name in ["plain", "guarded"] {
      let directory = scratch.file(name)
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      _ = try Workshop.alembic(["init", "-t", template[0], "migrations"], in: directory)
      let ini = try String(contentsOfFile: directory + "/alembic.ini", encoding: .utf8)
      try scratch.write(
        ini.replacing("driver://user:pass@localhost/dbname", with: template[1]),
        to: "\(name)/alembic.ini"
      )
      for (id, down, body) in [
        ("a1", "None", "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))"),
        ("b2", "'a1'", "op.execute(\"INSERT INTO t VALUES (1), (2)\")"),
        (
          "c3", "'b2'",
          "with op.batch_alter_table('t') as b: b.add_column(sa.Column('n', sa.String, server_default=sa.text(\"lower('X')\")))"
        ),
      ] {
        try scratch.write(
          """
          \"\"\"\(id)\"\"\"
          import sqlalchemy as sa
          from alembic import op
          revision, down_revision, branch_labels, depends_on = '\(id)', \(down), None, None
          def upgrade():
              \(body)
          """,
          to: "\(name)/migrations/versions/\(id)_.py"
        )
      }
      try SampleDatabases.create(directory + "/app.db", ["CREATE TABLE before (a)"])
    }
    let plain = try Workshop.alembic(["upgrade", "head"], in: scratch.file("plain"))
    #expect(plain.status == 0, "\(plain)")
    let guarded = try Workshop.xmSafe(
      ["upgrade", "--engine", "alembic", "--python", Workshop.python],
      in: scratch.file("guarded")
    )
    #expect(guarded.status == 0, "\(guarded)")
    #expect(
      try DatabaseDump.text(scratch.file("guarded/app.db"))
        == DatabaseDump.text(scratch.file("plain/app.db"))
    )
    // alembic's own lines are there once, as its own configuration of the log writes them.
    for line in plain.errors.split(separator: "\n") where line.contains("[alembic.") {
      let count = guarded.errors.split(separator: "\n").filter { $0 == line }.count
      #expect(count == 1, "\(line): \(guarded)")
    }
  }

  @Test(arguments: AlembicStack.allCases)
  func `a naming convention and a version table of the project's own are as under plain alembic`(
    _ stack: AlembicStack
  ) throws {
    let environment = AlembicProjectFixture.genericEnvironment
      .replacing(
        "target_metadata = None",
        with: """
          from sqlalchemy import MetaData
          target_metadata = MetaData(naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"})
          """
      )
      .replacing(
        "target_metadata=target_metadata",
        with: "target_metadata=target_metadata, version_table='my_version'"
      )
    let project = try AlembicProjectFixture(
      stack,
      scripts: [
        "op.create_table('named', sa.Column('a', sa.Integer), sa.UniqueConstraint('a'))"
      ],
      environment: environment
    )
    let plain = try project.plain()
    #expect(plain.status == 0, "\(plain)")
    let guarded = try project.guarded()
    #expect(guarded.status == 0, "\(guarded)")
    #expect(try project.dump() == project.dump("plain"))
    #expect(try project.dump().contains("CONSTRAINT uq_named_a UNIQUE (a)"))
    let current = try project.guarded(["current"], engine: nil, python: false)
    #expect(current.output.hasPrefix("r2"), "\(current)")
  }

  @Test func `what an earlier plain run has left is explained, and then repaired`() throws {
    let rebuild =
      "with op.batch_alter_table('other') as b: b.alter_column('value', type_=sa.String(9))"
    let project = try AlembicProjectFixture(scripts: [rebuild])
    // As a plain run leaves it that was killed in the middle of the rebuild.
    try SampleDatabases.create(
      project.database,
      ["CREATE TABLE _alembic_tmp_other (id INTEGER NOT NULL, value VARCHAR(9), PRIMARY KEY (id))"]
    )
    let refused = try project.guarded()
    #expect(refused.status == 24, "\(refused)")
    #expect(refused.plainErrors.contains("'xm-safe doctor --fix' removes it"), "\(refused)")
    let fixed = try project.guarded(["doctor", "--fix"], engine: nil, python: false)
    #expect(fixed.status == 0, "\(fixed)")
    let guarded = try project.guarded()
    #expect(guarded.status == 0, "\(guarded)")
    let plain = try project.plain()
    #expect(plain.status == 0, "\(plain)")
    #expect(try project.dump() == project.dump("plain"))
  }

  @Test func `a WAL database stays one, and its readers go on`() throws {
    let project = try AlembicProjectFixture(scripts: ["op.drop_table('child')"])
    try SampleDatabases.create(project.database, ["PRAGMA journal_mode=WAL"])
    let reader = try Connection(opening: project.database, mode: .readWrite)
    try reader.beginReading()
    let outcome = try project.guarded()
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try reader.value("SELECT count(*) FROM child")?.integerValue == 3)
    try reader.rollback()
    #expect(try reader.tableNames().contains("child") == false)
    #expect(try reader.journalMode() == "wal")
    try reader.close()
  }

  // MARK: - plan

  @Test func `'plan' shows the SQL of each revision, and touches nothing`() throws {
    let project = try AlembicProjectFixture(scripts: [
      "op.execute(\"UPDATE other SET value = 'new' WHERE id = 1\")\nprint('a word of the script')",
      "op.bulk_insert(sa.table('other', sa.column('id')), [{'id': n} for n in range(100, 5000)])",
    ])
    let before = try project.dump()
    let outcome = try project.guarded(["plan", "--json"])
    #expect(outcome.status == 0, "\(outcome)")
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    )
    #expect(json["engine"] as? String == "alembic")
    #expect(json["outcome"] as? String == "would-upgrade")
    let steps = try #require(json["revisions"] as? [[String: Any]])
    try #require(steps.map { $0["revision"] as? String } == ["r2", "r3"])
    #expect(
      steps[0]["statements"] as? [String] == [
        "UPDATE other SET value = 'new' WHERE id = 1",
        "UPDATE alembic_version SET version_num='r2' WHERE alembic_version.version_num = 'r1'",
      ]
    )
    // Of very many statements not all are kept.
    let statements = try #require(steps[1]["statements"] as? [String])
    #expect(statements.count == 2001)
    #expect(statements.last == "-- and 2901 more statements")
    let rows = try #require(steps[1]["tables"] as? [[String: Any]])
    #expect(rows.map { $0["after"] as? Int } == [4903])
    #expect(outcome.errors.contains("a word of the script"))
    #expect(try project.dump() == before)
    #expect(try project.leftovers() == [])
  }

  @Test func `a program that a script starts cannot write to the database while it is planned`()
    throws
  {
    let project = try AlembicProjectFixture(scripts: [
      """
      import subprocess
      ---
      code = "import sqlite3; c = sqlite3.connect('app.db', timeout=0.1); c.execute('DELETE FROM other'); c.commit()"
      subprocess.run([sys.executable, '-c', code], stderr=subprocess.DEVNULL)
      """
    ])
    let before = try project.dump()
    let outcome = try project.guarded(["plan"])
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try project.dump() == before)
  }

  @Test func `the plan of a revision that fails shows what it did until then`() throws {
    let project = try AlembicProjectFixture(scripts: [
      "op.execute('CREATE TABLE first (a)')",
      "op.execute('CREATE TABLE second (a)')\nop.execute('SELECT nothing FROM nowhere')",
    ])
    let outcome = try project.guarded(["plan"])
    #expect(outcome.status == 20, "\(outcome)")
    #expect(outcome.output.contains("CREATE TABLE first (a)"), "\(outcome)")
    #expect(outcome.output.contains("CREATE TABLE second (a)"), "\(outcome)")
    #expect(!outcome.output.contains("at most 0 B of disk"), "\(outcome)")
  }

  // MARK: - which engine

  @Test func `'auto' takes the native engine where all is understood, and says so`() throws {
    let project = try AlembicProjectFixture(scripts: ["op.drop_table('other')"])
    let outcome = try project.guarded(["upgrade", "--json"], engine: nil)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output.contains("\"engine\" : \"native\""), "\(outcome)")
    #expect(outcome.errors.contains("Engine native: env.py and the script are understood"))
  }

  @Test(arguments: [
    ["environment", "from alembic import context as c\nconfigure = c.configure\n", ""],
    ["module", "", "import hashlib\n---\nhashlib.sha256(b'x')"],
  ])
  func `'auto' takes the project's own alembic where something is not understood, and says why`(
    _ one: [String]
  ) throws {
    let project = try AlembicProjectFixture(
      scripts: [one[2] + "\nop.drop_table('other')", "op.drop_table('child')"],
      environment: "import sqlalchemy as sa\n" + one[1] + AlembicProjectFixture.genericEnvironment
    )
    let explained = try project.guarded(["plan", "--explain-engine"], engine: nil)
    #expect(explained.status == 0, "\(explained)")
    #expect(explained.output.contains(".py:"), "\(explained)")
    #expect(explained.output.contains("engine alembic: "), "\(explained)")
    #expect(explained.output.contains("understood without Python"), "\(explained)")
    let outcome = try project.guarded(["upgrade", "--json"], engine: nil)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output.contains("\"engine\" : \"alembic\""), "\(outcome)")
    #expect(outcome.errors.contains("Engine alembic: "), "\(outcome)")
    let refused = try project.guarded(["upgrade"], engine: "native")
    #expect(refused.status == 0 || refused.errors.contains("--engine alembic"), "\(refused)")
  }

  @Test func `the environment chooses the engine and the Python`() throws {
    let project = try AlembicProjectFixture(scripts: ["op.drop_table('other')"])
    let outcome = try Workshop.xmSafe(
      ["upgrade", "--json"],
      in: project.scratch.file("guarded"),
      environment: ["XM_SAFE_ENGINE": "alembic", "XM_SAFE_PYTHON": Workshop.oldestPython]
    )
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.contains("the project's own alembic 1.4.3"), "\(outcome)")
    let wrong = try Workshop.xmSafe(
      ["upgrade"],
      in: project.scratch.file("guarded"),
      environment: ["XM_SAFE_ENGINE": "fast"]
    )
    #expect(wrong.status == 64, "\(wrong)")
  }

  // MARK: - as far as it goes

  @Test(arguments: ["alembic", "native"])
  func `with --keep-completed the revisions before the failure are kept`(_ engine: String) throws {
    let scripts = [
      "op.execute(\"INSERT INTO other VALUES (50, 'kept')\")", "op.drop_table('child')",
      "op.execute('SELECT * FROM nothing')", "op.drop_table('other')",
    ]
    let project = try AlembicProjectFixture(scripts: scripts)
    let plain = try project.plain(to: "r3")
    #expect(plain.status == 0, "\(plain)")
    let outcome = try project.guarded(["upgrade", "--keep-completed"], engine: engine)
    #expect(outcome.status == 26, "\(outcome)")
    #expect(outcome.errors.contains("the database is at r3"), "\(outcome)")
    #expect(try project.dump() == project.dump("plain"))
  }
}
