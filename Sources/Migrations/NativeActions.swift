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

  init(connection: Connection, logger: Logger, log: StatementLog) {
    self.connection = connection
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
    let table = try TableReflection(connection: connection).table(batch.table)
    let rebuild = try TableRebuild(of: table, applying: batch)
    // alembic loses these in silence, and the schema must come out equal; but nobody should have to find out later.
    log.noteRebuild(batch)
    for loss in rebuild.losses {
      log.append(loss: loss, of: batch.table)
      logger.warning(
        "\(loss)",
        metadata: ["table": .string(batch.table), "remedy": .string(loss.remedy ?? "")]
      )
    }
    // The savepoint around the revision is the way back: alembic's own cleanup is not needed.
    for statement in rebuild.statements { try run(statement) }
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

  private func run(_ sql: String) throws {
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
    guard statement.parameterCount == 0 else {
      throw SQLiteError(
        extendedCode: .misuse,
        message: "the statement has parameters without values",
        sql: sql
      )
    }
    try log.prepared(on: connection)
    while try statement.step() {}
    try log.finish(sql, on: connection)
  }
}
