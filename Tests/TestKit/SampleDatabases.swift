import SQLite

/// Databases like those that XManager left on disks before it used alembic.
public enum SampleDatabases {
  /// Creates a database by running statements.
  public static func create(_ path: String, _ statements: [String]) throws {
    let connection = try Connection(opening: path, mode: .create)
    for statement in statements { try connection.execute(statement) }
    try connection.close()
  }

  /// The schema of XManager 0.2 and older, as its `schema.sql` wrote it; the oldest had no titles.
  public static func legacySchema(hasTitle: Bool = true) -> [String] {
    [
      """
      CREATE TABLE VersionHistory (
        Version INTEGER,
        Timestamp TIMESTAMP,
        PRIMARY KEY(Version)
      )
      """,
      """
      CREATE TABLE Experiment (
        Id INTEGER,\(hasTitle ? "\n  Title TEXT," : "")
        PRIMARY KEY(Id)
      )
      """,
      """
      CREATE TABLE WorkUnit (
        ExperimentId INTEGER,
        WorkUnitId INTEGER,
        PRIMARY KEY(ExperimentId, WorkUnitId)
      )
      """,
      """
      CREATE TABLE Job (
        ExperimentId INTEGER,
        WorkUnitId INTEGER,
        -- Name of the Job to identify it within the work unit.
        Name TEXT,
        -- Metadata of the Job.
        Data TEXT,
        PRIMARY KEY(ExperimentId, WorkUnitId, Name)
      )
      """,
      "INSERT INTO VersionHistory(Version, Timestamp) VALUES(1, 1622000000)",
    ]
  }

  /// A legacy database with rows of every kind that was written: text, bytes, NULL, and a key that is NULL.
  public static func legacy(_ path: String, hasTitle: Bool = true) throws {
    let title = hasTitle ? ", 'cifar sweep Ünïcode'" : ""
    try create(
      path,
      legacySchema(hasTitle: hasTitle) + [
        "INSERT INTO Experiment VALUES(1660000000001\(title))",
        "INSERT INTO Experiment VALUES(1660000000002\(hasTitle ? ", NULL" : ""))",
        "INSERT INTO WorkUnit VALUES(1660000000001, 1)",
        "INSERT INTO WorkUnit VALUES(1660000000001, 2)",
        "INSERT INTO WorkUnit VALUES(1660000000002, 1)",
        "INSERT INTO Job VALUES(1660000000001, 1, 'a', 'kubernetes { namespace: \"default\" }')",
        "INSERT INTO Job VALUES(1660000000001, 2, 'b', X'63616970207B207D0A00FF')",
        "INSERT INTO Job VALUES(1660000000002, 1, 'c', NULL)",
        "INSERT INTO Job VALUES(1660000000002, 1, NULL, 'a key that is NULL')",
      ]
    )
  }

  /// Many rows, so that the image spans several archive members and does not compress away.
  public static func large(_ path: String, rows: Int, pageSize: Int = 4096) throws {
    let connection = try Connection(opening: path, mode: .create)
    try connection.execute("PRAGMA page_size=\(pageSize)")
    try connection.execute("CREATE TABLE data (id INTEGER PRIMARY KEY, content BLOB)")
    try connection.execute(
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
      INSERT INTO data SELECT i, randomblob(900) FROM n
      """
    )
    try connection.close()
  }
}
