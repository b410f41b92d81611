import Foundation
import TestKit
import Testing

/// The real program whose disk is full at one system call: it says so, with the code for it, and nothing is lost.
@Suite struct FullDiskTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var command: [String]
    /// What ends a file that cannot be written to.
    var suffix: String
    var call: String
    var statuses: Set<Int32> = [12]
  }

  static let upgrade = ["upgrade", "--scripts", Workshop.xmanagerScripts]

  static let cases = [
    Case(testDescription: "the index of the log", command: upgrade, suffix: "-shm", call: "openat"),
    Case(testDescription: "its first page", command: upgrade, suffix: "-shm", call: "pwrite64"),
    Case(testDescription: "the log", command: upgrade, suffix: "-wal", call: "openat"),
    Case(
      testDescription: "the log, for a snapshot",
      command: ["snapshot"],
      suffix: "-wal",
      call: "openat"
    ),
    Case(
      testDescription: "the index, for a plan",
      command: ["plan"] + upgrade.dropFirst(),
      suffix: "-shm",
      call: "openat"
    ),
    Case(
      testDescription: "the index, for a restore",
      command: ["restore", "latest"],
      suffix: "-shm",
      call: "openat"
    ),
    Case(
      testDescription: "the index, for undo",
      command: ["undo"],
      suffix: "-shm",
      call: "pwrite64"
    ),
    Case(
      testDescription: "the index, for current",
      command: ["current"],
      suffix: "-shm",
      call: "openat"
    ),
  ]

  @Test(arguments: cases)
  func `a file of SQLite's that cannot be made for want of room is said to be that`(
    _ one: Case
  ) throws {
    let subject = try Subject()
    if one.command == ["undo"] { try subject.run(Self.upgrade) } else { _ = try subject.snapshot() }
    try subject.execute("PRAGMA journal_mode=WAL")
    let before = try subject.dump()
    let outcome = try Command.run(
      [
        "strace", "-f", "-qq", "-o", subject.scratch.file("trace"), "-P", subject.path + one.suffix,
        "-e", "inject=\(one.call):error=ENOSPC", Workshop.program,
      ] + one.command + ["--db", subject.path]
    )
    let trace = try String(contentsOfFile: subject.scratch.file("trace"), encoding: .utf8)
    #expect(trace.contains("INJECTED"))
    #expect(outcome.status == 12, "\(outcome)")
    #expect(outcome.errors.contains("next:  make room"), "\(outcome)")
    #expect(try subject.dump() == before)
  }

  /// Which of the writes into the copy fails; all of them have their turn.
  @Test(arguments: ["pwrite64", "ftruncate"])
  func `a rehearsal without room for its copy is no upgrade that fails`(_ call: String) throws {
    var number = 0
    var failed = 0
    while true {
      number += 1
      let subject = try Subject()
      try subject.execute("PRAGMA journal_mode=WAL")
      let trace = subject.scratch.file("trace")
      let outcome = try Command.run(
        [
          "strace", "-f", "-qq", "-y", "-o", trace, "-e", "trace=\(call)", "-e",
          "inject=\(call):error=ENOSPC:when=\(number)", Workshop.program,
        ] + Self.upgrade + ["--db", subject.path]
      )
      let lines = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
      guard let hit = lines.first(where: { $0.contains("INJECTED") }) else { break }
      guard hit.contains("rehearsal") else { continue }
      // A copy that only could not be made shorter, or the note of a lock: nobody needs it.
      guard outcome.status != 0 else { continue }
      failed += 1
      #expect(outcome.status == 12, "\(hit): \(outcome)")
      #expect(outcome.errors.contains("not enough room to rehearse"), "\(hit): \(outcome)")
    }
    #expect(failed > 1)
  }

  @Test(arguments: ["EIO", "ENOSPC"])
  func `what was saved before a restore and may not last stops the restore, and is not called done`(
    _ error: String
  ) throws {
    let subject = try Subject()
    let id = try subject.snapshot()
    try subject.execute("DELETE FROM Job")
    let before = try subject.dump()
    let outcome = try Command.run([
      "strace", "-f", "-qq", "-o", "/dev/null", "-P", subject.store, "-e",
      "inject=fsync:error=\(error)", Workshop.program, "restore", id, "--db", subject.path,
    ])
    #expect(try subject.dump() == before)
    // The note of the run is written there as well; whatever fails first, nothing is copied.
    #expect(outcome.status == (error == "EIO" ? 1 : 12), "\(outcome)")
    #expect(!outcome.errors.contains("it is done"), "\(outcome)")
    try subject.run(["restore", id])
    #expect(try subject.dump() != before)
  }
}
