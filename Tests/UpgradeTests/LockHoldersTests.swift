import DurableFiles
import Foundation
import SQLite
import TestKit
import Testing
import Upgrade

/// Who holds SQLite's locks, asked of the kernel while real programs hold them.
@Suite struct LockHoldersTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var mode = "delete"
    var statements: [String]
    var locks: [String]
    var testDescription: String { name }

    static let all = [
      Case(name: "a reader", statements: ["BEGIN", "SELECT * FROM t"], locks: ["SHARED"]),
      Case(name: "a writer", statements: ["BEGIN IMMEDIATE"], locks: ["RESERVED", "SHARED"]),
      Case(
        name: "a writer that keeps readers out",
        statements: ["BEGIN EXCLUSIVE"],
        locks: ["PENDING", "RESERVED", "EXCLUSIVE"]
      ),
      Case(
        name: "a writer of a WAL",
        mode: "wal",
        statements: ["BEGIN IMMEDIATE"],
        locks: ["WRITER"]
      ),
    ]
  }

  private static let holding = """
    import sqlite3, sys, time
    connection = sqlite3.connect(sys.argv[1], isolation_level=None)
    for statement in sys.argv[2:]:
        connection.execute(statement).fetchone() if statement.startswith("SELECT") else connection.execute(statement)
    print("held", file=sys.stderr, flush=True)
    time.sleep(600)
    """

  @Test(arguments: Case.all) func `the holder of a lock is named`(_ sample: Case) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(
      path,
      [
        "PRAGMA journal_mode=\(sample.mode)", "CREATE TABLE t (id)",
        "INSERT INTO t VALUES (1), (2)",
      ]
    )
    #expect(try LockHolders.of(path).isEmpty)
    let holder = try Command.started(
      [Workshop.python, "-c", Self.holding, path] + sample.statements
    )
    try holder.waitForErrors(containing: "held")
    let found = try LockHolders.of(path)
    holder.send(SIGKILL)
    _ = try holder.finish()
    let one = try #require(found.count == 1 ? found.first : nil)
    #expect(one.process == holder.id)
    #expect(one.command?.hasPrefix("python") == true)
    #expect(one.locks.filter { !$0.hasPrefix("READ") } == sample.locks)
    #expect(try LockHolders.of(path).isEmpty)
  }

  @Test func `who only has a WAL database open is named where nobody else is in the way`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(path, ["PRAGMA journal_mode=wal", "CREATE TABLE t (id)"])
    let holder = try Command.started(
      [Workshop.python, "-c", Self.holding, path, "SELECT count(*) FROM t"]
    )
    try holder.waitForErrors(containing: "held")
    let busy = try LockHolders.of(path)
    let idle = try LockHolders.of(path, areIdleIncluded: true)
    let clause = LockHolders.clause(path)
    holder.send(SIGKILL)
    _ = try holder.finish()
    #expect(busy.isEmpty)
    #expect(idle.map(\.process) == [holder.id])
    #expect(clause.contains("process \(holder.id) (python"))
    #expect(LockHolders.clause(path).contains("no process that can be seen from here"))
  }

  @Test func `a lock of an open file description has the process that has it open`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(path, ["CREATE TABLE t (id)"])
    let program = """
      import fcntl, struct, sys, time
      file = open(sys.argv[1], "r+b")
      fcntl.fcntl(file, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0x40000001, 1, 0))
      print("held", file=sys.stderr, flush=True)
      time.sleep(600)
      """
    let holder = try Command.started([Workshop.python, "-c", program, path])
    try holder.waitForErrors(containing: "held")
    let found = try LockHolders.of(path)
    holder.send(SIGKILL)
    _ = try holder.finish()
    #expect(found.map(\.process) == [holder.id])
    #expect(found.map(\.locks) == [["RESERVED"]])
  }

  struct Line: CustomTestStringConvertible, Sendable {
    var name: String
    var text: String
    var process: Int32?
    var isUnderstood = true
    var testDescription: String { name }

    static let all = [
      Line(name: "POSIX", text: "1: POSIX  ADVISORY  WRITE 4711 fe:00:12 0 EOF", process: 4711),
      Line(name: "OFD", text: "2: OFDLCK ADVISORY  WRITE -1 fe:00:12 5 9", process: nil),
      Line(name: "a holder that cannot be seen", text: "3: POSIX  ADVISORY  WRITE 0 fe:00:12 5 9"),
      Line(
        name: "somebody who waits",
        text: "3: -> POSIX  ADVISORY  WRITE 4711 fe:00:12 5 9",
        isUnderstood: false
      ),
      Line(name: "something else", text: "what is this", isUnderstood: false),
    ]
  }

  @Test(arguments: Line.all) func `the kernel's table is read`(_ line: Line) throws {
    let entries = FileLock.entries(of: line.text + "\n")
    #expect(entries.count == (line.isUnderstood ? 1 : 0))
    #expect(entries.first?.lock.process == line.process)
    if line.isUnderstood { #expect(entries.first?.inode == 12) }
  }
}
