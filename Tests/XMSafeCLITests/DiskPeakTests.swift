import Foundation
import SQLite
import TestKit
import Testing

/// The room that an upgrade is said to need, compared with what it really takes.
@Suite struct DiskPeakTests {
  struct Case: CustomTestStringConvertible {
    var name: String
    var arguments: [String]
    var script: [String]
    var isLogged: Bool
    var testDescription: String { name + (isLogged ? ", WAL" : "") }

    static let rebuild = [
      "with op.batch_alter_table('t1') as b:",
      "    b.alter_column('n', nullable=False, existing_type=sa.Integer)",
    ]
    static let updates = (1...4).map { "op.execute('UPDATE t\($0) SET n = n + 1')" }
    static let native = ["--engine", "native"]
    static let alembic = ["--engine", "alembic", "--python", Workshop.python]

    static let all = [false, true].flatMap { isLogged in
      [
        Case("a rebuild", ["upgrade"] + native, rebuild, isLogged),
        Case("not rehearsed", ["upgrade", "--no-rehearsal"] + native, rebuild, isLogged),
        Case("by alembic", ["upgrade"] + alembic, rebuild, isLogged),
        Case("a plan", ["plan"] + native, rebuild, isLogged),
        Case("four tables", ["upgrade"] + native, updates, isLogged),
        Case("four, not rehearsed", ["upgrade", "--no-rehearsal"] + native, updates, isLogged),
        Case("four, by alembic", ["upgrade"] + alembic, updates, isLogged),
        Case("four, a plan", ["plan"] + native, updates, isLogged),
      ]
    }

    private init(_ name: String, _ arguments: [String], _ script: [String], _ isLogged: Bool) {
      self.name = name
      self.arguments = arguments
      self.script = script
      self.isLogged = isLogged
    }
  }

  private func project(_ script: [String], isLogged: Bool) throws -> ScriptProject {
    let project = try ScriptProject()
    try project.add("aaaa", up: script)
    // A large table, and three small ones; or four of a size.
    let rows = script.count == 4 ? [1500, 1500, 1500, 1500] : [5000, 10, 10, 10]
    try SampleDatabases.create(
      project.database,
      ["PRAGMA journal_mode=\(isLogged ? "wal" : "delete")"]
        + rows.enumerated().flatMap { index, count in
          let table = "t\(index + 1)"
          return [
            "CREATE TABLE \(table) (id INTEGER PRIMARY KEY, n INT, b BLOB)",
            "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < \(count)) INSERT INTO \(table) SELECT i, 1, randomblob(900) FROM c",
          ]
        }
    )
    return project
  }

  /// The bytes of the files beside the database and in the store.
  private func size(_ project: ScriptProject) -> Int64 {
    ["", "/Backups"].reduce(0) { sum, directory in
      let path = project.scratch.path + directory
      // A file may go between the look at its name and the look at its size.
      let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      return names.reduce(sum) { sum, name in
        let facts = try? FileManager.default.attributesOfItem(atPath: path + "/" + name)
        guard facts?[.type] as? FileAttributeType == .typeRegular else { return sum }
        return sum + ((facts?[.size] as? NSNumber)?.int64Value ?? 0)
      }
    }
  }

  @Test(arguments: Case.all)
  func `what is said to be needed is enough, and not out of all proportion`(_ one: Case) throws {
    let project = try project(one.script, isLogged: one.isLogged)
    let start = size(project)
    let running = try Workshop.xmSafeStarted(
      one.arguments + ["-c", project.scratch.file("alembic.ini")]
    )
    var peak: Int64 = 0
    while running.isRunning { peak = max(peak, size(project) - start) }
    let outcome = try running.finish()
    #expect(outcome.status == 0, "\(outcome)")
    let said = try outcome.errors.matches(of: #/May need (\d+) bytes/#).map {
      try #require(Int64($0.1))
    }
    try #require(said.count == 1, "\(outcome)")
    #expect(peak > 0)
    #expect(said[0] >= peak, "said \(said[0]), took \(peak)")
    #expect(said[0] < peak * 3, "said \(said[0]), took \(peak)")
  }

  @Test func `what the rehearsal has shown to be too much is refused`() throws {
    let project = try ScriptProject()
    try project.add(
      "aaaa",
      up: [
        "op.execute('CREATE TABLE t (b)')",
        "op.execute('WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 5000) INSERT INTO t SELECT randomblob(900) FROM c')",
      ]
    )
    let script = """
      mkdir small && mount -t tmpfs -o size=2m tmpfs small && cp "$2" small/a.db || exit 99
      "$1" upgrade --engine native --db small/a.db --store Backups; echo "status $?" >&2
      cmp "$2" small/a.db && ls -A small
      """
    let database = project.scratch.file("b.db")
    try SampleDatabases.legacy(database)
    let outcome = try Command.run(
      ["unshare", "-m", "sh", "-c", script, "sh", Workshop.program, database],
      in: project.scratch.path
    )
    #expect(outcome.errors.contains("status 12"), "\(outcome)")
    #expect(outcome.errors.contains("as its rehearsal on a copy has shown"), "\(outcome)")
    #expect(outcome.errors.contains("the database was not touched"))
    #expect(outcome.output == "a.db\n", "\(outcome)")
  }
}
