internal import SQLite

/// The database that XManager's own upgrade has bricked: its tables are the old ones, and what told their age is gone.
///
/// The upgrade drops VersionHistory first and commits that at once. When it then fails, XManager takes the database for a new
/// one at every start, and dies with "table experiment already exists", with or without its upgrade flag. No row is lost.
struct BrickedXManager {
  let connection: Connection
  let versionTable: String

  /// The table as XManager 0.2's schema.sql wrote it.
  private static let versionHistory =
    "CREATE TABLE VersionHistory (\n  Version INTEGER,\n  Timestamp TIMESTAMP,\n  PRIMARY KEY(Version)\n)"

  private static let tables: [String: [[String]]] = [
    "Experiment": [["Id", "Title"], ["Id"]],
    "WorkUnit": [["ExperimentId", "WorkUnitId"]],
    "Job": [["ExperimentId", "WorkUnitId", "Name", "Data"]],
  ]

  /// What is wrong; nil if this is no such database.
  func finding() throws -> Finding? {
    let names = try connection.tableNames()
    // SQLite does not tell the letters of names by their case, and what is half done has both.
    let folded = Set(names.map { $0.lowercased() })
    guard !folded.contains("versionhistory") else { return nil }
    for (table, shapes) in Self.tables {
      let columns = try connection.query("SELECT name FROM pragma_table_info(?)", [.text(table)])
        .compactMap { $0.first?.textValue }
      guard folded.contains(table.lowercased()), shapes.contains(columns) else { return nil }
    }
    var statements = [
      Self.versionHistory, "INSERT INTO VersionHistory(Version, Timestamp) VALUES(1, 0)",
    ]
    if names.contains(versionTable) {
      let quoted = Connection.quoted(versionTable)
      guard try connection.value("SELECT count(*) FROM \(quoted)") == .integer(0) else {
        return nil
      }
      statements.append("DROP TABLE \(quoted)")
    }
    return Finding(
      "xmanager-bricked",
      .problem,
      "this is a legacy XManager database whose table VersionHistory is gone: an upgrade by XManager itself has failed",
      why:
        "XManager takes it for a new database now, and fails with 'table experiment already exists' for ever; its rows are all there",
      repair:
        "create VersionHistory again with version 1, and drop the empty \(versionTable); 'xm-safe upgrade' can then migrate it",
      statements: statements
    )
  }
}
