import Archive
import DurableFiles
import Foundation
import GuardedCommands
import Logging
import Migrations
import Processes
import SQLite
import Snapshots
import Stopping
import TestKit
import Testing

/// Others who commit in the moment between the end of a command and what is done after it: the moment is that in which the database is
/// checked.
@Suite struct WrittenSinceTests {
  /// A database in WAL mode, whose writers need not wait for the checks, and a command that is run on it.
  private func run(
    _ command: String,
    writing: Bool
  ) throws -> (path: String, report: CommandReport, scratch: Scratch) {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(
      path,
      ["PRAGMA journal_mode=WAL", "CREATE TABLE t (n)", "INSERT INTO t VALUES (1), (2)"]
    )
    // It stays open, as a program in use does.
    let other = try Connection(opening: path, mode: .readWrite)
    _ = try other.value("SELECT count(*) FROM t")
    var checks = 0
    let request = CommandRequest(
      database: path,
      program: Program(
        "/bin/sh",
        ["-c", command],
        environment: ["DB": path, "PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
      ),
      store: Store(path: Store.defaultPath(for: path)),
      versionTable: VersionTable(),
      target: nil,
      versionProblem: { _, _ in nil },
      busyTimeout: .seconds(5),
      lockWait: .zero,
      now: { "2026-11-22T22:51:33Z" },
      tool: "test",
      holder: "a test",
      logger: { Logger(label: $0, factory: { _ in SwiftLogNoOpLogHandler() }) },
      progress: { step in
        guard step.activity == "check" else { return }
        checks += 1
        // The first check is the one before the command.
        if checks == 2, writing { try other.execute("INSERT INTO t VALUES (99)") }
      }
    )
    let report = try CommandRunner(request).run(StopSwitch())
    try other.close()
    return (path, report, scratch)
  }

  private func sum(_ path: String) throws -> Value? {
    let connection = try Connection(opening: path, mode: .readWrite)
    let sum = try connection.value("SELECT sum(n) FROM t")
    try connection.close()
    return sum
  }

  private static let failing = "sqlite3 \"$DB\" 'INSERT INTO t VALUES (3)'; exit 3"

  @Test func `what somebody has committed after the command is not taken away`() throws {
    let (path, report, scratch) = try run(Self.failing, writing: true)
    defer { withExtendedLifetime(scratch) {} }
    #expect(report.outcome == .notRestored)
    #expect(report.state.contains("another process has written to it since the command ended"))
    #expect(report.next?.contains("xm-safe restore \(report.snapshot.manifest.id)") == true)
    #expect(try sum(path) == .integer(105))
  }

  @Test func `without such a commit the same command is undone`() throws {
    let (path, report, scratch) = try run(Self.failing, writing: false)
    #expect(report.outcome == .restored, "\(report)")
    #expect(try sum(path) == .integer(3))
    #expect(try scratch.names(in: "Backups").allSatisfy { !$0.hasPrefix(".journal") })
  }

  @Test func `a command that succeeds is kept with what others have written`() throws {
    let (path, report, scratch) = try run("exit 0", writing: true)
    defer { withExtendedLifetime(scratch) {} }
    #expect(report.outcome == .kept)
    #expect(try sum(path) == .integer(102))
  }
}
