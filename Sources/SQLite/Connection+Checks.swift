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

  /// What `PRAGMA foreign_key_check` finds, counted by table, parent and key.
  ///
  /// - Returns: The violations.
  /// - Throws: `SQLiteError`, also when a declared key cannot be checked ("foreign key mismatch").
  package func foreignKeyCheck() throws(SQLiteError) -> ForeignKeyReport {
    var report = ForeignKeyReport()
    let statement = try prepare("PRAGMA foreign_key_check")
    while try statement.step() {
      let row = statement.row
      let key = ForeignKeyReport.Key(
        table: row.first?.textValue ?? "",
        parent: row.dropFirst(2).first?.textValue ?? ""
      )
      report.violations[key, default: 0] += 1
    }
    return report
  }

  private func findings(_ pragma: String) throws(SQLiteError) -> [String] {
    let rows = try query(pragma).compactMap { $0.first?.textValue }
    return rows == ["ok"] ? [] : rows
  }
}

/// The rows whose foreign keys point nowhere, counted.
package struct ForeignKeyReport: Hashable, Sendable {
  /// From which table to which.
  package struct Key: Hashable, Sendable, Comparable {
    /// The table with the rows.
    package var table: String
    /// The table that lacks the parents.
    package var parent: String

    /// Makes a key of its parts.
    package init(table: String, parent: String) {
      self.table = table
      self.parent = parent
    }

    /// Orders by table, then parent.
    package static func < (left: Key, right: Key) -> Bool {
      (left.table, left.parent) < (right.table, right.parent)
    }
  }

  /// How many rows per key.
  package var violations: [Key: Int] = [:]

  /// Makes an empty report.
  package init() {}

  /// What is violated here and was not, or less, in an earlier report.
  ///
  /// Tables may have been renamed in between, so a key that only changed its names with the same total is no worse.
  ///
  /// - Parameter earlier: The report from before.
  /// - Returns: The keys with the number of new violations; empty when nothing became worse.
  package func worse(than earlier: ForeignKeyReport) -> [Key: Int] {
    let total = violations.values.reduce(0, +)
    guard total > earlier.violations.values.reduce(0, +) else { return [:] }
    var worse: [Key: Int] = [:]
    for (key, count) in violations where count > earlier.violations[key, default: 0] {
      worse[key] = count - earlier.violations[key, default: 0]
    }
    return worse
  }
}
