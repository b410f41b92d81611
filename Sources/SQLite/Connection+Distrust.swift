internal import CSQLite

/// A database that somebody else may have made: reading it must not run what its author wrote, nor cost more than it is.
extension Connection {
  /// Takes from the database what it could make SQLite do: run views and triggers, call functions with effects, make huge
  /// values of short expressions, fill the memory with its pages.
  ///
  /// As "Untrusted SQLite Database Files" recommends, https://www.sqlite.org/security.html. CHECK constraints are the
  /// author's expressions too, and rows that violate one are the database's own matter.
  ///
  /// - Parameter size: The length of the database in bytes: no value in it can be longer.
  /// - Throws: `SQLiteError`, also if the schema cannot be read.
  package func distrust(size: Int64) throws(SQLiteError) {
    try distrustSchema()
    for (option, value) in [
      (SQLITE_DBCONFIG_ENABLE_VIEW, 0), (SQLITE_DBCONFIG_ENABLE_TRIGGER, 0),
      (SQLITE_DBCONFIG_DEFENSIVE, 1),
    ] as [(Int32, Int32)] {
      let code = xmsafe_sqlite_set(handle, option, value)
      guard code == SQLITE_OK else { throw SQLiteError(code: code) }
    }
    // A short text of SQL and its results need some room as well.
    sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Int32(clamping: max(size, 1_000_000)))
    try execute("PRAGMA ignore_check_constraints=ON")
    // The header may name another size (https://www.sqlite.org/pragma.html#pragma_default_cache_size).
    try execute("PRAGMA cache_size=-4000")
  }

  /// Keeps functions and virtual tables that may have effects out of what the schema runs: views, triggers, indexes, CHECK.
  ///
  /// Some versions of SQLite, 3.40.1 among them, count their own JSON functions among these, and then cannot even open a
  /// database that has one in an index or a CHECK. There the schema is trusted: this program adds no function of its own to
  /// SQLite, and those of SQLite that have effects cannot be called from a schema in any case (`SQLITE_DIRECTONLY`).
  ///
  /// - Throws: `SQLiteError`.
  package func distrustSchema() throws(SQLiteError) {
    let isTrusted = try !Self.allowsJSONInUntrustedSchema()
    let code = xmsafe_sqlite_set(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, isTrusted ? 1 : 0)
    guard code == SQLITE_OK else { throw SQLiteError(code: code) }
  }

  /// Whether this SQLite opens a database with a JSON function in its schema while it does not trust the schema.
  private static func allowsJSONInUntrustedSchema() throws(SQLiteError) -> Bool {
    let probe = try Connection.inMemory()
    try probe.execute("CREATE TABLE t (a CHECK (json_valid(a)))")
    try probe.execute("PRAGMA trusted_schema=OFF")
    do {
      try probe.execute("INSERT INTO t VALUES ('1')")
    } catch let error where error.code == .error {
      return false
    }
    return true
  }
}
