import DurableFiles
import Foundation
import TestKit
import Testing

/// What `run` says where a directory cannot be synced: nothing is begun on a snapshot that may not last, and what was put back is
/// not called left.
@Suite struct RunDurabilityTests {
  private typealias Scene = CrashTwiceTests.Scene

  private func run(
    _ scene: Scene,
    failing directory: String,
    _ turn: Int,
    _ script: String
  ) throws -> Command.Outcome {
    try Command.run(
      [
        "strace", "-f", "-qq", "-o", scene.scratch.file("trace"), "-P", directory, "-e",
        "trace=fsync", "-e", "inject=fsync:error=EIO:when=\(turn)", Workshop.program, "run", "--db",
        "a.db", "--", "sh", script,
      ],
      in: scene.scratch.file("place")
    )
  }

  @Test func `a command is not begun on a snapshot that a power cut may take`() throws {
    let scene = try Scene()
    #expect(try scene.run(["snapshot"]).status == 0)
    try scene.scratch.write("touch begun\n", to: "place/touch.sh")
    let outcome = try run(scene, failing: scene.scratch.file("place/Backups"), 1, "touch.sh")
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.errors.contains("the database was not touched"), "\(outcome)")
    #expect(!outcome.errors.contains("it is done"), "\(outcome)")
    #expect(try !scene.scratch.names(in: "place").contains("begun"))
    #expect(try FileStatus.ifPresent(scene.note) == nil)
  }

  @Test func `what was put back is not said to be as the command has left it`() throws {
    var restored = 0
    for turn in 1...20 {
      let scene = try Scene()
      let outcome = try run(scene, failing: scene.scratch.file("place"), turn, "bad.sh")
      let trace = try String(contentsOfFile: scene.scratch.file("trace"), encoding: .utf8)
      guard trace.contains("INJECTED") else { break }
      let isBefore = try scene.rows() == ["before"]
      if isBefore, outcome.status == 21 { restored += 1 }
      let saysLeft = outcome.errors.contains("the database is as the command has left it")
      #expect(!(isBefore && saysLeft), "\(turn): \(outcome)")
      #expect(try scene.run(["list"]).status == 0)
      #expect(try scene.rows() == ["before"] || !isBefore, "\(turn): \(outcome)")
    }
    #expect(restored >= 1)
  }
}
