import Foundation
import SQLite
import TestKit
import Testing

/// `xm-safe run`: what is checked after a command, and what is put back.
@Suite struct RunCommandTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    /// What a shell is to do; the database is `$DB`.
    var script: String
    var options: [String] = []
    var status: Int32
    /// What the last lines say of it.
    var words: String
    /// Whether the database is afterwards as the command made it.
    var isKept = false

    init(
      _ name: String,
      _ script: String,
      options: [String] = [],
      status: Int32,
      _ words: String,
      isKept: Bool = false
    ) {
      testDescription = name
      self.script = script
      self.options = options
      self.status = status
      self.words = words
      self.isKept = isKept
    }
  }

  private static func sql(_ statements: String) -> String { "sqlite3 \"$DB\" \"\(statements)\"" }

  static let cases = [
    Case(
      "rows are added",
      sql("INSERT INTO other VALUES (9, 'x')"),
      status: 0,
      "no rows lost",
      isKept: true
    ),
    Case("nothing is done", "true", status: 0, "Verified: at r1", isKept: true),
    Case(
      "it fails at once",
      "exit 3",
      status: 3,
      "exactly as it was before (its content has the digest"
    ),
    Case(
      "it fails after a change",
      sql("DROP TABLE other") + "; exit 4",
      status: 4,
      "exactly as it was before (restored"
    ),
    Case(
      "its code is one of ours",
      sql("DROP TABLE other") + "; exit 21",
      status: 21,
      "exactly as it was before (restored"
    ),
    Case(
      "it kills itself",
      sql("DROP TABLE other") + "; kill -9 $$",
      status: 137,
      "was ended by signal 9 (Killed)"
    ),
    Case(
      "it ends itself",
      sql("DROP TABLE other") + "; kill -TERM $$",
      status: 143,
      "was ended by signal 15 (Terminated)"
    ),
    Case(
      "rows are deleted",
      sql("DELETE FROM other WHERE id = 1"),
      status: 20,
      "1 row of table 'other' vanished (3 before, 2 after); --allow-row-loss other lets it"
    ),
    Case(
      "rows are deleted that may go",
      sql("DELETE FROM other WHERE id = 1"),
      options: ["--allow-row-loss", "other"],
      status: 0,
      "no rows lost",
      isKept: true
    ),
    Case(
      "a table may lose rows that is none",
      sql("UPDATE other SET value = 'b'"),
      options: ["--allow-row-loss", "othre"],
      status: 0,
      "--allow-row-loss 'othre': there is no such table, neither before nor afterwards",
      isKept: true
    ),
    Case(
      "rows are deleted, unguarded",
      sql("DELETE FROM other WHERE id = 1"),
      options: ["--guard", "off"],
      status: 0,
      "no new foreign key violation",
      isKept: true
    ),
    Case(
      "a table is dropped",
      sql("DROP TABLE other"),
      status: 20,
      "table 'other' is gone with its 3 rows"
    ),
    Case(
      "a table is renamed",
      sql("ALTER TABLE other RENAME TO another"),
      status: 0,
      "no rows lost",
      isKept: true
    ),
    Case(
      "references are broken",
      sql("INSERT INTO child VALUES (99, 99)"),
      status: 20,
      "table 'child' now has 1 row that refers to what table 'parent' does not have"
    ),
    Case(
      "a rebuild is left over",
      sql("CREATE TABLE _alembic_tmp_other (id)"),
      status: 20,
      "the table '_alembic_tmp_other' of a rebuild is left over"
    ),
    Case(
      "the version table is dropped",
      sql("DROP TABLE alembic_version"),
      status: 20,
      "the version table 'alembic_version' is gone"
    ),
    Case(
      "the file is overwritten",
      "printf '%4096s' x | dd of=\"$DB\" conv=notrunc 2>&1",
      status: 20,
      "it is no sound database any more"
    ),
    Case(
      "pages are overwritten",
      "head -c 4096 /dev/zero | tr '\\0' 'x' | dd of=\"$DB\" bs=4096 seek=2 conv=notrunc 2>&1",
      status: 20,
      "quick_check finds"
    ),
    Case(
      "the file is cut off",
      "truncate -s 5000 \"$DB\"",
      status: 20,
      "it is no sound database any more"
    ),
    Case("the file is removed", "rm \"$DB\"", status: 20, "it is gone"),
    Case(
      "the file is removed, and it fails",
      "rm \"$DB\"; exit 5",
      status: 5,
      "exactly as it was before (restored"
    ),
    Case("the file is emptied", ": > \"$DB\"", status: 20, "is gone with its"),
    Case(
      "the journal mode is changed",
      sql("PRAGMA journal_mode=WAL; DROP TABLE other"),
      status: 20,
      "table 'other' is gone"
    ),
    Case(
      "the page size is changed",
      sql("PRAGMA page_size=8192; VACUUM; DROP TABLE other"),
      status: 20,
      "table 'other' is gone"
    ),
  ]

  @Test(arguments: cases) func `a command is kept or undone`(_ one: Case) throws {
    let subject = Subject(in: try Scratch(), "a.sqlite3")
    try SampleDatabases.create(subject.path, AlembicProjectFixture.database)
    chmod(subject.path, 0o640)
    let before = try subject.dump()
    let outcome = try run(subject, one.options, ["sh", "-c", one.script])
    #expect(outcome.status == one.status, "\(outcome)")
    #expect(outcome.errors.contains(one.words), "\(outcome)")
    let isFailure = outcome.errors.contains("\n  state: ")
    #expect(isFailure == !one.isKept, "\(outcome)")
    if !one.isKept { #expect(try subject.dump() == before) }
    let connection = try Connection(opening: subject.path, mode: .readWrite)
    #expect(try connection.integrityCheck().isEmpty)
    #expect(try connection.journalMode() == "delete")
    try connection.close()
    let mode = try FileManager.default.attributesOfItem(atPath: subject.path)[.posixPermissions]
    #expect(mode as? Int == 0o640)
    // Nothing is left to be settled.
    #expect(try subject.scratch.names(in: "Backups").allSatisfy { !$0.hasPrefix(".journal") })
    #expect(try subject.run(["current"]).errors.isEmpty)
  }

  private func run(
    _ subject: Subject,
    _ options: [String] = [],
    _ command: [String]
  ) throws -> Command.Outcome {
    try Workshop.xmSafe(
      ["run", "--db", subject.path] + options + ["--"] + command,
      in: subject.scratch.path,
      environment: ["DB": subject.path]
    )
  }

  // MARK: - alembic

  @Test func `alembic's own upgrade is kept when it succeeds, and the last one can be undone`()
    throws
  {
    let fixture = try AlembicProjectFixture(scripts: [
      "op.add_column('parent', sa.Column('age', sa.Integer))",
      "op.rename_table('other', 'renamed')",
    ])
    let before = try fixture.dump()
    #expect(try fixture.plain().status == 0)
    let outcome = try Workshop.xmSafe(
      ["run", "--expect-head", "--", fixture.stack.alembic, "upgrade", "head"],
      in: fixture.scratch.file("guarded")
    )
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.contains("Running alembic; other writers are not locked out"))
    #expect(try fixture.dump() == fixture.dump("plain"))
    let undone = try Workshop.xmSafe(["undo"], in: fixture.scratch.file("guarded"))
    #expect(undone.status == 0, "\(undone)")
    #expect(try fixture.dump() == before)
  }

  @Test(arguments: AlembicStack.allCases)
  func `alembic's own upgrade that fails half-way leaves nothing`(_ stack: AlembicStack) throws {
    let fixture = try AlembicProjectFixture(
      stack,
      scripts: [
        "op.create_table('made', sa.Column('id', sa.Integer))",
        "op.drop_table('child')\nop.execute('INSERT INTO nowhere VALUES (1)')",
      ]
    )
    let before = try fixture.dump()
    let plain = try Command.run(
      [stack.python, "-m", "alembic.config", "upgrade", "head"],
      in: fixture.scratch.file("plain")
    )
    #expect(plain.status == 1, "\(plain)")
    // Otherwise there would be nothing to guard.
    #expect(try fixture.dump("plain") != before)
    let outcome = try Workshop.xmSafe(
      ["run", "--", stack.python, "-m", "alembic.config", "upgrade", "head"],
      in: fixture.scratch.file("guarded")
    )
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.errors.contains("no such table: nowhere"))
    #expect(outcome.errors.contains("state: the database is exactly as it was before (restored"))
    #expect(try fixture.dump() == before)
    #expect(try fixture.leftovers().isEmpty)
  }

  @Test func `an upgrade that stops before the head is undone where the head is expected`() throws {
    let fixture = try AlembicProjectFixture(scripts: ["pass", "op.drop_table('child')"])
    let before = try fixture.dump()
    let outcome = try Workshop.xmSafe(
      ["run", "--expect-head", "--", fixture.stack.alembic, "upgrade", "+1"],
      in: fixture.scratch.file("guarded")
    )
    #expect(outcome.status == 20, "\(outcome)")
    #expect(outcome.errors.contains("it is at r2 and not at r3, the head of the scripts"))
    #expect(try fixture.dump() == before)
  }

  @Test func `a version that no script knows is undone`() throws {
    let fixture = try AlembicProjectFixture(scripts: ["pass"])
    let before = try fixture.dump()
    let outcome = try Workshop.xmSafe(
      ["run", "--", "sqlite3", "app.db", "UPDATE alembic_version SET version_num = 'zz'"],
      in: fixture.scratch.file("guarded")
    )
    #expect(outcome.status == 20, "\(outcome)")
    #expect(
      outcome.errors.contains("its version table says 'zz', which is no revision of the scripts")
    )
    #expect(try fixture.dump() == before)
  }

  @Test func `the head is expected only of a project that has scripts`() throws {
    let subject = try Subject()
    let outcome = try run(subject, ["--expect-head"], ["touch", subject.scratch.file("ran")])
    #expect(outcome.status == 24, "\(outcome)")
    #expect(try !subject.scratch.names().contains("ran"))
  }

  // MARK: - What is no command

  @Test func `a command that does not exist changes nothing, and is told in one sentence`() throws {
    let subject = try Subject()
    let before = try Data(contentsOf: URL(fileURLWithPath: subject.path))
    let plain = try subject.scratch.write("no program", to: "plain")
    for (command, status, words) in [
      ("no-such-program", Int32(127), "there is no program 'no-such-program' on PATH"),
      ("./no-such-program", 127, "there is no program './no-such-program'"),
      (plain, 126, "cannot be executed"), (subject.scratch.path, 126, "cannot be executed"),
    ] {
      let outcome = try run(subject, [], [command])
      #expect(outcome.status == status, "\(outcome)")
      #expect(outcome.errors.contains(words))
      #expect(outcome.errors.contains("state: the database was not touched"))
    }
    chmod(plain, 0o755)
    #expect(try run(subject, [], [plain]).status == 126)
    #expect(try Data(contentsOf: URL(fileURLWithPath: subject.path)) == before)
    #expect(try subject.run(["current"]).errors.isEmpty)
    #expect(try Workshop.xmSafe(["run", "--db", subject.path]).status == 64)
    #expect(try Workshop.xmSafe(["run", "--db", subject.path, "--"]).status == 64)
  }

  @Test func `without a sound database nothing is run`() throws {
    let scratch = try Scratch()
    for (name, content, status) in [
      ("missing", nil, Int32(10)), ("empty", "", 24), ("text", "this is no database, at all", 10),
    ] {
      let path = scratch.file(name)
      if let content { try scratch.write(content, to: name) }
      let outcome = try Workshop.xmSafe(
        ["run", "--db", path, "--", "touch", scratch.file("ran")]
      )
      #expect(outcome.status == status, "\(outcome)")
    }
    #expect(try !scratch.names().contains("ran"))
  }

  // MARK: - What is kept

  @Test func `what a failed command has left is kept for study`() throws {
    let subject = try Subject()
    let before = try subject.dump()
    let outcome = try Workshop.xmSafe(
      [
        "run", "--db", subject.path, "--keep-on-failure", "--json", "--", "sh", "-c",
        "sqlite3 \"$DB\" 'DROP TABLE Job'; echo said; exit 9",
      ],
      environment: ["DB": subject.path]
    )
    #expect(outcome.status == 9, "\(outcome)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    )
    #expect(json["outcome"] as? String == "restored")
    #expect(json["exitCode"] as? Int == 9)
    #expect(outcome.errors.contains("said"))
    let file = try #require(json["leftFile"] as? String)
    #expect(file.hasPrefix(subject.path + ".failed-"))
    #expect(try subject.dump() == before)
    let left = try DatabaseDump.text(file)
    #expect(!left.contains("Job") && left.contains("WorkUnit"))
    // The same is in a snapshot, and 'undo' leads there.
    try subject.run(["undo"])
    #expect(try subject.dump() == left)
  }

  @Test func `what a failed command has left is not brought back over what was written since`()
    throws
  {
    let subject = try Subject()
    let script = "sqlite3 \"$DB\" 'DROP TABLE Job'; exit 9"
    #expect(try run(subject, [], ["sh", "-c", script]).status == 9)
    try SampleDatabases.create(subject.path, ["CREATE TABLE later (a)"])
    let now = try subject.dump()
    #expect(try subject.run(["undo"], status: 10).errors.contains("no upgrade and no restore"))
    #expect(try subject.dump() == now)
  }

  @Test func `a failed command without that leaves no file beside the database`() throws {
    let subject = try Subject()
    let outcome = try run(subject, [], ["sh", "-c", "sqlite3 \"$DB\" 'DROP TABLE Job'; exit 9"])
    #expect(outcome.status == 9)
    #expect(try subject.scratch.names() == ["Backups", "a.sqlite3"])
  }

  @Test func `streams and arguments are the command's own, and nothing else is said`() throws {
    let subject = try Subject()
    let outcome = try Command.run(
      [
        Workshop.program, "run", "-q", "--db", subject.path, "--", "sh", "-c",
        "printf '%s|' \"$@\"; cat; echo wrong >&2", "name", "a b", "", "--db", "*",
      ],
      input: Data("input".utf8)
    )
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output == "a b||--db|*|input")
    #expect(outcome.errors == "wrong\n")
  }

  @Test func `with JSON standard output has the result, and what the command says goes beside it`()
    throws
  {
    let subject = try Subject()
    let outcome = try Workshop.xmSafe(
      ["run", "-q", "--json", "--db", subject.path, "--", "echo", "said"]
    )
    #expect(outcome.errors == "said\n")
    #expect(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) is [String: Any])
    let help = try Workshop.xmSafe(["run", "--help"]).output
    let words = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("with --json its standard output goes to standard error"))
  }

  @Test func `a command that runs xm-safe on the same database is told who has it`() throws {
    let subject = try Subject()
    let outcome = try run(subject, [], [Workshop.program, "snapshot", "--db", subject.path])
    #expect(outcome.status == 11, "\(outcome)")
    #expect(outcome.errors.contains("(xm-safe run, since"))
  }
}
