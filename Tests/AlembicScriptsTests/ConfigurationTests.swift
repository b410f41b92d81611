import AlembicScripts
import DatabaseURLs
import TestKit
import Testing

@Suite struct ConfigurationTests {
  private func configuration(_ ini: String, in scratch: Scratch) throws -> AlembicConfiguration {
    let path = try scratch.write(ini, to: "alembic.ini")
    return try AlembicConfiguration(ini: path, workingDirectory: scratch.path)
  }

  @Test func `an ini file leads to scripts and database`() throws {
    let scratch = try Scratch()
    let ini = """
      # a comment
      [alembic]
      script_location = %(here)s/migrations
      name = data
      sqlalchemy.url = sqlite:///%(name)s/a%%40b.sqlite3?timeout=10

      [loggers]
      keys = root
      """
    try scratch.write("", to: "migrations/versions/README")
    let configuration = try configuration(ini, in: scratch)
    #expect(configuration.revisions.versionDirectories == [scratch.file("migrations/versions")])
    #expect(try configuration.database() == .sqlite(scratch.file("data/a@b.sqlite3")))
    #expect(configuration.versionTable.name == "alembic_version")
  }

  struct LocationsCase: Sendable {
    var setting: String
    var directories: [String]
  }

  @Test(arguments: [
    LocationsCase(setting: "version_locations = /a /b, /c", directories: ["/a", "/b", "/c"]),
    LocationsCase(
      setting: "version_locations = /a b:/c\npath_separator = :",
      directories: ["/a b", "/c"]
    ),
    LocationsCase(
      setting: "version_locations =\n  /a b\n  /c\npath_separator = newline",
      directories: ["/a b", "/c"]
    ),
    LocationsCase(
      setting: "version_locations = /a;/b\nversion_path_separator = ;",
      directories: ["/a", "/b"]
    ),
  ])
  func `version locations are split as alembic splits them`(_ test: LocationsCase) throws {
    let scratch = try Scratch()
    let ini = "[alembic]\nscript_location = s\n\(test.setting)\n"
    try scratch.write("", to: "s/README")
    #expect(try configuration(ini, in: scratch).revisions.versionDirectories == test.directories)
  }

  struct BrokenCase: Sendable {
    var ini: String
    var message: String
  }

  @Test(arguments: [
    BrokenCase(ini: "x = 1", message: "this line stands before the first [section]"),
    BrokenCase(
      ini: "[alembic]\nnonsense",
      message: "this line is neither 'key = value' nor a [section]"
    ),
    BrokenCase(ini: "[alembic]\na = 1\nA = 2", message: "'a' is there twice in [alembic]"),
    BrokenCase(
      ini: "[alembic]\nscript_location = 100%",
      message: "'%' must be followed by '%' or '('; write '%%' for one"
    ),
    BrokenCase(
      ini: "[alembic]\nscript_location = %(nope)s",
      message: "there is no 'nope' for %(nope)s"
    ),
    BrokenCase(
      ini: "[alembic]\nscript_location = %(script_location)s",
      message: "the value refers to itself"
    ),
    BrokenCase(
      ini: "[alembic]\nscript_location = " + String(repeating: "%(a8)s", count: 9) + "\n"
        + (1...8).map { "a\($0) = " + String(repeating: "%(a\($0 - 1))s", count: 9) + "\n" }
        .joined()
        + "a0 = nine times nine times nine times ...",
      message: "the value grows too long by what it refers to"
    ),
    BrokenCase(
      ini: "[alembic]\nscript_location = " + String(repeating: "%(a8)s", count: 9) + "\n"
        + (1...8).map { "a\($0) = " + String(repeating: "%(a\($0 - 1))s", count: 9) + "\n" }
        .joined()
        + "a0 =",
      message: "the value grows too long by what it refers to"
    ),
    BrokenCase(ini: "[alembic]\nscript_location = a\0b", message: "this line holds a zero byte"),
    BrokenCase(ini: "[]\na = 1", message: "this line stands before the first [section]"),
    BrokenCase(
      ini: "[alembic]\n= 1",
      message: "this line is neither 'key = value' nor a [section]"
    ),
  ])
  func `a broken ini file is refused with its line`(_ test: BrokenCase) throws {
    let scratch = try Scratch()
    let error = try #require(throws: ScriptError.self) { try configuration(test.ini, in: scratch) }
    #expect(error.message == test.message)
    #expect(error.location != nil)
  }

  struct EnvironmentCase: Sendable {
    var source: String
    var table: String?
    /// Whether the version table is certain, whatever else is refused.
    var isTableKnown = true
  }

  @Test(arguments: [
    EnvironmentCase(
      source: "context.configure(connection=c, target_metadata=m)",
      table: "alembic_version"
    ),
    EnvironmentCase(source: "context.configure(version_table='mine')", table: "mine"),
    EnvironmentCase(
      source: "context.configure(version_table=NAME)",
      table: nil,
      isTableKnown: false
    ),
    EnvironmentCase(
      source: "context.configure(version_table_schema='x')",
      table: nil,
      isTableKnown: false
    ),
    EnvironmentCase(
      source: "context.configure(**options)",
      table: nil,
      isTableKnown: false
    ),
    EnvironmentCase(
      source: "context.configure()\ncontext.configure(version_table='mine')",
      table: nil,
      isTableKnown: false
    ),
    EnvironmentCase(source: "context.configure(version_table_pk=no)", table: nil),
    EnvironmentCase(
      source: "f = context.configure\nf(version_table='mine')",
      table: nil,
      isTableKnown: false
    ),
    EnvironmentCase(
      source: "m = MetaData(naming_convention={})\ncontext.configure(target_metadata=m)",
      table: "alembic_version"
    ),
    EnvironmentCase(
      source: "from app.db import env\nenv.run_migrations_online(metadata, 'mine')",
      table: nil,
      isTableKnown: false
    ),
    EnvironmentCase(source: "def (", table: nil),
  ])
  func `what env.py configures is honoured or refused`(_ test: EnvironmentCase) throws {
    let scratch = try Scratch()
    try scratch.write(test.source, to: "s/env.py")
    guard let table = test.table else {
      do {
        let read = try AlembicConfiguration(scripts: scratch.file("s"))
        #expect(read.environmentRefusal?.code == .notRead)
        #expect(read.isVersionTableKnown == test.isTableKnown)
      } catch let error as ScriptError {
        #expect(error.code == .syntax)
      }
      return
    }
    let read = try AlembicConfiguration(scripts: scratch.file("s"))
    #expect(read.versionTable.name == table)
    #expect(read.environmentRefusal == nil)
    #expect(read.isVersionTableKnown)
  }

  @Test(arguments: [
    "config.set_main_option('sqlalchemy.url', os.environ['DB'])\nengine_from_config(x)",
    "settings['sqlalchemy.url'] = os.environ['DB']\nengine_from_config(settings)",
    "engine_from_config(settings, url=os.environ['DB'])",
    "from app import engine",
  ])
  func `an env.py that chooses the database itself makes the URL of the ini file worthless`(
    _ source: String
  ) throws {
    let scratch = try Scratch()
    try scratch.write(source, to: "s/env.py")
    let configuration = try configuration(
      "[alembic]\nscript_location = s\nsqlalchemy.url = sqlite:///a.db\n",
      in: scratch
    )
    #expect(throws: ScriptError.self) { try configuration.database() }
  }

  @Test func `an env.py above a versions directory that is named itself counts`() throws {
    let scratch = try Scratch()
    try scratch.write("context.configure(version_table='mine')", to: "s/env.py")
    try scratch.write("", to: "s/versions/README")
    #expect(
      try AlembicConfiguration(scripts: scratch.file("s/versions")).versionTable.name == "mine"
    )
  }

  @Test func `scripts that are not there, or not looked at, are refused`() throws {
    let scratch = try Scratch()
    try scratch.write("", to: "s/README")
    #expect(throws: ScriptError.self) { try AlembicConfiguration(scripts: scratch.file("none")) }
    #expect(throws: ScriptError.self) {
      try configuration("[alembic]\nscript_location = none\n", in: scratch)
    }
    #expect(throws: ScriptError.self) {
      try configuration(
        "[alembic]\nscript_location = s\nsourceless = true\n",
        in: scratch
      )
    }
    #expect(throws: ScriptError.self) { try ScriptDirectory(versions: [scratch.file("s")]) }
  }

  @Test func `a pyproject.toml stands for what the ini file does not say`() throws {
    let scratch = try Scratch()
    let project = try scratch.write(
      """
      [project]
      name = "x"
      [tool.alembic]
      script_location = "%(here)s/s"
      version_locations = ["a", "%(here)s/b%%"]
      """,
      to: "pyproject.toml"
    )
    try scratch.write("", to: "s/README")
    let alone = try AlembicConfiguration(
      ini: nil,
      project: project,
      workingDirectory: scratch.path
    )
    #expect(alone.revisions.versionDirectories == [scratch.file("a"), scratch.file("b%")])
    #expect(try alone.database() == nil)
    let ini = try scratch.write(
      "[alembic]\nversion_locations = c\nsqlalchemy.url = sqlite:///a.db\n",
      to: "alembic.ini"
    )
    let both = try AlembicConfiguration(
      ini: ini,
      project: project,
      workingDirectory: scratch.path
    )
    #expect(both.revisions.versionDirectories == [scratch.file("c")])
    #expect(try both.database() == .sqlite(scratch.file("a.db")))
  }

  @Test(arguments: [
    ("[tool.alembic]\nscript_location = 1", "'script_location' must be text"),
    (
      "[tool.alembic]\nscript_location = 's'\nsourceless = 'x'",
      "'sourceless' must be true or false"
    ),
    ("[tool.alembic]\nscript_location = 's'\nsourceless = true", "'sourceless = true'"),
    (
      "[tool.alembic]\nscript_location = '%(there)s'",
      "'%' must be followed by '%' or '(here)s'"
    ),
    ("[tool.other]\n", "has no section [tool.alembic]"), ("[tool.alembic", "']' is missing"),
    ("[tool.alembic]\nx = 1", "there is no 'script_location'"),
  ])
  func `a pyproject.toml that says something else is refused`(
    _ text: String,
    _ message: String
  ) throws {
    let scratch = try Scratch()
    try scratch.write("", to: "s/README")
    let project = try scratch.write(text, to: "pyproject.toml")
    let error = try #require(throws: ScriptError.self) {
      try AlembicConfiguration(ini: nil, project: project, workingDirectory: scratch.path)
    }
    #expect(error.message.contains(message))
  }
}
