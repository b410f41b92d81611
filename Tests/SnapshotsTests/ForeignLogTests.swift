import DurableFiles
import Foundation
import SQLite
import Snapshots
import TestKit
import Testing

/// A log beside a database: what provably belongs to another one is told, and nothing else.
@Suite struct ForeignLogTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    /// Makes the file beside which the log of another database is put.
    var file: @Sendable (String) throws -> Void
    var words: String
    var testDescription: String { name }
  }

  private static let table = "CREATE TABLE t (a)"

  static let cases = [
    Case(
      name: "a database in rollback mode",
      file: { try SampleDatabases.create($0, [table]) },
      words: "is not in WAL mode"
    ),
    Case(
      name: "another page size",
      file: {
        try SampleDatabases.create($0, ["PRAGMA page_size=8192", "PRAGMA journal_mode=WAL", table])
      },
      words: "its pages have 4096 bytes, and those of"
    ),
    Case(
      name: "a file of no bytes",
      file: { try Data().write(to: URL(fileURLWithPath: $0)) },
      words: "has no bytes, and SQLite would remove the log"
    ),
    Case(
      name: "no database",
      file: { try Data(repeating: 0x5a, count: 20_000).write(to: URL(fileURLWithPath: $0)) },
      words: "does not begin as a database does"
    ),
    Case(
      name: "a database that is too short for it",
      file: { try SampleDatabases.create($0, ["PRAGMA journal_mode=WAL", table]) },
      words: "is in neither"
    ),
  ]

  /// The log of a database of twenty pages, of which the last commit has changed one.
  private func log(_ scratch: Scratch) throws -> Data {
    let path = scratch.file("other.sqlite3")
    let connection = try Connection(opening: path, mode: .create)
    _ = try connection.value("PRAGMA journal_mode=WAL")
    try connection.execute("CREATE TABLE t (a)")
    try connection.execute("INSERT INTO t VALUES (zeroblob(80000))")
    _ = try connection.query("PRAGMA wal_checkpoint(TRUNCATE)")
    try connection.execute("UPDATE t SET a = 'b' WHERE rowid = 2")
    try connection.execute("CREATE TABLE u (a)")
    let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
    try connection.close()
    return log
  }

  @Test(arguments: cases)
  func `a log that cannot fit is told`(_ one: Case) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try one.file(path)
    #expect(try ForeignLog.reason(beside: path) == nil)
    try log(scratch).write(to: URL(fileURLWithPath: path + "-wal"))
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    let reason = try #require(try ForeignLog.reason(beside: path))
    #expect(reason.contains(one.words))
    #expect(reason.contains("'\(path)-wal' is the log of another database"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test(arguments: [0, 20, 31, 32, 60, 4000])
  func `a log of which SQLite would replay nothing is nobody's`(_ length: Int) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(path, [Self.table])
    try log(scratch).prefix(length).write(to: URL(fileURLWithPath: path + "-wal"))
    #expect(try ForeignLog.reason(beside: path) == nil)
  }

  @Test func `a bit that was flipped in the first frame leaves nothing to replay`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(path, [Self.table])
    var damaged = try log(scratch)
    damaged[32 + 24 + 100] ^= 1
    try damaged.write(to: URL(fileURLWithPath: path + "-wal"))
    #expect(try ForeignLog.reason(beside: path) == nil)
  }

  @Test(arguments: [512, 4096, 65_536])
  func `the log of a database in use is its own, whatever is done to it`(_ pageSize: Int) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    let connection = try Connection(opening: path, mode: .create)
    try connection.execute("PRAGMA page_size=\(pageSize)")
    try connection.execute("PRAGMA auto_vacuum=FULL")
    _ = try connection.value("PRAGMA journal_mode=WAL")
    for statement in [
      "CREATE TABLE t (a)", "INSERT INTO t VALUES (zeroblob(300000))", "DELETE FROM t", "VACUUM",
      "INSERT INTO t VALUES (zeroblob(100000))", "PRAGMA wal_checkpoint(PASSIVE)", "DELETE FROM t",
      "PRAGMA wal_checkpoint(TRUNCATE)", "INSERT INTO t VALUES (1)",
      "PRAGMA wal_checkpoint(RESTART)", "INSERT INTO t VALUES (zeroblob(200000))", "VACUUM",
    ] {
      _ = try connection.query(statement)
      #expect(try ForeignLog.reason(beside: path) == nil, "after \(statement)")
    }
    // What a killed process leaves is the file and its log, at any moment.
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(atPath: path + suffix, toPath: scratch.file("b" + suffix))
    }
    #expect(try ForeignLog.reason(beside: scratch.file("b")) == nil)
    try connection.close()
  }

  @Test func `looking beside a connection of this process leaves its locks`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(path, [Self.table])
    try log(scratch).write(to: URL(fileURLWithPath: scratch.file("log")))
    let connection = try Connection(opening: path, mode: .readWrite)
    try connection.beginImmediate()
    // Only a log makes it look at the database.
    try FileManager.default.copyItem(atPath: scratch.file("log"), toPath: path + "-wal")
    #expect(try ForeignLog.reason(beside: path) != nil)
    try FileManager.default.removeItem(atPath: path + "-wal")
    let other = try Command.run(["sqlite3", path, "BEGIN IMMEDIATE"])
    #expect(other.errors.contains("database is locked"), "\(other)")
    try connection.rollback()
    try connection.close()
  }
}
