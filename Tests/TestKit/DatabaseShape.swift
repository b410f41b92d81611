/// A database of a certain make, for tests that a copy of it is the same in every respect.
public struct DatabaseShape: Sendable {
  /// What is special about it.
  public var name: String
  /// The PRAGMAs that only count before the first table is there.
  public var beginning: [String]
  /// What it holds.
  public var content: [String]

  /// Creates the database.
  public func create(_ path: String, pageSize: Int, journalMode: String) throws {
    try SampleDatabases.create(
      path,
      ["PRAGMA page_size=\(pageSize)"] + beginning + ["PRAGMA journal_mode=\(journalMode)"]
        + content
    )
  }

  /// Changes every database of these shapes: rows, schema, header, free pages.
  public static let change = [
    "PRAGMA user_version=99", "PRAGMA application_id=98", "DROP TABLE t", "CREATE TABLE u (a)",
    "INSERT INTO u VALUES (randomblob(100000))", "DELETE FROM gone",
  ]

  private static let rows = [
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b TEXT DEFAULT 'x')",
    "INSERT INTO t VALUES (1, 'ünï 日本', NULL), (2, X'00FF00', ''), (3, -1.5e300, '0')",
    "INSERT INTO t VALUES (-9223372036854775808, 9223372036854775807, char(65, 0, 66))",
    // Longer than any page: the rest is in overflow pages.
    "INSERT INTO t VALUES (5, randomblob(70000), NULL)",
    "CREATE TABLE gone (a)", "INSERT INTO gone VALUES (randomblob(30000)), ('stays')",
    "DELETE FROM gone WHERE a <> 'stays'",
  ]

  /// One of every kind of object.
  public static let everything = DatabaseShape(
    name: "every kind of object",
    beginning: [],
    content: rows + [
      "PRAGMA user_version=42", "PRAGMA application_id=77",
      "CREATE TABLE w (a TEXT, b, PRIMARY KEY (a, b)) WITHOUT ROWID",
      "INSERT INTO w VALUES ('k', 1), ('k', 2), ('l', 3)",
      "CREATE TABLE g (a INTEGER, b INT AS (a * 2), c TEXT AS (a || 'c') STORED) STRICT",
      "INSERT INTO g VALUES (4)",
      "CREATE TABLE auto (id INTEGER PRIMARY KEY AUTOINCREMENT, t REFERENCES t (id))",
      "INSERT INTO auto VALUES (500, 1)", "DELETE FROM auto",
      "CREATE VIRTUAL TABLE f USING fts5(x)", "INSERT INTO f VALUES ('hello world'), ('hallo')",
      "CREATE INDEX t_b ON t (lower(b)) WHERE a IS NOT NULL",
      "CREATE VIEW v AS SELECT a FROM t", "ANALYZE",
      "CREATE TRIGGER r AFTER INSERT ON w BEGIN INSERT INTO gone VALUES (new.a); END",
    ]
  )

  /// UTF-16, little end first, with a file that shrinks at every commit.
  public static let shrinking = DatabaseShape(
    name: "UTF-16le, auto_vacuum full",
    beginning: ["PRAGMA auto_vacuum=1", "PRAGMA encoding='UTF-16le'"],
    content: rows + ["PRAGMA user_version=-1", "PRAGMA application_id=-2"]
  )

  /// UTF-16, big end first, with a file that shrinks on demand.
  public static let shrinkable = DatabaseShape(
    name: "UTF-16be, auto_vacuum incremental",
    beginning: ["PRAGMA auto_vacuum=2", "PRAGMA encoding='UTF-16be'"],
    content: rows + ["PRAGMA user_version=2147483647"]
  )

  /// All of them.
  public static let all = [everything, shrinking, shrinkable]
}
