import Migrations
import SQLite
import TestKit
import Testing

@Suite struct RowCensusTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var statements: [String]
    var allowed: [String] = []
    var losses: [String] = []

    init(_ name: String, _ statements: String..., allowed: [String] = [], losses: [String] = []) {
      testDescription = name
      self.statements = statements
      self.allowed = allowed
      self.losses = losses
    }
  }

  static let cases = [
    Case("nothing"),
    Case("a row more", "INSERT INTO a VALUES (9)"),
    Case("one away, one more", "DELETE FROM a WHERE n = 1", "INSERT INTO a VALUES (9)"),
    Case("a row away", "DELETE FROM a WHERE n = 1", losses: ["a: 3 to 2"]),
    Case("a row away that may go", "DELETE FROM a WHERE n = 1", allowed: ["A"]),
    Case("all away", "DELETE FROM a", "DELETE FROM b", losses: ["a: 3 to 0", "b: 2 to 0"]),
    Case("another name", "ALTER TABLE a RENAME TO c"),
    Case("the name in other letters", "ALTER TABLE a RENAME TO x", "ALTER TABLE x RENAME TO A"),
    Case(
      "rebuilt",
      "CREATE TABLE x AS SELECT * FROM a",
      "DROP TABLE a",
      "ALTER TABLE x RENAME TO a"
    ),
    Case("both with other names", "ALTER TABLE a RENAME TO c", "ALTER TABLE b RENAME TO d"),
    Case("gone", "DROP TABLE a", losses: ["a: 3 to nothing"]),
    Case("gone, and may be", "DROP TABLE a", allowed: ["a"]),
    Case(
      "gone, with a new one that is too small",
      "DROP TABLE a",
      "CREATE TABLE c AS SELECT 1",
      losses: ["a: 3 to nothing"]
    ),
    Case(
      "both gone, with one new one",
      "CREATE TABLE c AS SELECT * FROM a",
      "DROP TABLE a",
      "DROP TABLE b",
      losses: ["a: 3 to nothing"]
    ),
    Case(
      "gone, with a new one that has as many rows of another kind",
      "DROP TABLE b",
      "CREATE TABLE settings (k, v)",
      "INSERT INTO settings VALUES (1, 2), (3, 4)",
      losses: ["b: 2 to nothing"]
    ),
    Case(
      "another name, one column more and one other name",
      "CREATE TABLE wide (x, y, z)",
      "CREATE TABLE c AS SELECT n AS N, 1 AS more FROM a",
      "DROP TABLE a"
    ),
    Case("an empty one gone", "DROP TABLE empty"),
    Case("version rows away", "DELETE FROM alembic_version"),
  ]

  @Test(arguments: cases) func `what has fewer rows is a loss`(_ one: Case) throws {
    let connection = try Connection.inMemory()
    for sql in [
      "CREATE TABLE a (n)", "INSERT INTO a VALUES (1), (2), (3)", "CREATE TABLE b (n)",
      "INSERT INTO b VALUES (1), (2)", "CREATE TABLE empty (n)",
      "CREATE TABLE alembic_version (version_num)", "INSERT INTO alembic_version VALUES ('x')",
    ] {
      try connection.execute(sql)
    }
    let before = try RowCensus(connection, versionTable: "alembic_version")
    for sql in one.statements { try connection.execute(sql) }
    let after = try RowCensus(connection, versionTable: "alembic_version")
    let losses = before.losses(in: after, allowing: one.allowed).map {
      "\($0.table): \($0.before) to \($0.after.map(String.init) ?? "nothing")"
    }
    #expect(losses == one.losses)
    try connection.close()
  }
}
