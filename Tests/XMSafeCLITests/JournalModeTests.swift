import DurableFiles
import Foundation
import TestKit
import Testing

/// The journal mode is as before, too, whatever was killed or failed.
@Suite struct JournalModeTests {
  private func mode(_ path: String) throws -> String {
    try Command.run(["sqlite3", path, "PRAGMA journal_mode"]).output
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func sql(_ path: String, _ statements: String) throws {
    let outcome = try Command.run(["sqlite3", path, statements])
    #expect(outcome.status == 0, "\(outcome)")
  }

  /// A database in WAL mode with a snapshot of other content and another page size.
  private func otherPageSize() throws -> (Scratch, String) {
    let scratch = try Scratch()
    let path = scratch.file("a.db")
    try sql(path, "PRAGMA page_size=8192; CREATE TABLE t(x); INSERT INTO t VALUES('saved')")
    #expect(try Workshop.xmSafe(["snapshot", "--db", path]).status == 0)
    try FileManager.default.removeItem(atPath: path)
    try sql(
      path,
      "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES('now')"
    )
    return (scratch, path)
  }

  @Test(arguments: ["fdatasync", "pwrite64", "unlink", "ftruncate", "rename", "link"])
  func `a restore with another page size that is killed at whatever call leaves no other mode`(
    _ call: String
  ) throws {
    var wasKilled = false
    for turn in [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 22] {
      let (scratch, path) = try otherPageSize()
      let outcome = try Command.run([
        "strace", "-f", "-o", "/dev/null", "-e", "inject=\(call):signal=KILL:when=\(turn)",
        Workshop.program, "restore", "latest", "--db", path,
      ])
      guard outcome.status == 128 + SIGKILL else { break }
      wasKilled = true
      let next = try Workshop.xmSafe(["list", "--db", path])
      #expect(next.status == 0, "\(call) \(turn): \(next)")
      let rows = try Command.run(["sqlite3", path, "SELECT x FROM t"]).output
      #expect(["saved\n", "now\n"].contains(rows), "\(call) \(turn): \(next)")
      #expect(try mode(path) == "wal", "\(call) \(turn): \(rows) \(next)")
      withExtendedLifetime(scratch) {}
    }
    #expect(wasKilled || call == "ftruncate" || call == "rename")
  }

  @Test func `a mode that a full disk does not take back, the next command does`() throws {
    var wasLeft = false
    for turn in 1...40 {
      let (scratch, path) = try otherPageSize()
      let outcome = try Command.run([
        "strace", "-f", "-o", "/dev/null", "-e",
        "inject=pwrite64:error=ENOSPC:when=\(turn)+", Workshop.program, "restore", "latest", "--db",
        path,
      ])
      guard outcome.status != 0 else { break }
      let isLeft = try mode(path) != "wal"
      wasLeft = wasLeft || isLeft
      let next = try Workshop.xmSafe(["list", "--db", path])
      #expect(next.status == 0, "\(turn): \(next)")
      #expect(try mode(path) == "wal", "\(turn): \(outcome) \(next)")
      #expect(try Command.run(["sqlite3", path, "SELECT x FROM t"]).output == "now\n", "\(turn)")
      withExtendedLifetime(scratch) {}
    }
    #expect(wasLeft)
  }

  @Test(arguments: [
    ("delete", "PRAGMA journal_mode=WAL"),
    ("wal", "PRAGMA journal_mode=DELETE"),
    ("delete", "PRAGMA page_size=8192; VACUUM; PRAGMA journal_mode=WAL; DELETE FROM t"),
    (
      "wal",
      "PRAGMA journal_mode=DELETE; PRAGMA page_size=8192; VACUUM; PRAGMA journal_mode=WAL; DELETE FROM t"
    ),
    ("delete", "PRAGMA journal_mode=WAL; DELETE FROM t"),
  ])
  func `a command that changes it and fails is taken back whole`(
    _ before: String,
    _ statements: String
  ) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.db")
    try sql(
      path,
      "PRAGMA journal_mode=\(before); CREATE TABLE t(x); INSERT INTO t VALUES('before')"
    )
    let outcome = try Workshop.xmSafe([
      "run", "--db", path, "--", "sh", "-c", "sqlite3 '\(path)' '\(statements)'; exit 3",
    ])
    #expect(outcome.status == 3, "\(outcome)")
    #expect(outcome.errors.contains("exactly as it was before"), "\(outcome)")
    #expect(try mode(path) == before)
    #expect(try Command.run(["sqlite3", path, "SELECT x FROM t"]).output == "before\n")
    #expect(try Command.run(["sqlite3", path, "PRAGMA page_size"]).output == "4096\n")
  }
}
