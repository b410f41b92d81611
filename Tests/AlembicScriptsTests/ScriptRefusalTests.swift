import AlembicScripts
import Revisions
import Schema
import TestKit
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
    RefusalCase(
      body: "op.get_bind().commit()",
      place: "12:5",
      message: "'commit' of Connection is not read"
    ),
    RefusalCase(
      body: "point = op.get_bind().begin_nested()\npoint.prepare()",
      place: "13:5",
      message: "'prepare' of NestedTransaction is not read"
    ),
    RefusalCase(
      body: "with op.get_bind().begin_nested() as point:\n    point.rollback()",
      place: "13:9",
      message: "'rollback' of a value is not read"
    ),
    RefusalCase(
      body: "sa.column('meta', sa.JSON)['key'].as_integer()",
      place: "12:5",
      message: "'as_integer' of a value is not read"
    ),
    RefusalCase(
      body: "match 1:\n    case 1: pass",
      place: "12:5",
      message: "'match' is not read"
    ),
    RefusalCase(
      body: "class A: pass",
      place: "12:5",
      message: "a class inside a function is not read"
    ),
    RefusalCase(body: "global x", place: "12:5", message: "'global' is not read"),
    RefusalCase(
      body: "try:\n    pass\nexcept* ValueError:\n    pass",
      place: "12:5",
      message: "'except*' is not read"
    ),
    RefusalCase(
      body: "try:\n    import numpy\nexcept ImportError:\n    pass",
      place: "13:9",
      message: "an import of 'numpy' inside 'try' is not read"
    ),
    RefusalCase(
      body: "op.drop_table = print",
      place: "12:5",
      message: "an assignment to an attribute is not read"
    ),
    RefusalCase(
      body: "any(op.drop_table(n) for n in ['a'])",
      place: "12:9",
      message: "a generator that changes the database as it goes is not read"
    ),
    RefusalCase(
      body: "x = 'a'.translate({})",
      place: "12:9",
      message: "'translate' of str is not read"
    ),
    RefusalCase(
      body: "op.get_bind().exec_driver_sql('SELECT 1')",
      place: "12:5",
      message: "'exec_driver_sql' of Connection is not read"
    ),
    RefusalCase(
      body: "f = f'{1!a}'",
      place: "12:11",
      message: "a format in an f-string is not read"
    ),
    RefusalCase(
      body: "pass",
      top: "op.drop_table = None",
      place: "7:1",
      message: "an assignment to 'drop_table' of op is not read"
    ),
    RefusalCase(
      body: "pass",
      top: "setattr(op, 'x', 1)",
      place: "7:1",
      message: "setattr() is not read: it changes what SQLAlchemy does"
    ),
    RefusalCase(
      body: "pass",
      top: "@compiles(X)\ndef f(): pass",
      place: "8:1",
      message: "@compiles is not read: it changes what SQLAlchemy does"
    ),
    RefusalCase(
      body: "op.create_table('t', sa.Column('x', Mine()))",
      top: "class Mine(sa.types.TypeDecorator):\n    def get_col_spec(self): pass",
      place: "12:41",
      message:
        "'Mine' is used, and the type 'Mine', which decides by itself what it is on SQLite, is not read"
    ),
    RefusalCase(
      body: "op.run_async('x')",
      place: "12:5",
      message: "'run_async' of op is not read"
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
      body: "open('x')",
      place: "12:5",
      message: "'open' is not read"
    ),
    RefusalCase(
      body: "if len('') > 1:\n    helper()",
      top: "from myapp import helper",
      place: "13:9",
      message: "'helper' is used, and myapp.helper is not a module or a name that is read"
    ),
    RefusalCase(
      body: "other()",
      top: "def other():\n    global x",
      place: "8:5",
      message: "'global' is not read"
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
      body: "with op.get_bind() as f:\n    pass",
      place: "12:10",
      message: "'with' is read only for batch_alter_table, begin_nested and autocommit_block"
    ),
    RefusalCase(
      body: "op.execute('PRAGMA journal_mode = WAL')",
      place: "12:16",
      message:
        "PRAGMA journal_mode in a migration is not run: inside a transaction it has another effect, or none"
    ),
    RefusalCase(
      body: "for f in ALL: f()",
      top: "def other():\n    global x\nALL = [other]",
      place: "8:5",
      message: "'global' is not read"
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

  @Test(arguments: [
    "if op.get_bind().dialect.name == 'postgresql':\n    unknown()",
    "bind = op.get_bind()\nif bind.engine.name in ('mysql', 'mariadb'):\n    unknown()",
    "is_sqlite = op.get_context().dialect.name == 'sqlite'\nif not is_sqlite:\n    unknown()",
    "dialect = op.get_bind().dialect\nif dialect.name != 'sqlite' and unknown():\n    pass",
    "unknown() if op.get_bind().dialect.name.startswith('x') and False else None",
    "if name() == 'postgresql':\n    unknown()",
    "if kind(op.get_bind()) == 'postgresql':\n    unknown()",
    "only(op.get_bind())",
  ])
  func `what SQLite never reaches may be anything`(_ body: String) throws {
    let top = """
      def name(): return op.get_bind().dialect.name
      def kind(bind): return bind.dialect.name
      def only(bind):
          if bind.dialect.name == 'postgresql': unknown()
      """
    #expect(try ScriptTests.run(ScriptTests.source(body, top: top)) == [])
  }

  @Test func `modules that import a name from each other are refused`() throws {
    let scratch = try Scratch()
    try scratch.write("", to: "app/__init__.py")
    try scratch.write("from app.b import x\n", to: "app/a.py")
    try scratch.write("from app.a import x\n", to: "app/b.py")
    let source = ScriptTests.source("op.drop_table(x)", top: "from app.a import x")
    try scratch.write(source, to: "scripts/versions/aaaa.py")
    let directory = try ScriptDirectory(versions: [scratch.file("scripts/versions")])
    let plan = try directory.graph.upgradePlan(to: .head, rows: [])
    let error = try #require(throws: ScriptError.self) { try directory.check(plan) }
    #expect(error.message == "'x' is used, and app.a.x is not a module or a name that is read")
  }

  @Test func `a naming convention that cannot be told is refused where it names something`() throws
  {
    let scratch = try Scratch()
    try scratch.write("import app\ntarget_metadata = app.unknown()", to: "scripts/env.py")
    try scratch.write("naming_convention = 5", to: "scripts/models.py")
    let names = ["op.create_table('t')": false, "op.drop_table('t')": true]
    for (body, isRead) in names {
      try scratch.write(ScriptTests.source(body), to: "scripts/versions/aaaa.py")
      let directory = try ScriptDirectory(
        versions: [scratch.file("scripts/versions")],
        environment: scratch.file("scripts")
      )
      let plan = try directory.graph.upgradePlan(to: .head, rows: [])
      if isRead {
        try directory.check(plan)
      } else {
        #expect(throws: ScriptError.self) { try directory.check(plan) }
      }
    }
  }
}
