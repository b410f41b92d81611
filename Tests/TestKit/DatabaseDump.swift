import SQLite

/// Everything in a database as text, to compare two of them: schema as stored, rows with their storage classes, numbers
/// of the header.
public enum DatabaseDump {
  /// The dump of a database file.
  public static func text(_ path: String) throws -> String {
    let connection = try Connection(opening: path, mode: .readWrite)
    var lines: [String] = []
    for pragma in ["user_version", "application_id", "encoding", "page_size", "auto_vacuum"] {
      lines.append("\(pragma): \(try connection.query("PRAGMA \(pragma)"))")
    }
    lines += try schema(connection)
    for table in try connection.tableNames() { lines += try rows(of: table, connection) }
    try connection.close()
    return lines.joined(separator: "\n")
  }

  /// The rows of sqlite_schema, in their order.
  public static func schema(_ path: String) throws -> [String] {
    let connection = try Connection(opening: path, mode: .readWrite)
    let lines = try schema(connection)
    try connection.close()
    return lines
  }

  private static func schema(_ connection: Connection) throws -> [String] {
    try connection.query("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid")
      .map { row in row.map { $0.textValue ?? "NULL" }.joined(separator: "|") }
  }

  private static func rows(of table: String, _ connection: Connection) throws -> [String] {
    let quoted = Connection.quoted(table)
    let columns = try connection.query("SELECT name FROM pragma_table_info(?)", [.text(table)])
      .compactMap { $0[0].textValue }
    let values = columns.map { column in
      let name = Connection.quoted(column)
      return "typeof(\(name)) || ':' || quote(\(name))"
    }
    return try connection.query("SELECT \(values.joined(separator: ", ")) FROM \(quoted)")
      .map { row in table + ": " + row.map { $0.textValue ?? "NULL" }.joined(separator: ", ") }
      .sorted()
  }
}
