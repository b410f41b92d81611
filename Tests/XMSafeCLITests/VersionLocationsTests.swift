import Foundation
import TestKit
import Testing

/// Where scripts are, and what the version table is, as an alembic.ini and an env.py say it.
@Suite struct VersionLocationsTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var settings: String
    var separator: String?
    var testDescription: String { settings }
  }

  static let lists = [
    Case(settings: "version_locations = one:two", separator: "os"),
    Case(settings: "version_locations = one:two", separator: ":"),
    Case(settings: "version_locations = %(here)s/one;%(here)s/two", separator: ";"),
    Case(settings: "version_locations = one two", separator: "space"),
    Case(settings: "version_locations =\n  one\n  two", separator: "newline"),
    Case(settings: "version_locations = one, two", separator: nil),
    Case(settings: "version_locations = one two", separator: nil),
    Case(settings: "version_locations = one:two:one", separator: ":"),
  ]

  @Test(arguments: lists)
  func `several version locations are read as alembic reads them`(_ test: Case) throws {
    let project = try ScriptProject()
    try project.edit("alembic.ini") { text in
      let line = test.separator.map { "path_separator = \($0)" } ?? ""
      return text.replacingOccurrences(of: "path_separator = os", with: line)
        .replacingOccurrences(of: "prepend_sys_path = .\n", with: "")
        .replacingOccurrences(of: "[alembic]\n", with: "[alembic]\n\(test.settings)\n")
    }
    try project.add("b1b1", to: "one")
    try project.add("a1a1", after: ["b1b1"], to: "two")
    try project.add("c1c1", labels: ["net"], to: "two")
    #expect(try project.run(["history"]).output == project.alembic(["history"]).output)
    // A new one goes where what it comes after is.
    let made = try project.run(["revision", "-m", "x", "--head", "a1a1", "--rev-id", "d1d1"])
    #expect(made.output.contains("/two/d1d1_x.py"), "\(made)")
    let refused = try project.run(["revision", "--head", "base"], status: 24)
    #expect(refused.errors.contains("multiple version locations present"), "\(refused)")
    try project.run(["revision", "--head", "base", "--version-path", "one", "--rev-id", "e1e1"])
    #expect(try project.run(["history"]).output == project.alembic(["history"]).output)
  }

  @Test func `directories below the versions directory count if the ini file says so`() throws {
    let project = try ScriptProject()
    try project.add("b1b1", to: "migrations/versions")
    try project.add("c1c1", to: "migrations/versions/2024")
    try project.add("a1a1", to: "migrations/versions/2024/deep")
    try project.add("z1z1", to: "migrations/versions/__pycache__")
    #expect(try project.run(["history"]).output == project.alembic(["history"]).output)
    try project.configure("recursive_version_locations = true")
    let history = try project.run(["history"]).output
    #expect(history == (try project.alembic(["history"]).output))
    #expect(history.contains("a1a1") && !history.contains("z1z1"))
  }

  static let tables = [
    "version_table='my_ver'", "version_table='Alembic Version'", "version_table_pk=False",
    "version_table_schema='main'",
    "version_table='v', version_table_schema='main', version_table_pk=False",
  ]

  @Test(arguments: tables)
  func `the version table is the one that env.py configures`(_ options: String) throws {
    let ours = try ScriptProject.line()
    let theirs = try ScriptProject.line()
    for project in [ours, theirs] {
      try project.edit("migrations/env.py") {
        $0.replacingOccurrences(
          of: "target_metadata=target_metadata,",
          with: "target_metadata=target_metadata, \(options),"
        )
      }
    }
    try ours.run(["upgrade"])
    try theirs.alembic(["upgrade", "head"])
    #expect(try DatabaseDump.text(ours.database) == DatabaseDump.text(theirs.database))
    #expect(
      try ours.run(["upgrade", "head", "--sql"]).output
        == theirs.alembic(["upgrade", "head", "--sql"]).output
    )
    try ours.run(["downgrade", "-1"])
    try theirs.alembic(["downgrade", "-1"])
    #expect(try DatabaseDump.text(ours.database) == DatabaseDump.text(theirs.database))
  }

  @Test(arguments: ["version_table=os.environ['VT']", "**settings"])
  func `no rows in a table that env.py may not mean say nothing`(_ options: String) throws {
    let project = try ScriptProject.line()
    try project.run(["upgrade"])
    #expect(try project.run(["current"]).output.contains("cccc3333"))
    try project.edit("migrations/env.py") {
      "import os\n"
        + $0.replacingOccurrences(
          of: "target_metadata=target_metadata,",
          with: "target_metadata=target_metadata, \(options),"
        )
    }
    // The rows that are there are shown: they are of this project's revisions.
    #expect(try project.run(["current"]).output.contains("cccc3333"))
    try SampleDatabases.create(project.database, ["DELETE FROM alembic_version"])
    for verb in ["check", "current"] {
      let outcome = try project.run([verb], status: 24)
      #expect(outcome.errors.contains("there is no telling where"), "\(outcome)")
      #expect(outcome.errors.contains("alembic current"), "\(outcome)")
    }
  }

  @Test func `sourceless directories are refused`() throws {
    let project = try ScriptProject.line()
    try project.configure("sourceless = true")
    let outcome = try project.run(["history"], status: 24)
    #expect(outcome.errors.contains("'sourceless = true'"), "\(outcome)")
  }
}
