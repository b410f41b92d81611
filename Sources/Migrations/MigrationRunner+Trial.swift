internal import AlembicScripts
package import Revisions
package import SQLite

/// Trying a revision out on a database that is thrown away.
extension MigrationRunner {
  /// Runs the script of one step without a savepoint and without moving the version: what it did before it failed stays.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - connection: A database of our own.
  /// - Throws: What the script threw.
  package func tryOut(_ step: Plan.Step, on connection: Connection) throws {
    guard let script = scripts.script(of: step.revision.id) else { return }
    let actions = NativeActions(
      connection: connection,
      logger: logger,
      log: StatementLog(tables: [])
    )
    try connection.withGuard(Self.isAllowed) {
      try ScriptRunner.run(of: script, actions: actions)
    }
  }
}
