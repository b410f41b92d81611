internal import AlembicScripts
internal import PythonSyntax
internal import Schema

/// Migration scripts, from bytes to what they would do.
enum ScriptTarget {
  static func parse(_ input: [UInt8]) {
    attempt { _ = try Module.parse(bytes: input) }
  }

  static func run(_ input: [UInt8]) {
    attempt { try upgrade(Script(path: "a.py", bytes: input), WrittenActions()) }
  }

  /// Checks and runs a script, as an upgrade does.
  ///
  /// A run is short here: what is not bounded at all is found all the same, and sooner.
  static func upgrade(_ script: Script, _ actions: any MigrationActions) throws {
    attempt { try ScriptRunner.check(of: script, limits: limits) }
    try ScriptRunner.run(of: script, actions: actions, limits: limits)
  }

  private static let limits = RunLimits(work: 1_000_000, bytes: 16 << 20)
}

/// Writes each operation's SQL, and nothing else.
private final class WrittenActions: MigrationActions {
  private var tables: [String] = []

  func perform(_ operation: Schema.Operation) throws {
    if case .createTable(let table) = operation { tables.append(table.name) }
    if case .batch(let batch) = operation, try batch.needsRebuild() { return }
    _ = try SQLiteDDL.statements(for: operation)
  }

  func tableNames() throws -> [String] { tables }
  func hasTable(_ name: String) throws -> Bool { tables.contains(name) }
}
