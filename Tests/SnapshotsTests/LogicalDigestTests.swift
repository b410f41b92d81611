import SQLite
import Snapshots
import TestKit
import Testing

/// "Exactly as it was before": what counts as a change, and what does not.
@Suite struct LogicalDigestTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var setUp: [String] = []
    var change: [String]
    var isSeen = true

    init(_ name: String, setUp: [String] = [], _ change: String..., isSeen: Bool = true) {
      testDescription = name
      self.setUp = setUp
      self.change = change
      self.isSeen = isSeen
    }
  }

  static let tables = [
    "CREATE TABLE p (id INTEGER PRIMARY KEY, n)",
    "INSERT INTO p VALUES (1, CAST(x'4dfc6c6c6572' AS TEXT)), (2, 'y'), (3, 0.0), (4, 1)",
    "INSERT INTO p VALUES (5, 'a' || char(0) || 'b'), (6, char(233))",
    "CREATE TABLE r (a, b)", "INSERT INTO r (rowid, a, b) VALUES (5, 1, 2), (9, 3, 4)",
    "CREATE TABLE s (id INTEGER PRIMARY KEY AUTOINCREMENT)", "INSERT INTO s VALUES (7)",
    "CREATE TABLE w (k TEXT PRIMARY KEY, v) WITHOUT ROWID", "INSERT INTO w VALUES ('a', 1)",
    "CREATE TABLE h (rowid, _rowid_)", "INSERT INTO h (oid, rowid) VALUES (5, 1), (8, 2)",
    "CREATE TABLE x (rowid, _rowid_, oid)", "INSERT INTO x VALUES (1, 2, 3)",
    "CREATE VIEW v AS SELECT 'a' AS x",
  ]

  static let cases = [
    Case("text that is no UTF-8", "UPDATE p SET n = CAST(x'4de46c6c6572' AS TEXT) WHERE id = 1"),
    Case(
      "the replacement character for it",
      "UPDATE p SET n = CAST(x'4defbfbd6c6c6572' AS TEXT) WHERE id = 1"
    ),
    Case("text behind a NUL", "UPDATE p SET n = 'a' || char(0) || 'c' WHERE id = 5"),
    Case("an accent as a character of its own", "UPDATE p SET n = 'e' || char(769) WHERE id = 6"),
    Case("text as a blob", "UPDATE p SET n = CAST(n AS BLOB) WHERE id = 2"),
    Case("a real for an integer", "UPDATE p SET n = 1.0 WHERE id = 4"),
    Case("a rowid", "UPDATE r SET rowid = 77 WHERE rowid = 9"),
    Case("a rowid that two columns hide", "UPDATE h SET oid = 77 WHERE oid = 8"),
    Case("rowids that VACUUM gives", "VACUUM"),
    Case("the next key", "UPDATE sqlite_sequence SET seq = 50"),
    Case("the user's version", "PRAGMA user_version = 7"),
    Case("the application", "PRAGMA application_id = 9"),
    Case("a row without a rowid", "UPDATE w SET v = 1.0"),
    Case("a row whose rowid three columns hide", "UPDATE x SET oid = 4"),
    Case("rows moved to another table", "DELETE FROM r WHERE b = 4", "INSERT INTO s VALUES (9)"),
    Case(
      "text of the schema that is no UTF-8",
      setUp: [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = CAST(replace(sql, 'a''', CAST(x'ff27' AS TEXT)) AS TEXT) WHERE name = 'v'",
      ],
      "UPDATE sqlite_schema SET sql = CAST(replace(sql, CAST(x'ff' AS TEXT), CAST(x'fe' AS TEXT)) AS TEXT) WHERE name = 'v'"
    ),
    Case(
      "a row that comes and goes",
      "INSERT INTO r VALUES (5, 6)",
      "DELETE FROM r WHERE a = 5",
      isSeen: false
    ),
    Case("a table that comes and goes", "CREATE TABLE new (a)", "DROP TABLE new", isSeen: false),
  ]

  @Test(arguments: cases) func `what differs by a byte is another content`(_ one: Case) throws {
    let scratch = try Scratch()
    try SampleDatabases.create(scratch.file("a.sqlite3"), Self.tables + one.setUp)
    let before = try digest(scratch.file("a.sqlite3"))
    let connection = try Connection(opening: scratch.file("a.sqlite3"), mode: .readWrite)
    try connection.execute("PRAGMA writable_schema = ON")
    for sql in one.change { try connection.execute(sql) }
    try connection.close()
    #expect(try (digest(scratch.file("a.sqlite3")) != before) == one.isSeen)
  }

  @Test func `half a character in UTF-16 is compared as it is stored`() throws {
    let scratch = try Scratch()
    try SampleDatabases.create(
      scratch.file("a.sqlite3"),
      [
        "PRAGMA encoding = 'UTF-16le'", "CREATE TABLE p (n)",
        "INSERT INTO p VALUES (CAST(x'00d84100' AS TEXT))",
      ]
    )
    let before = try digest(scratch.file("a.sqlite3"))
    for bytes in ["01d84100", "00d841dc"] {
      try SampleDatabases.create(
        scratch.file("a.sqlite3"),
        ["UPDATE p SET n = CAST(x'\(bytes)' AS TEXT)"]
      )
      #expect(try digest(scratch.file("a.sqlite3")) != before, "\(bytes)")
    }
  }

  private func digest(_ path: String) throws -> String {
    let connection = try Connection(opening: path, mode: .readOnly)
    let digest = try LogicalDigest.text(of: connection)
    try connection.close()
    return digest
  }
}
