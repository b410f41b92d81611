import Foundation
import TestKit
import Testing

@Suite struct RecipeTests {
  /// The Python of the virtual environment with MLflow and Optuna.
  static let applications = Workshop.root + "/.cache/applications"

  @Test func `XManager finds its database up to date`() throws {
    let world = try XManagerWorld()
    let outcome = try Recipe("XManager").run(
      in: world.scratch.file("work"),
      environment: world.environment
    )
    #expect(outcome.output.contains("upgrades are pending"))
    #expect(outcome.output.contains("pre-upgrade"))
    try expectUpToDate(world.database)
  }

  @Test func `XManager finds the database of its YAML file up to date`() throws {
    let world = try XManagerWorld()
    try world.yaml("sqlite", "backend: sqlite, db_name: other.sqlite3")
    let database = world.scratch.file("work/other.sqlite3")
    try SampleDatabases.legacy(database, hasTitle: true)
    _ = try Recipe("XManager", block: 1).run(
      in: world.scratch.file("work"),
      environment: world.environment
    )
    try expectUpToDate(database)
    // The other one is as it was.
    try world.run(["check"], status: 23)
  }

  /// Expects that XManager would start without `--xm_upgrade_db`: the version is its head, and the legacy table is gone.
  private func expectUpToDate(_ database: String) throws {
    let outcome = try Command.run(
      [
        "sqlite3", database,
        "SELECT version_num FROM alembic_version; SELECT count(*) FROM sqlite_schema WHERE name = 'VersionHistory'",
      ]
    )
    #expect(outcome.output == "f45829405692\n0\n")
  }

  /// A database as an older MLflow left it: its own first tables, some revisions on, with a row.
  private func oldMLflow(_ scratch: Scratch) throws {
    try python(
      """
      import os, sqlalchemy, mlflow
      from alembic import command
      from alembic.config import Config
      from mlflow.store.tracking.dbmodels.initial_models import Base
      Base.metadata.create_all(sqlalchemy.create_engine("sqlite:///mlflow.db"))
      config = Config()
      scripts = os.path.dirname(mlflow.__file__) + "/store/db_migrations"
      config.set_main_option("script_location", scripts.replace("%", "%%"))
      config.set_main_option("sqlalchemy.url", "sqlite:///mlflow.db")
      command.upgrade(config, "cc1f77228345")
      """,
      in: scratch.path
    )
    try SampleDatabases.create(
      scratch.file("mlflow.db"),
      [
        "INSERT INTO experiments(experiment_id, name, artifact_location, lifecycle_stage) VALUES (7, 'e', 'a', 'active')"
      ]
    )
    let before = try Command.run(
      [Self.applications + "/bin/python", "-W", "ignore", "-c", Self.verifyMLflow],
      in: scratch.path
    )
    #expect(before.status != 0, "MLflow must want an upgrade for the test to mean anything")
  }

  /// Fails if MLflow would not work with the database; prints the name of its experiment.
  private static let verifyMLflow = """
    import sqlalchemy
    from mlflow.store.db.utils import _verify_schema
    engine = sqlalchemy.create_engine("sqlite:///mlflow.db")
    _verify_schema(engine)
    print(engine.connect().execute(sqlalchemy.text("SELECT name FROM experiments")).scalar())
    """

  @Test func `MLflow finds its database up to date`() throws {
    let scratch = try Scratch()
    try oldMLflow(scratch)
    _ = try Recipe("MLflow").run(
      in: scratch.path,
      environment: ["VIRTUAL_ENV": Self.applications]
    )
    #expect(try python(Self.verifyMLflow, in: scratch.path) == "e\n")
  }

  @Test func `MLflow's scripts make no database, which the recipe says`() throws {
    let scratch = try Scratch()
    let recipe = try Recipe("MLflow")
    let outcome = try Command.run(
      ["bash", "-euc", recipe.commands],
      in: scratch.path,
      environment: [
        "PATH": URL(fileURLWithPath: Workshop.program).deletingLastPathComponent().path
          + ":/usr/bin:/bin",
        "VIRTUAL_ENV": Self.applications,
      ]
    )
    #expect(outcome.status == 20, "\(outcome)")
    #expect(outcome.errors.contains("no such table: metrics"), "\(outcome)")
    #expect(outcome.errors.contains("state: there is still no database"), "\(outcome)")
    let readme = try String(contentsOfFile: Workshop.root + "/README.md", encoding: .utf8)
    #expect(readme.contains("where there is no database yet (`no such table: metrics`, and still"))
  }

  @Test func `MLflow's own command is guarded`() throws {
    let scratch = try Scratch()
    try oldMLflow(scratch)
    try program("mlflow", Self.applications + "/bin/python", "mlflow.cli", "cli", in: scratch)
    let outcome = try Recipe("Any other command", block: 2).run(
      in: scratch.path,
      environment: ["PATH": Self.path(scratch), "VIRTUAL_ENV": Self.applications]
    )
    #expect(outcome.errors.contains("mlflow.store.db.utils: Updating database tables"))
    #expect(outcome.errors.contains("no rows lost"), "\(outcome)")
    #expect(try python(Self.verifyMLflow, in: scratch.path) == "e\n")
  }

  @Test func `Optuna finds its database up to date`() throws {
    let scratch = try Scratch()
    try python(
      """
      import optuna
      storage = optuna.storages.RDBStorage("sqlite:///optuna.db")
      study = optuna.create_study(study_name="s", storage=storage)
      study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=3)
      """,
      in: scratch.path,
      environment: ["PYTHONPATH": Workshop.root + "/.cache/optuna-3.1.1"]
    )
    let verify = """
      import optuna
      print(len(optuna.load_study(study_name="s", storage="sqlite:///optuna.db").trials))
      """
    let before = try Command.run(
      [Self.applications + "/bin/python", "-W", "ignore", "-c", verify],
      in: scratch.path
    )
    #expect(before.errors.contains("storage upgrade"), "\(before)")
    _ = try Recipe("Optuna").run(
      in: scratch.path,
      environment: ["VIRTUAL_ENV": Self.applications]
    )
    #expect(try python(verify, in: scratch.path) == "3\n")
  }

  @Test func `alembic's own command is guarded`() throws {
    let fixture = try AlembicProjectFixture(scripts: ["op.drop_table('child')"])
    #expect(try fixture.plain().status == 0)
    try program("alembic", Workshop.python, "alembic.config", in: fixture.scratch)
    // It drops a table on purpose, which only its user can know.
    let refused = try Command.run(
      ["bash", "-c", try Recipe("Any other command").commands],
      in: fixture.scratch.file("guarded"),
      environment: ["PATH": Self.path(fixture.scratch)]
    )
    #expect(refused.status == 20, "\(refused)")
    #expect(try Command.run(["sqlite3", fixture.database, "DELETE FROM child"]).status == 0)
    let outcome = try Recipe("Any other command").run(
      in: fixture.scratch.file("guarded"),
      environment: ["PATH": Self.path(fixture.scratch)]
    )
    #expect(outcome.errors.contains("Verified: at r2"))
    #expect(try fixture.dump() == fixture.dump("plain"))
  }

  @Test func `Optuna's own command is guarded`() throws {
    let scratch = try Scratch()
    try python(
      """
      import optuna
      storage = optuna.storages.RDBStorage("sqlite:///optuna.db")
      study = optuna.create_study(study_name="s", storage=storage)
      study.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=3)
      """,
      in: scratch.path,
      environment: ["PYTHONPATH": Workshop.root + "/.cache/optuna-3.1.1"]
    )
    try program("optuna", Self.applications + "/bin/python", "optuna.cli", in: scratch)
    let outcome = try Recipe("Any other command", block: 1).run(
      in: scratch.path,
      environment: ["PATH": Self.path(scratch), "VIRTUAL_ENV": Self.applications]
    )
    #expect(outcome.errors.contains("no rows lost"), "\(outcome)")
    let verify = """
      import optuna
      print(len(optuna.load_study(study_name="s", storage="sqlite:///optuna.db").trials))
      """
    #expect(try python(verify, in: scratch.path) == "3\n")
  }

  @Test func `a launcher is not started on a database that wants an upgrade`() throws {
    var world = try XManagerWorld()
    let work = world.scratch.file("work")
    try world.scratch.writeProgram("#!/bin/sh\necho \"launched $*\"\n", to: "bin/xmanager")
    world.environment["PATH"] = Self.path(world.scratch)
    let gate = try Recipe("XManager's gate")
    let stopped = try Command.run(
      ["bash", "-c", gate.commands],
      in: work,
      environment: world.environment
    )
    #expect(stopped.status == 23, "\(stopped)")
    #expect(stopped.output == "1 revision is pending: current=base, latest=f45829405692\n")
    try world.run(["upgrade"])
    let outcome = try gate.run(in: work, environment: world.environment)
    #expect(outcome.output == "up to date: current=f45829405692\nlaunched launch launcher.py\n")
    #expect(!world.wasImported)
  }

  /// The crontab is the real one's, in a place that nobody else sees.
  @Test(arguments: TestServer.Kind.allCases)
  func `a server's database is planned, upgraded and verified`(_ kind: TestServer.Kind) throws {
    let project = try ServerProject(kind)
    try project.chain(2)
    func escaped(_ text: String) -> String { text.replacingOccurrences(of: "%", with: "%%") }
    // alembic's own reading of an ini file stumbles over a percent sign in its path.
    let scratch = try Scratch(named: "xm-safe test #1")
    try scratch.write(
      """
      [alembic]
      script_location = \(escaped(project.subject.scratch.file("migrations")))
      sqlalchemy.url = \(escaped(project.subject.url))

      """,
      to: "alembic.ini"
    )
    let virtual = URL(fileURLWithPath: Workshop.python).deletingLastPathComponent()
      .deletingLastPathComponent().path
    let outcome = try Recipe("A server").run(
      in: scratch.path,
      environment: ["VIRTUAL_ENV": virtual, "XM_SAFE_STORE": project.subject.store]
    )
    #expect(outcome.output.contains("-- Running upgrade a1 -> r1"), "\(outcome)")
    #expect(try project.versions() == "r2")
  }

  @Test func `what a failed upgrade has left is looked at, and goes`() throws {
    let fixture = try AlembicProjectFixture(
      scripts: ["op.create_table('half', sa.Column('id', sa.Integer))\nraise ValueError('no')"]
    )
    let directory = fixture.scratch.file("guarded")
    let before = try fixture.dump()
    #expect(try Command.run([Workshop.program, "snapshot"], in: directory).status == 0)
    let failed = try Command.run([fixture.stack.alembic, "upgrade", "head"], in: directory)
    #expect(failed.status != 0)
    #expect(try fixture.dump() != before)
    let outcome = try Recipe("My upgrade failed, what now?").run(in: directory, environment: [:])
    #expect(outcome.output.contains("half"), "\(outcome)")
    #expect(try fixture.dump() == before)
  }

  @Test func `an archive is read without xm-safe`() throws {
    let fixture = try AlembicProjectFixture(scripts: ["pass"])
    let directory = fixture.scratch.file("guarded")
    #expect(try Command.run([Workshop.program, "snapshot"], in: directory).status == 0)
    let outcome = try Recipe("Without xm-safe").run(in: directory, environment: [:])
    #expect(outcome.output == "ok\n", "\(outcome)")
    #expect(
      try DatabaseDump.text(directory + "/restored.sqlite3") == DatabaseDump.text(fixture.database)
    )
  }

  @Test func `cron has the jobs`() throws {
    let fixture = try AlembicProjectFixture(scripts: ["pass"])
    let scratch = fixture.scratch
    try scratch.write(try Recipe("Regularly, with cron").commands, to: "commands")
    let outcome = try Command.run(
      [
        "unshare", "--mount", "sh", "-c",
        """
        set -e
        mkdir "$1/spool"
        mount --bind "$1/spool" /var/spool/cron
        mkdir -p /var/spool/cron/crontabs
        exec bash -eu "$1/commands"
        """, "sh", scratch.path,
      ],
      in: scratch.file("guarded"),
      environment: ["PATH": Self.path(scratch), "HOME": scratch.path]
    )
    #expect(outcome.status == 0, "\(outcome)")
    let parts = outcome.output.components(separatedBy: "# BEGIN xm-safe ")
    try #require(parts.count == 3)
    // What was printed is what cron has.
    #expect(parts[1].hasPrefix(parts[2].trimmingCharacters(in: .newlines)))
    #expect(parts[1].contains("installed in cron for"))
    for job in ["--if-changed", "--if-pending", "verify --all", "verify --deep", "prune --keep"] {
      #expect(parts[2].contains(job))
    }
  }

  /// Makes a program of a Python module, as pip does; those in the cache know where they were made, and may be elsewhere now.
  private func program(
    _ name: String,
    _ python: String,
    _ module: String,
    _ function: String = "main",
    in scratch: Scratch
  ) throws {
    try scratch.writeProgram(
      "#!\(python)\nimport sys\nfrom \(module) import \(function)\nsys.exit(\(function)())\n",
      to: "bin/\(name)"
    )
  }

  /// A search path that begins with the programs that a test has made, and has xm-safe.
  private static func path(_ scratch: Scratch) -> String {
    let program = URL(fileURLWithPath: Workshop.program).deletingLastPathComponent().path
    let own = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return "\(scratch.file("bin")):\(program):\(own)"
  }

  /// Runs a program in the applications' Python, and expects that it works.
  @discardableResult
  private func python(
    _ program: String,
    in directory: String,
    environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String {
    let outcome = try Command.run(
      [Self.applications + "/bin/python", "-W", "ignore", "-c", program],
      in: directory,
      environment: environment
    )
    #expect(outcome.status == 0, "\(outcome)", sourceLocation: sourceLocation)
    return outcome.output
  }
}
