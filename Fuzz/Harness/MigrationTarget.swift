internal import Logging
internal import SQLite
internal import Schema

@testable internal import AlembicScripts
@testable internal import Migrations

/// Migration scripts that are run against SQLite: DDL, reflection, rebuilds.
enum MigrationTarget {
  static func run(_ input: [UInt8]) {
    attempt {
      let script = try Script(path: "a.py", bytes: input)
      let connection = try Connection.inMemory()
      let log = StatementLog(tables: [])
      let actions = NativeActions(
        connection: connection,
        logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() },
        log: log
      )
      try connection.withGuard(MigrationRunner.isAllowed, observe: log.observe) {
        try ScriptTarget.upgrade(script, CheapActions(actions))
      }
    }
  }
}

/// Leaves out statements in which SQLite itself could compute for ever: they are not what is tested.
private final class CheapActions: MigrationActions {
  private let actions: NativeActions

  init(_ actions: NativeActions) {
    self.actions = actions
  }

  func perform(_ operation: Schema.Operation) throws {
    if case .execute(let sql) = operation, !Self.isCheap(sql) { return }
    try actions.perform(operation)
  }

  func execute(_ sql: String, _ values: [SQLValue]) throws -> StatementResult {
    // What is left out has found no rows.
    try actions.execute(
      Self.isCheap(sql) ? sql : "SELECT 1 WHERE 0",
      Self.isCheap(sql) ? values : []
    )
  }

  func reflect(_ table: String) throws -> ReflectedTable { try actions.reflect(table) }
  func viewNames() throws -> [String] { try actions.viewNames() }
  func beginSavepoint() throws { try actions.beginSavepoint() }
  func endSavepoint(keepsChanges: Bool) throws {
    try actions.endSavepoint(keepsChanges: keepsChanges)
  }

  private static func isCheap(_ sql: String) -> Bool {
    let text = sql.uppercased()
    return text.utf8.starts(with: "CREATE TABLE ".utf8) && !text.utf8.contains("SELECT")
  }

  func tableNames() throws -> [String] { try actions.tableNames() }
  func hasTable(_ name: String) throws -> Bool { try actions.hasTable(name) }
}

extension String.UTF8View {
  fileprivate func contains(_ word: String) -> Bool {
    indices.contains { self[$0...].starts(with: word.utf8) }
  }
}
