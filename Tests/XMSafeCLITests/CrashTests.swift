import DurableFiles
import Foundation
import SQLite
import TestKit
import Testing

/// The program killed at its system calls, and the next command.
@Suite struct CrashTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var command: [String]
    var journalMode = "DELETE"
    /// What the next command is: any of them looks after a killed run.
    var next: [String]
  }

  static let cases = [
    Case(
      testDescription: "an upgrade in rollback mode",
      command: ["upgrade", "--scripts", Workshop.xmanagerScripts],
      next: ["current"]
    ),
    Case(
      testDescription: "an upgrade in WAL mode",
      command: ["upgrade", "--scripts", Workshop.xmanagerScripts],
      journalMode: "WAL",
      next: ["list"]
    ),
    Case(
      testDescription: "a restore",
      command: ["restore", "latest"],
      next: ["verify", "latest"]
    ),
    Case(
      testDescription: "a restore in WAL mode",
      command: ["restore", "latest"],
      journalMode: "WAL",
      next: ["snapshot"]
    ),
  ]

  /// The calls that write, make things durable, or give names.
  ///
  /// strace counts them thread by thread, so each has its turn.
  static let calls = ["fsync", "fdatasync", "link", "unlink", "rename", "ftruncate", "pwrite64"]

  @Test(arguments: cases)
  func
    `killed at whatever call, the next command finds before or after, says which, and leaves nothing`(
      _ one: Case
    ) throws
  {
    let scratch = try Scratch()
    let original = scratch.file("original.sqlite3")
    try SampleDatabases.legacy(original)
    let after = try after(one, original: original, scratch)
    var kills = 0
    var words: Set<String> = []
    for call in Self.calls {
      // Every call of every kind has its turn under 'make torture'.
      for turn in stride(from: 1, through: 200, by: call == "pwrite64" ? 4 : 1) {
        let directory = "\(call)-\(turn)"
        let path = scratch.file(directory) + "/a.sqlite3"
        try FileManager.default.createDirectory(
          atPath: scratch.file(directory),
          withIntermediateDirectories: true
        )
        try FileManager.default.copyItem(atPath: original, toPath: path)
        try prepare(path, one)
        let before = try DatabaseDump.text(path)
        let outcome = try Command.run(
          [
            "strace", "-f", "-o", "/dev/null", "-e", "inject=\(call):signal=KILL:when=\(turn)",
            Workshop.program,
          ] + one.command + ["--db", path]
        )
        guard outcome.status != 0 else { break }
        kills += 1
        let next = try Workshop.xmSafe(one.next + ["--db", path])
        #expect(next.status == 0, "\(directory): \(next)")
        if next.errors.contains("recover") {
          words.insert(next.errors.contains("exactly as it was before") ? "before" : "after")
        }
        let now = try DatabaseDump.text(path)
        #expect(now == before || now == after, "\(directory)")
        let left = try scratch.tree().filter {
          $0.hasPrefix(directory + "/") && ($0.contains("partial") || $0.contains("xm-safe-note"))
        }
        #expect(left == [], "\(directory)")
        // Killed before anything was saved, there is nothing to verify.
        let hasSaved = try scratch.tree().contains {
          $0.hasPrefix(directory + "/") && $0.hasSuffix(".sqlite3.gz")
        }
        let verified = try Workshop.xmSafe(["verify", "--all", "--db", path])
        #expect(verified.status == (hasSaved ? 0 : 10), "\(directory): \(verified)")
      }
    }
    #expect(kills > 20)
    // Both ends were seen: the note was found on either side of the commit.
    #expect(words == ["before", "after"])
  }

  /// What the database is to be like before the run; a restore has something to restore, and something to overwrite.
  private func prepare(_ path: String, _ one: Case) throws {
    try Self.execute(path, "PRAGMA journal_mode=\(one.journalMode)")
    guard one.command[0] == "restore" else { return }
    #expect(try Workshop.xmSafe(["snapshot", "--db", path]).status == 0)
    try Self.execute(path, "UPDATE Experiment SET Title = 'overwritten'")
  }

  private func after(_ one: Case, original: String, _ scratch: Scratch) throws -> String {
    guard one.command[0] == "upgrade" else { return try DatabaseDump.text(original) }
    let upgraded = scratch.file("upgraded.sqlite3")
    if try FileStatus.ifPresent(upgraded) == nil {
      try FileManager.default.copyItem(atPath: original, toPath: upgraded)
      let outcome = try Workshop.xmSafe([
        "upgrade", "--db", upgraded, "--scripts", Workshop.xmanagerScripts,
      ])
      #expect(outcome.status == 0)
    }
    return try DatabaseDump.text(upgraded)
  }

  private static func execute(_ path: String, _ statement: String) throws {
    let connection = try Connection(opening: path, mode: .readWrite)
    _ = try connection.query(statement)
    try connection.close()
  }
}
