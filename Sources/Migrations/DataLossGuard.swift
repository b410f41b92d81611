internal import SQLite

/// Stops a revision by which rows vanish from a table that it neither drops nor deletes from.
///
/// Which rows a revision deletes itself is told by SQLite's authorizer and the statement's own text: DELETE, and REPLACE as a
/// conflict clause. What a trigger or a foreign key's ON DELETE deletes is not asked for by name, and stops it. A rebuild is
/// no drop: the table of the same name must have its rows afterwards. Only tables that a statement may have written, by
/// itself or through triggers and foreign keys, are counted again; all others are as they were.
package struct DataLossGuard: Hashable, Sendable {
  /// What is compared before and after each revision.
  package enum Mode: String, Hashable, Sendable, CaseIterable {
    /// How many rows every table has.
    case rows
    /// The same, and the values of all columns that the revision does not write itself.
    case digest
    /// Nothing.
    case off
  }

  /// What is compared.
  package var mode: Mode
  private let allowed: Set<TableKey>
  private let allowedNames: [String]

  /// Makes a guard.
  ///
  /// - Parameters:
  ///   - mode: What is compared.
  ///   - allowed: The tables that may lose rows and values.
  package init(mode: Mode = .rows, allowed: [String] = []) {
    self.mode = mode
    self.allowed = Set(allowed.map(TableKey.init))
    allowedNames = allowed
  }

  /// The tables that may lose rows and are none.
  ///
  /// - Parameter tables: The tables of before and of afterwards.
  /// - Returns: The names, as they were given.
  package func strangers(among tables: [String]) -> [String] {
    let known = Set(tables.map(TableKey.init))
    return allowedNames.filter { !known.contains(TableKey($0)) }
  }

  func ledger(
    _ connection: Connection,
    versionTable: String,
    known: [String: Int64]?,
    isObserved: Bool
  ) throws -> RowLedger? {
    guard mode != .off || isObserved else { return nil }
    return try RowLedger(
      connection,
      versionTable: versionTable,
      known: known,
      isDigesting: mode == .digest,
      isWatchingReferences: try mode != .off && connection.pragma("foreign_keys") != 0
    )
  }

  /// Compares the tables before a revision with those after it.
  ///
  /// - Throws: `DataLoss` for the first table, by name, that has lost something.
  func check(_ log: StatementLog, before: RowLedger, after: RowLedger) throws(DataLoss) {
    guard mode != .off else { return }
    let tables = before.counts.sorted { $0.key < $1.key }
    for (key, table) in tables where log.touched.contains(key) && !allowed.contains(key) {
      try checkRows(of: key, table.name, table.rows, log, after)
      if mode == .digest { try checkValues(of: key, table.name, log, before, after) }
    }
    for (key, table) in tables where !allowed.contains(key) {
      try checkReferences(of: key, table.name, log, before, after)
    }
  }

  /// References that a foreign key's action has changed because the table that they refer to was made anew: DROP TABLE deletes
  /// all of its rows first (https://www.sqlite.org/foreignkeys.html#fk_schemacommands).
  ///
  /// What the action does after a DELETE that the revision asks for is what the schema asks for.
  private func checkReferences(
    of key: TableKey,
    _ name: String,
    _ log: StatementLog,
    _ before: RowLedger,
    _ after: RowLedger
  ) throws(DataLoss) {
    let present = log.presentName(of: key).flatMap { after.references[$0] == nil ? nil : $0 } ?? key
    guard let old = before.references[key], let new = after.references[present],
      !log.deletedFrom.contains(key)
    else { return }
    let updated = (log.updated[key] ?? []).union(log.updated[present] ?? [])
    for (column, then) in old.sorted(by: { $0.key < $1.key }) where !updated.contains(column) {
      let parent = TableKey(then.parent)
      guard let now = new[column], log.dropped.contains(parent), !log.deletedFrom.contains(parent),
        log.rowsNow(of: parent, after) != nil
      else { continue }
      let isOther =
        then.digest != nil && now.digest != then.digest && now.type == then.type
        && (log.dropped.contains(key) || !log.insertedInto.contains(present))
      guard now.filled < then.filled || isOther else { continue }
      let lost = then.filled - now.filled
      throw DataLoss(
        table: name,
        kind: .references(column: then.name, parent: then.parent, count: lost > 0 ? lost : nil)
      )
    }
  }

  private func checkRows(
    of key: TableKey,
    _ name: String,
    _ rows: Int64,
    _ log: StatementLog,
    _ after: RowLedger
  ) throws(DataLoss) {
    // Without a table there was a DROP TABLE that says so.
    guard let now = log.rowsNow(of: key, after), now < rows, !log.deletedFrom.contains(key) else {
      return try checkLost(from: key, name, log, after)
    }
    // Dropped, and created anew without its rows having been copied: that is what the revision says as well.
    guard !log.dropped.contains(key) || log.copied.contains(key) else { return }
    throw DataLoss(table: name, kind: .rows(before: rows, after: now))
  }

  /// Rows that are gone although there are as many as before: others were inserted.
  private func checkLost(
    from key: TableKey,
    _ name: String,
    _ log: StatementLog,
    _ after: RowLedger
  ) throws(DataLoss) {
    guard let count = log.lost[key], log.rowsNow(of: key, after) != nil,
      !log.deletedFrom.contains(key)
    else { return }
    guard !log.dropped.contains(key) || log.copied.contains(key) else { return }
    throw DataLoss(table: name, kind: .deleted(count: count))
  }

  private func checkValues(
    of key: TableKey,
    _ name: String,
    _ log: StatementLog,
    _ before: RowLedger,
    _ after: RowLedger
  ) throws(DataLoss) {
    // Its rows went with it if it has another name now, whoever has the old one: the same rule as for their number.
    let present = log.presentName(of: key).flatMap { after.digests[$0] == nil ? nil : $0 } ?? key
    guard let old = before.digests[key], let new = after.digests[present] else { return }
    // Rows that were added or deleted on purpose change every sum.
    let isRebuilt = log.dropped.contains(key)
    guard !log.deletedFrom.contains(key), isRebuilt || !log.insertedInto.contains(present) else {
      return
    }
    guard !isRebuilt || log.copied.contains(key) else { return }
    let updated = (log.updated[key] ?? []).union(log.updated[present] ?? [])
    let retyped = log.rebuilt[key] ?? log.rebuilt[present]
    let changed = old.changedColumn(in: new) { old, new in
      let column = TableKey(old.name)
      if updated.contains(column) { return true }
      // A batch says which types it changes; where the table was made anew by hand, its text does.
      if let retyped { return retyped.contains(column) }
      return old.type != new.type
    }
    if let changed { throw DataLoss(table: name, kind: .values(column: changed)) }
  }
}
