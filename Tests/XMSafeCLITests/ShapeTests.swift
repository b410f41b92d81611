import Foundation
import SQLite
import TestKit
import Testing

/// Every make of database comes back logically identical, by the program and by gunzip alone.
@Suite struct ShapeTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var shape: DatabaseShape
    var pageSize: Int
    var mode: String
    var testDescription: String { "\(shape.name), \(pageSize), \(mode)" }
  }

  static let cases = [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536].flatMap { pageSize in
    ["delete", "wal"].flatMap { mode in
      DatabaseShape.all.map { Case(shape: $0, pageSize: pageSize, mode: mode) }
    }
  }

  private func run(_ arguments: [String], status: Int32 = 0) throws -> Command.Outcome {
    let outcome = try Workshop.xmSafe(arguments)
    #expect(outcome.status == status, "\(arguments): \(outcome)")
    return outcome
  }

  /// All that must be equal: what the dump has, SQLite's own tables, the journal mode; and that the file is sound.
  private func facts(_ path: String) throws -> String {
    let connection = try Connection(opening: path, mode: .readWrite)
    #expect(try connection.integrityCheck() == [])
    var lines = [try DatabaseDump.text(path), try connection.journalMode()]
    for table in ["sqlite_sequence", "sqlite_stat1"]
    where try connection.value("SELECT 1 FROM sqlite_schema WHERE name = ?", [.text(table)]) != nil
    {
      lines.append("\(table): \(try connection.query("SELECT * FROM \(table)"))")
    }
    try connection.close()
    return lines.joined(separator: "\n")
  }

  private func pageSize(_ path: String) throws -> Int {
    let connection = try Connection(opening: path, mode: .readWrite)
    let pageSize = try connection.pragma("page_size")
    try connection.close()
    return Int(pageSize)
  }

  private func gunzip(_ scratch: Scratch) throws -> String {
    let archive = try #require(try scratch.names(in: "Backups").first { $0.contains("-manual-") })
    let image = scratch.file("image")
    let outcome = try Command.run([
      "sh", "-c", "gunzip -c \"$1\" > \"$2\"", "sh", scratch.file("Backups/" + archive), image,
    ])
    #expect(outcome.status == 0, "\(outcome)")
    return image
  }

  @Test(arguments: cases)
  func `a changed database is restored to what it was, and gunzip gives the same`(
    _ test: Case
  )
    throws
  {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try test.shape.create(path, pageSize: test.pageSize, journalMode: test.mode)
    let before = try facts(path)
    #expect(try pageSize(path) == test.pageSize)
    _ = try run(["snapshot", "--db", path])
    try SampleDatabases.create(path, DatabaseShape.change)
    #expect(try facts(path) != before)
    let restored = try run(["restore", "latest", "--db", path])
    #expect(restored.errors.contains("and compared it: equal"))
    #expect(try facts(path) == before)
    #expect(try facts(try gunzip(scratch)) == before)
  }

  struct OtherCase: CustomTestStringConvertible, Sendable {
    var pageSize: Int
    var mode: String
    var livePageSize: Int
    var liveMode: String
    var testDescription: String { "\(pageSize) \(mode) into \(livePageSize) \(liveMode)" }
  }

  static let otherCases = [(512, 65536), (65536, 512), (4096, 8192), (8192, 4096), (4096, 4096)]
    .flatMap { sizes in
      ["delete", "wal"].flatMap { mode in
        ["delete", "wal"].map {
          OtherCase(pageSize: sizes.0, mode: mode, livePageSize: sizes.1, liveMode: $0)
        }
      }
    }

  @Test(arguments: otherCases)
  func
    `a live database of another page size or mode takes the snapshot, stays WAL if it was, and can go back`(
      _ test: OtherCase
    ) throws
  {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    let shape = DatabaseShape.everything
    try shape.create(path, pageSize: test.pageSize, journalMode: test.mode)
    let before = try DatabaseDump.text(path)
    _ = try run(["snapshot", "--db", path])
    try FileManager.default.removeItem(atPath: path)
    try DatabaseShape.shrinkable.create(
      path,
      pageSize: test.livePageSize,
      journalMode: test.liveMode
    )
    let present = try DatabaseDump.text(path)
    let restored = try run(["restore", "latest", "--db", path])
    #expect(!restored.errors.contains("WARNI"))
    #expect(try DatabaseDump.text(path) == before)
    // SQLite's own rule where the page size is the same (a WAL database stays one, a WAL snapshot makes one) holds for all.
    let isWAL = test.mode == "wal" || test.liveMode == "wal"
    let connection = try Connection(opening: path, mode: .readWrite)
    #expect(try connection.journalMode() == (isWAL ? "wal" : "delete"))
    #expect(try connection.integrityCheck() == [])
    try connection.close()
    _ = try run(["undo", "--db", path])
    #expect(try DatabaseDump.text(path) == present)
  }

  @Test func `an idle connection keeps a WAL database from another page size, and is told of`()
    throws
  {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.large(path, rows: 3, pageSize: 512)
    let before = try DatabaseDump.text(path)
    _ = try run(["snapshot", "--db", path])
    try FileManager.default.removeItem(atPath: path)
    try SampleDatabases.large(path, rows: 5, pageSize: 4096)
    try SampleDatabases.create(path, ["PRAGMA journal_mode=WAL"])
    let present = try DatabaseDump.text(path)
    let idle = try Connection(opening: path, mode: .readWrite)
    #expect(try idle.value("SELECT count(*) FROM data") == .integer(5))
    let restore = ["restore", "latest", "--db", path, "--busy-timeout", "0.1"]
    let refused = try run(restore, status: 11)
    #expect(refused.errors.contains("is open in another program, be it idle"))
    #expect(refused.errors.contains("its page size changes from 4096 to 512"))
    #expect(refused.errors.contains("state: the database was not touched"))
    #expect(refused.errors.contains("next:  close the programs that use it"))
    #expect(try idle.journalMode() == "wal")
    #expect(try DatabaseDump.text(path) == present)
    try idle.close()
    _ = try run(restore)
    #expect(try DatabaseDump.text(path) == before)
  }

  @Test func `a file of no bytes comes back as a database without tables`() throws {
    let scratch = try Scratch()
    let path = try scratch.write("", to: "a.sqlite3")
    _ = try run(["snapshot", "--db", path])
    let empty = try facts(try gunzip(scratch))
    try SampleDatabases.create(path, ["CREATE TABLE t (a)", "INSERT INTO t VALUES (1)"])
    _ = try run(["restore", "latest", "--db", path])
    #expect(try facts(path) == empty)
    #expect(try DatabaseDump.schema(path) == [])
  }

  /// What a name may hold that a URL, a shell, an option or a log takes for something else.
  static let names = [
    "with spaces  two", "a?mode=ro", "100%", "%41", "a#fragment", "line\nbreak", "ünï 日本 🗄️",
    "e\u{301}", "-dash", "--db", "file:a", ":memory:", "quo'te", "double\"quote", "back\\slash",
    "semi;colon", "$(touch x)", "tab\there", "esc\u{1B}[31m", "*", "~", "latest", " ", "a.gz",
    "sqlite_x", "a-wal", String(repeating: "n", count: 200),
  ]

  @Test(arguments: names)
  func `a file of any name is saved, restored, and shown on one line`(_ name: String) throws {
    let mode = name.utf8.count.isMultiple(of: 2) ? "delete" : "wal"
    let scratch = try Scratch()
    let path = scratch.file(name)
    try SampleDatabases.create(path, ["PRAGMA journal_mode=\(mode)", "CREATE TABLE t (a)"])
    let before = try DatabaseDump.text(path)
    // Relative, as a user in that directory names it; "=" because of the names that begin with a dash.
    func run(_ arguments: String...) throws -> Command.Outcome {
      let outcome = try Workshop.xmSafe(arguments + ["--db=./" + name], in: scratch.path)
      #expect(outcome.status == 0, "\(outcome)")
      #expect(outcome.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("INFO  [") })
      return outcome
    }
    let saved = try run("snapshot")
    #expect(saved.output.filter { $0 == "\n" }.count == 1)
    #expect(!saved.output.contains("\u{1B}"))
    try SampleDatabases.create(path, ["INSERT INTO t VALUES (1)"])
    _ = try run("restore", "latest")
    #expect(try DatabaseDump.text(path) == before)
    try SampleDatabases.create(path, ["INSERT INTO t VALUES (2)"])
    #expect(try run("snapshot", "--if-changed").output.hasPrefix("saved"))
    #expect(try run("snapshot", "--if-changed").output.hasPrefix("unchanged"))
    let others = try scratch.names().filter { $0 != name && $0 != "Backups" }
    #expect(others == [], "nothing is made beside it")
  }
}
