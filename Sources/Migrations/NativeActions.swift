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
        "\(loss)",
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

  func nested(_ body: () throws -> Void) throws {
    try connection.withSavepoint("xm_safe_nested", body)
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
    while try statement.step() { result.rows.append(statement.row.map(\.given)) }
    let word = sql.drop { $0.isWhitespace }.prefix { $0.isLetter }.uppercased()
    if ["INSERT", "UPDATE", "DELETE", "REPLACE"].contains(word) {
      result.rowCount = connection.changes
    }
    result.lastRowID = connection.lastInsertedRowID
    try log.finish(sql, on: connection)
    return result
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
  /// The value as a script gets it.
  fileprivate var given: SQLValue {
    switch self {
    case .null: .null
    case .integer(let number): .integer(number)
    case .real(let number): .real(number)
    case .text(let text): .text(text)
    case .blob(let bytes): .blob(bytes)
    }
  }
}
