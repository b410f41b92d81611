import Foundation
import SQLite
import TestKit
import Testing

/// What goes wrong around the project's own alembic: one clear sentence, and the database as it was.
@Suite struct AlembicTroubleTests {
  @Test(arguments: [
    ["--python", "/no/such/python"], ["--python", "no-such-python"],
  ])
  func `a Python that is not there is said to be missing`(_ python: [String]) throws {
    let project = try AlembicProjectFixture(scripts: ["pass"])
    let before = try project.dump()
    let outcome = try Workshop.xmSafe(
      ["upgrade", "--engine", "alembic"] + python,
      in: project.scratch.file("guarded")
    )
    #expect(outcome.status == 24, "\(outcome)")
    #expect(outcome.errors.contains("there is no program '\(python[1])'"), "\(outcome)")
    #expect(outcome.errors.contains("the database was not touched"))
    #expect(try project.dump() == before)
  }

  @Test func `a Python without alembic is named`() throws {
    let project = try AlembicProjectFixture(scripts: ["pass"])
    let bare = project.scratch.file("bare")
    let made = try Command.run([Workshop.python, "-m", "venv", "--without-pip", bare])
    #expect(made.status == 0, "\(made)")
    let before = try project.dump()
    let outcome = try Workshop.xmSafe(
      ["upgrade", "--engine", "alembic"],
      in: project.scratch.file("guarded"),
      environment: ["VIRTUAL_ENV": bare]
    )
    #expect(outcome.status == 24, "\(outcome)")
    #expect(outcome.errors.contains("'\(bare)/bin/python' cannot import alembic"), "\(outcome)")
    #expect(outcome.errors.contains("--python"))
    #expect(try project.dump() == before)
  }

  struct Trouble: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var environment = AlembicProjectFixture.genericEnvironment
    var script = "pass"
    var arguments: [String] = []
    var words: String
  }

  static let troubles = [
    Trouble(
      testDescription: "env.py raises",
      environment: "raise ValueError('no settings')",
      words: "env.py:1:1: the upgrade of"
    ),
    Trouble(
      testDescription: "env.py imports what is not there",
      environment: "import no_such_module_of_ours",
      words: "ModuleNotFoundError: No module named 'no_such_module_of_ours'"
    ),
    Trouble(
      testDescription: "env.py hides the failure of a revision",
      environment: "try:\n"
        + AlembicProjectFixture.genericEnvironment.split(separator: "\n").map { "    \($0)" }
        .joined(separator: "\n") + "\nexcept Exception:\n    pass\n",
      script: "op.execute('DROP TABLE parent')\nraise RuntimeError('hidden')",
      words: "revision r2: RuntimeError: hidden"
    ),
    Trouble(
      testDescription: "env.py connects to another database",
      environment: AlembicProjectFixture.genericEnvironment.replacing(
        "config.get_section(config.config_ini_section)",
        with: "{'sqlalchemy.url': 'sqlite:///elsewhere.db'}"
      ),
      words: "env.py connects to another database"
    ),
    Trouble(
      testDescription: "env.py uses another version table than its text says",
      environment: AlembicProjectFixture.genericEnvironment.replacing(
        "target_metadata=target_metadata",
        with: "version_table='my' + 'table'"
      ),
      words: "env.py uses the version table 'mytable'"
    ),
    Trouble(
      testDescription: "garbage on the control channel",
      script: "os.write(3, b'hello there\\n')",
      words: "is not xm-safe's protocol: 'hello there'"
    ),
    Trouble(
      testDescription: "a script that hangs",
      script: "import time\nwhile True: time.sleep(1)",
      arguments: ["--timeout", "8s"],
      words: "did not end within 8.0 s, and was ended in the middle of revision r2"
    ),
    Trouble(
      testDescription: "rows that a cascade deletes",
      script:
        "op.get_bind().connection.commit()\nop.execute('PRAGMA foreign_keys=ON')\nop.execute('DELETE FROM parent WHERE id = 1')",
      words: "--allow-row-loss child"
    ),
    Trouble(
      testDescription: "rows that a cascade deletes, where as many are inserted",
      script:
        "op.get_bind().connection.commit()\nop.execute('PRAGMA foreign_keys=ON')\nop.execute('DELETE FROM parent WHERE id = 1')\nop.execute('INSERT INTO child SELECT id + 1000, NULL FROM child UNION ALL SELECT id + 2000, NULL FROM child UNION ALL SELECT id + 3000, NULL FROM child')",
      words: "of table 'child', and the revision neither"
    ),
    Trouble(
      testDescription: "rows that are lost on the way through a temporary table",
      script:
        "op.execute('CREATE TEMP TABLE bak AS SELECT * FROM other LIMIT 0')\nop.execute('DROP TABLE other')\nop.execute('CREATE TABLE other AS SELECT * FROM bak')",
      words: "--allow-row-loss other"
    ),
    Trouble(
      testDescription: "rows that are lost on the way through a view",
      script:
        "op.execute('CREATE VIEW some AS SELECT * FROM other LIMIT 0')\nop.execute('CREATE TABLE new AS SELECT * FROM some')\nop.execute('DROP VIEW some')\nop.execute('DROP TABLE other')\nop.execute('ALTER TABLE new RENAME TO other')",
      words: "--allow-row-loss other"
    ),
    Trouble(
      testDescription: "a temporary table of a rebuild that is left over",
      script: "op.execute('CREATE TABLE _alembic_tmp_other (a)')",
      words: "_alembic_tmp_other"
    ),
    Trouble(
      testDescription: "a foreign key that is violated",
      script: "op.execute('INSERT INTO child VALUES (99, 99)')",
      words: "now has 1 row that refers to what table 'parent' does not have"
    ),
    Trouble(
      testDescription: "a version row that the script has changed",
      script: "op.execute(\"INSERT INTO alembic_version VALUES ('r1x')\")",
      words: "the version table says"
    ),
  ]

  @Test(arguments: troubles)
  func `trouble is one clear sentence, and the database is as it was`(_ trouble: Trouble) throws {
    let project = try AlembicProjectFixture(
      scripts: [trouble.script],
      environment: trouble.environment
    )
    let before = try project.dump()
    let outcome = try project.guarded(
      ["upgrade", "--db", project.database] + trouble.arguments
    )
    #expect(outcome.status == 20, "\(outcome)")
    let lines = outcome.errors.split(separator: "\n")
    let sentence = try #require(lines.first { $0.hasPrefix("xm-safe: ") }, "\(outcome)")
    #expect((sentence + (lines.last ?? "")).contains(trouble.words), "\(outcome)")
    #expect(!outcome.errors.contains("Traceback"), "\(outcome)")
    #expect(outcome.errors.contains("state: the database was not touched"), "\(outcome)")
    #expect(try project.dump() == before)
    #expect(try project.leftovers().filter { $0 != "elsewhere.db" } == [])
  }

  @Test(arguments: ["SET NULL", "SET DEFAULT"])
  func `references that a rebuild empties while foreign keys are on stop the upgrade`(
    _ action: String
  ) throws {
    let project = try AlembicProjectFixture(scripts: [
      """
      op.get_bind().connection.commit()
      op.execute('PRAGMA foreign_keys=ON')
      with op.batch_alter_table('boss', recreate='always') as b:
          b.add_column(sa.Column('z', sa.Integer))
      """
    ])
    try SampleDatabases.create(
      project.database,
      [
        "CREATE TABLE boss (id INTEGER PRIMARY KEY)", "INSERT INTO boss VALUES (1), (2)",
        "CREATE TABLE worker (id INTEGER PRIMARY KEY, boss INTEGER REFERENCES boss (id) ON DELETE \(action))",
        "INSERT INTO worker VALUES (1, 1), (2, 2)",
      ]
    )
    let before = try project.dump()
    let outcome = try project.guarded(["upgrade", "--db", project.database])
    #expect(outcome.status == 20, "\(outcome)")
    #expect(outcome.errors.contains("2 references in column 'boss' of table 'worker' vanished"))
    #expect(try project.dump() == before)
    let allowed = try project.guarded(
      ["upgrade", "--db", project.database, "--allow-row-loss", "worker"]
    )
    #expect(allowed.status == 0, "\(allowed)")
  }

  @Test func `another command beside it leaves the copy alone`() throws {
    let project = try AlembicProjectFixture(scripts: [
      "import time\nopen('began', 'w').close()\nwhile not os.path.exists('go'): time.sleep(0.01)"
    ])
    let directory = project.scratch.file("guarded")
    let running = try Command.started(
      [Workshop.program, "upgrade", "--engine", "alembic", "--python", Workshop.python],
      in: directory
    )
    try running.wait(for: "the script") {
      FileManager.default.fileExists(atPath: directory + "/began")
    }
    let other = try Workshop.xmSafe(["list"], in: directory)
    #expect(other.status == 0, "\(other)")
    try project.scratch.write("", to: "guarded/go")
    let outcome = try running.finish()
    #expect(outcome.status == 0, "\(outcome)")
  }

  @Test func `SIGTERM ends the project's Python, and the database is as it was`() throws {
    let project = try AlembicProjectFixture(scripts: [
      "import time\nopen('began', 'w').close()\nwhile True: time.sleep(1)"
    ])
    let before = try project.dump()
    let running = try Command.started(
      [
        "env", "--default-signal=INT,TERM,HUP", Workshop.program, "upgrade", "--engine", "alembic",
        "--python", Workshop.python,
      ],
      in: project.scratch.file("guarded")
    )
    try running.wait(for: "the script") {
      FileManager.default.fileExists(atPath: project.scratch.file("guarded/began"))
    }
    running.send(SIGTERM)
    let outcome = try running.finish()
    #expect(outcome.status == 143, "\(outcome)")
    #expect(try project.dump() == before)
    #expect(try project.leftovers() == ["began"])
  }
}
