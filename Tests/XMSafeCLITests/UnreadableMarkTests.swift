import Foundation
import TestKit
import Testing

/// What is noted beside the archives cannot be read: what is done is then done all the same, and nobody is told otherwise.
@Suite struct UnreadableMarkTests {
  @Test(arguments: [["upgrade"], ["snapshot"], ["run", "--", "true"]])
  func `a result is told where a mark cannot be read`(_ arguments: [String]) throws {
    let fixture = try AlembicProjectFixture(scripts: ["op.drop_table('child')"])
    let directory = fixture.scratch.file("guarded")
    func run(_ arguments: [String]) throws -> Command.Outcome {
      try Command.run([Workshop.program] + arguments, in: directory)
    }
    #expect(try run(["snapshot"]).status == 0)
    let archive = try #require(
      try fixture.scratch.names(in: "guarded/Backups").first { $0.hasSuffix(".gz") }
    )
    let id = try #require(archive.split(separator: "-").last?.prefix(8))
    // Longer than any time: an error that root gets as well.
    try fixture.scratch.write(
      String(repeating: "x", count: 200),
      to: "guarded/Backups/.verified-\(id)"
    )
    let outcome = try run(arguments)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.errors.contains("cannot be read"), "\(outcome)")
    let current = try run(["current"]).output
    #expect(current.contains(arguments[0] == "upgrade" ? "r2" : "r1"), "\(current)")
  }
}
