import Foundation
import TestKit
import Testing

/// `init`, `revision` and `merge`: the files are those that the real alembic writes, and it runs them.
@Suite struct RevisionFileTests {
  /// One command that writes a revision, run by both programs on equal projects.
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var arguments: [String]
    var settings = ""
    var template: String?
    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "a message",
      arguments: ["revision", "-m", "Add user's table, with (brackets) -- dash/slash"]
    ),
    Case(name: "no message", arguments: ["revision", "--head", "left@head"]),
    Case(name: "letters of all alphabets", arguments: ["revision", "-m", "Ünïcödé Имя 表 ½ x²"]),
    Case(name: "no letters", arguments: ["revision", "-m", "!!!"]),
    Case(
      name: "a long message",
      arguments: [
        "revision", "-m", "this is a very long message that has to be truncated somewhere",
      ]
    ),
    Case(
      name: "a short name",
      arguments: ["revision", "-m", "abcdefghijkl"],
      settings: "truncate_slug_length = 10"
    ),
    Case(
      name: "no length is the default length",
      arguments: [
        "revision", "-m", "this is a very long message that has to be truncated somewhere",
      ],
      settings: "truncate_slug_length = 0"
    ),
    Case(
      name: "a template for names",
      arguments: ["revision", "-m", "x y"],
      settings:
        "file_template = %%(year)d-%%(month).2d/%%(slug)s%%%%_%%(rev)s\nrecursive_version_locations = true\ntimezone = UTC"
    ),
    Case(name: "a new root", arguments: ["revision", "-m", "root", "--head", "base"]),
    Case(
      name: "a branch label",
      arguments: ["revision", "-m", "lab", "--head", "base", "--branch-label", "mine"]
    ),
    Case(
      name: "one dependency by the beginning of its id",
      arguments: ["revision", "-m", "dep", "--head", "e1e1", "--depends-on", "n2n"]
    ),
    Case(
      name: "two dependencies, one by its label",
      arguments: [
        "revision", "-m", "dep", "--head", "base", "--depends-on", "net", "--depends-on", "b1b1",
      ]
    ),
    Case(name: "a splice", arguments: ["revision", "-m", "s", "--head", "b1b1", "--splice"]),
    Case(
      name: "a zone in small letters",
      arguments: ["revision", "-m", "z", "--head", "e1e1"],
      settings: "timezone = utc"
    ),
    Case(
      name: "a zone of the other side",
      arguments: ["revision", "-m", "z", "--head", "e1e1"],
      settings: "timezone = America/St_Johns"
    ),
    Case(name: "a merge", arguments: ["merge", "-m", "join", "left", "e1e1"]),
    Case(name: "a merge of all", arguments: ["merge", "heads", "--branch-label", "all"]),
    Case(name: "a merge of what is no head", arguments: ["merge", "b1b1", "n1n1", "--splice"]),
    Case(
      name: "an old template",
      arguments: ["merge", "-m", "join", "left", "e1e1"],
      template:
        "\"\"\"${message}\n\nRevision ID: ${up_revision}\nRevises: ${down_revision | comma,n}\n\n\"\"\"\n## a comment\nfrom alembic import op\n${imports if imports else \"\"}\nrevision = ${repr(up_revision)}\ndown_revision = ${repr(down_revision)}\n% if branch_labels:\nbranch_labels = ${repr(branch_labels)}\n% else:\nbranch_labels = None\n% endif\ndepends_on = ${repr(depends_on)}\n# ${create_date.year} \\\njoined\n\ndef upgrade():\n    ${upgrades if upgrades else \"pass\"}\n\ndef downgrade():\n    ${downgrades if downgrades else \"pass\"}\n"
    ),
  ]

  @Test(arguments: cases)
  func `a new revision's file is the one that alembic writes, and alembic runs it`(
    _ test: Case
  ) throws {
    let ours = try Self.project(test)
    let theirs = try Self.project(test)
    let arguments = test.arguments + ["--rev-id", "abcd1234"]
    let own = try ours.run(arguments)
    let alembics = try theirs.alembic(arguments)
    #expect(Self.text(own.output, ours) == Self.text(alembics.output, theirs))
    #expect(try Self.tree(ours) == Self.tree(theirs))
    for name in try Self.tree(ours) where name.contains("abcd1234") {
      #expect(try Self.script(name, ours) == Self.script(name, theirs))
    }
    try ours.alembic(["upgrade", "heads"])
    try ours.alembic(["history"])
    try ours.run(["downgrade", "base"])
    try ours.run(["upgrade", "heads"])
  }

  private static func project(_ test: Case) throws -> ScriptProject {
    // Without --head there must be one head.
    let isPlain = test.arguments[0] == "revision" && !test.arguments.contains("--head")
    let project = try isPlain ? ScriptProject.line() : ScriptProject.branched()
    if !test.settings.isEmpty { try project.configure(test.settings) }
    if let template = test.template {
      try project.scratch.write(template, to: "migrations/script.py.mako")
    }
    return project
  }

  private static func text(_ output: String, _ project: ScriptProject) -> String {
    output.replacingOccurrences(of: project.scratch.path, with: "")
  }

  private static func tree(_ project: ScriptProject) throws -> [String] {
    try project.scratch.tree().filter { $0.hasPrefix("migrations/") && !$0.contains("__pycache__") }
  }

  /// A script without the microseconds of its date, which differ.
  private static func script(_ name: String, _ project: ScriptProject) throws -> String {
    let text = try String(contentsOfFile: project.scratch.file(name), encoding: .utf8)
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard line.hasPrefix("Create Date: ") else { return String(line) }
      // The hour and the zone are the same unless an hour has just ended; so the comparison is of the date's zone.
      let zone = line.dropFirst(32).drop { $0.isNumber || $0 == "." }
      return "Create Date: \(zone)"
    }.joined(separator: "\n")
  }

  struct RefusalCase: CustomTestStringConvertible, Sendable {
    var arguments: [String]
    var words: String
    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let refusals = [
    RefusalCase(
      arguments: ["revision", "-m", "x"],
      words: "multiple head revisions are present: c1c1, e1e1, n2n2"
    ),
    RefusalCase(
      arguments: ["revision", "--head", "b1b1"],
      words: "revision b1b1 is not a head revision"
    ),
    RefusalCase(
      arguments: ["revision", "--head", "e1e1", "--rev-id", "a-b"],
      words: "character(s) '-' not allowed in revision identifier 'a-b'"
    ),
    RefusalCase(
      arguments: ["revision", "--head", "e1e1", "--rev-id", "a1a1"],
      words: "revision a1a1 is present more than once"
    ),
    RefusalCase(
      arguments: ["revision", "--head", "e1e1", "--branch-label", "left"],
      words: "branch name 'left' in revision"
    ),
    RefusalCase(
      arguments: ["revision", "--head", "e1e1", "--branch-label", "a1a1"],
      words: "branch name 'a1a1' in revision"
    ),
    RefusalCase(
      arguments: ["revision", "--head", "nosuch"],
      words: "can't locate revision identified by 'nosuch'"
    ),
    RefusalCase(
      arguments: ["revision", "--head", "e1e1", "--depends-on", "nosuch"],
      words: "can't locate revision identified by 'nosuch'"
    ),
    RefusalCase(
      arguments: ["revision", "--head", "e1e1", "-m", "say \"\"\" now"],
      words: "the file would be no script of revision"
    ),
    RefusalCase(
      arguments: ["revision", "--head", "e1e1", "-m", "C:\\new\\x"],
      words: "the file would be no script of revision"
    ),
    RefusalCase(
      arguments: ["revision", "--head", "e1e1", "--version-path", "/nowhere"],
      words: "is not represented in current version locations"
    ),
    RefusalCase(
      arguments: ["merge", "e1e1", "e1e1"],
      words: "duplicate head revisions specified: e1e1"
    ),
    RefusalCase(
      arguments: ["merge", "left", "b1b1"],
      words: "revision b1b1 is not a head revision"
    ),
  ]

  @Test(arguments: refusals)
  func `what would break the directory is refused, and nothing is written`(
    _ test: RefusalCase
  ) throws {
    let project = try ScriptProject.branched()
    let before = try project.scratch.tree()
    let outcome = try project.run(test.arguments, status: 24)
    #expect(outcome.errors.contains(test.words), "\(outcome)")
    #expect(try project.scratch.tree() == before)
  }

  static let templates = [
    ("% for x in y:\n% endfor\n", "'% for x in y:' is not read"), ("<%\nx\n%>\n", "a Python block"),
    ("${nosuch}\n", "'nosuch' has no value"), ("${up_revision.upper()}\n", "is not read"),
    ("revision = 'other'\ndown_revision = None\n", "the file would be another revision"),
  ]

  @Test(arguments: templates)
  func `a template that is not understood is refused with its place`(
    _ template: (String, String)
  ) throws {
    let project = try ScriptProject()
    try project.scratch.write(template.0, to: "migrations/script.py.mako")
    let outcome = try project.run(["revision", "-m", "x"], status: 24)
    #expect(outcome.errors.contains(template.1), "\(outcome)")
    #expect(try project.scratch.names(in: "migrations/versions") == [])
  }

  @Test func `a name that is taken is not overwritten`() throws {
    let project = try ScriptProject()
    try project.run(["revision", "-m", "x", "--rev-id", "abcd"])
    try project.scratch.write("mine", to: "migrations/versions/ffff_y.py~")
    try project.edit("migrations/versions/abcd_x.py") {
      $0.replacingOccurrences(of: "'abcd'", with: "'eeee'")
    }
    let again = try project.run(["revision", "-m", "x", "--rev-id", "abcd"], status: 24)
    #expect(again.errors.contains("is there already"), "\(again)")
  }

  @Test func `init prints alembic's lines, and alembic works with what it makes`() throws {
    let ours = try Scratch(named: "xm-safe test #1")
    let theirs = try Scratch(named: "xm-safe test #1")
    let own = try Workshop.xmSafe(["init", "my scripts", "--package"], in: ours.path)
    let alembics = try Workshop.alembic(["init", "my scripts", "--package"], in: theirs.path)
    #expect(own.status == 0, "\(own)")
    func lines(_ outcome: Command.Outcome, _ scratch: Scratch) -> [String] {
      outcome.output.replacingOccurrences(of: scratch.path, with: "").split(separator: "\n")
        .map(String.init).sorted()
    }
    #expect(lines(own, ours) == lines(alembics, theirs))
    #expect(try ours.tree() == theirs.tree().filter { !$0.contains("__pycache__") })
    let made = try Workshop.alembic(["revision", "-m", "first"], in: ours.path)
    #expect(made.status == 0, "\(made)")
    let upgraded = try Workshop.alembic(["upgrade", "head"], in: ours.path)
    #expect(upgraded.status == 0, "\(upgraded)")
    #expect(try Workshop.xmSafe(["check"], in: ours.path).status == 0)
    #expect(try Workshop.xmSafe(["init", "my scripts"], in: ours.path).status == 24)
  }

  @Test func `init leaves an alembic.ini as it is, and can name the database`() throws {
    let scratch = try Scratch(named: "xm-safe test #1")
    let made = try Workshop.xmSafe(["init", "a", "--db", "my own.sqlite3"], in: scratch.path)
    #expect(made.status == 0, "\(made)")
    _ = try Workshop.xmSafe(["revision", "-m", "first"], in: scratch.path)
    let upgraded = try Workshop.alembic(["upgrade", "head"], in: scratch.path)
    #expect(upgraded.status == 0, "\(upgraded)")
    #expect(try Workshop.xmSafe(["check"], in: scratch.path).status == 0)
    let text = try String(contentsOfFile: scratch.file("alembic.ini"), encoding: .utf8)
    let again = try Workshop.xmSafe(["init", "b"], in: scratch.path)
    #expect(again.output.contains("already exists, skipping"), "\(again)")
    #expect(try String(contentsOfFile: scratch.file("alembic.ini"), encoding: .utf8) == text)
  }
}
