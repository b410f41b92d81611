import Foundation
import SQLite
import TestKit
import Testing

/// Signals at chosen moments, sent to the program itself.
@Suite struct SignalTests {
  struct Kind: CustomTestStringConvertible, Sendable {
    var name: String
    var number: Int32
    var testDescription: String { name }

    static let all = [
      Kind(name: "SIGINT", number: SIGINT), Kind(name: "SIGTERM", number: SIGTERM),
      Kind(name: "SIGHUP", number: SIGHUP),
    ]
  }

  /// A statement that would run for hours.
  static let endless =
    "op.execute('INSERT INTO data (content) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n')"

  /// A database, and a chain of which each revision runs the body.
  private func world(
    _ scratch: Scratch,
    rows: Int,
    bodies: [String]
  ) throws -> [String] {
    try SampleDatabases.large(scratch.file("a.sqlite3"), rows: rows)
    for (index, body) in bodies.enumerated() {
      let down = index == 0 ? "None" : "'r\(index - 1)'"
      try scratch.write(
        "\"\"\"Step \(index).\"\"\"\nfrom alembic import op\nrevision = 'r\(index)'\ndown_revision = \(down)\n\ndef upgrade():\n    \(body)\n",
        to: "scripts/versions/r\(index).py"
      )
    }
    return ["--db", scratch.file("a.sqlite3"), "--scripts", scratch.file("scripts")]
  }

  private func isWriting(_ scratch: Scratch) throws -> Bool {
    guard FileManager.default.fileExists(atPath: scratch.file("Backups")) else { return false }
    return try scratch.names(in: "Backups").contains { $0.contains(".xm-safe-partial") }
  }

  private func expectClean(_ scratch: Scratch, _ outcome: Command.Outcome) throws {
    #expect(try !scratch.tree().contains { $0.contains(".xm-safe-partial") }, "\(outcome)")
    let connection = try Connection(opening: scratch.file("a.sqlite3"), mode: .readWrite)
    #expect(try connection.integrityCheck().isEmpty)
    try connection.close()
  }

  @Test(arguments: Kind.all)
  func `a long statement ends at once, and the upgrade is rolled back`(_ kind: Kind) throws {
    let scratch = try Scratch()
    let options = try world(
      scratch,
      rows: 10,
      bodies: ["op.execute('CREATE TABLE t (id)')", Self.endless]
    )
    let before = try DatabaseDump.text(scratch.file("a.sqlite3"))
    let numbers = scratch.file("xm-safe.prom")
    let running = try Workshop.xmSafeStarted(
      ["upgrade", "--no-rehearsal", "--metrics-file", numbers] + options
    )
    try running.waitForErrors(containing: "Running upgrade r0 -> r1")
    running.send(kind.number)
    let outcome = try running.finish()
    #expect(outcome.status == 128 + kind.number, "\(outcome)")
    // Who watches is told of it as of every other failure.
    let log = try String(contentsOfFile: scratch.file("Backups/xm-safe.jsonl"), encoding: .utf8)
    #expect(log.contains("\"exitCode\":\(128 + kind.number)"), "\(log)")
    #expect(FileManager.default.fileExists(atPath: numbers), "\(outcome)")
    #expect(
      outcome.errors.contains("xm-safe: interrupted by \(kind.name); the upgrade was rolled back")
    )
    #expect(outcome.errors.contains("state: the database is exactly as it was before (rolled back"))
    #expect(try DatabaseDump.text(scratch.file("a.sqlite3")) == before)
    try expectClean(scratch, outcome)
  }

  @Test func `a downgrade that is broken off says that the downgrade was rolled back`() throws {
    let scratch = try Scratch()
    let options = try world(scratch, rows: 10, bodies: ["pass"])
    let script = try String(
      contentsOf: URL(fileURLWithPath: scratch.file("scripts/versions/r0.py")),
      encoding: .utf8
    )
    try scratch.write(
      script + "\ndef downgrade():\n    \(Self.endless)\n",
      to: "scripts/versions/r0.py"
    )
    #expect(try Workshop.xmSafe(["upgrade"] + options).status == 0)
    let running = try Workshop.xmSafeStarted(["downgrade", "base", "--no-rehearsal"] + options)
    try running.waitForErrors(containing: "Running downgrade r0 -> ")
    running.send(SIGINT)
    let outcome = try running.finish()
    #expect(outcome.errors.contains("interrupted by SIGINT; the downgrade was rolled back"))
  }

  @Test(arguments: Kind.all)
  func `a rehearsal ends at once, and the database was never written to`(_ kind: Kind) throws {
    let scratch = try Scratch()
    let options = try world(scratch, rows: 10, bodies: [Self.endless])
    let path = URL(fileURLWithPath: scratch.file("a.sqlite3"))
    let before = try Data(contentsOf: path)
    for command in ["upgrade", "plan"] {
      let running = try Workshop.xmSafeStarted([command] + options)
      // The endless statement has made a journal beside the copy.
      try running.wait(for: "the rehearsal") {
        guard FileManager.default.fileExists(atPath: scratch.file("Backups")) else { return false }
        return try scratch.names(in: "Backups").contains { $0.hasSuffix("-file-journal") }
      }
      running.send(kind.number)
      let outcome = try running.finish()
      #expect(outcome.status == 128 + kind.number, "\(outcome)")
      #expect(outcome.errors.contains("xm-safe: interrupted by \(kind.name); nothing was changed"))
      #expect(try Data(contentsOf: path) == before)
      try expectClean(scratch, outcome)
    }
  }

  @Test func `a database that is being created leaves no trace`() throws {
    let scratch = try Scratch()
    let options = try world(
      scratch,
      rows: 1,
      bodies: [
        "op.execute('CREATE TABLE data (content)')", Self.endless,
      ]
    )
    try FileManager.default.removeItem(atPath: scratch.file("a.sqlite3"))
    let running = try Workshop.xmSafeStarted(["upgrade", "--no-rehearsal"] + options)
    try running.waitForErrors(containing: "Running upgrade r0 -> r1")
    running.send(SIGTERM)
    let outcome = try running.finish()
    #expect(outcome.status == 143, "\(outcome)")
    #expect(outcome.errors.contains("state: there is still no database at"))
    #expect(try scratch.names() == ["Backups", "scripts"])
  }

  @Test func `between two revisions nothing of the earlier ones stays`() throws {
    let scratch = try Scratch()
    let bodies = (0..<300).map { index in
      index == 0 ? "pass" : "op.execute('CREATE TABLE t\(index) AS SELECT * FROM data')"
    }
    let options = try world(scratch, rows: 300, bodies: bodies)
    let before = try DatabaseDump.text(scratch.file("a.sqlite3"))
    let running = try Workshop.xmSafeStarted(["upgrade", "--no-rehearsal"] + options)
    try running.waitForErrors(containing: "Running upgrade r2 -> r3,")
    running.send(SIGTERM)
    let outcome = try running.finish()
    #expect(outcome.status == 143, "\(outcome)")
    #expect(!outcome.errors.contains("Running upgrade r298"))
    #expect(try DatabaseDump.text(scratch.file("a.sqlite3")) == before)
  }

  @Test func `a second signal does not skip the rollback`() throws {
    let scratch = try Scratch()
    let options = try world(scratch, rows: 60_000, bodies: [Self.endless])
    let running = try Workshop.xmSafeStarted(["upgrade", "--no-rehearsal"] + options)
    try running.waitForErrors(containing: "Running upgrade  -> r0")
    running.send(SIGINT)
    try running.waitForErrors(containing: "interrupted by SIGINT: what was begun is rolled back")
    running.send(SIGINT)
    let outcome = try running.finish()
    #expect(outcome.status == 130, "\(outcome)")
    #expect(outcome.errors.contains("already rolling back"))
    #expect(outcome.errors.contains("Rolled back, and proven to be as before"))
    try expectClean(scratch, outcome)
  }

  @Test(arguments: Kind.all)
  func `a snapshot that is being written leaves nothing behind`(_ kind: Kind) throws {
    let scratch = try Scratch()
    let options = try world(scratch, rows: 120_000, bodies: [Self.endless])
    for command in ["snapshot", "upgrade"] {
      let running = try Workshop.xmSafeStarted([command] + options)
      try running.wait(for: "the archive") { try isWriting(scratch) }
      running.send(kind.number)
      let outcome = try running.finish()
      #expect(outcome.status == 128 + kind.number, "\(outcome)")
      #expect(outcome.errors.contains("xm-safe: interrupted by \(kind.name); nothing was changed"))
      #expect(try scratch.names(in: "Backups").allSatisfy { !$0.hasSuffix(".gz") }, "\(outcome)")
      try expectClean(scratch, outcome)
    }
  }

  @Test(arguments: Kind.all)
  func `a restore that is stopped before its commit leaves the database as it is`(
    _ kind: Kind
  ) throws {
    let scratch = try Scratch()
    let options = try world(scratch, rows: 60_000, bodies: ["pass"])
    #expect(try Workshop.xmSafe(["snapshot"] + options).status == 0)
    try SampleDatabases.create(scratch.file("a.sqlite3"), ["UPDATE data SET content = x'00'"])
    let running = try Workshop.xmSafeStarted(["restore", "latest"] + options)
    try running.wait(for: "the snapshot of the present") { try isWriting(scratch) }
    running.send(kind.number)
    let outcome = try running.finish()
    #expect(outcome.status == 128 + kind.number, "\(outcome)")
    #expect(outcome.errors.contains("state: the database is as it was"))
    let connection = try Connection(opening: scratch.file("a.sqlite3"), mode: .readWrite)
    let untouched = try connection.value("SELECT count(*) FROM data WHERE content = x'00'")
    try connection.close()
    #expect(untouched == .integer(60_000))
    try expectClean(scratch, outcome)
  }

  @Test(arguments: Kind.all) func `verify --all ends early`(_ kind: Kind) throws {
    let scratch = try Scratch()
    let options = try world(scratch, rows: 60_000, bodies: ["pass"])
    #expect(try Workshop.xmSafe(["snapshot"] + options).status == 0)
    let name = try #require(try scratch.names(in: "Backups").first { $0.hasSuffix(".gz") })
    for number in 1...20 {
      try FileManager.default.linkItem(
        atPath: scratch.file("Backups/\(name)"),
        toPath: scratch.file("Backups/\(number)-\(name)")
      )
    }
    let running = try Workshop.xmSafeStarted(["verify", "--all"] + options)
    try running.wait(for: "a note that one is whole") {
      try scratch.names(in: "Backups").contains { $0.contains("verified") }
    }
    running.send(kind.number)
    let outcome = try running.finish()
    #expect(outcome.status == 128 + kind.number, "\(outcome)")
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("xm-safe: interrupted by \(kind.name)"))
  }

  @Test func `waiting for a lock ends at once`() throws {
    let scratch = try Scratch()
    let options = try world(scratch, rows: 10, bodies: ["pass"])
    let writer = try Connection(opening: scratch.file("a.sqlite3"), mode: .readWrite)
    try writer.beginImmediate()
    let running = try Workshop.xmSafeStarted(["upgrade", "--busy-timeout", "3600"] + options)
    try running.waitForErrors(containing: "[xm_safe.lock] Locked")
    running.send(SIGTERM)
    let outcome = try running.finish()
    #expect(outcome.status == 143, "\(outcome)")
    #expect(outcome.errors.contains("nothing was changed"))
    try writer.rollback()
    try writer.close()
  }

  @Test func `what was ignored when the program began stays ignored, as under nohup`() throws {
    let scratch = try Scratch()
    let bodies = (0..<60).map { index in
      index == 0 ? "pass" : "op.execute('CREATE TABLE t\(index) AS SELECT * FROM data')"
    }
    let options = try world(scratch, rows: 300, bodies: bodies)
    let running = try Workshop.xmSafeStarted(
      ["upgrade", "--no-rehearsal"] + options,
      ignoring: "HUP"
    )
    try running.waitForErrors(containing: "Running upgrade r0 -> r1,")
    running.send(SIGHUP)
    let outcome = try running.finish()
    #expect(outcome.status == 0, "\(outcome)")
    #expect(!outcome.errors.contains("interrupted"))
  }

  @Test func `a reader that has gone away is no failure`() throws {
    let scratch = try Scratch()
    let options = try world(scratch, rows: 10, bodies: ["pass"])
    let closed = """
      import os, subprocess, sys
      reading, writing = os.pipe()
      os.close(reading)
      sys.exit(subprocess.run(sys.argv[1:], stdout=writing).returncode)
      """
    let outcome = try Command.run(
      [Workshop.python, "-c", closed, Workshop.program, "history"] + options
    )
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.isEmpty)
  }
}
