import AlembicScripts
import Foundation
import Logging
import Migrations
import Revisions
import SQLite
import TestKit
import Testing

/// What stops a revision that loses rows or values, and what does not.
@Suite struct DataLossGuardTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var setUp: [String] = []
    var body: String
    var guarding = DataLossGuard()
    var foreignKeys = false
    var loss: DataLoss?
    var testDescription: String { name }
  }

  private func run(_ test: Case) throws -> DataLoss? {
    let scratch = try Scratch()
    let body = test.body.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
    try scratch.write(
      "from alembic import op\nimport sqlalchemy as sa\nrevision = 'aaaa'\ndown_revision = None\n"
        + "def upgrade():\n\(body)\n",
      to: "versions/aaaa.py"
    )
    let scripts = try ScriptDirectory(versions: [scratch.file("versions")])
    try SampleDatabases.create(scratch.file("a.sqlite3"), Self.tables + test.setUp)
    let connection = try Connection(opening: scratch.file("a.sqlite3"), mode: .readWrite)
    try connection.execute("PRAGMA foreign_keys=\(test.foreignKeys ? "ON" : "OFF")")
    try connection.beginImmediate()
    let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let runner = MigrationRunner(
      scripts: scripts,
      versionTable: VersionTable(),
      migrationLogger: quiet,
      logger: quiet,
      guarding: test.guarding
    )
    do {
      try runner.run(try scripts.graph.upgradePlan(to: .head, rows: []), on: connection)
      return nil
    } catch let failure as MigrationRunner.Failure {
      guard let loss = failure.cause as? DataLoss else { throw failure }
      #expect(failure.description.contains("--allow-row-loss \(loss.table)"))
      let count = try connection.value("SELECT count(*) FROM \(Connection.quoted(loss.table))")
      if case .rows(let before, _) = loss.kind {
        #expect(count == .integer(before), "the savepoint was undone")
      }
      return loss
    }
  }

  @Test(arguments: rowCases)
  func `rows that vanish stop a revision unless it says that they go`(_ test: Case) throws {
    #expect(try run(test) == test.loss)
  }

  @Test(arguments: digestCases)
  func `digests find values that changed behind the revision's back`(_ test: Case) throws {
    #expect(try run(test) == test.loss)
  }

  @Test func `a sentence names the table, the rows, and the way on`() {
    #expect(
      Self.rows("it's", 3, 1).description
        == "2 rows of table 'it's' vanished (3 before, 1 after), and the revision neither drops it nor deletes from it "
        + "itself; --allow-row-loss 'it'\\''s' lets it"
    )
  }
}
