internal import AlembicScripts
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import SQLite

/// The version table, compared with the scripts and with the schema.
struct VersionRows {
  private static let check = "version-rows"

  let connection: Connection
  let scripts: ScriptDirectory
  let versionTable: VersionTable
  let runner: MigrationRunner
  /// The database's path.
  let database: String

  /// What is wrong with the rows.
  func findings(_ rows: [String]) throws -> [Finding] {
    let graph = scripts.graph
    if let unknown = UnknownRevisions(rows, in: graph) {
      let commands =
        unknown.isMixed
        ? [
          "xm-safe upgrade --scripts DIRECTORY  # with the scripts of the other one",
          delete(unknown.rows[0]) + "  # if nobody uses it",
        ] : UnknownRevisions.commands
      return [problem(unknown.what, why: unknown.why, commands: commands)]
    }
    do {
      _ = try graph.upgradePlan(to: .heads, rows: rows)
    } catch {
      guard error.code == .overlap else { throw error }
      return [
        problem(
          error.message,
          why: "alembic refuses to go on with such rows: only the later one of a branch may stand",
          commands: rows.map { delete($0) + "  # if this is the earlier one" }
        )
      ]
    }
    return try unstamped(rows) ?? [Finding(Self.check, .ok, "at \(shown(rows))")]
  }

  /// Which revision would have made a schema that has no version.
  private func unstamped(_ rows: [String]) throws -> [Finding]? {
    guard rows.isEmpty else { return nil }
    let live = try SchemaCopy.signature(connection, without: versionTable.name)
    guard !live.isEmpty else { return nil }
    let trial = try Connection.inMemory()
    var match: String?
    for step in try scripts.graph.upgradePlan(to: .heads, rows: []).steps {
      // Scripts that need rows, or an older schema, cannot be run from nothing: then there is nothing to compare.
      do { try runner.tryOut(step, on: trial) } catch { break }
      if try SchemaCopy.signature(trial, without: versionTable.name) == live {
        match = step.revision.id
      }
    }
    guard let match else { return nil }
    let insert =
      "CREATE TABLE IF NOT EXISTS \(quoted) (version_num VARCHAR(32) NOT NULL PRIMARY KEY); INSERT INTO \(quoted) VALUES ('\(match)')"
    return [
      problem(
        "there is no version, and the tables are those of revision \(match)",
        why:
          "the application has made its tables itself (create_all), or the version table was lost; an upgrade would begin from nothing and fail",
        commands: [
          "xm-safe snapshot",
          ShellCommand.sqlite(database, insert) + "  # if it really is at \(match)",
        ]
      )
    ]
  }

  private func problem(_ what: String, why: String, commands: [String]) -> Finding {
    Finding(Self.check, .problem, what, why: why, commands: commands)
  }

  private func shown(_ ids: [String]) -> String {
    ids.isEmpty ? "base" : ids.map(\.shownOnOneLine).joined(separator: ", ")
  }

  private func delete(_ row: String) -> String {
    let text = row.replacing("'", with: "''")
    return ShellCommand.sqlite(database, "DELETE FROM \(quoted) WHERE version_num = '\(text)'")
  }

  private var quoted: String { Connection.quoted(versionTable.name) }
}
