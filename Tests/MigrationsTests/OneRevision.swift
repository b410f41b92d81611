import AlembicScripts
import Logging
import Migrations
import Revisions
import SQLite
import TestKit

/// One revision with the body of a test, and the database that the native engine runs it on.
struct OneRevision {
  let connection: Connection
  private let scratch: Scratch
  private let scripts: ScriptDirectory

  /// Writes the script, makes the database, and begins a transaction.
  ///
  /// - Parameters:
  ///   - body: What `upgrade()` does; `op` and `sa` are imported.
  ///   - statements: What makes the database.
  ///   - foreignKeys: Whether `PRAGMA foreign_keys` is on.
  /// - Throws: What making it throws.
  init(_ body: String, on statements: [String], foreignKeys: Bool = false) throws {
    scratch = try Scratch()
    let lines = body.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
    try scratch.write(
      "from alembic import op\nimport sqlalchemy as sa\nrevision = 'aaaa'\ndown_revision = None\n"
        + "def upgrade():\n\(lines)\n",
      to: "versions/aaaa.py"
    )
    scripts = try ScriptDirectory(versions: [scratch.file("versions")])
    try SampleDatabases.create(scratch.file("a.sqlite3"), statements)
    connection = try Connection(opening: scratch.file("a.sqlite3"), mode: .readWrite)
    try connection.execute("PRAGMA foreign_keys=\(foreignKeys ? "ON" : "OFF")")
    try connection.beginImmediate()
  }

  /// Runs it.
  ///
  /// - Parameter guarding: What is compared before and after.
  /// - Returns: Why it failed; nil if it did not.
  /// - Throws: What is no failure of the revision.
  func run(guarding: DataLossGuard = DataLossGuard()) throws -> MigrationRunner.Failure? {
    let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let runner = MigrationRunner(
      scripts: scripts,
      versionTable: VersionTable(),
      migrationLogger: quiet,
      logger: quiet,
      guarding: guarding
    )
    do {
      try runner.run(try scripts.graph.upgradePlan(to: .head, rows: []), on: connection)
      return nil
    } catch let failure as MigrationRunner.Failure {
      return failure
    }
  }

  /// Undoes what it has done, and closes the database.
  func close() throws {
    try connection.rollback()
    try connection.close()
  }
}
