import Foundation
import Jobs
import TestKit
import Testing

/// What a store keeps of the runs.
@Suite struct RunLogTests {
  private func record(_ number: Int, log: Int = 0) -> RunRecord {
    RunRecord(
      verb: "snapshot",
      database: "/data/\(number)",
      started: "2026-11-24T10:00:00Z",
      ended: "2026-11-24T10:00:01Z",
      seconds: 1,
      exitCode: 0,
      tool: "0",
      log: (0..<log).map { _ in
        .init(time: "", level: "info", logger: "x", message: String(repeating: "x", count: 2000))
      }
    )
  }

  @Test func `a run leaves one line, a failed one its log`() throws {
    let subject = try Subject(hasTitle: false)
    try subject.run(["snapshot", "-q"])
    try subject.run(["upgrade", "-q", "--scripts", Workshop.xmanagerScripts], status: 20)
    try subject.run(["list"])
    let runs = try RunLog(subject.store).runs()
    #expect(runs.map(\.verb) == ["snapshot", "upgrade"])
    #expect(runs.map(\.exitCode) == [0, 20])
    #expect(runs.map(\.database) == [subject.path, subject.path])
    #expect(try runs[0].snapshot == subject.ids()[0])
    #expect(runs[0].log.isEmpty)
    #expect(runs[1].log.contains { $0.logger == "xm_safe.snapshot" && $0.level == "info" })
    #expect(runs[1].message?.contains("failed") == true)
    #expect(runs[1].state?.isEmpty == false && runs[1].next?.isEmpty == false)
    let mode = try FileManager.default.attributesOfItem(atPath: subject.store + "/xm-safe.jsonl")
    #expect(mode[.posixPermissions] as? Int == 0o600)
  }

  @Test func `what a power cut has left of a line costs that line alone`() throws {
    let scratch = try Scratch()
    let log = RunLog(scratch.path)
    for number in 1...3 { try log.append(record(number)) }
    let path = scratch.file("xm-safe.jsonl")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try Data(text.utf8.dropLast(20)).write(to: URL(fileURLWithPath: path))
    try log.append(record(4))
    #expect(try log.runs().map(\.database) == ["/data/1", "/data/2", "/data/4"])
  }

  @Test func `the log never outgrows its bound, and keeps the newest`() throws {
    let scratch = try Scratch()
    let log = RunLog(scratch.path, bound: 10_000)
    for number in 1...200 { try log.append(record(number)) }
    let kept = try log.runs().compactMap { Int($0.database.dropFirst(6)) }
    #expect(kept == Array((201 - kept.count)...200))
    #expect(kept.count > 30)
    for name in ["xm-safe.jsonl", "xm-safe.jsonl.1"] {
      let data = try Data(contentsOf: URL(fileURLWithPath: scratch.file(name)))
      #expect(data.count < 11_000)
    }
    // One run cannot fill it either.
    try log.append(record(201, log: 200))
    #expect(try log.runs().last?.database == "/data/201")
    #expect(try log.runs().last?.log.isEmpty == false)
  }

  @Test func `runs that end at once all have their line`() async throws {
    let scratch = try Scratch()
    try await withThrowingTaskGroup { group in
      for number in 1...20 {
        let record = record(number)
        group.addTask { try RunLog(scratch.path).append(record) }
      }
      try await group.waitForAll()
    }
    #expect(try Set(RunLog(scratch.path).runs().map(\.database)).count == 20)
  }

  @Test func `a link in the place of the log is not followed`() throws {
    let subject = try Subject()
    try subject.run(["snapshot"])
    let path = subject.store + "/xm-safe.jsonl"
    try FileManager.default.removeItem(atPath: path)
    let other = try subject.scratch.write("precious", to: "other")
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: other)
    let outcome = try subject.run(["snapshot"])
    #expect(outcome.errors.contains("This run is not in the log of runs: "))
    #expect(try String(contentsOfFile: other, encoding: .utf8) == "precious")
  }
}
