import Foundation
import TestKit
import Testing

@Suite struct XManagerCommandTests {
  @Test func `a database that is not there yet wants an upgrade, and is said not to be there`()
    throws
  {
    let subject = try Subject()
    let missing = Subject(in: subject.scratch, "typo.sqlite3")
    let arguments = ["check", "--scripts", Workshop.xmanagerScripts]
    let outcome = try missing.run(arguments, status: 23)
    #expect(
      outcome.output
        == "there is no database yet at '\(missing.path)': 1 revision is pending: current=base, latest=f45829405692\n"
    )
    #expect(outcome.errors.contains("state: there is no file, and none was made"), "\(outcome)")
    #expect(
      try missing.run(arguments + ["--json"], status: 23).output.contains("\"exists\" : false")
    )
    #expect(
      try subject.run(arguments + ["--json"], status: 23).output.contains("\"exists\" : true")
    )
    #expect(try !subject.scratch.names().contains("typo.sqlite3"))
  }

  static let head = "f45829405692"

  @Test func `without any option the XManager of the active Python and its database are found`()
    throws
  {
    let world = try XManagerWorld()
    let check = try world.run(["check"], status: 23)
    #expect(check.output.contains(Self.head))
    let upgrade = try world.run(["upgrade"])
    #expect(upgrade.errors.contains("Found XManager 0.8.5.post1 in '"))
    #expect(upgrade.output.contains(world.database))
    #expect(try world.run(["current"]).output == "\(Self.head) (head)\n")
    try world.run(["check"])
    #expect(try world.scratch.names(in: "home/.xmanager").contains("Backups"))
    #expect(!world.wasImported)
  }

  @Test func `the older line of releases is upgraded through its own stack`() throws {
    let world = try XManagerWorld(scripts: Workshop.oldXManagerScripts, version: "0.7.1")
    #expect(try world.run(["check"], status: 23).output.contains(Self.head))
    let plain = world.scratch.file("plain.sqlite3")
    try SampleDatabases.legacy(plain, hasTitle: true)
    for path in [plain, world.database] {
      // The old stack makes the keys NOT NULL.
      try SampleDatabases.create(path, ["DELETE FROM Job WHERE Name IS NULL"])
    }
    let python = AlembicStack.oldest.python
    let scripts = Workshop.oldXManagerScripts
    let oracle = try Workshop.alembicUpgrade(plain, scripts: scripts, python: python)
    #expect(oracle.status == 0, "\(oracle)")
    try world.run(["upgrade", "--engine", "alembic", "--python", python])
    #expect(try DatabaseDump.text(world.database) == DatabaseDump.text(plain))
    #expect(!world.wasImported)
  }

  @Test func `the Python is found through PATH, a shim, or XManager's own command`() throws {
    var world = try XManagerWorld()
    world.environment["VIRTUAL_ENV"] = ""
    let real = world.venv + "/bin/python"
    func program(_ name: String, _ text: String) throws {
      try world.scratch.writeProgram(text, to: name)
    }
    // None of these is where its packages are: the first has to be asked, the others name the Python.
    try program("shims/python3", "#!/bin/sh\nexec '\(real)' \"$@\"\n")
    try program("short/xmanager", "#!/usr/bin/python-none\n")
    try program(
      "long/xmanager",
      "#!/bin/sh\n'''exec' \(world.scratch.path)/venv/bin/python \"$0\" \"$@\"\n' '''\n"
    )
    for directory in ["shims", "venv/bin"] {
      world.environment["PATH"] = world.scratch.file(directory)
      try world.run(["check"], status: 23)
    }
    world.environment["PATH"] = world.scratch.file("short")
    let outcome = try world.run(["check"], status: 24)
    #expect(outcome.errors.contains("the active Python has no XManager"))
    #expect(!world.wasImported)
  }

  struct Choice: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// The files of versions, below the test's directory.
    var files: [String: String] = [:]
    var variable: String?
    /// Whether the shim has to be asked.
    var isAsked = false
  }

  @Test(arguments: [
    Choice(testDescription: "the variable", variable: "nosuch.system-less:mine", isAsked: true),
    Choice(testDescription: "the variable alone", variable: "mine"),
    Choice(testDescription: "a file here", files: ["work/.python-version": "# mine\n\nmine\n"]),
    Choice(testDescription: "a file above", files: [".python-version": "empty mine"]),
    Choice(testDescription: "the file of all", files: ["pyenv/version": "mine\n"]),
    Choice(testDescription: "the beginning of a version", variable: "mi", isAsked: true),
    Choice(testDescription: "the system's", variable: "system"),
    Choice(testDescription: "nobody's"),
  ])
  func `a shim of pyenv is not started where its rules tell the Python`(_ one: Choice) throws {
    var world = try XManagerWorld()
    let scratch = world.scratch
    for (name, text) in one.files { try scratch.write(text, to: name) }
    for version in ["mine", "empty"] {
      try scratch.write("", to: "pyenv/versions/\(version)/README")
    }
    try FileManager.default.removeItem(atPath: scratch.file("pyenv/versions/mine"))
    try FileManager.default.createSymbolicLink(
      atPath: scratch.file("pyenv/versions/mine"),
      withDestinationPath: world.venv
    )
    try scratch.writeProgram(
      "#!/bin/sh\n: > '\(scratch.file("asked"))'\nexec '\(world.venv)/bin/python' \"$@\"\n",
      to: "pyenv/shims/python3"
    )
    world.environment["VIRTUAL_ENV"] = ""
    world.environment["PYENV_VERSION"] = one.variable ?? ""
    world.environment["PATH"] = scratch.file("pyenv/shims") + ":" + world.venv + "/bin"
    try world.run(["check"], status: 23)
    #expect(FileManager.default.fileExists(atPath: scratch.file("asked")) == one.isAsked)
    #expect(!world.wasImported)
  }

  @Test func `what is named by itself counts more than XManager`() throws {
    let world = try XManagerWorld()
    // A database of somebody else is not given XManager's tables.
    let other = world.scratch.file("other.sqlite3")
    try SampleDatabases.legacy(other, hasTitle: true)
    let outcome = try world.run(["upgrade", "--db", other], status: 24)
    #expect(outcome.errors.contains("there are no migration scripts"))
    // Its own database may be named.
    try world.run(["check", "--db", world.database], status: 23)
    // An alembic.ini in the working directory is a project of its own.
    try world.scratch.write("[alembic]\nscript_location = s\n", to: "work/alembic.ini")
    try world.scratch.write("", to: "work/s/versions/README")
    let ini = try world.run(["check"], status: 24)
    #expect(ini.errors.contains("no database is named"))
    // The YAML file is XManager's, whatever is in the working directory.
    let yaml = try world.yaml("sqlite", "backend: sqlite, db_name: '\(other)'")
    try world.run(["check", "--xm-db-yaml-config-path", yaml], status: 23)
  }

  @Test func `XManager's YAML file leads to the database that XManager uses`() throws {
    var world = try XManagerWorld()
    try world.yaml("sqlite", "backend: sqlite, db_name: mine/a.sqlite3")
    try world.scratch.write("", to: "work/mine/README")
    let database = world.scratch.file("work/mine/a.sqlite3")
    try SampleDatabases.legacy(database, hasTitle: true)
    let option = ["--xm-db-yaml-config-path", "db.yaml"]
    try world.run(["check"] + option, status: 23)
    world.environment["XM_SAFE_XM_DB_YAML"] = "db.yaml"
    #expect(try world.run(["upgrade"]).output.contains(database))
    #expect(try world.run(["current"]).output == "\(Self.head) (head)\n")
    try world.run(["check", "--db", "x"] + option, status: 64)
    try world.scratch.write("sql_connector: x\n", to: "work/db.yaml")
    let outcome = try world.run(["check"], status: 24)
    #expect(outcome.errors.contains("db.yaml:1:16: XManager's YAML file: 'sql_connector' must be"))
  }

  @Test func `an XManager without scripts is refused, and so is a home that is nowhere`() throws {
    let world = try XManagerWorld()
    let scripts = try #require(
      world.scratch.tree().first { $0.hasSuffix("xm_local/storage/alembic") }
    )
    try FileManager.default.removeItem(atPath: world.scratch.file(scripts))
    let outcome = try world.run(["check"], status: 24)
    #expect(outcome.errors.contains("XManager 0.8.5.post1 in '"))
    #expect(outcome.errors.contains("has no migration scripts"))
  }

  @Test func `scripts inside a package are found without importing it`() throws {
    let world = try XManagerWorld()
    try world.scratch.write(
      """
      [alembic]
      script_location = xmanager.xm_local:storage/alembic
      sqlalchemy.url = sqlite:///../home/.xmanager/experiments.sqlite3
      """,
      to: "work/alembic.ini"
    )
    try world.run(["check"], status: 23)
    let named = ["--db", world.database, "--scripts", "xmanager:xm_local/storage/alembic"]
    try world.run(["check"] + named, status: 23)
    // The project's own directories come first.
    try world.scratch.write("", to: "work/src/xmanager/xm_local/storage/alembic/versions/README")
    try world.scratch.write(
      """
      [alembic]
      script_location = xmanager:xm_local:storage/alembic
      prepend_sys_path = .:src
      sqlalchemy.url = sqlite:///../home/.xmanager/experiments.sqlite3
      """,
      to: "work/alembic.ini"
    )
    try world.run(["check"], status: 24)
    try world.scratch.write(
      "[alembic]\nscript_location = nonsense:alembic\nsqlalchemy.url = sqlite:///a\n",
      to: "work/alembic.ini"
    )
    let outcome = try world.run(["check"], status: 24)
    #expect(outcome.errors.contains("is in a package that the active Python does not have"))
    #expect(!world.wasImported)
  }

  @Test func `a pyproject.toml leads to the scripts as well`() throws {
    let world = try XManagerWorld()
    try world.scratch.write(
      "[tool.alembic]\nscript_location = \"xmanager:xm_local/storage/alembic\"\n",
      to: "work/pyproject.toml"
    )
    try world.run(["check", "--db", world.database], status: 23)
    try world.run(["check", "--db", world.database, "-c", "pyproject.toml"], status: 23)
    // It names no database, and is a project of its own.
    let outcome = try world.run(["check"], status: 24)
    #expect(outcome.errors.contains("no database is named"))
    // A pyproject.toml of something else is none.
    try world.scratch.write("[tool.other]\n", to: "work/pyproject.toml")
    try world.run(["check"], status: 23)
  }

  @Test func `an env.py that chooses the database names the variable that it reads`() throws {
    let world = try XManagerWorld()
    try world.scratch.write(
      "import os\nurl = os.environ.get('APP_DB') or os.getenv('DB') or os.environ['THIRD']\n",
      to: "work/s/env.py"
    )
    try world.scratch.write("", to: "work/s/versions/README")
    try world.scratch.write(
      "[alembic]\nscript_location = s\nsqlalchemy.url = sqlite:///a.db\n",
      to: "work/alembic.ini"
    )
    let outcome = try world.run(["current"], status: 24)
    #expect(outcome.errors.contains("perhaps by the environment's 'APP_DB', 'DB', 'THIRD'"))
    #expect(outcome.errors.contains("name the database with --db"))
  }

  @Test func `a server's password is nowhere in what is said`() throws {
    var world = try XManagerWorld()
    let yaml = try world.yaml(
      "generic",
      "backend: postgresql, db_name: xm, host: 127.0.0.1, port: 1, username: u, password: geheim"
    )
    let file = try world.scratch.write("geheim\n", to: "password")
    for arguments in [
      ["--xm-db-yaml-config-path", yaml], ["--db", "postgresql://u:geheim@127.0.0.1:1/xm"],
      ["--db", "mysql+pymysql://u@127.0.0.1:1/xm?password=geheim"],
      ["--db", "postgresql://u@127.0.0.1:1/xm", "--password-file", file],
      ["--db", "postgresql://u:geheim@127.0.0.1:x/xm"],
      ["--db", "mssql://u:geheim@127.0.0.1:1/xm"],
    ] {
      for verb in [["current"], ["snapshot"], ["list"], ["upgrade", "--json"]] {
        world.environment["PGPASSWORD"] = "geheim"
        let outcome = try Workshop.xmSafe(
          verb + arguments,
          in: world.scratch.file("work"),
          environment: world.environment
        )
        // The snapshots of a server's database are listed without it.
        #expect(outcome.status != 0 || verb == ["list"], "\(verb) \(arguments)")
        #expect(!outcome.description.contains("geheim"), "\(outcome)")
      }
    }
  }

  @Test
  func `a tilde in the YAML file means the home, unless a file is there that XManager would take`()
    throws
  {
    let world = try XManagerWorld()
    try world.yaml("sqlite", "backend: sqlite, db_name: ~/.xmanager/experiments.sqlite3")
    let options = ["current", "--json", "--xm-db-yaml-config-path", "db.yaml"]
    let outcome = try world.run(options)
    #expect(outcome.output.contains("\"database\" : \"\(world.database)\""), "\(outcome)")
    for words in [
      "There is no such file: the one in the home directory is taken",
      "XManager does not expand '~' in db_name",
    ] {
      // Once, though the database is looked for more than once.
      #expect(outcome.errors.components(separatedBy: words).count == 2, "\(outcome)")
      let check = try world.run(["upgrade", "--xm-db-yaml-config-path", "db.yaml"])
      #expect(check.errors.components(separatedBy: words).count == 2, "\(check)")
    }
    let literal = world.scratch.file("work/~/.xmanager/experiments.sqlite3")
    try world.scratch.write("", to: "work/~/.xmanager/README")
    try SampleDatabases.legacy(literal, hasTitle: true)
    let other = try world.run(options)
    #expect(other.output.contains("\"database\" : \"\(literal)\""), "\(other)")
    #expect(!other.errors.contains("There is no such file"))
  }
}
