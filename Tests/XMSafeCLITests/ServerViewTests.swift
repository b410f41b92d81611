import Foundation
import TestKit
import Testing

/// Views of MariaDB, of which `mariadb-dump` gives up a whole database.
@Suite struct ServerViewTests {
  @Test func `views that call functions come back, whatever their names`() throws {
    let subject = try ServerSubject(.mariadb)
    try subject.execute(
      "CREATE FUNCTION inc(n integer) RETURNS integer DETERMINISTIC RETURN n + 1; CREATE VIEW a AS SELECT inc(id) AS x FROM experiment; CREATE VIEW b AS SELECT x FROM a"
    )
    let before = try subject.content()
    let id = try subject.snapshot()
    try subject.execute("DELETE FROM job; DROP VIEW b")
    try subject.run(["restore", id])
    #expect(try subject.content() == before)
    try subject.run(["undo"])
    try subject.run(["restore", id])
    #expect(try subject.content() == before)
  }

  @Test func `a view that a revision breaks keeps nobody from going back`() throws {
    let project = try ServerProject(.mariadb)
    let subject = project.subject
    let before = try subject.content()
    let breaking = "op.drop_column('experiment', 'title')"
    try project.revision(breaking + "\nop.execute('INSERT INTO nonexist VALUES (1)')")
    for options in [[], ["--no-rehearsal"]] {
      let failed = try project.upgrade(options, status: 20)
      #expect(failed.errors.contains("the database"), "\(failed)")
      #expect(try subject.content() == before)
    }
    try project.revision(breaking)
    try project.upgrade()
    let saved = try subject.run(["snapshot", "--json"])
    #expect(saved.errors.contains("The view 'titles'"), "\(saved)")
    let record = try #require(try subject.object(saved.output)["snapshot"] as? [String: Any])
    let archive = try subject.archive(try #require(record["id"] as? String))
    let text = try Command.run(["gzip", "-dc", archive]).output
    #expect(text.contains("-- Not saved: CREATE VIEW `titles` AS select"), "\(text.prefix(300))")
    try subject.run(["verify", "--deep", archive])
    try subject.run(["undo"])
    #expect(try subject.content() == before)
    #expect(try subject.note() == nil)
  }

  @Test func `a table that somebody else uses keeps a restore from taking the triggers`() throws {
    let subject = try ServerSubject(.mariadb)
    let before = try subject.content()
    let id = try subject.snapshot()
    let other = try Sleeper(subject, after: "BEGIN; SELECT COUNT(*) FROM job")
    let outcome = try subject.run(["restore", id, "--busy-timeout", "1"], status: 11)
    #expect(outcome.errors.contains("somebody else uses"), "\(outcome)")
    #expect(outcome.errors.contains("the database was not touched"), "\(outcome)")
    #expect(try subject.note() == nil)
    try other.end()
    #expect(try subject.content() == before)
    try ServerSnapshotTests.expectNothingLeft(subject)
  }

  @Test func `rows that are older than a check are restored`() throws {
    let subject = try ServerSubject(.mariadb)
    try subject.execute(
      "CREATE TABLE low (n integer); INSERT INTO low VALUES (-1); SET check_constraint_checks = 0; ALTER TABLE low ADD CONSTRAINT high CHECK (n > 0)"
    )
    let before = try subject.content()
    let id = try subject.snapshot()
    try subject.run(["verify", "--deep", id])
    try subject.execute("DELETE FROM low")
    try subject.run(["restore", id])
    #expect(try subject.content() == before)
  }

  @Test func `a view whose table somebody has locked is not taken for a broken one`() throws {
    let subject = try ServerSubject(.mariadb)
    let other = try Sleeper(subject, after: "LOCK TABLES experiment WRITE")
    let running = try Workshop.xmSafeStarted(
      ["snapshot", "--db", subject.url, "--store", subject.store]
    )
    try running.wait(for: "the dump") {
      try subject.database.execute(
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE STATE LIKE 'Waiting for table%' AND DB = DATABASE() AND INFO LIKE '%experiment%'"
      ) != "0"
    }
    try other.end()
    let outcome = try running.finish()
    #expect(outcome.status == 0, "\(outcome)")
    #expect(!outcome.errors.contains("is not saved"), "\(outcome)")
    let id = try #require(try subject.snapshots().first?["id"] as? String)
    let text = try Command.run(["gzip", "-dc", subject.archive(id)]).output
    #expect(text.contains("VIEW `titles` AS select"))
  }

  /// A session of another program, which sleeps after some statements until it is ended.
  private struct Sleeper {
    let server: TestServer
    let running: Command.Running
    let name: String

    init(_ subject: ServerSubject, after statements: String) throws {
      server = subject.database.server
      name = subject.database.name
      running = try Command.started(
        [
          "mariadb", "--no-defaults", "-u", server.user, "-S", server.socket, name, "-e",
          statements + "; SELECT SLEEP(600)",
        ],
        environment: ["MYSQL_PWD": server.password]
      )
      let connection = connection
      try running.wait(for: "the other session") { try connection() != "0" }
    }

    private func connection() throws -> String {
      try server.execute(
        "SELECT COALESCE(MAX(ID), 0) FROM information_schema.PROCESSLIST WHERE INFO = 'SELECT SLEEP(600)' AND DB = '\(name)'"
      )
    }

    func end() throws {
      try server.execute("KILL \(try connection())")
      _ = try running.finish()
    }
  }
}
