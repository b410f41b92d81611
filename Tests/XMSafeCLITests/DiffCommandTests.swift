import Foundation
import SQLite
import TestKit
import Testing

/// `diff`, whose SQL is run.
@Suite struct DiffCommandTests {
  @Test func `diff shows schema as SQL and rows as counts`() throws {
    let subject = try Subject()
    let first = try subject.snapshot()
    #expect(try subject.run(["diff", "latest"]).output.hasPrefix("-- no difference"))
    try subject.execute(
      "DROP TABLE Job",
      "CREATE TABLE y (a)",
      "INSERT INTO WorkUnit VALUES (9, 9)"
    )
    let diff = try subject.run(["diff", "latest"]).output
    #expect(diff.contains("DROP TABLE \"Job\";"))
    #expect(diff.contains("CREATE TABLE y (a);"))
    #expect(diff.contains("-- Job: 4 -> - rows"))
    #expect(diff.contains("-- WorkUnit: 3 -> 4 rows"))
    let second = try subject.snapshot()
    #expect(try subject.run(["diff", second, first]).output.contains("DROP TABLE \"y\";"))
  }

  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var before: [String]
    var after: [String]
    var testDescription: String { name }
  }

  static let cases = [
    Case(
      name: "a changed table with an index and a trigger that did not change",
      before: [
        "CREATE TABLE t (a)", "CREATE INDEX i ON t (a)",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END",
      ],
      after: [
        "CREATE TABLE t (a, b)", "CREATE INDEX i ON t (a)",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; SELECT 2; END",
      ]
    ),
    Case(
      name: "a changed table, an index and a trigger that changed too, and a new one of each",
      before: [
        "CREATE TABLE t (a)", "CREATE INDEX i ON t (a)",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END",
      ],
      after: [
        "CREATE TABLE t (a, b)", "CREATE UNIQUE INDEX i ON t (b)",
        "CREATE TRIGGER g AFTER DELETE ON t BEGIN SELECT 1; END", "CREATE INDEX j ON t (a, b)",
        "CREATE TRIGGER h AFTER UPDATE ON t BEGIN SELECT 1; END",
      ]
    ),
    Case(
      name: "only an index and a trigger changed",
      before: [
        "CREATE TABLE t (a, b)", "CREATE INDEX i ON t (a)",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END",
      ],
      after: [
        "CREATE TABLE t (a, b)", "CREATE INDEX i ON t (b)",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 2; END",
      ]
    ),
    Case(
      name: "a table that is gone, with what goes along, and a view of it",
      before: [
        "CREATE TABLE t (a)", "CREATE INDEX i ON t (a)", "CREATE VIEW v AS SELECT a FROM t",
        "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END", "CREATE TABLE u (a)",
      ],
      after: ["CREATE TABLE u (a)"]
    ),
    Case(
      name: "a trigger that writes the table's name in another case",
      before: ["CREATE TABLE Tab (a)", "CREATE TRIGGER g AFTER INSERT ON tAB BEGIN SELECT 1; END"],
      after: ["CREATE TABLE Tab (b)", "CREATE TRIGGER g AFTER INSERT ON tAB BEGIN SELECT 1; END"]
    ),
    Case(
      name: "a changed view with a trigger that did not change",
      before: [
        "CREATE TABLE t (a)", "CREATE VIEW v AS SELECT a FROM t",
        "CREATE TRIGGER g INSTEAD OF INSERT ON v BEGIN SELECT 1; END",
      ],
      after: [
        "CREATE TABLE t (a)", "CREATE VIEW v AS SELECT a, 1 AS b FROM t",
        "CREATE TRIGGER g INSTEAD OF INSERT ON v BEGIN SELECT 1; END",
      ]
    ),
    Case(
      name: "a view that became a table",
      before: ["CREATE TABLE t (a)", "CREATE VIEW v AS SELECT a FROM t"],
      after: ["CREATE TABLE t (a)", "CREATE TABLE v (a)", "CREATE INDEX i ON v (a)"]
    ),
    Case(
      name: "a table made again under the same name, so that its place in the schema moved",
      before: ["CREATE TABLE t (a)", "CREATE TABLE u (a)", "CREATE INDEX i ON t (a)"],
      after: ["CREATE TABLE u (a)", "CREATE TABLE t (a)", "CREATE INDEX i ON t (a)"]
    ),
    Case(
      name: "SQLite's own tables",
      before: ["CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)"],
      after: [
        "CREATE TABLE u (a INTEGER PRIMARY KEY AUTOINCREMENT, b UNIQUE)",
        "INSERT INTO u VALUES (1, 1)", "ANALYZE",
      ]
    ),
    Case(
      name: "virtual tables",
      before: [
        "CREATE VIRTUAL TABLE gone USING fts5 (a)", "CREATE VIRTUAL TABLE f USING fts5 (a)",
        "CREATE VIRTUAL TABLE r USING rtree (id, x, y)",
      ],
      after: [
        "CREATE VIRTUAL TABLE f USING fts5 (a, b)", "CREATE VIRTUAL TABLE new USING fts5 (a)",
        "CREATE VIRTUAL TABLE r USING rtree (id, x, y)",
      ]
    ),
    Case(
      name: "names that must be quoted, and comments",
      before: ["CREATE TABLE \"a \"\"b; --\" (a)", "CREATE INDEX \"i'j\" ON \"a \"\"b; --\" (a)"],
      after: [
        "CREATE TABLE t (a, -- the first\n\tb /* the second */) -- the end",
        "CREATE VIEW v AS SELECT a FROM t -- the end", "CREATE INDEX i ON t (a) -- the end",
      ]
    ),
  ]

  @Test(arguments: cases)
  func `the SQL leads from the one schema to the other, both ways`(_ test: Case) throws {
    let scratch = try Scratch()
    let sides = ["before", "after"].map { scratch.file($0) }
    for (path, statements) in zip(sides, [test.before, test.after]) {
      try SampleDatabases.create(path, statements)
    }
    let ids = try ["before", "after"].map { try Subject(in: scratch, $0).snapshot() }
    let subject = Subject(in: scratch, "after")
    for (from, to) in [(0, 1), (1, 0)] {
      let sql = try subject.run(["diff", ids[from], ids[to]]).output
      let copy = scratch.file("copy-\(from)")
      try FileManager.default.copyItem(atPath: sides[from], toPath: copy)
      let shell = try Command.run(["sqlite3", "-bail", copy], input: Data(sql.utf8))
      #expect(shell.status == 0 && shell.errors.isEmpty, "\(sql)\n\(shell)")
      #expect(try schema(copy) == schema(sides[to]), "\(sql)")
      // And then there is nothing left to do.
      let live = Subject(in: scratch, "copy-\(from)")
      let rest = try live.run(["diff", "--json", try subject.archive(ids[to]), "live"]).output
      let json = try JSONSerialization.jsonObject(with: Data(rest.utf8)) as? [String: Any]
      #expect(json?["schema"] as? [String] == [], "\(rest)")
    }
  }

  /// The schema without what SQLite keeps for itself, in no order, and without line ends at the end.
  private func schema(_ path: String) throws -> [String] {
    try DatabaseDump.schema(path).filter { !$0.split(separator: "|")[1].hasPrefix("sqlite_") }
      .map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.sorted()
  }
}
