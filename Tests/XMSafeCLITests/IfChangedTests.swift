import Foundation
import SQLite
import TestKit
import Testing

/// `snapshot --if-changed`: what counts as a change, and that nothing is compressed without one.
@Suite struct IfChangedTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var statements: [String] = []
    /// Whether the statements are left uncommitted while the program looks.
    var isOpen = false
    var isChange: Bool
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "nothing", isChange: false),
    Case(name: "a row", statements: ["INSERT INTO t VALUES (4, 'new')"], isChange: true),
    Case(name: "one letter", statements: ["UPDATE t SET b = 'c' WHERE a = 2"], isChange: true),
    Case(name: "a row away", statements: ["DELETE FROM t WHERE a = 3"], isChange: true),
    Case(
      name: "changed and changed back",
      statements: ["UPDATE t SET b = 'z' WHERE a = 1", "UPDATE t SET b = 'a' WHERE a = 1"],
      isChange: false
    ),
    Case(name: "user_version only", statements: ["PRAGMA user_version=3"], isChange: true),
    Case(name: "application_id only", statements: ["PRAGMA application_id=3"], isChange: true),
    Case(name: "an index only", statements: ["CREATE INDEX i ON t (b)"], isChange: true),
    Case(name: "a view only", statements: ["CREATE VIEW v AS SELECT 1"], isChange: true),
    Case(name: "a view away", statements: ["DROP VIEW old"], isChange: true),
    // A snapshot is an image: the free pages are gone, and restoring it would bring them back.
    Case(name: "VACUUM of free pages", statements: ["VACUUM"], isChange: true),
    Case(name: "ANALYZE", statements: ["ANALYZE"], isChange: true),
    Case(name: "looked at", statements: ["SELECT count(*) FROM t"], isChange: false),
    Case(name: "checkpoint only", statements: ["PRAGMA wal_checkpoint"], isChange: false),
    Case(name: "rolled back", statements: ["BEGIN", "DELETE FROM t", "ROLLBACK"], isChange: false),
    Case(
      name: "another's uncommitted row",
      statements: ["BEGIN IMMEDIATE", "INSERT INTO t VALUES (4, 'maybe')"],
      isOpen: true,
      isChange: false
    ),
  ]

  private func outcome(_ path: String) throws -> String {
    let outcome = try Workshop.xmSafe([
      "snapshot", "--if-changed", "--db", path, "--json", "--busy-timeout", "30",
    ])
    #expect(outcome.status == 0, "\(outcome)")
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    return try #require(json?["outcome"] as? String)
  }

  /// The names in the store and what they hold: a file that came and went would change the directory's time.
  private func store(_ scratch: Scratch) throws -> [String] {
    let time = try FileManager.default.attributesOfItem(atPath: scratch.file("Backups"))
    return try scratch.names(in: "Backups").filter { $0.hasSuffix(".gz") }
      + ["\(try #require(time[.modificationDate] as? Date).timeIntervalSince1970)"]
  }

  @Test(arguments: cases, ["delete", "wal"])
  func `every change is seen, wherever it is, and only a change`(
    _ test: Case,
    _ mode: String
  )
    throws
  {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(
      path,
      [
        "PRAGMA journal_mode=\(mode)", "CREATE TABLE t (a INTEGER PRIMARY KEY, b)",
        "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, randomblob(9000))",
        "CREATE VIEW old AS SELECT 2", "CREATE TABLE free (a)",
        "INSERT INTO free VALUES (randomblob(50000))", "DELETE FROM free",
      ]
    )
    // Stays open, and its log is never put into the file: in WAL mode every change is in the log alone.
    let other = try Connection(opening: path, mode: .readWrite)
    try other.execute("PRAGMA wal_autocheckpoint=0")
    _ = try other.value("SELECT count(*) FROM t")
    #expect(try outcome(path) == "saved")
    let before = try store(scratch)
    for statement in test.statements { try other.execute(statement) }
    #expect(try outcome(path) == (test.isChange ? "saved" : "unchanged"))
    #expect((try store(scratch) == before) == !test.isChange)
    if test.isOpen {
      try other.commit()
      #expect(try outcome(path) == "saved", "now it is committed")
    }
    #expect(try outcome(path) == "unchanged")
    try other.close()
    #expect(try outcome(path) == "unchanged", "the log went into the file")
  }
}
