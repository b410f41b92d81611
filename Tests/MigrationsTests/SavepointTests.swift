import AlembicScripts
import Logging
import Migrations
import Revisions
import SQLite
import TestKit
import Testing

/// What is not made equal about savepoints and parts of JSON columns is refused, with its place, and the revision is undone.
@Suite struct SavepointTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var body: String
    var line: Int
    var message: String
    var testDescription: String { message }
  }

  private static let json =
    "a part of a JSON column is read only as as_string() that is equal, or not, to a text that is no number, or to None"

  static let refused = [
    Case(
      body: "outer = bind.begin_nested()\ninner = bind.begin_nested()\nouter.commit()",
      line: 22,
      message: "ending a savepoint before those that were opened in it is not read"
    ),
    Case(
      body: "with bind.begin_nested():\n    inner = bind.begin_nested()",
      line: 20,
      message: "ending a savepoint before those that were opened in it is not read"
    ),
    Case(
      body: "inner = bind.begin_nested()\nop.get_context().autocommit_block()",
      line: 21,
      message: "autocommit_block() inside of begin_nested() is not read"
    ),
    Case(
      body:
        "try:\n    bind.begin_nested()\n    with bind.begin_nested():\n        bind.begin_nested()\n        raise ValueError()\nexcept Exception:\n    pass",
      line: 22,
      message: "ending a savepoint before those that were opened in it is not read"
    ),
    Case(
      body: "bind.execute(sa.select(t.c.j['a'].as_string()))",
      line: 20,
      message: json
    ),
    Case(body: "bind.execute(sa.select(t.c.j['a']))", line: 20, message: json),
    Case(body: "t.c.j['a'] == 'x'", line: 20, message: json),
    Case(body: "t.c.j['a'].as_string() == '5'", line: 20, message: json),
    Case(body: "t.c.j['a'].as_string() == 5", line: 20, message: json),
    Case(body: "t.c.j['a'].as_string() < 'x'", line: 20, message: json),
    Case(
      body: "bind.execute(sa.select(t.c.a).where(t.c.j['a'].as_string().in_(['x'])))",
      line: 20,
      message: json
    ),
    Case(
      body: "t.c.j['\"']",
      line: 20,
      message: "this subscript of a value of type ClauseElement is not read"
    ),
    Case(
      body: "t.c.j['a']['b']",
      line: 20,
      message: "this subscript of a value of type ClauseElement is not read"
    ),
    Case(
      body: "t.c.j[-1]",
      line: 20,
      message: "this subscript of a value of type ClauseElement is not read"
    ),
    Case(
      body: "t.c.j.as_string()",
      line: 20,
      message: "as_string() of anything but a part of a JSON column is not read"
    ),
  ]

  private static let start = """
    op.execute('INSERT INTO t (a) VALUES (2)')
    bind = op.get_bind()
    t = sa.table('t', sa.column('a', sa.Integer), sa.column('j', sa.JSON))

    """

  @Test(arguments: refused)
  func `what is not made equal is refused with its place, and the revision is undone`(
    _ test: Case
  ) throws {
    let connection = try Self.database()
    let failure = try #require(throws: MigrationRunner.Failure.self) {
      try Self.run(test.body, on: connection)
    }
    let error = try #require(failure.cause as? ScriptError)
    #expect(error.message == test.message)
    #expect(error.location?.line == test.line)
    #expect(try connection.value("SELECT group_concat(a) FROM t") == .text("1"))
  }

  @Test func `what a savepoint has undone is no loss of the revision`() throws {
    let connection = try Self.database()
    try Self.run(
      "point = bind.begin_nested()\nop.execute('DELETE FROM t')\nop.drop_table('t')\npoint.rollback()",
      on: connection
    )
    #expect(try connection.value("SELECT group_concat(a) FROM t") == .text("1,2"))
    #expect(connection.isInTransaction)
  }

  @Test func `an error that ends the transaction ends the run, whatever a script catches`() throws {
    let connection = try Self.database()
    #expect(throws: MigrationRunner.Failure.self) {
      try Self.run(
        """
        point = bind.begin_nested()
        try:
            op.execute('INSERT OR ROLLBACK INTO t (a) VALUES (1)')
        except Exception:
            pass
        try:
            point.rollback()
        except Exception:
            pass
        op.execute('INSERT INTO t (a) VALUES (9)')
        """,
        on: connection
      )
    }
    #expect(try connection.value("SELECT group_concat(a) FROM t") == .text("1"))
  }

  private static func database() throws -> Connection {
    let connection = try Connection.inMemory()
    try connection.execute("CREATE TABLE t (a INTEGER UNIQUE, j JSON)")
    try connection.execute("INSERT INTO t (a) VALUES (1)")
    try connection.beginImmediate()
    return connection
  }

  private static func run(_ body: String, on connection: Connection) throws {
    let scratch = try Scratch()
    let script = ConformanceCase(name: "x", upgrade: start + body).script
    try scratch.write(script, to: "s/aaaa1111_x.py")
    let scripts = try ScriptDirectory(versions: [scratch.file("s")])
    let plan = try scripts.graph.upgradePlan(to: .head, rows: [])
    try scripts.check(plan)
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    try MigrationRunner(
      scripts: scripts,
      versionTable: VersionTable(),
      migrationLogger: logger,
      logger: logger
    ).run(plan, on: connection)
  }
}
