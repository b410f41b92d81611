import Foundation
import SQLite
import TestKit
import Testing

/// An ordinary reader: in rollback mode it is in the way of every commit.
@Suite struct ReaderTests {
  static let change = ["op.execute(\"CREATE TABLE fresh (x)\")"]

  private func reading(_ path: String) throws -> Connection {
    let reader = try Connection(opening: path, mode: .readOnly)
    try reader.beginReading()
    return reader
  }

  /// Expects that the outcome names this process, and says that nothing has changed.
  private func expectNamed(_ outcome: Command.Outcome) {
    let id = ProcessInfo.processInfo.processIdentifier
    #expect(outcome.status == 11, "\(outcome)")
    for words in [
      "(waited 0.", "locked by process \(id) (", "which holds SHARED", "as it was before",
      "--wait 5m",
    ] {
      #expect(outcome.errors.contains(words), "\(words): \(outcome)")
    }
    #expect(!outcome.errors.contains("when the disk works again"), "\(outcome)")
  }

  @Test(arguments: ["native", "alembic"])
  func `a reader in the way of an upgrade's commit is named, and nothing has changed`(
    _ engine: String
  ) throws {
    let project = try ScriptProject()
    try SampleDatabases.legacy(project.database)
    try project.add("aaaa", up: Self.change)
    let before = try DatabaseDump.text(project.database)
    let reader = try reading(project.database)
    let arguments = ["upgrade", "--engine", engine, "--python", Workshop.python]
    for options in [[], ["--no-rehearsal"]] {
      expectNamed(try project.run(arguments + ["--busy-timeout", "0.3"] + options, status: 11))
      // No note of a run that is not over: the next command has nothing to find out.
      let names = try project.scratch.names(in: "Backups")
      #expect(names.allSatisfy { $0.hasPrefix(".lock-") || !$0.hasPrefix(".") }, "\(names)")
    }
    try reader.close()
    #expect(try DatabaseDump.text(project.database) == before)
    let outcome = try project.run(arguments)
    #expect(!outcome.errors.contains("xm_safe.recover"))
  }

  @Test(arguments: ["native", "alembic"])
  func `--wait waits for the reader at the commit`(_ engine: String) throws {
    let project = try ScriptProject()
    try SampleDatabases.legacy(project.database)
    try project.add("aaaa", up: Self.change)
    let reader = try reading(project.database)
    let running = try Workshop.xmSafeStarted(
      [
        "upgrade", "--wait", "10m", "--engine", engine, "--python", Workshop.python, "-c",
        project.scratch.file("alembic.ini"),
      ]
    )
    try running.waitForErrors(containing: "[xm_safe.rehearsal] Rehearsed")
    // The commit has begun to wait: it holds PENDING, which lets no new reader in.
    try running.wait(for: "the lock PENDING") {
      try String(contentsOfFile: "/proc/locks", encoding: .utf8).split(separator: "\n").contains {
        $0.contains(" WRITE \(running.id) ") && $0.contains(" 1073741824 ")
      }
    }
    try reader.close()
    let outcome = try running.finish()
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try DatabaseDump.text(project.database).contains("fresh"))
  }

  @Test func `a reader in the way of a repair is named`() throws {
    let subject = try Subject()
    try subject.execute("CREATE TABLE _alembic_tmp_Job (x)")
    let before = try subject.dump()
    let reader = try reading(subject.path)
    expectNamed(try subject.run(["doctor", "--fix", "--busy-timeout", "0.3"], status: 11))
    try reader.close()
    #expect(try subject.dump() == before)
    try subject.run(["doctor", "--fix"])
  }
}
