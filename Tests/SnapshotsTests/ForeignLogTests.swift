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

  @Test(arguments: ["PRAGMA page_size=8192", "PRAGMA user_version=1"])
  func `a log is looked at however long it is`(_ statement: String) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(path, [statement, Self.table])
    let other = try Connection(opening: scratch.file("b.sqlite3"), mode: .create)
    _ = try other.value("PRAGMA journal_mode=WAL")
    try other.execute("CREATE TABLE t (a)")
    try other.execute("INSERT INTO t VALUES (zeroblob(70000000))")
    try FileManager.default.copyItem(atPath: scratch.file("b.sqlite3-wal"), toPath: path + "-wal")
    try other.close()
    #expect(try FileStatus(of: path + "-wal").size > 64 << 20)
    let reason = try #require(try ForeignLog.reason(beside: path))
    #expect(reason.contains("is the log of another database"))
  }

  @Test func `the log of a smaller database with pages of the same size is told`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(
      path,
      [Self.table, "CREATE TABLE u (a)", "CREATE TABLE v (a)", "PRAGMA journal_mode=WAL"]
    )
    let other = try Connection(opening: scratch.file("b.sqlite3"), mode: .create)
    _ = try other.value("PRAGMA journal_mode=WAL")
    try other.execute("CREATE TABLE secret (a)")
    try FileManager.default.copyItem(atPath: scratch.file("b.sqlite3-wal"), toPath: path + "-wal")
    try other.close()
    let reason = try #require(try ForeignLog.reason(beside: path))
    #expect(reason.contains("the file has gone on to"), "\(reason)")
  }

  @Test func `an old copy of the file that was put beside a newer log is told`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(path, ["PRAGMA journal_mode=WAL", Self.table])
    let old = try Data(contentsOf: URL(fileURLWithPath: path))
    for name in ["b", "c", "d"] {
      try SampleDatabases.create(path, ["CREATE TABLE \(name) (a)"])
    }
    let connection = try Connection(opening: path, mode: .readWrite)
    try connection.execute("CREATE TABLE e (a)")
    #expect(try ForeignLog.reason(beside: path) == nil)
    let copy = scratch.file("copy")
    try old.write(to: URL(fileURLWithPath: copy))
    try FileManager.default.copyItem(atPath: path + "-wal", toPath: copy + "-wal")
    try connection.close()
    let reason = try #require(try ForeignLog.reason(beside: copy))
    #expect(reason.contains("has come only to") || reason.contains("in neither"), "\(reason)")
  }

  @Test func `a log that has changed rows only tells how many pages its database had`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(
      path,
      ["PRAGMA journal_mode=WAL", Self.table, "INSERT INTO t VALUES (zeroblob(40000))"]
    )
    let other = try Connection(opening: scratch.file("b.sqlite3"), mode: .create)
    _ = try other.value("PRAGMA journal_mode=WAL")
    try other.execute(Self.table)
    try other.execute("INSERT INTO t VALUES (1)")
    _ = try other.query("PRAGMA wal_checkpoint(TRUNCATE)")
    try other.execute("UPDATE t SET a = 2")
    try FileManager.default.copyItem(atPath: scratch.file("b.sqlite3-wal"), toPath: path + "-wal")
    #expect(try ForeignLog.reason(beside: scratch.file("b.sqlite3")) == nil)
    try other.close()
    let reason = try #require(try ForeignLog.reason(beside: path))
    #expect(reason.contains("it leaves a database of 2 pages"), "\(reason)")
  }

  @Test(arguments: 1...6)
  func `two connections that do anything in any order never make their log a strange one`(
    _ seed: UInt64
  ) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(path, ["PRAGMA auto_vacuum=2", "PRAGMA journal_mode=WAL"])
    var state = seed &* 0x9e37_79b9_7f4a_7c15
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    var connections = try (0..<2).map { _ in try Connection(opening: path, mode: .readWrite) }
    let statements = [
      "CREATE TABLE IF NOT EXISTS t (a)", "INSERT INTO t VALUES (zeroblob(30000))",
      "INSERT INTO t VALUES (1)", "UPDATE t SET a = 2 WHERE rowid % 2", "DELETE FROM t",
      "DROP TABLE IF EXISTS t", "CREATE INDEX IF NOT EXISTS i ON t (a)", "VACUUM",
      "PRAGMA incremental_vacuum", "PRAGMA user_version=5", "PRAGMA wal_checkpoint(PASSIVE)",
      "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA wal_checkpoint(RESTART)", "PRAGMA cache_size=5",
      "BEGIN", "ROLLBACK", "COMMIT", "PRAGMA schema_version=1", "PRAGMA journal_size_limit=9000",
      "PRAGMA journal_mode=DELETE", "PRAGMA journal_mode=WAL",
    ]
    for _ in 0..<250 {
      let place = random(2)
      if random(20) == 0 {
        connections[place] = try Connection(opening: path, mode: .readWrite, busyTimeout: .zero)
      }
      let statement = statements[random(statements.count)]
      do {
        _ = try connections[place].query(statement)
      } catch {
        // No such table, no transaction, a lock: all of it may be.
      }
      #expect(try ForeignLog.reason(beside: path) == nil, "after \(statement)")
      // As the death of all processes would leave it.
      let copy = scratch.file("copy")
      for suffix in ["", "-wal"] where try FileStatus.ifPresent(path + suffix) != nil {
        try Data(contentsOf: URL(fileURLWithPath: path + suffix))
          .write(to: URL(fileURLWithPath: copy + suffix))
      }
      if try FileStatus.ifPresent(path + "-journal") == nil {
        #expect(try ForeignLog.reason(beside: copy) == nil, "killed after \(statement)")
      }
      for suffix in ["", "-wal"] where try FileStatus.ifPresent(copy + suffix) != nil {
        try FileManager.default.removeItem(atPath: copy + suffix)
      }
    }
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
