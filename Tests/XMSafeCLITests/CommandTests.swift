import Foundation
import SQLite
import TestKit
import Testing

/// What the program promises, asked of the program itself.
@Suite struct CommandTests {
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
        "xm_safe.lock", "xm_safe.snapshot", "alembic.runtime.migration",
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
      #expect(outcome.errors.contains("state: the database is exactly as it was before"))
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

  struct RefusedCase: CustomTestStringConvertible, Sendable {
    var name: String
    var scripts: [String: String]
    var rows: [String] = []
    var words: [String]
    var testDescription: String { name }
  }

  static func script(_ id: String, _ down: String, _ body: String = "pass") -> String {
    "from alembic import op\nrevision = '\(id)'\ndown_revision = \(down)\ndef upgrade():\n    \(body)\n"
  }

  static let refused = [
    RefusedCase(
      name: "several heads",
      scripts: [
        "a.py": script("aaaa", "None"), "b.py": script("bbbb", "'aaaa'"),
        "c.py": script("cccc", "'aaaa'"),
      ],
      words: ["multiple head revisions are present: bbbb, cccc", "next:  name one of them"]
    ),
    RefusedCase(
      name: "a revision that the scripts do not have",
      scripts: ["a.py": script("aaaa", "None")],
      rows: ["dead"],
      words: ["the database is at revision 'dead', which these scripts do not have"]
    ),
    RefusedCase(
      name: "a missing parent",
      scripts: ["b.py": script("bbbb", "'zzzz'")],
      words: [
        "b.py:3:1: revision bbbb names 'zzzz' as down_revision, and there is no such revision"
      ]
    ),
    RefusedCase(
      name: "a circle",
      scripts: ["a.py": script("aaaa", "'bbbb'"), "b.py": script("bbbb", "'aaaa'")],
      words: ["cycle is detected in revisions (aaaa, bbbb)"]
    ),
    RefusedCase(
      name: "an id that is there twice",
      scripts: ["a.py": script("aaaa", "None"), "b.py": script("aaaa", "None")],
      words: ["b.py:2:1: revision aaaa is present more than once"]
    ),
    RefusedCase(
      name: "a syntax error",
      scripts: ["a.py": "def upgrade(:\n"],
      words: ["a.py:1:12: '(' was never closed"]
    ),
    RefusedCase(
      name: "a construct that is not read",
      scripts: ["a.py": script("aaaa", "None", "with open('x') as f: pass")],
      words: [
        "a.py:5:10: 'with' is read only for batch_alter_table",
        "next:  run this upgrade with the project's own alembic",
      ]
    ),
  ]

  @Test(arguments: refused)
  func `scripts that cannot be right are refused without opening the database for writing`(
    _ test: RefusedCase
  ) throws {
    let scratch = try Scratch()
    for (name, text) in test.scripts { try scratch.write(text, to: "scripts/versions/\(name)") }
    let database = scratch.file("a.sqlite3")
    try SampleDatabases.create(
      database,
      ["CREATE TABLE alembic_version (version_num VARCHAR(32))"]
        + test.rows.map { "INSERT INTO alembic_version VALUES ('\($0)')" }
    )
    let trace = scratch.file("trace")
    let outcome = try Command.run(
      [
        "strace", "-f", "-e", "trace=openat,open", "-o", trace, Workshop.program, "upgrade", "--db",
        database,
        "--scripts", scratch.file("scripts"),
      ]
    )
    #expect(outcome.status == 24, "\(outcome)")
    for word in test.words { #expect(outcome.errors.contains(word), "\(outcome)") }
    #expect(outcome.errors.contains("state: the database was not touched"))
    let opens = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
    if !test.rows.isEmpty {
      #expect(opens.contains { $0.contains("a.sqlite3") && $0.contains("O_RDONLY") })
    }
    let written = opens.filter {
      $0.contains("a.sqlite3") && ($0.contains("O_RDWR") || $0.contains("O_WRONLY"))
    }
    #expect(written.isEmpty, "\(written)")
    #expect(try scratch.names() == ["a.sqlite3", "scripts", "trace"])
  }

  @Test func `the file that is named as the database is looked at before it is trusted`() throws {
    let scratch = try Scratch()
    let text = try scratch.write(String(repeating: "not a database ", count: 100), to: "text")
    let garbage = scratch.file("encrypted")
    try Data((0..<8192).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 / 251) }).write(
      to: URL(fileURLWithPath: garbage)
    )
    mkfifo(scratch.file("pipe"), 0o600)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.file("dangling"),
      withDestinationPath: "/nonexistent/x"
    )
    let cases: [(String, String, Int32, String)] = [
      ("upgrade", text, 10, "is not an SQLite database, or it is encrypted"),
      ("upgrade", garbage, 10, "is not an SQLite database, or it is encrypted"),
      ("snapshot", garbage, 10, "is not an SQLite database, or it is encrypted"),
      ("current", garbage, 10, "is not an SQLite database, or it is encrypted"),
      ("upgrade", scratch.path, 10, "is a directory, not a database"),
      ("snapshot", scratch.path, 10, "is a directory, not a database"),
      ("upgrade", scratch.file("pipe"), 10, "is a named pipe, not a database"),
      ("current", scratch.file("missing"), 10, "there is no database at"),
      ("snapshot", scratch.file("missing"), 10, "there is no database at"),
      ("upgrade", scratch.file("no/such/directory/a"), 10, "there is no database at"),
      ("upgrade", scratch.file("dangling"), 10, "there is no database at"),
      ("upgrade", "postgresql://u:secret@h/d", 24, "the database is postgresql"),
    ]
    let before = try scratch.tree()
    for (verb, path, status, words) in cases {
      let outcome = try Workshop.xmSafe([verb, "--db", path, "--scripts", Self.scripts])
      #expect(outcome.status == status, "\(verb) \(path): \(outcome)")
      #expect(outcome.errors.contains(words), "\(verb) \(path): \(outcome)")
      #expect(outcome.errors.contains("state: the database was not touched"))
      #expect(!outcome.errors.contains("secret"))
      #expect(outcome.output.isEmpty)
    }
    let leftovers = try scratch.tree().filter { !before.contains($0) && !$0.hasPrefix("Backups") }
    #expect(leftovers == [])
  }

  @Test func `a read-only database is refused, and can still be saved`() throws {
    let scratch = try Scratch()
    try SampleDatabases.legacy(scratch.file("a.sqlite3"))
    let path = scratch.file("a.sqlite3")
    // The superuser may write to any file: the program runs as nobody, if we are that.
    chmod(path, 0o444)
    chmod(scratch.path, 0o777)
    let user = getuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
    let program = scratch.file("xm-safe")
    try FileManager.default.copyItem(atPath: Workshop.program, toPath: program)
    let scripts = scratch.file("scripts")
    try FileManager.default.copyItem(atPath: Self.scripts, toPath: scripts)
    let upgrade = try Command.run(user + [program, "upgrade", "--db", path, "--scripts", scripts])
    #expect(upgrade.status == 24, "\(upgrade)")
    #expect(upgrade.errors.contains("is read-only"))
    let snapshot = try Command.run(user + [program, "snapshot", "--db", path])
    #expect(snapshot.status == 0, "\(snapshot)")
  }

  @Test func `a locked database is refused within the timeout`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let other = try Connection(opening: path, mode: .readWrite)
    try other.beginImmediate()
    let outcome = try Workshop.xmSafe(
      ["upgrade", "--db", path, "--scripts", Self.scripts, "--busy-timeout", "0.05"]
    )
    #expect(outcome.status == 11, "\(outcome)")
    #expect(outcome.errors.contains("is locked"))
    try other.rollback()
  }

  @Test func `every result has its JSON, and a failure too`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    func json(_ arguments: [String], status: Int32 = 0) throws -> Any {
      let outcome = try Workshop.xmSafe(
        arguments + ["--json", "-q", "--db", path, "--scripts", Self.scripts]
      )
      #expect(outcome.status == status, "\(outcome)")
      let text = status == 0 || status == 23 ? outcome.output : outcome.errors
      return try JSONSerialization.jsonObject(with: Data(text.utf8))
    }
    let pending = try #require(try json(["check"], status: 23) as? [String: Any])
    #expect(pending["pending"] as? [String] == ["f45829405692"])
    let upgrade = try #require(try json(["upgrade"]) as? [String: Any])
    #expect(upgrade["outcome"] as? String == "upgraded")
    let saved = try #require(upgrade["snapshot"] as? [String: Any])
    let id = try #require(saved["id"] as? String)
    #expect(
      (try json(["current"]) as? [String: Any])?["revisions"] as? [String] == ["f45829405692"]
    )
    #expect((try json(["check"]) as? [String: Any])?["pending"] as? [String] == [])
    #expect((try json(["show", id]) as? [String: Any])?["reason"] as? String == "pre-upgrade")
    #expect(((try json(["list"]) as? [String: Any])?["snapshots"] as? [Any])?.count == 1)
    #expect(((try json(["verify", "--all"]) as? [String: Any])?["archives"] as? [Any])?.count == 1)
    #expect(
      (try json(["history"]) as? [[String: Any]])?.first?["revision"] as? String == "f45829405692"
    )
    #expect((try json(["heads"]) as? [[String: Any]])?.first?["isHead"] as? Bool == true)
    let taken = try #require(try json(["snapshot"]) as? [String: Any])
    #expect(taken["outcome"] as? String == "saved")
    #expect((taken["snapshot"] as? [String: Any])?["reason"] as? String == "manual")
    #expect((try json(["restore", id]) as? [String: Any])?["proven"] as? Bool == true)
    let failure = try #require(try json(["show", "nope"], status: 10) as? [String: Any])
    #expect((failure["error"] as? [String: Any])?["exitCode"] as? Int == 10)
  }

  @Test func `gunzip and sqlite3 alone bring a database back`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    #expect(try Workshop.xmSafe(["snapshot", "--db", path]).status == 0)
    let archive = scratch.file("Backups/" + (try scratch.names(in: "Backups").last ?? ""))
    let show = try Workshop.xmSafe(["show", archive, "--db", path, "--json"])
    let script =
      "gunzip -c \"$1\" > \"$2\" && sqlite3 \"$2\" 'PRAGMA integrity_check' && sha256sum < \"$2\""
    let outcome = try Command.run(["sh", "-c", script, "sh", archive, scratch.file("copy")])
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output.hasPrefix("ok\n"))
    let digest = outcome.output.split(separator: "\n")[1].prefix(64)
    #expect(show.output.contains(digest))
    #expect(try DatabaseDump.text(path) == DatabaseDump.text(scratch.file("copy")))
  }

  @Test func `a damaged archive is named, with its own exit code`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    #expect(try Workshop.xmSafe(["snapshot", "--db", path]).status == 0)
    let archive = scratch.file("Backups/" + (try scratch.names(in: "Backups").last ?? ""))
    var data = try Data(contentsOf: URL(fileURLWithPath: archive))
    data[200] ^= 1
    try data.write(to: URL(fileURLWithPath: archive))
    let before = try DatabaseDump.text(path)
    for arguments in [["verify"], ["verify", "--all"], ["restore", "latest"]] {
      let outcome = try Workshop.xmSafe(arguments + ["--db", path])
      #expect(outcome.status == 22, "\(arguments): \(outcome)")
      #expect((outcome.output + outcome.errors).contains("damaged"))
    }
    #expect(try DatabaseDump.text(path) == before)
  }

  @Test func `garbage in the place of the database is no obstacle for a restore`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let dump = try DatabaseDump.text(path)
    #expect(try Workshop.xmSafe(["snapshot", "--db", path]).status == 0)
    for damage in [
      Data("garbage".utf8), Data(repeating: 0, count: 8192),
      try Data(contentsOf: URL(fileURLWithPath: path)).prefix(9000),
    ] {
      try damage.write(to: URL(fileURLWithPath: path))
      let outcome = try Workshop.xmSafe(["restore", "latest", "--db", path])
      #expect(outcome.status == 0, "\(outcome)")
      #expect(try DatabaseDump.text(path) == dump)
    }
    let refused = try Workshop.xmSafe(["restore", "latest", "--db", scratch.path])
    #expect(refused.status == 10, "\(refused)")
  }

  @Test func `a name that is not UTF-8 never becomes another database`() throws {
    let scratch = try Scratch()
    let script =
      "xm=\"$1\"; cd \"$2\" && \"$xm\" upgrade --db \"$(printf 'a\\377b')\" --scripts \"$3\""
    let outcome = try Command.run([
      "sh", "-c", script, "sh", Workshop.program, scratch.path, Self.scripts,
    ])
    #expect(outcome.status == 10, "\(outcome)")
    #expect(try scratch.names() == [])
  }

  @Test func `a result that cannot be written is not a success`() throws {
    let scratch = try Scratch()
    try SampleDatabases.legacy(scratch.file("a"))
    let script = "\"$1\" list --db \"$2\" > /dev/full"
    let outcome = try Command.run(["sh", "-c", script, "sh", Workshop.program, scratch.file("a")])
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.errors.contains("could not be written"))
  }

  @Test func `a disk that is too small is refused before anything is touched`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.large(path, rows: 9000)
    let before = try DatabaseDump.text(path)
    let small = scratch.file("small")
    let script = """
      mkdir "$4" && mount -t tmpfs -o size=2m tmpfs "$4" || exit 99
      "$1" upgrade --db "$2" --scripts "$3" --store "$4"; echo "status $?" >&2
      "$1" snapshot --db "$2" --store "$4"; echo "status $?" >&2
      ls -A "$4"
      """
    // In a mount namespace of its own: nothing has to be unmounted, whatever happens.
    let outcome = try Command.run(
      ["unshare", "-m", "sh", "-c", script, "sh", Workshop.program, path, Self.scripts, small]
    )
    #expect(outcome.errors.components(separatedBy: "status 12").count == 3, "\(outcome)")
    #expect(
      outcome.output.split(separator: "\n").allSatisfy { $0.hasPrefix(".lock-") },
      "\(outcome)"
    )
    #expect(try DatabaseDump.text(path) == before)
  }

  @Test func `a snapshot of another database is restored only by force`() throws {
    let scratch = try Scratch()
    for name in ["a", "b"] { try SampleDatabases.legacy(scratch.file(name)) }
    #expect(try Workshop.xmSafe(["snapshot", "--db", scratch.file("a")]).status == 0)
    let archive = scratch.file("Backups/" + (try scratch.names(in: "Backups").last ?? ""))
    let refused = try Workshop.xmSafe(["restore", archive, "--db", scratch.file("b")])
    #expect(refused.status == 24, "\(refused)")
    #expect(
      try Workshop.xmSafe(["restore", archive, "--force", "--db", scratch.file("b")]).status == 0
    )
  }

  @Test func `an alembic project is found by its ini file in the working directory`() throws {
    let scratch = try Scratch()
    try scratch.write(
      "[alembic]\nscript_location = scripts\nsqlalchemy.url = sqlite:///data.sqlite3\n",
      to: "alembic.ini"
    )
    _ = try seed(scratch)
    try scratch.write("engine_from_config({}, prefix='sqlalchemy.')\n", to: "scripts/env.py")
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

  @Test func `a text without place in the terminal cannot steer it`() throws {
    let scratch = try Scratch()
    try scratch.write(
      "\"\"\"\\x1b[31mred\"\"\"\nrevision = 'aaaa'\ndown_revision = None\ndef upgrade():\n    raise RuntimeError('\\x1b]0;x\\x07')\n",
      to: "scripts/versions/a.py"
    )
    let outcome = try Workshop.xmSafe(
      ["upgrade", "--db", scratch.file("a\u{1b}[2J"), "--scripts", scratch.file("scripts")]
    )
    #expect(outcome.status == 20, "\(outcome)")
    #expect(
      !(outcome.errors + outcome.output).unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }
    )
  }

  @Test func `closed descriptors never become a file of ours`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let script = "exec \"$1\" upgrade --db \"$2\" --scripts \"$3\" <&- >&- 2>&-"
    let outcome = try Command.run(["sh", "-c", script, "sh", Workshop.program, path, Self.scripts])
    #expect(outcome.status == 0)
    #expect(try Workshop.xmSafe(["verify", "--all", "--db", path]).status == 0)
    #expect(try Connection(opening: path, mode: .readWrite).integrityCheck() == [])
  }

  @Test func `version, help and mistakes on the command line`() throws {
    let version = try Workshop.xmSafe(["--version"])
    #expect(version.output.hasPrefix("xm-safe 0."))
    #expect(version.output.contains("SQLite 3."))
    let help = try Workshop.xmSafe(["--help"])
    #expect(help.status == 0)
    for verb in [
      "upgrade", "check", "current", "snapshot", "list", "show", "verify", "restore", "history",
      "heads",
    ] {
      #expect(help.output.contains("  \(verb) "))
      let help = try Workshop.xmSafe([verb, "--help"])
      #expect(help.status == 0)
      #expect(help.output.contains("EXIT STATUS"))
    }
    #expect(try Workshop.xmSafe(["upgrade", "--nonsense"]).status == 64)
    #expect(try Workshop.xmSafe(["list", "--busy-timeout", "-1"]).status == 64)
    let nothing = try Workshop.xmSafe(["upgrade", "--db", "x"], in: "/")
    #expect(nothing.status == 24)
    #expect(nothing.errors.contains("there are no migration scripts"))
  }
}
