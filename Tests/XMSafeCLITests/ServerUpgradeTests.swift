import Foundation
import TestKit
import Testing

/// Upgrades of databases on PostgreSQL and MariaDB servers by the project's own alembic.
@Suite struct ServerUpgradeTests {
  static let kinds = TestServer.Kind.allCases

  @Test(arguments: kinds)
  func `an upgrade goes to the end, and says from where to where`(
    _ kind: TestServer.Kind
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(5)
    let outcome = try project.upgrade()
    #expect(outcome.errors.contains("from a1 to r5"), "\(outcome)")
    #expect(try project.versions() == "r5")
    #expect(try project.subject.database.execute("SELECT count(*) FROM n5") == "1")
    #expect(try project.subject.run(["list"]).output.contains("pre-upgrade"))
    #expect(try project.upgrade().errors.contains("Nothing to do"))
    try project.subject.run(["undo"])
    #expect(try project.versions() == "a1")
    try ServerSnapshotTests.expectNothingLeft(project.subject)
  }

  struct Fault: CustomTestStringConvertible, Sendable {
    var name: String
    /// What the third of five revisions does in its middle.
    var script: String
    var words: String
    var arguments: [String] = []
    var kinds: [TestServer.Kind] = TestServer.Kind.allCases
    var testDescription: String { name }
  }

  static let faults = [
    Fault(name: "an exception", script: "raise ValueError('no')", words: "ValueError: no"),
    Fault(name: "wrong SQL", script: "op.execute('SELECT nothing FROM nowhere')", words: "nowhere"),
    Fault(name: "sys.exit", script: "import sys; sys.exit(0)", words: "SystemExit"),
    Fault(
      name: "os._exit",
      script: "import os; os._exit(0)",
      words: "in the middle of revision r3"
    ),
    Fault(
      name: "kill -9 of itself",
      script: "import os; os.kill(os.getpid(), 9)",
      words: "signal 9"
    ),
    Fault(
      name: "rows that vanish",
      script: "op.execute('DELETE FROM experiment WHERE id < 10')",
      words: "row_loss"
    ),
    Fault(
      name: "CONCURRENTLY",
      script: """
        with op.get_context().autocommit_block():
          op.create_index('conc', 'experiment', ['title'], postgresql_concurrently=True)
        """,
      words: "needs_autocommit",
      kinds: [.postgresql]
    ),
    Fault(
      name: "a commit of the driver",
      script: "op.get_bind().connection.dbapi_connection.commit()\nop.execute('SELECT 1')",
      words: "transaction_lost",
      kinds: [.postgresql]
    ),
    Fault(
      name: "a second connection that waits for the first",
      script: """
        op.execute('ALTER TABLE experiment ADD COLUMN waits integer')
        with sa.create_engine(op.get_bind().engine.url).connect() as other:
          other.execute(sa.text('SELECT count(*) FROM experiment'))
        """,
      words: "self_deadlock",
      kinds: [.postgresql]
    ),
    Fault(
      name: "a lost connection",
      script: """
        bind = op.get_bind()
        pid = bind.execute(sa.text('SELECT pg_backend_pid()')).scalar()
        with sa.create_engine(bind.engine.url).connect() as other:
          other.execute(sa.text('SELECT pg_terminate_backend(%d)' % pid))
        op.execute('SELECT 1')
        """,
      words: "r3",
      kinds: [.postgresql]
    ),
    Fault(
      name: "a failure without a transaction",
      script: "raise ValueError('no')",
      words: "ValueError: no",
      arguments: ["--tx-mode", "none"],
      kinds: [.postgresql]
    ),
  ]

  struct Case: CustomTestStringConvertible, Sendable {
    var fault: Fault
    var kind: TestServer.Kind
    var isRehearsed: Bool
    var testDescription: String {
      "\(fault.name), \(kind.rawValue)\(isRehearsed ? ", in the rehearsal" : "")"
    }
  }

  static let cases =
    faults.flatMap { fault in
      fault.kinds.map { Case(fault: fault, kind: $0, isRehearsed: false) }
    } + kinds.map { Case(fault: faults[0], kind: $0, isRehearsed: true) }

  @Test(arguments: cases)
  func `a failure in the middle of the third of five revisions leaves nothing changed`(
    _ test: Case
  ) throws {
    let project = try ServerProject(test.kind)
    try project.chain(5, third: test.fault.script)
    let before = ServerSnapshotTests.sorted(try project.subject.database.dump())
    let outcome = try project.upgrade(
      test.fault.arguments + (test.isRehearsed ? [] : ["--no-rehearsal"]),
      status: 20
    )
    #expect(outcome.errors.contains(test.fault.words), "\(outcome)")
    #expect(ServerSnapshotTests.sorted(try project.subject.database.dump()) == before)
    #expect(
      outcome.errors.contains(
        test.isRehearsed
          ? "failed in its rehearsal" : "state: the database is exactly as it was before"
      ) || outcome.errors.contains("  state: the database is exactly as it was before"),
      "\(outcome)"
    )
    try ServerSnapshotTests.expectNothingLeft(project.subject)
    #expect(
      try project.subject.scratch.names(in: "store").filter {
        $0.contains("partial") || $0.contains("journal")
      } == []
    )
  }

  @Test func `what needs no transaction runs without one when that is asked for`() throws {
    let project = try ServerProject(.postgresql)
    try project.chain(
      5,
      third: """
        with op.get_context().autocommit_block():
          op.create_index('conc', 'experiment', ['title'], postgresql_concurrently=True)
        """
    )
    let outcome = try project.upgrade(["--tx-mode", "none"])
    #expect(outcome.errors.contains("No transaction guards this upgrade"))
    #expect(try project.versions() == "r5")
  }

  @Test(arguments: kinds)
  func `a run that is killed leaves nothing changed once the next one has looked`(
    _ kind: TestServer.Kind
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(5, third: project.waiting)
    let before = ServerSnapshotTests.sorted(try project.subject.database.dump())
    let run = try project.started(["--no-rehearsal"])
    try project.waitUntilThird(run)
    run.send(SIGKILL)
    _ = try run.finish()
    try project.subject.run(["snapshot"])
    #expect(ServerSnapshotTests.sorted(try project.subject.database.dump()) == before)
  }

  @Test(arguments: kinds)
  func `two runs do not work on one database, whatever their stores are`(
    _ kind: TestServer.Kind
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(5, third: project.waiting)
    let run = try project.started(["--no-rehearsal"])
    try project.waitUntilThird(run)
    let other = ["--db", project.subject.url, "--store", project.subject.scratch.file("other")]
    let second = try Workshop.xmSafe(["snapshot"] + other)
    #expect(second.status == 11, "\(second)")
    #expect(second.errors.contains("another xm-safe works on"))
    try Data().write(to: URL(fileURLWithPath: project.gate))
    #expect(try run.finish().status == 0)
    #expect(try project.versions() == "r5")
  }

  @Test(arguments: kinds)
  func `a server that is restarted in the middle leaves nothing changed`(
    _ kind: TestServer.Kind
  ) throws {
    let server = try TestServer(kind)
    let project = try ServerProject(on: server)
    try project.chain(5, third: project.waiting)
    let before = ServerSnapshotTests.sorted(try project.subject.database.dump())
    let run = try project.started(["--no-rehearsal"])
    try project.waitUntilThird(run)
    try server.tell("restart")
    try Data().write(to: URL(fileURLWithPath: project.gate))
    let outcome = try run.finish()
    #expect(outcome.status == 20, "\(outcome)")
    #expect(ServerSnapshotTests.sorted(try project.subject.database.dump()) == before)
  }

  @Test(arguments: kinds)
  func `no password is in a process list, an environment, a log, an archive or a message`(
    _ kind: TestServer.Kind
  ) throws {
    let project = try ServerProject(kind)
    try project.chain(5, third: project.waiting)
    let run = try project.started(["--no-rehearsal"])
    try project.waitUntilThird(run)
    let secrets = ["s3cr", project.subject.database.password]
    var seen = 0
    for process in try Self.descendants(of: run.id) {
      for file in ["cmdline", "environ"] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/\(file)"))
        let text = String(decoding: data, as: UTF8.self)
        seen += 1
        // The tests' own way of telling the program its database is an argument.
        if process == run.id { continue }
        for secret in secrets { #expect(!text.contains(secret), "\(process) \(file)") }
      }
    }
    #expect(seen >= 4)
    try Data().write(to: URL(fileURLWithPath: project.gate))
    let outcome = try run.finish()
    #expect(outcome.status == 0, "\(outcome)")
    for secret in secrets {
      #expect(!outcome.output.contains(secret) && !outcome.errors.contains(secret))
    }
    for name in try project.subject.scratch.names(in: "store") {
      let data = try Data(contentsOf: URL(fileURLWithPath: project.subject.store + "/" + name))
      #expect(data.range(of: Data("s3cr".utf8)) == nil, "\(name)")
      #expect(!name.contains("partial"), "\(name)")
    }
  }

  private static func descendants(of process: Int32) throws -> [Int32] {
    let children = try String(
      contentsOfFile: "/proc/\(process)/task/\(process)/children",
      encoding: .utf8
    ).split(separator: " ").compactMap { Int32($0) }
    return try [process] + children.flatMap { try descendants(of: $0) }
  }
}
