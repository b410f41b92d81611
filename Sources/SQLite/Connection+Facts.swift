internal import CSQLite

/// Facts about a database that other parts ask for: its header, its tables, its rows.
extension Connection {
  /// The number that a PRAGMA answers.
  ///
  /// - Parameter name: The PRAGMA, for example `page_size`.
  /// - Returns: The number; 0 if it answers none.
  /// - Throws: `SQLiteError`.
  package func pragma(_ name: String) throws(SQLiteError) -> Int64 {
    try value("PRAGMA \(name)")?.integerValue ?? 0
  }

  /// The journal mode in SQLite's lower-case words: `delete`, `wal`, ...
  ///
  /// - Returns: The mode.
  /// - Throws: `SQLiteError`.
  package func journalMode() throws(SQLiteError) -> String {
    try value("PRAGMA journal_mode")?.textValue ?? ""
  }

  /// Goes into WAL mode, or out of it, if that is not as it should be; the modes beside WAL are left as they are.
  ///
  /// - Parameter mode: The mode that it is to have, in SQLite's words.
  /// - Returns: The mode that it has now.
  /// - Throws: `SQLiteError`; `isBusy` if others have the database open, which keeps it in WAL mode.
  package func takeJournalMode(_ mode: String) throws(SQLiteError) -> String {
    let now = try journalMode()
    guard (now == "wal") != (mode == "wal") else { return now }
    return try value("PRAGMA journal_mode=\(mode == "wal" ? "WAL" : "DELETE")")?.textValue ?? ""
  }

  /// The names of the ordinary tables, in the order of their creation, SQLite's own left out.
  ///
  /// - Returns: The names.
  /// - Throws: `SQLiteError`.
  package func tableNames() throws(SQLiteError) -> [String] {
    try query(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY rowid"
    )
    .compactMap { $0.first?.textValue }
  }

  /// How many rows each ordinary table has.
  ///
  /// A virtual table whose module, tokenizer or content is not here cannot be counted and is left out: that must not stop
  /// a backup.
  ///
  /// - Returns: The counts by table.
  /// - Throws: `SQLiteError`.
  package func rowCounts() throws(SQLiteError) -> [String: Int64] {
    var counts: [String: Int64] = [:]
    for name in try tableNames() {
      do {
        counts[name] = try value("SELECT count(*) FROM \(Self.quoted(name))")?.integerValue
      } catch  where error.code == .error {
        continue
      }
    }
    return counts
  }

  /// Whether anybody has begun to write in rollback mode: some connection, of this process or another, holds RESERVED or more.
  ///
  /// Who holds it while this connection reads cannot commit before this connection has ended its transaction
  /// (https://www.sqlite.org/lockingv3.html#writing). In WAL mode it says nothing.
  ///
  /// - Returns: Whether somebody does.
  /// - Throws: `SQLiteError`.
  package func isBeingWritten() throws(SQLiteError) -> Bool {
    var isReserved: Int32 = 0
    let code = xmsafe_sqlite_is_reserved(handle, &isReserved)
    guard code == SQLITE_OK else { throw SQLiteError(code: code) }
    return isReserved != 0
  }

  /// How many rows the last INSERT, UPDATE or DELETE changed by itself (https://www.sqlite.org/c3ref/changes.html).
  package var changes: Int { Int(sqlite3_changes64(handle)) }

  /// The rowid of the row that was inserted last.
  package var lastInsertedRowID: Int64 { sqlite3_last_insert_rowid(handle) }
}
