import Foundation
import TestKit
import Testing

/// A server goes on with a statement whose client is gone: nothing is said of a database before that has ended.
@Suite struct ServerSessionTests {
  enum End: CaseIterable {
    /// xm-safe is told to stop.
    case signal
    /// The project's Python is killed.
    case helper
    /// xm-safe is killed, and its Python with it.
    case everything
  }

  /// The processes below another one.
  private func children(_ id: Int32) throws -> [Int32] {
    try Command.run(["pgrep", "-P", "\(id)"]).output.split(separator: "\n").compactMap { Int32($0) }
  }

  @Test(arguments: TestServer.Kind.allCases, End.allCases)
  func `a statement that is still at work is ended first`(
    _ kind: TestServer.Kind,
    _ end: End
  ) throws {
    let project = try ServerProject(kind)
    let subject = project.subject
    let before = try subject.content()
    let sleep = kind == .mariadb ? "SLEEP(600) AS x" : "1 AS x FROM pg_sleep(600)"
    try project.revision("op.execute('CREATE TABLE late AS SELECT \(sleep)')")
    let options = kind == .mariadb ? [] : ["--tx-mode", "none"]
    let run = try project.started(["--no-rehearsal"] + options)
    func atWork() throws -> String {
      try subject.database.execute(
        kind == .mariadb
          ? "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE 'CREATE TABLE late%' AND DB = DATABASE()"
          : "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'CREATE TABLE late%' AND state = 'active' AND datname = current_database()"
      )
    }
    try run.wait(for: "the statement") { try atWork() == "1" }
    let helpers = try children(run.id).filter { id in
      try String(contentsOfFile: "/proc/\(id)/cmdline", encoding: .utf8).contains("python")
    }
    #expect(helpers.count == 1)
    switch end {
    case .signal: run.send(SIGTERM)
    case .helper: for id in helpers { kill(id, SIGKILL) }
    case .everything: for id in [run.id] + helpers { kill(id, SIGKILL) }
    }
    let outcome = try run.finish()
    switch end {
    case .signal: #expect(outcome.status == 143, "\(outcome)")
    case .helper: #expect(outcome.status == 20, "\(outcome)")
    case .everything:
      let told = try subject.run(["list", "--wait", "5m"])
      #expect(told.errors.contains("A run was killed"), "\(told)")
    }
    #expect(try atWork() == "0")
    #expect(try subject.content() == before)
    #expect(try subject.note() == nil)
  }

  @Test func `a statement of a second engine is ended with the first`() throws {
    let project = try ServerProject(.mariadb)
    let subject = project.subject
    let before = try subject.content()
    try project.revision(
      """
      import threading
      def late():
          with sa.create_engine(context.config.get_main_option('sqlalchemy.url')).connect() as other:
              other.execute(sa.text('CREATE TABLE late AS SELECT SLEEP(600) AS x'))
      from alembic import context
      threading.Thread(target=late).start()
      op.execute('DO SLEEP(600)')
      """
    )
    let run = try project.started(["--no-rehearsal"])
    func atWork() throws -> String {
      try subject.database.execute(
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE INFO LIKE '%SLEEP(600)%' AND INFO NOT LIKE '%PROCESSLIST%' AND DB = DATABASE()"
      )
    }
    try run.wait(for: "the statements") { try atWork() == "2" }
    for id in [run.id] + (try children(run.id)) { kill(id, SIGKILL) }
    let outcome = try run.finish()
    #expect(outcome.status != 0)
    try subject.run(["list", "--wait", "5m"])
    #expect(try atWork() == "0")
    #expect(try subject.content() == before)
    #expect(try subject.note() == nil)
  }

  @Test(arguments: TestServer.Kind.allCases)
  func `what a script commits by an engine of its own is undone as well`(
    _ kind: TestServer.Kind
  ) throws {
    let project = try ServerProject(kind)
    let subject = project.subject
    let before = try subject.content()
    try project.revision(
      """
      from alembic import context
      with sa.create_engine(context.config.get_main_option('sqlalchemy.url')).begin() as other:
          other.execute(sa.text("DELETE FROM job WHERE experiment_id = 7"))
      op.execute('INSERT INTO nonexist VALUES (1)')
      """
    )
    let failed = try project.upgrade(["--no-rehearsal"], status: 20)
    #expect(failed.errors.contains("restored from snapshot"), "\(failed)")
    #expect(try subject.content() == before)
    #expect(try subject.note() == nil)
  }

  /// An upgrade of MariaDB that fails after others have written.
  private func failing(
    _ setup: String,
    _ body: String,
    others: String,
    status: Int32
  ) throws -> (outcome: Command.Outcome, subject: ServerSubject) {
    let project = try ServerProject(.mariadb)
    let subject = project.subject
    try subject.execute(setup)
    try project.revision(
      body + "\n" + project.waiting + "\nop.execute('INSERT INTO nonexist VALUES (1)')"
    )
    let run = try project.started(["--no-rehearsal"])
    try project.waitUntilThird(run)
    try subject.execute(others)
    try Data().write(to: URL(fileURLWithPath: project.gate))
    let outcome = try run.finish()
    #expect(outcome.status == status, "\(outcome)")
    return (outcome, subject)
  }

  static let orders = "CREATE TABLE orders (id integer PRIMARY KEY);"
  static let cleanup = "CREATE PROCEDURE cleanup() DELETE FROM orders WHERE id < 0;"

  @Test(arguments: [
    (orders + cleanup, "op.add_column('experiment', sa.Column('c', sa.Integer))"),
    (orders, "op.add_column('experiment', sa.Column('orders', sa.Integer))"),
    (orders, "op.create_index('orders', 'experiment', ['title'])"),
    (orders, "op.execute(\"UPDATE experiment SET title = 'orders' WHERE id = 1\")"),
    (orders, "op.execute(\"INSERT INTO experiment (id, title) VALUES (2000, 'orders')\")"),
  ])
  func `a table that the upgrade does not touch is others', whatever is called the same`(
    _ setup: String,
    _ body: String
  ) throws {
    let (outcome, subject) = try failing(
      setup,
      body + "\nop.drop_column('experiment', 'at')",
      others: "INSERT INTO orders VALUES (42)",
      status: 21
    )
    #expect(outcome.errors.contains("other programs have written to it since (orders)"))
    #expect(try subject.database.execute("SELECT id FROM orders") == "42")
  }

  @Test(arguments: [
    (orders + cleanup, "op.execute('CALL cleanup()')"),
    (
      orders
        + "CREATE TRIGGER more AFTER UPDATE ON experiment FOR EACH ROW INSERT INTO orders VALUES (NEW.id);",
      "op.execute('UPDATE experiment SET score = 1 WHERE id = 7')"
    ),
    (
      orders
        + "CREATE TRIGGER more AFTER UPDATE ON `experiment` FOR EACH ROW INSERT INTO orders VALUES (NEW.id);",
      "op.execute('UPDATE experiment SET score = 1 WHERE id = 7')"
    ),
    (
      orders + "INSERT INTO orders VALUES (1);",
      "op.execute('DELETE experiment FROM experiment JOIN orders USING (id)')"
    ),
  ])
  func `what a statement of the upgrade sets off is the upgrade's`(
    _ setup: String,
    _ body: String
  ) throws {
    let change = "op.add_column('experiment', sa.Column('c', sa.Integer))\n"
    let (outcome, subject) = try failing(setup, change + body, others: "SELECT 1", status: 20)
    #expect(outcome.errors.contains("exactly as it was before"), "\(outcome)")
    #expect(try subject.database.execute("SELECT score FROM experiment WHERE id = 7") == "1")
  }

  @Test func `an upgrade that has changed no table is not said to be between two revisions`() throws
  {
    let (outcome, subject) = try failing("", "pass", others: "DELETE FROM log", status: 21)
    #expect(
      outcome.errors.contains("version and tables of the database are as before"),
      "\(outcome)"
    )
    #expect(try subject.database.execute("SELECT COUNT(*) FROM log") == "0")
  }
}
