internal import DurableFiles
internal import SQLite

/// What in a schema was made on a table: it goes with the table when that is dropped, or is of no use without it.
struct SchemaReferences {
  private let connection: Connection

  init(_ connection: Connection) {
    self.connection = connection
  }

  /// The first trigger, view or other table that belongs to a table or names it, in words.
  ///
  /// - Parameter table: The table.
  /// - Returns: For example `the trigger 't'`; nil if there is none.
  /// - Throws: `SQLiteError`.
  func first(to table: String) throws -> String? {
    try first(
      """
      SELECT type, name FROM sqlite_schema
      WHERE type != 'index' AND sql IS NOT NULL AND lower(name) != lower(?1)
        AND (lower(tbl_name) = lower(?1) OR instr(lower(sql), lower(?1)) > 0)
      """,
      table,
      besides: []
    )
  }

  /// The first trigger or index of a table, in words: it is dropped along with the table.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - known: Names of what is expected there.
  /// - Returns: For example `the trigger 't'`; nil if there is none.
  /// - Throws: `SQLiteError`.
  func firstOwned(by table: String, besides known: Set<String>) throws -> String? {
    try first(
      "SELECT type, name FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND lower(tbl_name) = lower(?1)",
      table,
      besides: known
    )
  }

  /// The names of all that belongs to a table.
  ///
  /// - Parameter table: The table.
  /// - Returns: The names.
  /// - Throws: `SQLiteError`.
  func names(of table: String) throws -> Set<String> {
    Set(
      try connection.query(
        "SELECT name FROM sqlite_schema WHERE lower(tbl_name) = lower(?)",
        [.text(table)]
      )
      .compactMap { $0.first?.textValue }
    )
  }

  private func first(_ sql: String, _ table: String, besides known: Set<String>) throws -> String? {
    for row in try connection.query(sql, [.text(table)]) {
      guard let kind = row[0].textValue, let name = row[1].textValue, !known.contains(name) else {
        continue
      }
      return "the \(kind) \(name.shownAsPath)"
    }
    return nil
  }
}
