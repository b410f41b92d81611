internal import AlembicScripts
internal import Logging
internal import SQLite
internal import Schema
internal import Stopping

/// Performs a script's operations on an SQLite connection: the native engine's hands.
final class NativeActions: MigrationActions {
  private let connection: Connection
  private let logger: Logger
  private let log: StatementLog
  private let keepsEverything: Bool
  /// What the log was when each of the open savepoints was opened.
  private var marks: [StatementLog.Mark] = []
  /// The last error of a statement: what it was that ended the transaction, where one has.
  private var lastFailure: SQLiteError?

  init(
    connection: Connection,
    logger: Logger,
    log: StatementLog,
    keepsEverything: Bool = false
  ) {
    self.connection = connection
    self.keepsEverything = keepsEverything
    self.logger = logger
    self.log = log
  }

  func perform(_ operation: Operation) throws {
    try StopSwitch.check()
    if case .batch(let batch) = operation, try batch.needsRebuild() {
      try rebuild(batch)
      return
    }
    for statement in try SQLiteDDL.statements(for: operation) { try run(statement) }
  }

  private func rebuild(_ batch: BatchAlteration) throws {
    var batch = batch
    batch.keepsEverything = keepsEverything
    let rebuild = try TableRebuild(of: try table(of: batch), applying: batch)
    // alembic loses these in silence, and the schema must come out equal; but nobody should have to find out later.
    log.noteRebuild(batch)
    for loss in rebuild.losses { log.append(loss: loss, of: batch.table) }
    try run(rebuild.createTable)
    for statement in rebuild.temporaryIndexes { try run(statement) }
    do {
      if let copyCounter = rebuild.copyCounter { try run(copyCounter) }
      try run(rebuild.copyRows)
      try run(rebuild.dropTable)
    } catch {
      // A script may catch the error and go on: then the table must be gone that alembic drops here.
      do {
        if connection.isInTransaction { try run(rebuild.cleanup) }
      } catch let second {
        // The first error is the one to tell; this one is not hidden either.
        logger.warning("What the rebuild has left could not be dropped: \(second)")
      }
      throw error
    }
    for statement in [rebuild.rename] + rebuild.indexes { try run(statement) }
  }

  private func table(of batch: BatchAlteration) throws -> ReflectedTable {
    guard let declared = batch.declared else { return try reflect(batch.table) }
    // The declaration decides; what is there only tells what gets lost.
    return declared.reflected(try hasTable(batch.table) ? try reflect(batch.table) : nil)
  }

  func execute(_ sql: String, _ values: [SQLValue]) throws -> StatementResult {
    try StopSwitch.check()
    return try run(sql, values)
  }

  /// Says what the rebuilds have lost and the rest of the revision has not brought back.
  func tellLosses() throws {
    var tables: [String: ReflectedTable?] = [:]
    try log.forgetLosses { name, loss in
      if tables[name] == nil {
        do {
          tables[name] = .some(try reflect(name))
        } catch is SchemaError {
          // Gone, or by another name: what is lost is lost.
          tables[name] = .some(nil)
        }
      }
      return tables[name].flatMap(\.self).map(loss.isThere) ?? false
    }
    for (table, loss) in log.losses {
      logger.warning(
        "Table '\(table)': \(loss)",
        metadata: ["table": .string(table), "remedy": .string(loss.remedy ?? "")]
      )
    }
  }

  func reflect(_ table: String) throws -> ReflectedTable {
    try TableReflection(connection: connection).table(table)
  }

  func viewNames() throws -> [String] {
    try connection.query("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")
      .compactMap { $0.first?.textValue }
  }

  func beginSavepoint() throws {
    try control("SAVEPOINT xm_safe_nested")
    marks.append(log.mark)
  }

  func endSavepoint(keepsChanges: Bool) throws {
    // SQLAlchemy leaves a savepoint open that it has gone back to; nothing can tell, and every one costs memory.
    if !keepsChanges { try control("ROLLBACK TO xm_safe_nested") }
    try control("RELEASE xm_safe_nested")
    guard let mark = marks.popLast(), !keepsChanges else { return }
    log.goBack(to: mark)
  }

  /// Runs a statement about a savepoint of ours, which the guard keeps scripts from writing themselves.
  private func control(_ sql: String) throws {
    try StopSwitch.check()
    guard connection.isInTransaction else { throw SavepointLost(cause: lastFailure) }
    let isAllowed: (Connection.GuardedAction) -> Bool = { _ in true }
    _ = try connection.withGuard(isAllowed) { try connection.execute(sql) }
  }

  func tableNames() throws -> [String] {
    try connection.tableNames().sorted { left, right in
      left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars) { $0.value < $1.value }
    }
  }

  func hasTable(_ name: String) throws -> Bool {
    for schema in ["main", "temp"] {
      let info = try connection.query("PRAGMA \(schema).table_info(\(Connection.quoted(name)))")
      if !info.isEmpty { return true }
    }
    return false
  }

  @discardableResult
  private func run(_ sql: String, _ values: [SQLValue] = []) throws -> StatementResult {
    log.begin(sql)
    let statement = try connection.prepare(sql)
    // Python's sqlite3 refuses a second statement too; it would be lost without a word otherwise.
    guard try connection.prepare(statement.tail).isEmpty else {
      throw SQLiteError(
        extendedCode: .misuse,
        message: "You can only execute one statement at a time.",
        sql: sql
      )
    }
    // SQLite would take what is not bound for NULL; Python's sqlite3 refuses it.
    guard statement.parameterCount == values.count else {
      throw SQLiteError(
        extendedCode: .misuse,
        message: "the statement has parameters without values",
        sql: sql
      )
    }
    try statement.bind(values.map(\.stored))
    try log.prepared(on: connection)
    var result = StatementResult(columns: statement.columnNames)
    do {
      while try statement.step() { result.rows.append(try Self.given(statement)) }
    } catch {
      lastFailure = error
      throw error
    }
    let word = sql.drop { $0.isWhitespace }.prefix { $0.isLetter }.uppercased()
    if ["INSERT", "UPDATE", "DELETE", "REPLACE"].contains(word) {
      result.rowCount = connection.changes
    }
    result.lastRowID = connection.lastInsertedRowID
    try log.finish(sql, on: connection)
    return result
  }
}

/// SQLite has ended the transaction by itself, and with it every savepoint; no script goes on after that.
private struct SavepointLost: Error, CustomStringConvertible {
  /// The error.
  var cause: SQLiteError?

  var description: String {
    "the database has undone the whole transaction because of an error\(cause.map { " (\($0))" } ?? ""), and the script's savepoint with it"
  }
}

extension NativeActions {
  /// The present row as a script gets it.
  ///
  /// - Throws: `SQLiteError` for text that is not UTF-8: handed on as something else, it would be written back as that.
  ///   Python's sqlite3 refuses it in the same words.
  private static func given(_ statement: Statement) throws(SQLiteError) -> [SQLValue] {
    var row: [SQLValue] = []
    for (index, value) in statement.row.enumerated() {
      guard let given = value.given else {
        throw SQLiteError.undecodable(
          value.textBytes ?? [],
          column: statement.columnNames[index],
          sql: statement.sql
        )
      }
      row.append(given)
    }
    return row
  }
}

extension SQLValue {
  /// The value as SQLite takes it.
  fileprivate var stored: Value {
    switch self {
    case .null: .null
    case .integer(let number): .integer(number)
    case .real(let number): .real(number)
    case .text(let text): .text(text)
    case .blob(let bytes): .blob(bytes)
    }
  }
}

extension Value {
  /// The value as a script gets it; nil for text that Python cannot decode.
  fileprivate var given: SQLValue? {
    switch self {
    case .null: .null
    case .integer(let number): .integer(number)
    case .real(let number): .real(number)
    case .text(let text): .text(text)
    case .rawText: nil
    case .blob(let bytes): .blob(bytes)
    }
  }
}
