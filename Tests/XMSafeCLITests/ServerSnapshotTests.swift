import Foundation
import TestKit
import Testing

/// The commands on snapshots, on PostgreSQL and MariaDB servers.
@Suite struct ServerSnapshotTests {
  static let kinds = TestServer.Kind.allCases

  @Test(arguments: kinds)
  func `a snapshot is saved, listed, shown and verified, and gunzip gives its dump`(
    _ kind: TestServer.Kind
  ) throws {
    let subject = try ServerSubject(kind)
    #expect(try subject.run(["current"]).output == "a1\n")
    let id = try subject.snapshot()
    let listed = try subject.snapshots()
    #expect(listed.map { $0["id"] as? String } == [id])
    let record = try #require(listed.first)
    #expect(record["dialect"] as? String == kind.rawValue)
    let counts = try #require(record["rowCounts"] as? [String: Int])
    #expect(counts["experiment"] == 501)
    #expect(counts["job"] == 501)
    #expect(counts["alembic_version"] == 1)
    #expect(record["heads"] as? [String] == ["a1"])
    #expect(try subject.run(["show", id]).output.contains("server"))
    #expect(try subject.run(["list"]).output.contains(id))
    try subject.run(["verify", "--all"])
    try subject.run(["verify", "--deep", id])

    let gunzip = try Command.run([
      "sh", "-c", "gunzip -c \"$1\" | head -c 5", "sh", subject.archive(id),
    ])
    #expect(gunzip.output.hasPrefix(kind == .postgresql ? "PGDMP" : "/*"), "\(gunzip)")
    let sum = try Command.run([
      "sh", "-c", "gunzip -c \"$1\" | sha256sum", "sh", subject.archive(id),
    ])
    #expect(sum.output.hasPrefix(record["sha256"] as? String ?? "?"))
    #expect(try subject.run(["snapshot", "--if-changed"]).output.hasPrefix("unchanged"))
    try subject.run(["pin", id])
    try subject.run(["prune", "--keep-last", "1"])
    #expect(try subject.snapshots().count == 1)
    #expect(try subject.scratch.names(in: "store").filter { $0.contains("partial") } == [])
  }

  @Test(arguments: kinds)
  func `a restore brings every row and every object back, and undo what was there`(
    _ kind: TestServer.Kind
  ) throws {
    let subject = try ServerSubject(kind)
    let before = try subject.database.dump()
    let id = try subject.snapshot()
    try subject.execute(
      """
      DELETE FROM job WHERE experiment_id < 100;
      UPDATE experiment SET title = 'x' WHERE id = 200;
      CREATE TABLE more (a integer PRIMARY KEY);
      INSERT INTO more VALUES (1);
      DROP VIEW titles;
      UPDATE alembic_version SET version_num = 'b2';
      """
    )
    let changed = try subject.database.dump()
    let difference = try subject.run(["diff", id]).output
    #expect(
      difference.contains("more") && difference.contains("job: 501 -> 402 rows"),
      "\(difference)"
    )
    let restored = try subject.run(["restore", id])
    #expect(restored.errors.contains("and compared it: equal"))
    #expect(Self.sorted(try subject.database.dump()) == Self.sorted(before))
    #expect(try subject.snapshots().map { $0["reason"] as? String } == ["manual", "pre-restore"])
    try subject.run(["undo"])
    #expect(Self.sorted(try subject.database.dump()) == Self.sorted(changed))
    try subject.run(["undo"])
    #expect(Self.sorted(try subject.database.dump()) == Self.sorted(before))
    #expect(try subject.scratch.names(in: "store").filter { $0.contains("partial") } == [])
    try Self.expectNothingLeft(subject)
  }

  /// A dump whose lines are in order: rows have none, and the server writes some expressions in another way once they were restored.
  static func sorted(_ dump: String) -> [String] {
    dump.split(separator: "\n").filter { !$0.contains("CHECK (((state)") }.map(String.init).sorted()
  }

  /// What is in the store beside the lock and the log of runs.
  private static func leavings(_ subject: ServerSubject) throws -> [String] {
    try subject.scratch.names(in: "store").filter {
      !$0.hasPrefix(".lock") && $0 != "xm-safe.jsonl"
    }
  }

  /// No database of a trial is left on the server.
  static func expectNothingLeft(_ subject: ServerSubject) throws {
    let server = subject.database.server
    let names =
      switch server.kind {
      case .postgresql: try server.execute("SELECT datname FROM pg_database")
      case .mariadb: try server.execute("SHOW DATABASES")
      }
    // They are named after the digest of the database's address.
    let scheme = server.kind == .postgresql ? "postgresql" : "mysql"
    let address = "\(scheme)://127.0.0.1:\(server.port)/\(subject.database.name)"
    let sum = try Command.run(["sha256sum"], input: Data(address.utf8)).output.prefix(12)
    #expect(!names.split(separator: "\n").contains { $0.contains(sum) }, "\(names)")
  }

  struct Refusal: CustomTestStringConvertible, Sendable {
    var name: String
    var status: Int32
    var words: String
    var url: @Sendable (TestDatabase) -> String
    var testDescription: String { name }
  }

  static let refusals = [
    Refusal(name: "a wrong password", status: 24, words: "does not let this user in") {
      $0.url(password: "s3cret-and-wrong")
    },
    Refusal(name: "no such database", status: 10, words: "there is no database") {
      $0.url().replacingOccurrences(of: "/\($0.name)", with: "/t_nothing")
    },
    Refusal(name: "no such user", status: 24, words: "does not let this user in") {
      $0.url().replacingOccurrences(of: "//\($0.user)", with: "//u_nobody")
    },
    Refusal(name: "a server that is down", status: 10, words: "does not answer") {
      // Port 1 is nobody's.
      $0.url().replacingOccurrences(of: ":\($0.server.port)/", with: ":1/")
    },
  ]

  @Test(arguments: kinds, refusals)
  func `what cannot be reached is told in a sentence`(
    _ kind: TestServer.Kind,
    _ refusal: Refusal
  ) throws {
    let subject = try ServerSubject(kind)
    let url = refusal.url(subject.database)
    for command in [["current"], ["snapshot"], ["prune", "--keep-last", "1"]] {
      let outcome = try subject.run(command, status: refusal.status, url: url)
      #expect(outcome.errors.contains(refusal.words), "\(command): \(outcome)")
      #expect(outcome.errors.split(separator: "\n").count <= 4, "\(outcome)")
    }
    #expect(try Self.leavings(subject) == [])
  }

  @Test(arguments: kinds)
  func `a machine without the client programs is told which package has them`(
    _ kind: TestServer.Kind
  ) throws {
    let subject = try ServerSubject(kind)
    let outcome = try subject.run(
      ["current"],
      status: 24,
      environment: ["PATH": subject.scratch.path]
    )
    #expect(outcome.errors.contains("is not on PATH"), "\(outcome)")
  }

  struct Dump: CustomTestStringConvertible, Sendable {
    var name: String
    /// What the server's dump program does instead.
    var script: String
    var status: Int32
    var words: String
    var testDescription: String { name }
  }

  static let dumps = [
    Dump(
      name: "one that is killed",
      script: "head -c 100000 /dev/zero; kill -9 $$",
      status: 1,
      words: "signal 9"
    ),
    Dump(
      name: "one that fails",
      script: "head -c 100000 /dev/zero; echo 'error: no' >&2; exit 1",
      status: 1,
      words: "exit code 1"
    ),
    Dump(
      name: "one that is older than the server",
      script: "head -c 100 /dev/zero",
      status: 24,
      words: "older"
    ),
  ]

  @Test(arguments: kinds, dumps)
  func `a dump that is not whole leaves no archive`(
    _ kind: TestServer.Kind,
    _ dump: Dump
  ) throws {
    let subject = try ServerSubject(kind)
    let name = kind == .postgresql ? "pg_dump" : "mariadb-dump"
    let real = try Command.run(["sh", "-c", "command -v \(name)"]).output
      .trimmingCharacters(in: .newlines)
    let old =
      kind == .postgresql
      ? "pg_dump (PostgreSQL) 9.6.24" : "mariadb-dump  Ver 10.17 Distrib 10.3.9-MariaDB"
    let version = dump.words == "older" ? "echo '\(old)'" : "exec \(real) --version"
    try subject.scratch.writeProgram(
      "#!/bin/sh\nif [ \"$1\" = --version ]; then \(version); exit; fi\n\(dump.script)\n",
      to: "bin/\(name)"
    )
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let outcome = try subject.run(
      ["snapshot"],
      status: dump.status,
      environment: ["PATH": subject.scratch.file("bin") + ":" + path]
    )
    #expect(outcome.errors.contains(dump.words), "\(outcome)")
    #expect(try Self.leavings(subject) == [])
  }
}
