import Foundation
import SQLite
import TestKit
import Testing

/// `upgrade`, beside the real alembic.
@Suite struct UpgradeCommandTests {
  static let scripts = Workshop.xmanagerScripts

  private func seed(_ scratch: Scratch) throws -> String {
    for (id, down, message, body) in [
      ("5cbe03fe7ed1", "None", "First.", "pass"),
      (
        "106c21f078d5", "'5cbe03fe7ed1'", "Create Example table.",
        "op.create_table('Example', sa.Column('Id', sa.Integer, primary_key=True))"
      ),
    ] {
      try scratch.write(
        "\"\"\"\(message)\n\nRevision ID: \(id)\n\"\"\"\nfrom alembic import op\nimport sqlalchemy as sa\n"
          + "revision = '\(id)'\ndown_revision = \(down)\n\ndef upgrade():\n    \(body)\n",
        to: "scripts/versions/\(id)_x.py"
      )
    }
    return scratch.file("scripts")
  }

  @Test func `the seed example prints alembic's lines, with ours before and after`() throws {
    let scratch = try Scratch()
    let scripts = try seed(scratch)
    let database = scratch.file("a.sqlite3")
    let first = try Workshop.xmSafe(["upgrade", "5cbe", "--db", database, "--scripts", scripts])
    #expect(first.status == 0, "\(first)")
    let outcome = try Workshop.xmSafe(["upgrade", "--db", database, "--scripts", scripts])
    #expect(outcome.status == 0, "\(outcome)")
    let lines = outcome.errors.split(separator: "\n").map(String.init)
    let alembic = [
      "INFO  [alembic.runtime.migration] Context impl SQLiteImpl.",
      "INFO  [alembic.runtime.migration] Will assume transactional DDL.",
      "INFO  [alembic.runtime.migration] Running upgrade 5cbe03fe7ed1 -> 106c21f078d5, Create Example table.",
    ]
    #expect(lines.filter { $0.contains("[alembic.") } == alembic)
    #expect(lines.allSatisfy { $0.hasPrefix("INFO  [") })
    #expect(
      lines.map { $0.split(separator: "[")[1].split(separator: "]")[0] } == [
        "xm_safe.engine", "xm_safe.lock", "xm_safe.preflight", "xm_safe.snapshot",
        "xm_safe.rehearsal",
        "alembic.runtime.migration",
        "alembic.runtime.migration",
        "alembic.runtime.migration", "xm_safe.verify", "xm_safe.upgrade",
      ]
    )
    #expect(
      try DatabaseDump.schema(database).contains(
        "table|Example|Example|CREATE TABLE \"Example\" (\n\t\"Id\" INTEGER NOT NULL, \n\tPRIMARY KEY (\"Id\")\n)"
      )
    )
  }

  @Test(arguments: [["upgrade"], ["upgrade", "--no-rehearsal"], ["plan"]])
  func `a table that may lose rows and is none is warned of`(_ command: [String]) throws {
    let scratch = try Scratch()
    let database = scratch.file("a.sqlite3")
    try SampleDatabases.create(database, ["CREATE TABLE old (x)"])
    let options = [
      "--db", database, "--scripts", try seed(scratch), "--allow-row-loss", "nosuch",
      "--allow-row-loss", "OLD", "--allow-row-loss", "example",
    ]
    let outcome = try Workshop.xmSafe(command + options)
    #expect(outcome.status == 0, "\(outcome)")
    let warnings = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("WARNI") }
    #expect(
      warnings == [
        "WARNI [xm_safe.preflight] --allow-row-loss 'nosuch': there is no such table, neither before nor afterwards"
      ]
    )
  }

  @Test func `a database with two names is warned of`() throws {
    let scratch = try Scratch()
    let database = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(database)
    let arguments = ["upgrade", "--db", database, "--scripts", Self.scripts, "--dry-run"]
    let words = "is a hard link: the file has 2 names"
    #expect(try !Workshop.xmSafe(["snapshot", "--db", database]).errors.contains(words))
    try FileManager.default.linkItem(atPath: database, toPath: scratch.file("b.sqlite3"))
    for command in [["snapshot", "--db", database], Array(arguments.dropLast())] {
      let outcome = try Workshop.xmSafe(command)
      #expect(outcome.status == 0, "\(outcome)")
      #expect(outcome.errors.contains(words), "\(outcome)")
    }
    #expect(try Workshop.xmSafe(["doctor", "--db", database]).output.contains(words))
  }

  // The schema of XManager's fresh database, byte for byte as alembic leaves it.
  static let freshSchema = [
    "CREATE TABLE alembic_version (\n\tversion_num VARCHAR(32) NOT NULL, \n\tCONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)\n)",
    "CREATE TABLE experiment (\n\texperiment_id BIGINT NOT NULL, \n\texperiment_title VARCHAR(255), \n\tPRIMARY KEY (experiment_id)\n)",
    "CREATE TABLE work_unit (\n\texperiment_id BIGINT NOT NULL, \n\twork_unit_id INTEGER NOT NULL, \n\tPRIMARY KEY (experiment_id, work_unit_id)\n)",
    "CREATE TABLE job (\n\texperiment_id BIGINT NOT NULL, \n\twork_unit_id INTEGER NOT NULL, \n\tjob_name VARCHAR(255) NOT NULL, \n\tjob_data VARCHAR(255), \n\tPRIMARY KEY (experiment_id, work_unit_id, job_name)\n)",
  ]

  static let migratedSchema = [
    freshSchema[0],
    "CREATE TABLE \"experiment\" (\n\texperiment_id BIGINT, \n\texperiment_title VARCHAR(255), \n\tPRIMARY KEY (experiment_id)\n)",
    "CREATE TABLE \"work_unit\" (\n\texperiment_id BIGINT, \n\twork_unit_id INTEGER, \n\tPRIMARY KEY (experiment_id, work_unit_id)\n)",
    "CREATE TABLE \"job\" (\n\texperiment_id BIGINT, \n\twork_unit_id INTEGER, \n\tjob_name VARCHAR(255), \n\tjob_data VARCHAR(255), \n\tPRIMARY KEY (experiment_id, work_unit_id, job_name)\n)",
  ]

  private func schemaTexts(_ path: String) throws -> [String] {
    try DatabaseDump.schema(path).filter { $0.hasPrefix("table|") }
      .map { $0.split(separator: "|", maxSplits: 3).last.map(String.init) ?? "" }
  }

  @Test func `a fresh XManager database is made as the real alembic makes it`() throws {
    let scratch = try Scratch()
    let ours = scratch.file("ours.sqlite3")
    let outcome = try Workshop.xmSafe(["upgrade", "--db", ours, "--scripts", Self.scripts])
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.contains("there is nothing to save"))
    #expect(try scratch.names() == ["Backups", "ours.sqlite3"])
    #expect(try schemaTexts(ours) == Self.freshSchema)
    let theirs = scratch.file("theirs.sqlite3")
    let oracle = try Workshop.alembicUpgrade(theirs, scripts: Self.scripts)
    #expect(oracle.status == 0, "\(oracle)")
    #expect(try DatabaseDump.text(ours) == DatabaseDump.text(theirs))
  }

  @Test func `a legacy XManager database is migrated as the real alembic migrates it`() throws {
    let scratch = try Scratch()
    for name in ["ours", "theirs"] { try SampleDatabases.legacy(scratch.file(name)) }
    let outcome = try Workshop.xmSafe([
      "upgrade", "--db", scratch.file("ours"), "--scripts", Self.scripts,
    ])
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try schemaTexts(scratch.file("ours")) == Self.migratedSchema)
    let oracle = try Workshop.alembicUpgrade(scratch.file("theirs"), scripts: Self.scripts)
    #expect(oracle.status == 0, "\(oracle)")
    let dump = try DatabaseDump.text(scratch.file("ours"))
    #expect(try dump == DatabaseDump.text(scratch.file("theirs")))
    #expect(dump.contains("blob:X'63616970207B207D0A00FF'"), "bytes stay bytes")
  }

  @Test func `the migration that bricks a database under alembic leaves it as it was here`() throws
  {
    let scratch = try Scratch()
    for name in ["ours", "theirs"] {
      try SampleDatabases.legacy(scratch.file(name), hasTitle: false)
    }
    let before = try DatabaseDump.text(scratch.file("ours"))
    for _ in 1...2 {
      let outcome = try Workshop.xmSafe([
        "upgrade", "--db", scratch.file("ours"), "--scripts", Self.scripts,
      ])
      #expect(outcome.status == 20, "\(outcome)")
      #expect(outcome.errors.contains("KeyError: 'Title'"))
      #expect(outcome.errors.contains("state: the database was not touched"))
      #expect(try DatabaseDump.text(scratch.file("ours")) == before)
    }
    let restored = try Workshop.xmSafe(["restore", "latest", "--db", scratch.file("ours")])
    #expect(restored.status == 0, "\(restored)")
    #expect(try DatabaseDump.text(scratch.file("ours")) == before)

    // The real alembic drops VersionHistory before it fails, and then takes the database for a new one, for ever.
    #expect(try Workshop.alembicUpgrade(scratch.file("theirs"), scripts: Self.scripts).status != 0)
    #expect(try DatabaseDump.text(scratch.file("theirs")) != before)
    let second = try Workshop.alembicUpgrade(scratch.file("theirs"), scripts: Self.scripts)
    #expect(second.errors.contains("table experiment already exists"))
  }

  @Test func `an alembic project is found by its ini file in the working directory`() throws {
    let scratch = try Scratch()
    try scratch.write(
      "[alembic]\nscript_location = scripts\nsqlalchemy.url = sqlite:///data.sqlite3\n",
      to: "alembic.ini"
    )
    _ = try seed(scratch)
    try scratch.write(
      "engine_from_config({}, prefix='sqlalchemy.')\ncontext.configure()\n",
      to: "scripts/env.py"
    )
    let outcome = try Workshop.xmSafe(["upgrade", "--log-format", "json"], in: scratch.path)
    #expect(outcome.status == 0, "\(outcome)")
    for line in outcome.errors.split(separator: "\n") {
      let event = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(event?["logger"] is String)
    }
    let current = try Workshop.xmSafe(["current"], in: scratch.path)
    #expect(current.output == "106c21f078d5 (head)\n")
    let history = try Workshop.xmSafe(["history"], in: scratch.path)
    let alembic = try Workshop.alembic(["history"], in: scratch.path)
    #expect(history.output.contains("5cbe03fe7ed1 -> 106c21f078d5 (head), Create Example table."))
    #expect(alembic.status == 0, "\(alembic)")
    #expect(history.output == alembic.output)
  }
}
