internal import AlembicScripts
internal import DatabaseURLs
internal import Logging
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

  /// The SQL of a stamp.
  ///
  /// - Parameter targets: What is to be written, as `stamp` takes it, each as `TO`, from base, or `FROM:TO`; only one `FROM` in all.
  /// - Returns: The SQL.
  /// - Throws: `Failure`.
  public func offlineStamp(_ targets: [String]) throws(Failure) -> OfflineResult {
    try failing {
      let ranges = try targets.map(Self.range)
      let starts = ranges.compactMap(\.from)
      guard Set(starts).count <= 1 else {
        throw Failure(
          .usage,
          "stamp with --sql begins at one revision, and \(starts.joined(separator: " and ")) are named",
          next: "write one FROM before all of them"
        )
      }
      return try offline(from: starts.first) { graph, rows in
        try graph.stampPlan(to: ranges.map(\.to), rows: rows)
      }
    }
  }

  /// The SQL that makes the version table.
  ///
  /// - Returns: The SQL.
  /// - Throws: `Failure`.
  public func offlineVersionTable() throws(Failure) -> OfflineResult {
    try failing { OfflineResult(from: [], to: [], revisions: [], sql: try offlineRun().creation()) }
  }

  private func offline(
    _ target: String,
    _ plan: (RevisionGraph, Target, [String]) throws -> Plan
  ) throws -> OfflineResult {
    let range = try Self.range(target)
    return try offline(from: range.from) { graph, rows in try plan(graph, Target(range.to), rows) }
  }

  /// A target as `--sql` takes it: `TO` or `FROM:TO`.
  private static func range(_ target: String) throws -> (from: String?, to: String) {
    let parts = target.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2 else {
      throw Failure(
        .usage,
        "'\(target)' has more than one colon",
        next: "write FROM:TO"
      )
    }
    return (parts.count == 2 ? parts[0] : nil, parts.last ?? "")
  }

  private func offline(
    from start: String?,
    _ plan: (RevisionGraph, [String]) throws -> Plan
  ) throws -> OfflineResult {
    let run = try offlineRun()
    let graph = run.scripts.graph
    let from = start ?? ""
    let rows = from.isEmpty ? [] : try graph.resolveAll(from)
    guard rows.count <= 1 else {
      throw Failure(
        .refused,
        "'\(from)' names several revisions, and the SQL begins at one",
        next: "name one of \(rows.joined(separator: ", "))"
      )
    }
    let decided = try plan(graph, rows)
    try run.scripts.check(decided)
    return OfflineResult(
      from: decided.rowsBefore,
      to: decided.rowsAfter,
      revisions: decided.scripted,
      sql: try run.sql(of: decided)
    )
  }

  private func offlineRun() throws -> OfflineRun {
    try refuseOtherDialects()
    let scripts = try project.scripts()
    return OfflineRun(
      scripts: scripts.directory,
      versionTable: scripts.versionTable,
      logger: context.logger("alembic.runtime.migration")
    )
  }

  /// The SQL is SQLite's: where another database is named, it would be wrong without a word.
  private func refuseOtherDialects() throws {
    let location: DatabaseLocation
    do {
      location = try project.location()
    } catch {
      context.logger("xm_safe.offline").warning(
        "Which database is meant is not known: the SQL is for SQLite"
      )
      return
    }
    guard case .server(let address) = location else { return }
    throw Failure(
      .refused,
      "the SQL that --sql prints is for SQLite, and the database is \(address.display)",
      next: "the project's own 'alembic' prints it for the server, with the same arguments"
    )
  }
}
