package import AlembicScripts
package import Logging
package import Revisions
internal import Schema
internal import Stopping

/// Writes the SQL of a plan instead of executing it, as alembic's `--sql` does.
package struct OfflineRun {
  /// The scripts.
  package let scripts: ScriptDirectory
  private let versionTable: VersionTable
  private let logger: Logger

  /// Makes a run.
  ///
  /// - Parameters:
  ///   - scripts: The scripts; those of the plan were checked.
  ///   - versionTable: Where the heads are kept.
  ///   - logger: For alembic's own lines.
  package init(scripts: ScriptDirectory, versionTable: VersionTable, logger: Logger) {
    self.scripts = scripts
    self.versionTable = versionTable
    self.logger = logger
  }

  /// Writes the SQL of the steps.
  ///
  /// - Parameter plan: The plan.
  /// - Returns: The statements, each followed by an empty line.
  /// - Throws: `ScriptError` with the place in the script; `SchemaError`.
  package func sql(of plan: Plan) throws -> String {
    sayContext()
    let output = OfflineActions()
    var rows = plan.rowsBefore
    for step in plan.steps {
      try StopSwitch.check()
      if rows.isEmpty { output.add(statement: versionTable.creation) }
      logger.info("\(plan.direction.line(of: step))")
      output.add("-- Running \(plan.direction.shortLine(of: step))")
      if let function = plan.direction.function {
        guard let script = scripts.script(of: step.revision.id) else {
          throw ScriptError(.unreadable, "the script of revision \(step.revision.id) is gone")
        }
        if let place = script.offlineQuestion {
          throw ScriptError(
            .notRead,
            "what a script does without a database only is not read",
            at: place,
            hint: "'alembic upgrade --sql' of the project prints it"
          )
        }
        try ScriptRunner.run(function, of: script, actions: output)
      }
      for change in step.changes { output.add(statement: versionTable.offlineStatement(change)) }
      rows = step.rowsAfter
    }
    return output.text
  }

  /// Writes the SQL that makes the version table.
  ///
  /// - Returns: The statement, followed by an empty line.
  package func creation() -> String {
    sayContext()
    let output = OfflineActions()
    output.add(statement: versionTable.creation)
    return output.text
  }

  /// Says what alembic says before it prints SQL.
  private func sayContext() {
    logger.info("Context impl SQLiteImpl.")
    logger.info("Generating static SQL")
    // What is printed has no BEGIN and no COMMIT.
    logger.info("Will assume non-transactional DDL.")
  }
}

/// Takes a script's operations down as text.
final class OfflineActions: MigrationActions {
  private(set) var text = ""

  func add(_ line: String) { text += line + "\n\n" }

  /// Adds a statement in alembic's way: tabs made blanks, nothing around it, a semicolon.
  func add(statement: String) {
    var expanded = ""
    for character in statement { expanded += character == "\t" ? "    " : String(character) }
    let scalars = Array(expanded.unicodeScalars)
    let first = scalars.firstIndex { !$0.properties.isWhitespace } ?? 0
    let last = scalars.lastIndex { !$0.properties.isWhitespace } ?? -1
    add(String(String.UnicodeScalarView(scalars[first..<(last + 1)])) + ";")
  }

  func perform(_ operation: Operation) throws {
    if case .batch(let batch) = operation, try batch.needsRebuild() {
      if let declared = batch.declared {
        let rebuild = try TableRebuild(of: declared.reflected(nil), applying: batch)
        for statement in rebuild.statements { add(statement: statement) }
        return
      }
      throw ScriptError(
        .raised("CommandError"),
        "the batch rebuilds table '\(batch.table)', which must be there to be read: there is no SQL without a database",
        hint:
          "'xm-safe plan' shows the SQL for a database as it is; a whole table in copy_from= needs none"
      )
    }
    for statement in try SQLiteDDL.statements(for: operation) { add(statement: statement) }
  }

  func tableNames() throws -> [String] { throw asks }

  func hasTable(_ name: String) throws -> Bool { throw asks }

  private var asks: ScriptError {
    ScriptError(
      .raised("NoInspectionAvailable"),
      "the script asks which tables there are: there is no SQL without a database",
      hint: "'xm-safe plan' shows the SQL for a database as it is"
    )
  }
}
