import AlembicScripts
import Foundation
import Revisions
import Schema
import TestKit
import Testing

/// Writes down what a script asks for.
final class RecordedActions: MigrationActions {
  var operations: [Schema.Operation] = []
  var tables: [String] = []

  func perform(_ operation: Schema.Operation) throws { operations.append(operation) }
  func tableNames() throws -> [String] { tables }
  func hasTable(_ name: String) throws -> Bool { tables.contains(name) }
}

@Suite struct ScriptTests {
  static func source(_ body: String, top: String = "") -> String {
    let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
    return """
      \"\"\"A message.

      More.
      \"\"\"
      from alembic import op
      import sqlalchemy as sa
      \(top)
      revision = 'aaaa'
      down_revision = None

      def upgrade():
      \(lines.joined(separator: "\n"))
      """
  }

  static func script(_ source: String) throws -> Script {
    try Script(path: "x.py", bytes: Array(source.utf8))
  }

  /// Reads, checks, and runs.
  static func run(_ source: String, tables: [String] = []) throws -> [Schema.Operation] {
    let actions = RecordedActions()
    actions.tables = tables
    try run(source, on: actions)
    return actions.operations
  }

  /// Reads, checks, and runs; what was asked for until an error is in the actions.
  static func run(_ source: String, on actions: RecordedActions) throws {
    let scratch = try Scratch()
    try scratch.write(source, to: "aaaa.py")
    let directory = try ScriptDirectory(versions: [scratch.path])
    let plan = try directory.graph.upgradePlan(to: .head, rows: [])
    try directory.check(plan)
    try ScriptRunner.run(of: try #require(directory.script(of: "aaaa")), actions: actions)
  }

  struct IdentifierCase: CustomTestStringConvertible, Sendable {
    var text: String
    var downs: [String] = []
    var depends: [String] = []
    var labels: [String] = []
    var testDescription: String { text }
  }

  @Test(arguments: [
    IdentifierCase(text: "revision = 'a'\ndown_revision = None"),
    IdentifierCase(text: "revision: str = 'a'\ndown_revision: str | None = 'b'", downs: ["b"]),
    IdentifierCase(
      text:
        "from typing import Union\nrevision: str = 'a'\ndown_revision: Union[str, None] = ('b', 'c')",
      downs: ["b", "c"]
    ),
    IdentifierCase(
      text: "revision = 'a'\ndown_revision = ['b']\ndepends_on = ('d',)\nbranch_labels = 'l'",
      downs: ["b"],
      depends: ["d"],
      labels: ["l"]
    ),
    IdentifierCase(
      text: "prefix = 'a'\nrevision = prefix\ndown_revision = prefix + '0'",
      downs: ["a0"]
    ),
    IdentifierCase(
      text: "import os, secrets\nrevision = 'a'\ndown_revision = None\nx = os.environ['HOME']"
    ),
  ])
  func `identifiers are read in every form that templates wrote`(_ test: IdentifierCase) throws {
    let revision = try Self.script(test.text).revision
    #expect(revision.id == "a")
    #expect(revision.downRevisions == test.downs)
    #expect(revision.dependsOn == test.depends)
    #expect(revision.branchLabels == test.labels)
  }

  struct MessageCase: Sendable {
    var docstring: String
    var message: String
  }

  @Test(arguments: [
    MessageCase(docstring: "\"\"\"One line.\"\"\"", message: "One line."),
    MessageCase(docstring: "\"\"\"\n  Two\nlines\n\nRevision ID: a\n\"\"\"", message: "Two\nlines"),
    MessageCase(docstring: "", message: ""),
    MessageCase(docstring: "'''x\n \ny'''", message: "x\n \ny"),
  ])
  func `the message is the docstring up to its first empty line`(_ test: MessageCase) throws {
    let revision = try Self.script("\(test.docstring)\nrevision = 'a'\ndown_revision = None")
      .revision
    #expect(revision.message == test.message)
  }

  /// Each script drops the tables that it names; the real Python, with an `op` that prints, is the oracle.
  static let sameAsPython =
    PythonCases.all + [
      PythonCase(
        name: "defaults are made once",
        body: "def f(l=[]):\n    l.append('x')\n    return l\nf()\nfor n in f(): op.drop_table(n)"
      ),
      PythonCase(
        name: "defaults come from the place of the definition",
        body: "s = 'local'\ndef f(x=s):\n    op.drop_table(x)\ns = 'later'\nf()"
      ),
      PythonCase(
        name: "large integers",
        body:
          "op.drop_table('same' if 9007199254740993 == 9007199254740993 else 'other')\nop.drop_table('less' if 9007199254740992 < 9007199254740993 else 'not')"
      ),
      PythonCase(
        name: "the last of two equal keys",
        body: "op.drop_table({'k': 'a', 'k': 'b'}['k'])"
      ),
      PythonCase(
        name: "a list extended in place",
        body: "a = ['x']\nb = a\nb += ['y']\nfor n in a: op.drop_table(n)"
      ),
      PythonCase(
        name: "a list that grows while it is gone through",
        body: "l = ['a']\nfor n in l:\n    op.drop_table(n)\n    if len(l) < 3: l.append(n + 'b')"
      ),
      PythonCase(
        name: "and, or, not, chains",
        body: "op.drop_table((None or 'x') and ('' or 'y'))\nif not (1 < 2 < 2): op.drop_table('z')"
      ),
      PythonCase(
        name: "a local name without a value",
        body: "def f():\n    op.drop_table(name)\n    name = 'local'\nf()"
      ),
      PythonCase(
        name: "strings",
        body:
          "op.drop_table('Abc'.lower() + ' x '.strip() + f\"{1}{'q'!r}{None}{True}{(1,)}{['a']}\")"
      ),
    ]

  @Test(arguments: sameAsPython)
  func `a script does what Python does`(_ test: PythonCase) throws {
    let source = Self.source(test.body, top: "name = 'global'")
    let program = """
      import sys, types
      alembic = types.ModuleType("alembic"); op = types.ModuleType("op")
      op.drop_table = lambda name: print(name); alembic.op = op
      sys.modules.update({"alembic": alembic, "alembic.op": op})
      scope = {}
      exec(sys.argv[1], scope)
      try:
          scope["upgrade"]()
      except Exception as error:
          print("raised")
      """
    let python = try Command.run([Workshop.python, "-c", program, source])
    let actions = RecordedActions()
    var end = ""
    do {
      try Self.run(source, on: actions)
    } catch let error as ScriptError {
      guard case .raised = error.code else { throw error }
      end = "raised\n"
    }
    var ours = ""
    for case .dropTable(let name, _) in actions.operations { ours += name + "\n" }
    ours += end
    #expect(ours == python.output, "\(python)")
  }

  @Test func `the subset runs as Python runs it`() throws {
    let body = """
      names = ['a', 'b']
      names += ['c']
      first, (second, third) = 1, (2, 'x')
      for index, name in [(0, 'p'), (1, 'q'), (2, 'r')]:
          if index == 0:
              continue
          elif name == 'r':
              break
          op.drop_table(name)
      else:
          op.drop_table('never')
      if 'b' in names and not (first > second) and third is not None and 1 < 2 <= 2:
          op.drop_table(f"{third!r}-{len(names)}-{names[-1]}")
      def inner(table, *, suffix='_old'):
          return table + suffix
      op.drop_table(inner('t', suffix='_new'))
      op.drop_table(inner('t'))
      op.drop_table({'k': 'v'}['k'])
      """
    let names = try Self.run(Self.source(body)).map { operation in
      if case .dropTable(let name, _) = operation { name } else { "?" }
    }
    #expect(names == ["q", "'x'-3-c", "t_new", "t_old", "v"])
  }

  struct RaisedCase: Sendable {
    var body: String
    var error: String
  }

  @Test(arguments: [
    RaisedCase(
      body: "raise RuntimeError('not ' 'supported')",
      error: "RuntimeError: not supported"
    ),
    RaisedCase(body: "raise NotImplementedError", error: "NotImplementedError"),
    RaisedCase(body: "x = {'a': 1}\ny = x['b']", error: "KeyError: 'b'"),
    RaisedCase(
      body: "a, b = (1, 2, 3)",
      error: "ValueError: too many values to unpack (expected 2)"
    ),
    RaisedCase(
      body: "op.create_table('t', sa.Column('a', sa.Integer, server_default=0))",
      error:
        "ArgumentError: the argument 'server_default' of sa.Column must be a string or SQL, not int"
    ),
  ])
  func `what a script raises comes out in Python's words`(_ test: RaisedCase) throws {
    let error = try #require(throws: ScriptError.self) { try Self.run(Self.source(test.body)) }
    #expect(error.description == test.error)
    #expect(error.location?.path.hasSuffix("aaaa.py") == true)
  }

  @Test func `XManager's own script is read whole`() throws {
    let directory = try ScriptDirectory(versions: [Workshop.xmanagerScripts + "/versions"])
    let plan = try directory.graph.upgradePlan(to: .head, rows: [])
    #expect(plan.steps.map(\.revision.id) == ["f45829405692"])
    try directory.check(plan)
  }

  @Test func `files that alembic does not take for scripts are left alone`() throws {
    let scratch = try Scratch()
    for name in ["__init__.py", "__init__x.py", ".#a.py", "a.py~", "notes.txt"] {
      try scratch.write("this is no script", to: name)
    }
    try scratch.write("revision = 'a'\ndown_revision = None", to: "b.py")
    let directory = try ScriptDirectory(versions: [scratch.path, scratch.file("missing")])
    #expect(directory.graph.heads == ["a"])
  }

  @Test(arguments: ["x = 1", "revision = 1\ndown_revision = None", "revision = 'a'"])
  func `a file without identifiers is refused`(_ text: String) throws {
    let error = try #require(throws: ScriptError.self) { try Self.script(text) }
    #expect(error.code == .configuration)
    #expect(error.location?.path == "x.py")
  }
}
