/// SQLite's own checks of a database, as values (https://www.sqlite.org/pragma.html).
extension Connection {
  /// What `PRAGMA quick_check` finds: all of integrity_check but the comparison of indexes with tables.
  ///
  /// - Parameter limit: The most findings that are reported.
  /// - Returns: The findings; none when the database is sound.
  /// - Throws: `SQLiteError` when the check itself cannot run.
  package func quickCheck(limit: Int = 20) throws(SQLiteError) -> [String] {
    try findings("PRAGMA quick_check(\(limit))")
  }

  /// What `PRAGMA integrity_check` finds.
  ///
  /// - Parameter limit: The most findings that are reported.
  /// - Returns: The findings; none when the database is sound.
  /// - Throws: `SQLiteError` when the check itself cannot run.
  package func integrityCheck(limit: Int = 20) throws(SQLiteError) -> [String] {
    try findings("PRAGMA integrity_check(\(limit))")
  }

  /// What `PRAGMA foreign_key_check` finds, counted by table, parent and number of the key.
  ///
  /// - Returns: The violations.
  /// - Throws: `SQLiteError`, also when a declared key cannot be checked ("foreign key mismatch").
  package func foreignKeyCheck() throws(SQLiteError) -> ForeignKeyReport {
    var report = ForeignKeyReport(tables: Set(try tableNames()))
    let statement = try prepare("PRAGMA foreign_key_check")
    while try statement.step() {
      let row = statement.row
      let key = ForeignKeyReport.Key(
        table: row.first?.textValue ?? "",
        parent: row.dropFirst(2).first?.textValue ?? "",
        number: row.dropFirst(3).first?.integerValue ?? 0
      )
      report.violations[key, default: 0] += 1
    }
    return report
  }

  private func findings(_ pragma: String) throws(SQLiteError) -> [String] {
    // What began after the switch was thrown would not be broken off.
    guard !lockWait.isToStop else {
      throw SQLiteError(extendedCode: .interrupt, message: "interrupted", sql: pragma)
    }
    let rows = try query(pragma).compactMap { $0.first?.textValue }
    guard rows != ["ok"] else { return [] }
    // Each row may begin with a line that only names the database, and hold several findings.
    return rows.flatMap { row in
      row.split(separator: "\n").filter { !$0.hasPrefix("*** in database ") }.map(String.init)
    }
  }
}
