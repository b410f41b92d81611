import AlembicScripts
import Revisions
import Schema
import Testing

/// What is not read in a script is refused, with its place.
@Suite struct ScriptRefusalTests {
  struct RefusalCase: CustomTestStringConvertible, Sendable {
    var body: String
    var top = ""
    /// Line and column in the script; the body's first line is line 12.
    var place: String
    var message: String
    var testDescription: String { message }
  }

  static let refusals = [
    RefusalCase(body: "while True:\n    pass", place: "12:5", message: "'while' is not read"),
    RefusalCase(
      body: "try:\n    pass\nfinally:\n    pass",
      place: "12:5",
      message: "'try' is not read"
    ),
    RefusalCase(
      body: "x = [y for y in ()]",
      place: "12:9",
      message: "a comprehension is not read"
    ),
    RefusalCase(body: "f = lambda: 1", place: "12:9", message: "a lambda is not read"),
    RefusalCase(
      body: "op.create_exclude_constraint('x')",
      place: "12:5",
      message: "'create_exclude_constraint' of op is not read"
    ),
    RefusalCase(
      body: "sa.Sequence('x')",
      place: "12:5",
      message: "'Sequence' of sqlalchemy is not read"
    ),
    RefusalCase(
      body: "op.drop_table('x', cascade=True)",
      place: "12:24",
      message: "the argument 'cascade' of op.drop_table is not read"
    ),
    RefusalCase(
      body: "op.drop_table('x', schema='other')",
      place: "12:24",
      message: "a schema of op.drop_table is not read: SQLite has attached databases instead"
    ),
    RefusalCase(
      body: "op.execute('  commit')",
      place: "12:16",
      message:
        "COMMIT in a migration is not run: it would end the transaction that keeps the database safe"
    ),
    RefusalCase(
      body: "op.execute(sa.text('SELECT :x'))",
      place: "12:16",
      message: "the SQL text holds :x, which SQLAlchemy takes as a bind parameter without a value;"
        + " write \\:x if a colon is meant"
    ),
    RefusalCase(
      body: "print('x')",
      place: "12:5",
      message: "the name 'print' is not defined"
    ),
    RefusalCase(
      body: "if 0:\n    helper()",
      top: "from myapp import helper",
      place: "13:9",
      message: "'helper' is used, and myapp.helper is not a module or a name that is read"
    ),
    RefusalCase(
      body: "other()",
      top: "def other():\n    del x",
      place: "8:5",
      message: "'del' is not read"
    ),
    RefusalCase(
      body: "pass",
      top: "setup_something()",
      place: "7:1",
      message: "NameError: name 'setup_something' is not defined here"
    ),
    RefusalCase(
      body: "x = 1 if op else 2 ** 3",
      place: "12:22",
      message: "the operator '**' is not read"
    ),
    RefusalCase(
      body: "with open('x') as f:\n    pass",
      place: "12:10",
      message: "'with' is read only for batch_alter_table"
    ),
    RefusalCase(
      body: "op.execute('PRAGMA journal_mode = WAL')",
      place: "12:16",
      message:
        "PRAGMA journal_mode in a migration is not run: inside a transaction it has another effect, or none"
    ),
    RefusalCase(
      body: "TABLE['x']()",
      top: "def other(): pass\nTABLE = {'x': other}",
      place: "12:5",
      message: "a call of what is neither a name nor an attribute is not read"
    ),
    RefusalCase(
      body: "for f in ALL: f()",
      top: "def other():\n    del x\nALL = [other]",
      place: "8:5",
      message: "'del' is not read"
    ),
    RefusalCase(
      body: "pass",
      top: "from os import *",
      place: "7:16",
      message: "'import *' is not read"
    ),
    RefusalCase(
      body: "pass",
      top: "for x in unknown: pass",
      place: "7:10",
      message: "NameError: name 'unknown' is not defined here"
    ),
    RefusalCase(body: "def upgrade(:", place: "12:16", message: "'(' was never closed"),
  ]

  @Test(arguments: refusals)
  func `what is not read is refused with its place, before anything runs`(
    _ test: RefusalCase
  ) throws {
    // A line on top moves the body down.
    let source = ScriptTests.source(test.body, top: test.top)
    let extra = test.top.split(separator: "\n").count
    let error = try #require(throws: ScriptError.self) { try ScriptTests.run(source) }
    let location = try #require(error.location)
    let parts = test.place.split(separator: ":").compactMap { Int($0) }
    let isInBody = parts[0] >= 12
    let line = isInBody && extra > 1 ? parts[0] + extra - 1 : parts[0]
    #expect("\(location.line):\(location.column)" == "\(line):\(parts[1])")
    #expect(error.message == test.message)
    #expect(error.hint != nil)
  }

  @Test func `what is not read may stand in a function that is never called`() throws {
    let source = ScriptTests.source(
      "op.drop_table('x')",
      top: "def other():\n    while True: yield 1\n"
    )
    #expect(try ScriptTests.run(source) == [.dropTable("x")])
  }
}
