import Foundation
import TestKit
import Testing

/// `xm-safe run` on databases of PostgreSQL and MariaDB servers.
@Suite struct ServerRunTests {
  static let kinds = TestServer.Kind.allCases

  private func dump(_ subject: ServerSubject) throws -> [String] {
    ServerSnapshotTests.sorted(try subject.database.dump())
  }

  private func count(_ subject: ServerSubject, _ table: String) throws -> String {
    try subject.database.execute("SELECT count(*) FROM \(table)")
  }

  @Test(arguments: kinds)
  func `alembic's own command is guarded, and kept when all is well`(
    _ kind: TestServer.Kind
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(2)
    let subject = project.subject
    let before = try dump(subject)
    let outcome = try Workshop.xmSafe(
      [
        "run", "--db", subject.url, "--store", subject.store, "--scripts",
        subject.scratch.file("migrations"), "--expect-head", "--",
      ] + project.alembic
    )
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.contains("Verified: at r2, no rows lost"), "\(outcome)")
    #expect(try project.versions() == "r2")
    #expect(try subject.scratch.names(in: "store").filter { $0.contains("journal") } == [])
    // The version has moved: so there is something to undo.
    try subject.run(["undo"])
    #expect(try dump(subject) == before)
  }

  @Test(arguments: kinds)
  func `a command that fails and has changed nothing hands on its code`(
    _ kind: TestServer.Kind
  ) throws {
    let subject = try ServerSubject(kind)
    let before = try dump(subject)
    let outcome = try subject.guarded(exiting: 3, "SELECT 1", status: 3)
    #expect(outcome.errors.contains("state: the database is exactly as it was before (its content"))
    #expect(try dump(subject) == before)
  }

  private static let damage = ["CREATE TABLE half (n integer)", "DELETE FROM job"]

  @Test func `what a failed command has left on PostgreSQL is saved, and undone`() throws {
    let subject = try ServerSubject(.postgresql)
    let before = try dump(subject)
    let outcome = try subject.guarded(
      exiting: 3,
      Self.damage[0],
      Self.damage[1],
      status: 3
    )
    #expect(outcome.errors.contains("exactly as it was before (restored from snapshot"))
    #expect(try dump(subject) == before)
    let left = try #require(
      outcome.errors.components(separatedBy: "what the command left is in snapshot ").last?.prefix(
        8
      )
    )
    try subject.run(["restore", String(left)])
    #expect(try count(subject, "half") == "0")
  }

  @Test func `on MariaDB nothing is undone unasked, and told how it is`() throws {
    let subject = try ServerSubject(.mariadb)
    let before = try dump(subject)
    let outcome = try subject.guarded(exiting: 3, Self.damage[0], Self.damage[1], status: 21)
    #expect(outcome.errors.contains("If it fails, nothing is put back unasked: nobody can tell"))
    #expect(outcome.errors.contains("was not put back, because nobody can tell on this server"))
    #expect(try count(subject, "half") == "0")
    try subject.run(["restore", try ServerSubject.id(outcome)])
    #expect(try dump(subject) == before)
    // Said beforehand, it is done at once.
    let alone = try subject.guarded(
      ["--alone"],
      exiting: 3,
      Self.damage[0],
      Self.damage[1],
      status: 3
    )
    #expect(alone.errors.contains("exactly as it was before (restored from snapshot"), "\(alone)")
    #expect(try dump(subject) == before)
  }

  @Test(arguments: kinds)
  func `rows that vanish make a command that succeeds a failure`(_ kind: TestServer.Kind) throws {
    let subject = try ServerSubject(kind)
    let before = try dump(subject)
    let outcome = try subject.guarded(["--alone"], "DELETE FROM job", status: 20)
    #expect(outcome.errors.contains("501 rows of table 'job' vanished"), "\(outcome)")
    #expect(try dump(subject) == before)
    _ = try subject.guarded(["--allow-row-loss", "job"], "DELETE FROM job", status: 0)
    #expect(try count(subject, "job") == "0")
    // Another name is no loss; a version that nobody knows is none of the rows'.
    // A view of it would be broken on MariaDB, and that cannot be saved.
    _ = try subject.guarded(
      [],
      "DROP VIEW titles",
      "ALTER TABLE experiment RENAME TO trial",
      status: 0
    )
    _ = try subject.guarded(["--guard", "off"], "DELETE FROM trial", status: 0)
  }

  @Test func `who else was connected keeps his rows`() throws {
    let subject = try ServerSubject(.postgresql)
    let go = subject.scratch.file("go")
    let running = try Workshop.xmSafeStarted(
      subject.guardedArguments([], 3, [Self.damage[0], "wait \(go)"]),
      environment: ["URL": subject.url]
    )
    try running.wait(for: "the command") { FileManager.default.fileExists(atPath: go + ".ready") }
    // Another program, which stays connected until it was seen.
    let other = subject.scratch.file("other")
    let writer = try Command.started(
      [
        Workshop.python, "-c", ServerSubject.application, "0",
        "INSERT INTO experiment (id, title) VALUES (77777, 'of another')", "wait \(other)",
      ],
      environment: ["URL": subject.url]
    )
    try writer.wait(for: "the other") { FileManager.default.fileExists(atPath: other + ".ready") }
    try Data().write(to: URL(fileURLWithPath: go))
    let outcome = try running.finish()
    try Data().write(to: URL(fileURLWithPath: other))
    #expect(try writer.finish().status == 0)
    #expect(outcome.status == 21, "\(outcome)")
    #expect(outcome.errors.contains("was connected to it meanwhile and may have written"))
    #expect(try count(subject, "experiment WHERE id = 77777") == "1")
    #expect(try count(subject, "half") == "0")
    try subject.run(["restore", try ServerSubject.id(outcome)])
    #expect(try count(subject, "experiment WHERE id = 77777") == "0")
  }

  @Test func `a signal reaches the command`() throws {
    let subject = try ServerSubject(.postgresql)
    let before = try dump(subject)
    let go = subject.scratch.file("go")
    let running = try Workshop.xmSafeStarted(
      subject.guardedArguments([], 0, [Self.damage[0], "wait \(go)"]),
      environment: ["URL": subject.url]
    )
    try running.wait(for: "the command") { FileManager.default.fileExists(atPath: go + ".ready") }
    running.send(SIGTERM)
    let outcome = try running.finish()
    #expect(outcome.status == 143, "\(outcome)")
    #expect(try dump(subject) == before)
  }

  @Test(arguments: kinds)
  func
    `a run that is killed is found by the next command, and nothing goes on before it is settled`(
      _ kind: TestServer.Kind
    ) throws
  {
    let project = try ServerProject(kind)
    try project.chain(1)
    let subject = project.subject
    let before = try dump(subject)
    let go = subject.scratch.file("go")
    let running = try Workshop.xmSafeStarted(
      subject.guardedArguments([], 0, [Self.damage[0], "wait \(go)"]),
      environment: ["URL": subject.url]
    )
    try running.wait(for: "the command") { FileManager.default.fileExists(atPath: go + ".ready") }
    running.send(SIGKILL)
    _ = try running.finish()
    // Its command lives on.
    let locked = try subject.run(["snapshot"], status: 11)
    #expect(locked.errors.contains("(xm-safe run, since"))
    try Data().write(to: URL(fileURLWithPath: go))
    // The command is nobody's child that could be waited for; it ends by itself in a moment.
    let wait = ["--wait", "5m"]
    let told = try subject.run(["snapshot"] + wait)
    #expect(told.errors.contains("did not get to its end: what its command has done to"))
    let refused = try project.upgrade(status: 24)
    #expect(refused.errors.contains("nobody has decided about what it has left"), "\(refused)")
    let again = try subject.guarded([], "SELECT 1", status: 24)
    #expect(again.errors.contains("nobody has decided about what it has left"))
    try subject.run(["restore", try ServerSubject.id(again)])
    #expect(try dump(subject) == before)
    #expect(try !subject.run(["snapshot"]).errors.contains("did not get to its end"))
    _ = try subject.guarded([], "SELECT 1", status: 0)
  }

  @Test func `what is not begun has touched nothing`() throws {
    let subject = try ServerSubject(.postgresql)
    let options = ["run", "--db", subject.url, "--store", subject.store]
    #expect(try Workshop.xmSafe(options + ["--", "no-such-program"]).status == 127)
    let kept = try Workshop.xmSafe(options + ["--keep-on-failure", "--", "true"])
    #expect(kept.status == 24 && kept.errors.contains("is for databases that are files"), "\(kept)")
    #expect(try subject.snapshots().isEmpty)
  }
}
