internal import AlembicScripts
internal import Migrations
internal import Revisions

/// SQL instead of a run: no database is opened, and none need be there.
extension Safeguard {
  /// The SQL of an upgrade.
  ///
  /// - Parameter target: `TO`, from base, or `FROM:TO`.
  /// - Returns: The SQL.
  /// - Throws: `Failure`.
  public func offlineUpgrade(_ target: String) throws(Failure) -> OfflineResult {
    try failing {
      try offline(target) { graph, to, rows in try graph.upgradePlan(to: to, rows: rows) }
    }
  }

  /// The SQL of a downgrade.
  ///
  /// - Parameter target: `FROM:TO`.
  /// - Returns: The SQL.
  /// - Throws: `Failure`.
  public func offlineDowngrade(_ target: String) throws(Failure) -> OfflineResult {
    try failing {
      guard target.contains(":") else {
        throw Failure(
          .usage,
          "downgrade with --sql requires <fromrev>:<torev>",
          next: "write both, for example 'head:base'"
        )
      }
      return try offline(target) { graph, to, rows in try graph.downgradePlan(to: to, rows: rows) }
    }
  }

  private func offline(
    _ target: String,
    _ plan: (RevisionGraph, Target, [String]) throws -> Plan
  ) throws -> OfflineResult {
    let scripts = try project.scripts()
    let graph = scripts.directory.graph
    let parts = target.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2 else {
      throw Failure(
        .usage,
        "'\(target)' has more than one colon",
        next: "write FROM:TO"
      )
    }
    let from = parts.count == 2 ? parts[0] : ""
    let rows = from.isEmpty ? [] : try graph.resolveAll(from)
    guard rows.count <= 1 else {
      throw Failure(
        .refused,
        "'\(from)' names several revisions, and the SQL begins at one",
        next: "name one of \(rows.joined(separator: ", "))"
      )
    }
    let decided = try plan(graph, Target(parts.last ?? ""), rows)
    try scripts.directory.check(decided)
    let run = OfflineRun(
      scripts: scripts.directory,
      versionTable: scripts.versionTable,
      logger: context.logger("alembic.runtime.migration")
    )
    return OfflineResult(
      from: decided.rowsBefore,
      to: decided.rowsAfter,
      revisions: decided.steps.map(\.revision.id),
      sql: try run.sql(of: decided)
    )
  }
}
