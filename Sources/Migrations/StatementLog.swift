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
  /// How many rows triggers and foreign keys have deleted from the tables that were there before, by their names then.
  private(set) var lost: [TableKey: Int64] = [:]
  /// The tables that the statement may delete from without being asked to, and their rows before it.
  private var victims: [(name: String, rows: Int64)] = []
  /// Present names of the tables that were there before the revision, and their names then.
  private var origins: [TableKey: TableKey]
  /// The views, and every word of their definitions.
  private var views: [TableKey: Set<TableKey>] = [:]
  /// The temporary tables that statements have created, as far as only their text is known.
  private var temporary: Set<TableKey> = []
  private var changes: [TableChange] = []
  private var namesBefore: Set<TableKey> = []

  /// Begins a log.
  ///
  /// - Parameters:
  ///   - tables: The tables that there are.
  ///   - views: The statements that have created the views that there are.
  init(tables: some Sequence<TableKey>, views: [String] = []) {
    origins = Dictionary(tables.map { ($0, $0) }) { first, _ in first }
    for sql in views { noteView(StatementText(sql)) }
  }

  /// What is undone with a savepoint; the statements and the tables that they touched stay noted.
  struct Mark {
    fileprivate var losses: [(table: String, loss: RebuildLoss)]
    fileprivate var deletedFrom: Set<TableKey>
    fileprivate var updated: [TableKey: Set<TableKey>]
    fileprivate var dropped: Set<TableKey>
    fileprivate var copied: Set<TableKey>
    fileprivate var rebuilt: [TableKey: Set<TableKey>]
    fileprivate var origins: [TableKey: TableKey]
    fileprivate var views: [TableKey: Set<TableKey>]
    fileprivate var temporary: Set<TableKey>
    fileprivate var lost: [TableKey: Int64]
  }

  /// What there is to go back to.
  var mark: Mark {
    Mark(
      losses: losses,
      deletedFrom: deletedFrom,
      updated: updated,
      dropped: dropped,
      copied: copied,
      rebuilt: rebuilt,
      origins: origins,
      views: views,
      temporary: temporary,
      lost: lost
    )
  }

  /// Forgets what was undone with a savepoint.
  func goBack(to mark: Mark) {
    losses = mark.losses
    deletedFrom = mark.deletedFrom
    updated = mark.updated
    dropped = mark.dropped
    copied = mark.copied
    rebuilt = mark.rebuilt
    origins = mark.origins
    views = mark.views
    temporary = mark.temporary
    lost = mark.lost
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
    victims = []
    let all = changes.filter { !$0.table.hasPrefix("sqlite_") }
    let deletions = all.filter { $0.kind == .delete && $0.schema == "main" }
    let own = all.first.flatMap { $0.schema == "main" ? TableKey($0.table) : nil }
    for name in Set(deletions.map(\.table)).sorted() where TableKey(name) != own {
      if let rows = try Self.rows(of: name, connection) { victims.append((name, rows)) }
    }
    guard changes.contains(where: { $0.kind == .alter }) else { return }
    namesBefore = try Self.names(connection)
  }

  /// Draws the conclusions from a statement that was executed.
  func finish(_ sql: String, on connection: Connection) throws {
    for (name, before) in victims {
      guard let after = try Self.rows(of: name, connection), after < before else { continue }
      noteLost(before - after, from: TableKey(name))
    }
    let text = StatementText(sql)
    noteView(text)
    let all = changes.filter { !$0.table.hasPrefix("sqlite_") }
    let changes = all.filter { $0.schema == "main" }
    let isElsewhere = (all.first.map { $0.schema != "main" }) ?? false
    // Rows may come back out of a temporary table.
    if isElsewhere || text.createdTemporaryTable != nil { noteCopies(to: nil, text) }
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
    // The rest is done by triggers then.
    guard !isElsewhere else { return }
    let own = changes[0]
    let table = TableKey(own.table)
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
    noteView(text)
    if let name = text.createdTemporaryTable {
      temporary.insert(TableKey(name))
      noteCopies(to: nil, text)
      return
    }
    guard let (action, name) = text.action else {
      // Into a table of another database, perhaps.
      if text.addsRows { noteCopies(to: nil, text) }
      return
    }
    let table = TableKey(name)
    guard !temporary.contains(table) || text.saysMain else {
      noteTemporary(table, action, text)
      return
    }
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

  /// Notes that triggers or foreign keys have deleted rows, whatever was inserted since.
  func noteLost(_ rows: Int64, from table: TableKey) {
    let isOriginal = dropped.contains(table) || origins.values.contains(table)
    if let original = origins[table] ?? (isOriginal ? table : nil) {
      lost[original, default: 0] += rows
    }
  }

  /// The rows of an ordinary table; nil if there is none of that name.
  private static func rows(of name: String, _ connection: Connection) throws -> Int64? {
    guard try Self.names(connection).contains(TableKey(name)) else { return nil }
    return try connection.value("SELECT count(*) FROM main.\(Connection.quoted(name))")?
      .integerValue
  }

  /// Notes that a table was changed, by whatever statement, trigger or foreign key.
  func noteTouched(_ table: TableKey) { touched.insert(table) }

  private func noteTemporary(
    _ table: TableKey,
    _ action: StatementText.Action,
    _ text: StatementText
  ) {
    switch action {
    case .insert, .create: noteCopies(to: nil, text)
    case .drop: temporary.remove(table)
    case .rename(let name):
      temporary.remove(table)
      temporary.insert(TableKey(name))
    case .update, .delete, .alter: break
    }
  }

  private func noteInsertion(_ table: TableKey, _ text: StatementText) {
    noteCopies(to: table, text)
    if text.replacesRows { noteReplacement(table) }
  }

  /// Notes where a statement takes rows from, through views as well.
  private func noteCopies(to table: TableKey?, _ text: StatementText) {
    guard text.readsRows else { return }
    var names = text.words.map(TableKey.init)
    var seen: Set<TableKey> = []
    while let name = names.popLast() {
      guard name != table, seen.insert(name).inserted else { continue }
      if let original = origins[name] { copied.insert(original) }
      names += views[name] ?? []
    }
  }

  private func noteView(_ text: StatementText) {
    guard let name = text.createdView else { return }
    views[TableKey(name)] = Set(text.words.map(TableKey.init))
  }

  /// Notes that rows in the way are replaced, in a table that was there before the revision.
  ///
  /// In a copy that is being filled they are rows of the original, and nobody has said that those go.
  private func noteReplacement(_ table: TableKey) {
    if origins[table] != nil { noteDeletion(table) }
  }

  private func noteUpdate(_ table: TableKey, _ columns: [String], _ text: StatementText) {
    if text.replacesRows { noteReplacement(table) }
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
