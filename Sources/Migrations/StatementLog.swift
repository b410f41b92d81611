internal import SQLite
internal import Schema

/// What one revision does, statement by statement: the SQL, and what becomes of the tables.
///
/// What a statement does itself is told apart from what triggers and foreign keys make of it: SQLite's authorizer tells the
/// statement's own target first, before anything that follows from it.
final class StatementLog {
  /// The statements as executed, in order.
  private(set) var statements: [String] = []
  /// What rebuilds have lost.
  private(set) var losses: [(table: String, loss: RebuildLoss)] = []
  /// The tables that were changed in any way.
  private(set) var touched: Set<TableKey> = []
  /// The tables that statements themselves delete rows from, by all names that they had.
  private(set) var deletedFrom: Set<TableKey> = []
  /// The tables that rows were inserted into, by whomever.
  private(set) var insertedInto: Set<TableKey> = []
  /// The columns that statements themselves set, per table.
  private(set) var updated: [TableKey: Set<TableKey>] = [:]
  /// The tables that were dropped, by the names that they had before the revision.
  private(set) var dropped: Set<TableKey> = []
  /// The tables whose rows were read into another one.
  private(set) var copied: Set<TableKey> = []
  /// The tables that a batch has rebuilt, and the columns that it gave another type.
  private(set) var rebuilt: [TableKey: Set<TableKey>] = [:]
  /// Present names of the tables that were there before the revision, and their names then.
  private var origins: [TableKey: TableKey]
  private var changes: [TableChange] = []
  private var namesBefore: Set<TableKey> = []

  init(tables: some Sequence<TableKey>) {
    origins = Dictionary(tables.map { ($0, $0) }) { first, _ in first }
  }

  /// Notes a statement that is not looked at further.
  func append(_ sql: String) { statements.append(sql) }

  /// Notes what a rebuild loses.
  func append(loss: RebuildLoss, of table: String) { losses.append((table, loss)) }

  /// Forgets the losses that the revision has made good itself.
  func forgetLosses(where isMadeGood: (String, RebuildLoss) throws -> Bool) rethrows {
    losses = try losses.filter { try !isMadeGood($0.table, $0.loss) }
  }

  /// Notes that a batch rebuilds a table.
  func noteRebuild(_ batch: BatchAlteration) {
    var retyped: Set<TableKey> = []
    for case .alterColumn(let alteration) in batch.changes where alteration.type != nil {
      retyped.insert(TableKey(alteration.column))
    }
    rebuilt[TableKey(batch.table), default: []].formUnion(retyped)
  }

  /// The name that a table of before has now; nil if it is gone.
  func presentName(of original: TableKey) -> TableKey? {
    origins.first { $0.value == original }?.key
  }

  /// How many rows a table of before has now, by its old name or the one it was given; nil if it is gone.
  func rowsNow(of original: TableKey, _ ledger: RowLedger) -> Int64? {
    let renamed = presentName(of: original).flatMap { ledger.counts[$0] }
    return [ledger.counts[original], renamed].compactMap { $0?.rows }.max()
  }

  /// Takes what SQLite tells of the statement that is being prepared.
  func observe(_ change: TableChange) { changes.append(change) }

  /// Begins a statement, before it is prepared.
  func begin(_ sql: String) {
    statements.append(sql)
    changes = []
  }

  /// Looks at a statement that is prepared and not yet executed.
  func prepared(on connection: Connection) throws {
    guard changes.contains(where: { $0.kind == .alter }) else { return }
    namesBefore = try Self.names(connection)
  }

  /// Draws the conclusions from a statement that was executed.
  func finish(_ sql: String, on connection: Connection) throws {
    let changes = changes.filter { $0.schema == "main" && !$0.table.hasPrefix("sqlite_") }
    guard !changes.isEmpty else { return }
    for change in changes {
      touched.insert(TableKey(change.table))
      if change.kind == .insert { insertedInto.insert(TableKey(change.table)) }
    }
    if changes.contains(where: { $0.kind == .alter }) { try noteRename(connection) }
    if let drop = changes.first(where: { $0.kind == .drop }) {
      if let original = origins.removeValue(forKey: TableKey(drop.table)) {
        dropped.insert(original)
      }
      return
    }
    let own = changes[0]
    let table = TableKey(own.table)
    let text = StatementText(sql)
    switch own.kind {
    case .delete: noteDeletion(table)
    case .insert: noteInsertion(table, text)
    case .create: noteCopies(to: table, text)
    case .update:
      let columns = changes.compactMap { change -> String? in
        guard !change.isByTrigger, TableKey(change.table) == table,
          case .update(let column) = change.kind
        else { return nil }
        return column
      }
      noteUpdate(table, columns, text)
    case .alter, .drop: break
    }
  }

  /// Draws the conclusions from a statement that somebody else has executed, from its text alone.
  func finish(text sql: String) {
    let text = StatementText(sql)
    guard let (action, name) = text.action else { return }
    let table = TableKey(name)
    touched.insert(table)
    switch action {
    case .insert:
      insertedInto.insert(table)
      noteInsertion(table, text)
    case .update(let columns): noteUpdate(table, columns, text)
    case .delete: noteDeletion(table)
    case .create: noteCopies(to: table, text)
    case .drop:
      if let original = origins.removeValue(forKey: table) { dropped.insert(original) }
    case .rename(let name): noteRename(from: table, to: TableKey(name))
    case .alter: break
    }
  }

  /// Notes that a table was changed, by whatever statement, trigger or foreign key.
  func noteTouched(_ table: TableKey) { touched.insert(table) }

  private func noteInsertion(_ table: TableKey, _ text: StatementText) {
    noteCopies(to: table, text)
    if text.replacesRows { noteDeletion(table) }
  }

  private func noteCopies(to table: TableKey, _ text: StatementText) {
    let words = text.readsRows ? text.words.map(TableKey.init) : []
    copied.formUnion(words.filter { $0 != table }.compactMap { origins[$0] })
  }

  private func noteUpdate(_ table: TableKey, _ columns: [String], _ text: StatementText) {
    if text.replacesRows { noteDeletion(table) }
    for column in columns { updated[table, default: []].insert(TableKey(column)) }
  }

  private func noteDeletion(_ table: TableKey) {
    deletedFrom.insert(table)
    if let original = origins[table] { deletedFrom.insert(original) }
  }

  /// Follows a table to its new name; what was done to it goes with it.
  private func noteRename(_ connection: Connection) throws {
    let names = try Self.names(connection)
    guard let old = namesBefore.subtracting(names).first,
      let new = names.subtracting(namesBefore).first
    else { return }
    noteRename(from: old, to: new)
  }

  private func noteRename(from old: TableKey, to new: TableKey) {
    touched.formUnion([old, new])
    origins[new] = origins.removeValue(forKey: old)
    if deletedFrom.contains(old) { deletedFrom.insert(new) }
    if let columns = updated[old] { updated[new, default: []].formUnion(columns) }
    if let columns = rebuilt[old] { rebuilt[new, default: []].formUnion(columns) }
  }

  private static func names(_ connection: Connection) throws -> Set<TableKey> {
    Set(try connection.tableNames().map(TableKey.init))
  }
}
