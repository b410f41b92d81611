package import SQLite

/// How many rows each table has, for comparing a database before and after something of which nobody knows what it does.
///
/// Virtual tables and the version table are left out, as for a revision's guard.
package struct RowCensus {
  /// A table that has lost rows.
  package struct Loss: Hashable, Sendable, CustomStringConvertible {
    /// The table, as it was called before.
    package var table: String
    /// Its rows before.
    package var before: Int64
    /// Its rows after; nil if it is gone.
    package var after: Int64?

    /// One sentence that names the table, what is gone, and how to allow it.
    package var description: String {
      let option = DataLoss(table: table, kind: .rows(before: before, after: after ?? 0)).option
      guard let after else {
        return
          "table '\(table)' is gone with its \(before) \(before == 1 ? "row" : "rows"), and no new table that is like it has as many; \(option) lets it"
      }
      let count = before - after
      return
        "\(count) \(count == 1 ? "row" : "rows") of table '\(table)' vanished (\(before) before, \(after) after); \(option) lets it"
    }
  }

  private let counts: [TableKey: (name: String, rows: Int64)]
  /// The columns per table; empty where nobody has asked for them.
  private let columns: [TableKey: Set<TableKey>]
  private let key: (String) -> TableKey

  /// Counts.
  ///
  /// - Parameters:
  ///   - connection: The database, in one view.
  ///   - versionTable: The version table.
  /// - Throws: `SQLiteError`.
  package init(_ connection: Connection, versionTable: String) throws {
    let counts = try RowLedger(connection, versionTable: versionTable).counts
    var columns: [TableKey: Set<TableKey>] = [:]
    for (key, table) in counts {
      let found = try connection.query("PRAGMA main.table_xinfo(\(Connection.quoted(table.name)))")
      columns[key] = Set(found.compactMap { $0[1].textValue.map(TableKey.init) })
    }
    self.counts = counts
    self.columns = columns
    key = { TableKey($0) }
  }

  /// Takes what a server has counted.
  ///
  /// - Parameter rows: Rows per table, without the version table.
  package init(_ rows: [String: Int64]) {
    counts = Dictionary(
      uniqueKeysWithValues: rows.map { (TableKey.exact($0.key), ($0.key, $0.value)) }
    )
    columns = [:]
    key = { TableKey.exact($0) }
  }

  /// The tables that have fewer rows in a later census.
  ///
  /// A table that is gone may have been given another name: each new table can stand for one that is gone and had no more rows,
  /// if it has at least half of its columns.
  ///
  /// - Parameters:
  ///   - later: The later census.
  ///   - allowed: The tables that may lose rows.
  /// - Returns: The losses, by the tables' names.
  package func losses(in later: RowCensus, allowing allowed: [String] = []) -> [Loss] {
    let allowed = Set(allowed.map(key))
    var losses: [Loss] = []
    var gone: [(key: TableKey, name: String, rows: Int64)] = []
    for (key, table) in counts where table.rows > 0 {
      guard let now = later.counts[key] else {
        gone.append((key, table.name, table.rows))
        continue
      }
      guard now.rows < table.rows, !allowed.contains(key) else { continue }
      losses.append(Loss(table: table.name, before: table.rows, after: now.rows))
    }
    var new = later.counts.filter { counts[$0.key] == nil }.map { ($0.key, $0.value.rows) }
    for table in gone.sorted(by: { ($0.rows, $0.key) < ($1.rows, $1.key) }) {
      // The one that is most like it, and of those the smallest: so that as many as can be find one.
      let place = new.indices
        .filter { new[$0].1 >= table.rows && isLike(table.key, later, new[$0].0) }
        .min {
          let (left, right) = (
            shared(table.key, later, new[$0].0), shared(table.key, later, new[$1].0)
          )
          return (-left, new[$0].1, new[$0].0) < (-right, new[$1].1, new[$1].0)
        }
      if let place {
        new.remove(at: place)
      } else if !allowed.contains(table.key) {
        losses.append(Loss(table: table.name, before: table.rows, after: nil))
      }
    }
    return losses.sorted { key($0.table) < key($1.table) }
  }

  private func isLike(_ gone: TableKey, _ later: RowCensus, _ new: TableKey) -> Bool {
    guard let columns = columns[gone], later.columns[new] != nil else { return true }
    return shared(gone, later, new) * 2 >= columns.count
  }

  private func shared(_ gone: TableKey, _ later: RowCensus, _ new: TableKey) -> Int {
    (columns[gone] ?? []).intersection(later.columns[new] ?? []).count
  }
}
