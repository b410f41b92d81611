import Foundation
import SQLite
import Stopping
import TestKit
import Testing

/// Long work inside a single step of SQLite, where its progress handler is never asked.
@Suite struct InterruptionTests {
  struct Work: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var run: @Sendable (Connection) throws -> Void

    static let all = [
      Work(testDescription: "quick_check", run: { _ = try $0.quickCheck() }),
      Work(testDescription: "integrity_check", run: { _ = try $0.integrityCheck() }),
    ]
  }

  /// A database of which nearly all is chains of overflow pages: a check walks them in one step of its program.
  private func database(_ scratch: Scratch) throws -> String {
    let path = scratch.file("a.sqlite3")
    let connection = try Connection(opening: path, mode: .create)
    try connection.execute("PRAGMA page_size=512")
    try connection.execute("PRAGMA synchronous=OFF")
    try connection.execute("CREATE TABLE t (a)")
    for _ in 1...4 { try connection.execute("INSERT INTO t VALUES (zeroblob(32000000))") }
    try connection.close()
    return path
  }

  @Test(arguments: Work.all)
  func `a check of a large database ends when the run is to stop`(_ work: Work) throws {
    let scratch = try Scratch()
    let path = try database(scratch)
    let clock = ContinuousClock()
    let whole = try Connection(opening: path, mode: .readOnly)
    let full = try clock.measure { try work.run(whole) }
    try whole.close()
    // The check is under way when the switch is thrown, unless this machine has stood still for just that long: then again.
    for _ in 1...20 {
      let stop = StopSwitch()
      let connection = try StopSwitch.$current.withValue(stop) {
        try Connection(opening: path, mode: .readOnly)
      }
      let reader = try ReadCounter()
      let begun = try reader.bytes()
      Thread.detachNewThread {
        // A tenth of the database has been read: the check walks through it.
        while let read = try? reader.bytes(), read < begun + 12_800_000 { usleep(100) }
        stop.stop(signal: SIGTERM)
      }
      do {
        let taken = try clock.measure { try work.run(connection) }
        // It had come to its end, or was not broken off.
        guard taken < full / 2 else { continue }
      } catch let error as SQLiteError {
        #expect(error.code == .interrupt, "\(error)")
        return
      }
    }
    Issue.record("none of twenty checks was broken off")
  }

  /// How many bytes a thread has read from files, as the kernel counts them.
  private struct ReadCounter: Sendable {
    private let path: String

    /// Counts those of the thread that calls.
    init() throws {
      path =
        try "/proc/" + FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
        + "/io"
    }

    func bytes() throws -> Int {
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("rchar: ") })
      return try #require(Int(line.dropFirst(7)))
    }
  }

  @Test func `what begins after the switch was thrown does not begin`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(path, ["CREATE TABLE t (a)"])
    let stop = StopSwitch()
    let connection = try StopSwitch.$current.withValue(stop) {
      try Connection(opening: path, mode: .readWrite)
    }
    stop.stop()
    let error = #expect(throws: SQLiteError.self) { try connection.quickCheck() }
    #expect(error?.code == .interrupt)
    // A rollback and what follows it are not to be stopped.
    connection.shield()
    #expect(try connection.quickCheck() == [])
    try connection.close()
  }

  @Test func `a connection that is closed or shielded is told no more`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(path, ["CREATE TABLE t (a)"])
    let stop = StopSwitch()
    try StopSwitch.$current.withValue(stop) {
      let closed = try Connection(opening: path, mode: .readWrite)
      try closed.close()
      let dropped = try Connection(opening: path, mode: .readWrite)
      _ = try dropped.value("SELECT 1")
    }
    #expect(stop.stop(signal: SIGINT))
  }

  @Test func `an observer is told once, and not when it has ended`() {
    let stop = StopSwitch()
    let counter = Counter()
    let first = stop.observe { counter.increment() }
    let second = stop.observe { counter.increment() }
    second.end()
    stop.stop()
    stop.stop()
    #expect(counter.value == 1)
    first.end()
  }

  private final class Counter: @unchecked Sendable {
    // Only ever touched by the thread of the test.
    private(set) var value = 0
    func increment() { value += 1 }
  }
}
