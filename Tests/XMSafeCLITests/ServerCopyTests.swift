import Foundation
import TestKit
import Testing

/// A rehearsal changes nothing but its copy, whatever the scripts and what the database holds would do elsewhere.
@Suite struct ServerCopyTests {
  struct Reach: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var kind = TestServer.Kind.mariadb
    /// Run before, by the database's owner; `DB` is the database, `OTHER` another one.
    var setUp = ""
    var statement: String
    var named: String
  }

  static let reaches = [
    Reach(
      testDescription: "a deletion from the database by its name",
      statement: "DELETE FROM DB.job",
      named: ".job"
    ),
    Reach(
      testDescription: "an insertion into another database",
      statement: "INSERT INTO `OTHER` . t VALUES (2)",
      named: " . t"
    ),
    Reach(testDescription: "USE", statement: "USE DB", named: "USE "),
    Reach(
      testDescription: "a prepared statement",
      statement: "EXECUTE IMMEDIATE 'DELETE FROM DB.job'",
      named: ".job"
    ),
    Reach(
      testDescription: "a trigger",
      setUp:
        "CREATE TRIGGER away AFTER UPDATE ON experiment FOR EACH ROW INSERT INTO OTHER.t VALUES (2)",
      statement: "UPDATE experiment SET title = 'x'",
      named: "experiment"
    ),
    Reach(
      testDescription: "a routine that a routine calls",
      setUp:
        "CREATE PROCEDURE inner_one() INSERT INTO OTHER.t VALUES (2); CREATE PROCEDURE outer_one() CALL inner_one()",
      statement: "CALL outer_one()",
      named: "inner_one"
    ),
    Reach(
      testDescription:
        "a table of its own called like the database, and an index in the database by its name",
      setUp: "CREATE TABLE DB (id integer)",
      statement: "CREATE INDEX `more` ON DB.log (n)",
      named: ".log"
    ),
    Reach(
      testDescription: "a quote in a comment",
      statement: "# don't\\nINSERT INTO OTHER.t VALUES (2) -- 'x'",
      named: ".t"
    ),
    Reach(
      testDescription: "a grant in a routine",
      setUp: "CREATE PROCEDURE given() GRANT SELECT ON *.* TO nobody",
      statement: "CALL given()",
      named: "GRANT"
    ),
    Reach(
      testDescription: "a sequence",
      setUp: "CREATE SEQUENCE numbers",
      statement: "SELECT SETVAL(DB.numbers, 7000)",
      named: ".numbers"
    ),
    Reach(
      testDescription: "a user",
      statement: "CREATE USER OTHER IDENTIFIED BY 'x'",
      named: "CREATE USER"
    ),
    Reach(
      testDescription: "another character set for the database",
      statement: "ALTER DATABASE DB CHARACTER SET latin1",
      named: "ALTER DATABASE"
    ),
  ]

  private func project(_ reach: Reach) throws -> (ServerProject, String, (String) -> String) {
    let project = try ServerProject(reach.kind)
    let database = project.subject.database
    let other = database.name + "_other"
    func named(_ text: String) -> String {
      text.replacingOccurrences(of: "OTHER", with: other)
        .replacingOccurrences(of: "DB", with: database.name)
    }
    if reach.kind == .mariadb {
      try database.server.execute(
        "CREATE DATABASE \(other); CREATE TABLE \(other).t (n integer); INSERT INTO \(other).t VALUES (1); GRANT ALL ON \(other).* TO \(database.user); GRANT CREATE USER ON *.* TO \(database.user)"
      )
    }
    if !reach.setUp.isEmpty { try project.subject.execute(named(reach.setUp)) }
    try project.revision("op.execute(\"\(named(reach.statement))\")")
    return (project, other, named)
  }

  @Test(arguments: reaches)
  func `what reaches beyond the copy is refused before it runs`(_ reach: Reach) throws {
    let (project, other, named) = try project(reach)
    let subject = project.subject
    defer { dropping(other, of: subject) }
    let before = try subject.content()
    let isFirst = reach.testDescription == Self.reaches[0].testDescription
    for command in isFirst ? [["plan"], ["upgrade"]] : [["plan"]] {
      let outcome = try project.run(command, status: 24)
      #expect(outcome.errors.contains("beyond the copy"), "\(outcome)")
      #expect(outcome.errors.contains(named(reach.named)), "\(outcome)")
      #expect(outcome.errors.contains("--no-rehearsal"), "\(outcome)")
      #expect(outcome.errors.contains("the database was not touched"), "\(outcome)")
    }
    #expect(try subject.content() == before)
    #expect(try subject.database.server.execute("SELECT n FROM \(other).t") == "1")
    #expect(
      try subject.database.server.execute(
        "SELECT COUNT(*) FROM mysql.user WHERE user = '\(other)'"
      ) == "0"
    )
    try ServerSnapshotTests.expectNothingLeft(subject)
  }

  private func dropping(_ other: String, of subject: ServerSubject) {
    do { try subject.database.server.execute("DROP DATABASE \(other)") } catch {
      Issue.record("\(error)")
    }
  }

  @Test func `reading elsewhere, and names that only look like it, are no reason`() throws {
    let reach = Reach(
      testDescription: "",
      setUp:
        "ALTER TABLE experiment ADD COLUMN state varchar(9), ADD COLUMN password text; CREATE TRIGGER away AFTER DELETE ON experiment FOR EACH ROW INSERT INTO OTHER.t VALUES (2)",
      statement: "SELECT * FROM OTHER.t",
      named: ""
    )
    let (project, other, _) = try project(reach)
    defer { dropping(other, of: project.subject) }
    try project.revision(
      """
      op.execute("INSERT INTO log (what) VALUES ('\(other).t')")
      op.execute("ALTER DATABASE CHARACTER SET latin1")
      op.execute("UPDATE experiment \(other) SET \(other).title = 'x', state = 'old'")
      op.execute("INSERT INTO log (what) VALUES ('GRANT'), ('do not use this: prepare')")
      op.execute("UPDATE experiment SET password = 'x'")
      """
    )
    let outcome = try project.upgrade()
    #expect(outcome.errors.contains("Rehearsed in a database of its own"), "\(outcome)")
    #expect(try project.subject.database.server.execute("SELECT n FROM \(other).t") == "1")
  }

  @Test func `roles of PostgreSQL are made by the upgrade alone, and taken back with it`() throws {
    let project = try ServerProject(.postgresql)
    let subject = project.subject
    let role = subject.database.name + "_role"
    try subject.database.server.execute("ALTER ROLE \(subject.database.user) CREATEROLE")
    func roles() throws -> String {
      try subject.database.server.execute("SELECT count(*) FROM pg_roles WHERE rolname = '\(role)'")
    }
    try project.revision("op.execute('CREATE ROLE \(role)')\nop.execute('SELECT 1 / 0')")
    let planned = try project.run(["plan"], status: 24)
    #expect(planned.errors.contains("CREATE ROLE, which is for the whole server"), "\(planned)")
    let failed = try project.upgrade([], status: 20)
    #expect(failed.errors.contains("Not rehearsed: "), "\(failed)")
    #expect(try roles() == "0")
    try project.revision("op.execute('CREATE ROLE \(role)')")
    try project.upgrade()
    #expect(try roles() == "1")
    try subject.database.server.execute("DROP ROLE \(role)")
  }

  @Test func `an event of the copy does not run`() throws {
    let project = try ServerProject(.mariadb)
    let subject = project.subject
    try subject.execute(
      "CREATE TABLE ticks (n integer); CREATE EVENT tick ON SCHEDULE EVERY 1 SECOND DO INSERT INTO ticks VALUES (1)"
    )
    // The database's own event is there to tell how much time there was.
    try project.revision(
      """
      def count(table):
          return op.get_bind().exec_driver_sql('SELECT COUNT(*) FROM ' + table).scalar()
      own, live = count('ticks'), count('\(subject.database.name).ticks')
      while count('\(subject.database.name).ticks') < live + 2:
          op.execute('COMMIT')
      if count('ticks') > own:
          raise RuntimeError('the copy has ticked')
      """
    )
    let planned = try project.run(["plan"])
    #expect(!planned.errors.contains("ticked"), "\(planned)")
    // Neither while it is tried nor while it is put back; and it goes on where it belongs.
    func events() throws -> [String] { try subject.content().filter { $0.contains(" EVENT ") } }
    let before = try events()
    let id = try subject.snapshot()
    try subject.run(["verify", "--deep", id])
    try subject.execute("DROP EVENT tick")
    try subject.run(["restore", id])
    #expect(try events() == before)
    #expect(before.contains { $0.contains(" ENABLE DO ") })
  }
}
