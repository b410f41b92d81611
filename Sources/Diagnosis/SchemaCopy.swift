internal import SQLite

/// The schema of a database without its rows, in memory: to try out there what a revision does.
struct SchemaCopy {
  let connection: Connection

  /// Copies tables first, then what is made on them.
  ///
  /// - Parameters:
  ///   - source: The database.
  ///   - excluded: What is left out, by name.
  ///   - columns: What is left out, as table and column.
  /// - Throws: `SQLiteError`, for example for a virtual table whose module is not here.
  init(
    of source: Connection,
    without excluded: Set<String>,
    columns: [(table: String, column: String)] = []
  ) throws {
    connection = try Connection.inMemory()
    let objects = try source.query(
      """
      SELECT sql, name, tbl_name FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite~_%' ESCAPE '~'
      ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 WHEN 'view' THEN 2 ELSE 3 END, rowid
      """
    )
    for object in objects {
      guard let sql = object[0].textValue, let name = object[1].textValue,
        let table = object[2].textValue, !excluded.contains(name), !excluded.contains(table)
      else { continue }
      try connection.execute(sql)
    }
    for (table, column) in columns {
      try connection.execute(
        "ALTER TABLE \(Connection.quoted(table)) DROP COLUMN \(Connection.quoted(column))"
      )
    }
  }

  /// What tells one schema from another: tables with their columns, and indexes.
  static func signature(_ connection: Connection, without versionTable: String) throws -> [String] {
    var lines: [String] = []
    for table in try connection.tableNames() where table != versionTable {
      let columns = try connection.query("SELECT name FROM pragma_table_info(?)", [.text(table)])
        .compactMap { $0.first?.textValue?.lowercased() }
      lines.append("\(table.lowercased()): \(columns.sorted().joined(separator: ", "))")
    }
    return lines.sorted()
  }
}
