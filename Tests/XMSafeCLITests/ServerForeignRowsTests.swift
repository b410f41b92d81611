import Foundation
import TestKit
import Testing

/// What other programs commit to a MariaDB database at the worst moment is never lost.
@Suite struct ServerForeignRowsTests {
  /// A directory for PATH in which `mariadb` runs a script before or after the statement that moves all tables.
  private func client(
    _ subject: ServerSubject,
    at word: String = "RENAME TABLE",
    before: String = ":",
    after: String = ":",
    first: String = ""
  ) throws -> [String: String] {
    let real = try Command.run(["sh", "-c", "command -v mariadb"]).output
      .trimmingCharacters(in: .newlines)
    try subject.scratch.writeProgram(
      """
      #!/bin/sh
      real=\(real)
      case "$*" in *--unbuffered* | --version) exec $real "$@" ;; esac
      input="\(subject.scratch.file("input")).$$"
      cat > "$input"
      if grep -q '\(word)' "$input"; then
      \(before)
      { echo '\(first)'; cat "$input"; } | $real "$@" || exit
      \(after)
      else
      $real "$@" < "$input"
      fi
      """,
      to: "bin/mariadb"
    )
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return ["PATH": subject.scratch.file("bin") + ":" + path]
  }

  private func inserting(_ subject: ServerSubject, _ text: String) -> String {
    "$real \"$1\" \(subject.database.name) -e \"INSERT INTO log (what) VALUES ('\(text)')\" || exit"
  }

  private func count(
    _ subject: ServerSubject,
    _ text: String,
    in schema: String? = nil
  ) throws -> String {
    try subject.database.server.execute(
      "SELECT COUNT(*) FROM `\(schema ?? subject.database.name)`.log WHERE what = '\(text)'"
    )
  }

  /// The schema that a message names.
  private func kept(_ outcome: Command.Outcome) throws -> String {
    let parts = outcome.errors.components(separatedBy: "'")
    return try #require(parts.first { $0.hasPrefix("xm_safe_") && $0.hasSuffix("_old") })
  }

  @Test func `rows that others write right after a restore has switched stay`() throws {
    let subject = try ServerSubject(.mariadb)
    let id = try subject.snapshot()
    try subject.execute("DELETE FROM job")
    let outcome = try subject.run(
      ["restore", id],
      environment: client(subject, after: inserting(subject, "after"))
    )
    #expect(outcome.errors.contains("others have written to the database since"), "\(outcome)")
    #expect(!outcome.errors.contains("compared it: equal"), "\(outcome)")
    #expect(try count(subject, "after") == "1")
    #expect(try subject.database.execute("SELECT COUNT(*) FROM job") == "501")
    #expect(try subject.note() == nil)
    try ServerSnapshotTests.expectNothingLeft(subject)
  }

  @Test func `rows that others write right before a restore switches are kept and named`() throws {
    let subject = try ServerSubject(.mariadb)
    let id = try subject.snapshot()
    let outcome = try subject.run(
      ["restore", id],
      environment: client(subject, before: inserting(subject, "late"))
    )
    let schema = try kept(outcome)
    #expect(try count(subject, "late") == "0")
    #expect(try count(subject, "late", in: schema) == "1")
    // No later run sweeps it, and each says where it is.
    #expect(try kept(try subject.run(["verify", "--deep", id])) == schema)
    #expect(try count(subject, "late", in: schema) == "1")
    try subject.database.server.execute("DROP DATABASE `\(schema)`")
  }

  @Test(arguments: [false, true])
  func `a restore that is killed right after it has switched loses no row`(_ isLate: Bool) throws {
    let subject = try ServerSubject(.mariadb)
    let id = try subject.snapshot()
    let before = try subject.content()
    try subject.execute("INSERT INTO log (what) VALUES ('newer')")
    let environment = try client(
      subject,
      before: isLate ? inserting(subject, "late") : ":",
      after: "kill -9 $PPID"
    )
    let killed = try Workshop.xmSafe(
      ["restore", id, "--db", subject.url, "--store", subject.store],
      environment: environment
    )
    #expect(killed.status != 0, "\(killed)")
    try subject.run(["snapshot", "--wait", "5m"])
    #expect(try subject.content() == before)
    #expect(try subject.note() == nil)
    let outcome = try subject.run(["verify", "--deep", id])
    guard isLate else { return try ServerSnapshotTests.expectNothingLeft(subject) }
    let schema = try kept(outcome)
    #expect(try count(subject, "late", in: schema) == "1")
    try subject.database.server.execute("DROP DATABASE `\(schema)`")
  }

  @Test func `what others write after a restore was killed stays where it is`() throws {
    let subject = try ServerSubject(.mariadb)
    let id = try subject.snapshot()
    let before = try subject.content()
    try subject.execute("INSERT INTO log (what) VALUES ('newer')")
    _ = try Workshop.xmSafe(
      ["restore", id, "--db", subject.url, "--store", subject.store],
      environment: client(subject, after: "kill -9 $PPID")
    )
    try subject.execute("INSERT INTO log (what) VALUES ('after the kill')")
    let told = try subject.run(["snapshot", "--wait", "5m"])
    #expect(told.errors.contains("other programs have written to it since"), "\(told)")
    #expect(try count(subject, "after the kill") == "1")
    // To restore it again is to decide.
    try subject.run(["restore", id])
    #expect(try subject.content() == before)
    #expect(try subject.note() == nil)
    let last = try #require(try subject.snapshots().last?["id"] as? String)
    let dump = try Command.run(["sh", "-c", "gunzip -c \"$1\"", "sh", subject.archive(last)])
    #expect(dump.output.contains("'after the kill'"))
  }

  @Test func `what others write before a restore switches makes it begin again`() throws {
    let subject = try ServerSubject(.mariadb)
    let id = try subject.snapshot()
    let done = subject.scratch.file("done")
    let environment = try client(
      subject,
      at: "CREATE TABLE `job`",
      after: "[ -e '\(done)' ] || { \(inserting(subject, "early")); : > '\(done)'; }"
    )
    let outcome = try subject.run(["restore", id], environment: environment)
    #expect(outcome.errors.contains("compared it: equal"), "\(outcome)")
    // It is in the second snapshot that was taken of what was there.
    let last = try #require(try subject.snapshots().last?["id"] as? String)
    let dump = try Command.run(["sh", "-c", "gunzip -c \"$1\"", "sh", subject.archive(last)])
    #expect(dump.output.contains("'early'"))
    try ServerSnapshotTests.expectNothingLeft(subject)
  }

  @Test func `what others have written since a run was killed no next command takes out`() throws {
    let project = try ServerProject(.mariadb)
    let subject = project.subject
    let id = try subject.snapshot()
    let before = try subject.content()
    try project.chain(3, third: project.waiting)
    let run = try project.started(["--no-rehearsal"])
    try project.waitUntilThird(run)
    run.send(SIGKILL)
    _ = try run.finish()
    // No statement of the upgrade names this table.
    try subject.execute("INSERT INTO `odd``;table` VALUES ('of another')")
    let told = try subject.run(["snapshot", "--wait", "5m"])
    #expect(told.errors.contains("other programs have written to"), "\(told)")
    #expect(try subject.database.execute("SELECT COUNT(*) FROM `odd``;table`") == "3")
    #expect(try project.upgrade(status: 24).errors.contains("nobody has decided"))
    try subject.run(["restore", id])
    #expect(try subject.content() == before)
    #expect(try subject.note() == nil)
  }

  @Test func `what others write after the undoing of an upgrade was killed stays where it is`()
    throws
  {
    let project = try ServerProject(.mariadb)
    let subject = project.subject
    try project.chain(3, third: "op.execute('DELETE FROM log')\nop.execute('no SQL')")
    let killed = try Workshop.xmSafe(
      ["upgrade", "--no-rehearsal"] + project.arguments
        + ["--db", subject.url, "--store", subject.store],
      environment: client(subject, after: "kill -9 $PPID")
    )
    #expect(killed.status == 137, "\(killed)")
    // A table that the upgrade has written to as well.
    try subject.execute("INSERT INTO log (what) VALUES ('after the kill')")
    let told = try subject.run(["snapshot", "--wait", "5m"])
    #expect(told.errors.contains("other programs have written to it since"), "\(told)")
    #expect(try count(subject, "after the kill") == "1")
  }

  @Test func `a connection that is lost in the middle of a trial is no damage`() throws {
    let subject = try ServerSubject(.mariadb)
    let id = try subject.snapshot()
    let outcome = try subject.run(
      ["verify", "--deep", id],
      status: 1,
      environment: client(subject, at: "CREATE TABLE `job`", first: "KILL CONNECTION_ID();")
    )
    #expect(outcome.errors.contains("was lost: ERROR "), "\(outcome)")
    try subject.run(["verify", "--deep", id])
  }

  @Test func `a user who may make no schema, and so restore nothing, has to say that he goes on`()
    throws
  {
    let project = try ServerProject(.mariadb, mayCreate: false)
    let subject = project.subject
    try subject.execute("DROP PROCEDURE twice")
    try project.chain(1)
    let unsafe = try project.upgrade(status: 24)
    #expect(
      unsafe.errors.contains("could not undo it if it fails: this needs a schema"),
      "\(unsafe)"
    )
    #expect(unsafe.errors.contains("state: the database was not touched"), "\(unsafe)")
    #expect(try project.versions() == "a1")
    try project.upgrade(["--no-rehearsal"])
    let id = try subject.snapshot()
    let refused = try subject.run(["restore", id], status: 24)
    #expect(refused.errors.contains("which the user of"), "\(refused)")
  }

  @Test(arguments: [false, true])
  func `an upgrade whose lock is lost does not go on`(_ isTaken: Bool) throws {
    let project = try ServerProject(.mariadb)
    let subject = project.subject
    let before = try subject.content()
    try project.chain(5, third: project.waiting)
    let run = try project.started(["--no-rehearsal"])
    try project.waitUntilThird(run)
    let key = try Command.run(["sha256sum"], input: Data(subject.database.name.utf8)).output
      .prefix(12)
    let lock = "xm-safe:\(key)"
    let holder = try subject.database.execute("SELECT IS_USED_LOCK('\(lock)')")
    try subject.database.execute("KILL \(holder)")
    let server = subject.database.server
    let other =
      isTaken
      ? try Command.started(
        [
          "mariadb", "--no-defaults", "-u", server.user, "-S", server.socket, "-e",
          "SELECT GET_LOCK('\(lock)', 60), SLEEP(600)",
        ],
        environment: ["MYSQL_PWD": server.password]
      ) : nil
    func owner() throws -> String { try server.execute("SELECT IS_USED_LOCK('\(lock)')") }
    try other?.wait(for: "the other lock") { try owner() != "NULL" }
    try Data().write(to: URL(fileURLWithPath: project.gate))
    let outcome = try run.finish()
    #expect(outcome.errors.contains("lock_lost"), "\(outcome)")
    if let other {
      // Another run may work on it: the next one that has the lock takes it back.
      #expect(outcome.status == 21, "\(outcome)")
      #expect(outcome.errors.contains("another xm-safe works on"), "\(outcome)")
      try server.execute("KILL \(try owner())")
      _ = try other.finish()
      let told = try subject.run(["snapshot", "--wait", "5m"])
      #expect(told.errors.contains("was put back now"), "\(told)")
    } else {
      #expect(outcome.status == 20, "\(outcome)")
    }
    #expect(try subject.content() == before)
  }

  @Test func `what a dump would leave out without a word is refused or said`() throws {
    let subject = try ServerSubject(.mariadb, mayCreate: false)
    let hidden = try subject.run(["snapshot"], status: 24)
    #expect(hidden.errors.contains("may not see the text of the procedure 'twice'"), "\(hidden)")
    try subject.execute("DROP PROCEDURE twice")
    #expect(try subject.run(["snapshot"]).errors.contains("may not see") == false)
    let (name, user) = (subject.database.name, subject.database.user)
    try subject.execute(
      "REVOKE EXECUTE, ALTER ROUTINE, CREATE ROUTINE, TRIGGER ON \(name).* FROM \(user)@'%'"
    )
    // One that it knows of, mariadb-dump refuses by itself.
    try subject.execute("DROP TRIGGER noted")
    let told = try subject.run(["snapshot"])
    #expect(told.errors.contains("may not see procedures and functions"), "\(told)")
    #expect(told.errors.contains("may not see triggers"), "\(told)")
    try subject.execute("CREATE TABLE past (a integer) WITH SYSTEM VERSIONING")
    let versioned = try subject.run(["snapshot"], status: 24)
    #expect(versioned.errors.contains("'past'"), "\(versioned)")
    #expect(versioned.errors.contains("system-versioned"), "\(versioned)")
  }
}
