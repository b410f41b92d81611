import Foundation
import SQLite
import TestKit
import Testing

@Suite struct ConnectionTests {
  @Test func `a missing file is not created unless asked for`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    for mode in [Connection.Mode.readOnly, .readWrite] {
      let error = try #require(throws: SQLiteError.self) {
        try Connection(opening: path, mode: mode)
      }
      #expect(error.code == .cannotOpen)
    }
    #expect(try scratch.names() == [])
    let connection = try Connection(opening: path, mode: .create)
    try connection.execute("CREATE TABLE t (a)")
    try connection.close()
    #expect(try scratch.names() == ["a.sqlite3"])
  }

  @Test(arguments: [
    "a b", "ünïcödé", "a?mode=memory", "100%41", "a#b", "new\nline", "qu'o\"te", "-dash",
    ":memory:",
    "file:x?mode=memory", "semi;colon",
  ])
  func `exactly the named file is used, whatever its name`(_ name: String) throws {
    let scratch = try Scratch()
    let connection = try Connection(opening: scratch.file(name), mode: .create)
    try connection.execute("CREATE TABLE t (a)")
    try connection.close()
    #expect(try scratch.names() == [name])
  }

  @Test func `values keep their storage classes`() throws {
    let connection = try Connection.inMemory()
    try connection.execute("CREATE TABLE t (a)")
    let values: [Value] = [
      .null, .integer(.min), .real(1.5), .text("nul\0 inside"), .text(""), .blob([0, 255]),
      .blob([]),
    ]
    for value in values { try connection.execute("INSERT INTO t VALUES (?)", [value]) }
    #expect(try connection.query("SELECT a FROM t").map { $0[0] } == values)
  }

  @Test func `an error carries code, extended code, message and SQL`() throws {
    let connection = try Connection.inMemory()
    try connection.execute("CREATE TABLE t (a UNIQUE)")
    try connection.execute("INSERT INTO t VALUES (1)")
    let error = try #require(throws: SQLiteError.self) {
      try connection.execute("INSERT INTO t\n VALUES (1)")
    }
    #expect(error.code == .constraint)
    #expect(error.extendedCode.rawValue == 2067)
    #expect(error.message == "UNIQUE constraint failed: t.a")
    #expect(error.description == "UNIQUE constraint failed: t.a, in: INSERT INTO t VALUES (1)")
  }

  @Test func `a second statement is left in the tail`() throws {
    let connection = try Connection.inMemory()
    let statement = try connection.prepare("SELECT 1; SELECT 'ü'")
    #expect(statement.sql == "SELECT 1;")
    #expect(statement.tail == " SELECT 'ü'")
    #expect(try connection.prepare(" -- only a comment").isEmpty)
    #expect(throws: SQLiteError.self) { try connection.prepare("SELECT 1\0; DROP TABLE t") }
  }

  @Test func `a failing savepoint is undone and the rest is kept`() throws {
    struct Expected: Error {}
    let connection = try Connection.inMemory()
    try connection.beginImmediate()
    try connection.withSavepoint("a\"b") { _ = try connection.execute("CREATE TABLE kept (a)") }
    #expect(throws: Expected.self) {
      try connection.withSavepoint("second") {
        try connection.execute("CREATE TABLE gone (a)")
        throw Expected()
      }
    }
    try connection.commit()
    #expect(try connection.tableNames() == ["kept"])
  }

  @Test func `a savepoint whose transaction SQLite has ended throws the first error`() throws {
    let connection = try Connection.inMemory()
    try connection.execute("PRAGMA max_page_count=10")
    try connection.execute("CREATE TABLE t (a)")
    try connection.beginImmediate()
    let error = try #require(throws: SQLiteError.self) {
      try connection.withSavepoint("s") {
        _ = try connection.execute("INSERT INTO t VALUES (zeroblob(1000000))")
      }
    }
    #expect(error.code == .full)
    try connection.rollback()
    #expect(!connection.isInTransaction)
  }

  @Test func `a guarded connection refuses to end the transaction or to leave its file`() throws {
    let connection = try Connection.inMemory()
    try connection.beginImmediate()
    for sql in ["COMMIT", "ROLLBACK", "BEGIN", "SAVEPOINT s", "ATTACH ':memory:' AS other"] {
      let error = try #require(throws: SQLiteError.self) {
        try connection.withGuard({ _ in false }, { _ = try connection.execute(sql) })
      }
      #expect(error.code == .notAuthorized)
    }
    #expect(connection.isInTransaction)
    try connection.commit()
  }

  @Test func `a locked database is busy after the timeout`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a")
    try SampleDatabases.create(path, ["CREATE TABLE t (a)"])
    let first = try Connection(opening: path, mode: .readWrite)
    try first.beginImmediate()
    let second = try Connection(opening: path, mode: .readWrite, busyTimeout: .milliseconds(10))
    let error = try #require(throws: SQLiteError.self) { try second.beginImmediate() }
    #expect(error.isBusy)
    try first.rollback()
    try second.beginImmediate()
    try second.rollback()
  }

  @Test func `a closed connection refuses instead of crashing`() throws {
    let connection = try Connection.inMemory()
    try connection.close()
    #expect(!connection.isInTransaction)
    try connection.rollback()
    #expect(throws: SQLiteError.self) { try connection.execute("SELECT 1") }
  }

  @Test func `one table's cure does not hide another one's damage, and a rename is no damage`() {
    func report(_ tables: Set<String>, _ counts: [(String, String, Int)]) -> ForeignKeyReport {
      var report = ForeignKeyReport(tables: tables)
      for (table, parent, count) in counts {
        report.violations[.init(table: table, parent: parent)] = count
      }
      return report
    }
    let before = report(["a", "b", "p"], [("a", "p", 5)])
    let cured = report(["a", "b", "p"], [("b", "p", 5)])
    #expect(cured.worse(than: before) == [.init(table: "b", parent: "p"): 5])
    #expect(report(["x", "b", "p"], [("x", "p", 5)]).worse(than: before) == [:])
    #expect(report(["a", "b", "q"], [("a", "q", 5)]).worse(than: before) == [:])
    #expect(report(["x", "b", "p"], [("x", "p", 6)]).worse(than: before) != [:])
  }

  @Test func `the checks are values`() throws {
    let connection = try Connection.inMemory()
    try connection.execute("CREATE TABLE p (id INTEGER PRIMARY KEY)")
    try connection.execute("CREATE TABLE c (p REFERENCES p (id))")
    #expect(try connection.quickCheck() == [])
    #expect(try connection.integrityCheck() == [])
    let before = try connection.foreignKeyCheck()
    #expect(before.violations.isEmpty)
    try connection.execute("INSERT INTO c VALUES (1), (2)")
    let after = try connection.foreignKeyCheck()
    let key = ForeignKeyReport.Key(table: "c", parent: "p")
    #expect(after.worse(than: before) == [key: 2])
    #expect(before.worse(than: after) == [:])
  }
}
