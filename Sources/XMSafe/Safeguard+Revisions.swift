internal import AlembicScripts
internal import DurableFiles
internal import Revisions
internal import Snapshots

/// The commands that show revisions: what there is, and where the database is.
extension Safeguard {
  /// The revisions that the database is at.
  ///
  /// - Returns: The rows of the version table, and what they imply.
  /// - Throws: `Failure`.
  public func current() throws(Failure) -> CurrentResult {
    try failing {
      let (database, rows) = try present(mayBeMissing: false)
      guard try project.configuration() != nil else {
        return CurrentResult(database: database, revisions: rows)
      }
      let graph = try project.scripts(mayBeEmpty: true).directory.graph
      let known = rows.filter { graph.revision($0) != nil }
      return CurrentResult(
        database: database,
        revisions: rows,
        heads: rows.filter(graph.heads.contains),
        tips: RevisionRecords(graph, current: rows).records(graph.tips(of: known)),
        isAtHeads: known == rows && graph.isApplied(graph.heads, at: rows)
      )
    }
  }

  /// The revisions of the scripts, newest first.
  ///
  /// - Parameters:
  ///   - range: `START:END`, both ends included; either may be left out, or be `current`. nil for all.
  ///   - showsCurrent: Whether the database is asked where it is.
  /// - Returns: The revisions.
  /// - Throws: `Failure`.
  public func history(
    range: String? = nil,
    showsCurrent: Bool = false
  ) throws(Failure) -> [RevisionRecord] {
    try failing {
      let graph = try project.scripts(mayBeEmpty: true).directory.graph
      let ends = try range.map(Self.ends) ?? (start: "", end: "")
      let asks = showsCurrent || ends.start == "current" || ends.end == "current"
      let rows = asks ? try present(mayBeMissing: true).rows : []
      func end(_ name: String) -> RevisionGraph.RangeEnd {
        name == "current" ? .rows(rows) : .named(name)
      }
      let ids = try graph.range(from: end(ends.start), to: end(ends.end))
      return RevisionRecords(graph, current: showsCurrent ? rows : []).records(ids)
    }
  }

  private static func ends(_ range: String) throws -> (start: String, end: String) {
    let parts = range.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw Failure(
        .usage,
        "history range requires [start]:[end], [start]:, or :[end]",
        next: "write the older revision first, for example --rev-range ab12:head"
      )
    }
    return (String(parts[0]), String(parts[1]))
  }

  /// The heads of the scripts.
  ///
  /// - Parameter resolvesDependencies: Whether heads that another revision depends on are left out.
  /// - Returns: The heads, in reading order.
  /// - Throws: `Failure`.
  public func heads(resolvesDependencies: Bool = false) throws(Failure) -> [RevisionRecord] {
    try failing {
      let graph = try project.scripts(mayBeEmpty: true).directory.graph
      return RevisionRecords(graph).records(resolvesDependencies ? graph.realHeads : graph.heads)
    }
  }

  /// The revisions after which branches part, newest first.
  ///
  /// - Returns: Each with the revisions that come after it.
  /// - Throws: `Failure`.
  public func branches() throws(Failure) -> [BranchRecord] {
    try failing {
      let graph = try project.scripts(mayBeEmpty: true).directory.graph
      let records = RevisionRecords(graph)
      return records.records(graph.newestFirst).filter(\.isBranchPoint).map {
        BranchRecord(point: $0, branches: records.records($0.nextRevisions))
      }
    }
  }

  /// The revisions that a name stands for.
  ///
  /// - Parameter name: As `upgrade` takes it, or `current`.
  /// - Returns: The revisions; none for base.
  /// - Throws: `Failure`.
  public func revisions(_ name: String) throws(Failure) -> [RevisionRecord] {
    try failing {
      let graph = try project.scripts(mayBeEmpty: true).directory.graph
      guard name != "current" else {
        let rows = try present(mayBeMissing: true).rows
        _ = try graph.range(from: .named(""), to: .rows(rows))
        return RevisionRecords(graph).records(rows)
      }
      return RevisionRecords(graph).records(try graph.resolveAll(name))
    }
  }

  /// What a name stands for: a snapshot or revisions.
  public enum Shown: Sendable {
    /// A snapshot.
    case snapshot(SnapshotRecord)
    /// Revisions; none for base.
    case revisions([RevisionRecord])
  }

  /// Finds out whether a name is a snapshot's or a revision's.
  ///
  /// What only revisions are called is a revision, and so is a whole id of one; then come snapshots, then beginnings of
  /// revisions. What begins both is refused.
  ///
  /// - Parameter name: The name.
  /// - Returns: What it stands for.
  /// - Throws: `Failure`.
  public func shown(_ name: String) throws(Failure) -> Shown {
    let isRevision =
      ["head", "heads", "base", "current"].contains(name) || name.contains("@")
      || name.hasPrefix("-")
    if isRevision { return .revisions(try revisions(name)) }
    // Without scripts, or with unreadable ones, there are still snapshots.
    let found: [RevisionRecord]
    do {
      found = name == "latest" || name.contains("/") ? [] : try revisions(name)
    } catch {
      return .snapshot(try show(name))
    }
    if found.contains(where: { $0.revision == name }) { return .revisions(found) }
    let snapshot: SnapshotRecord
    do {
      snapshot = try show(name)
    } catch {
      guard error.exitStatus == .notFound, !found.isEmpty else { throw error }
      return .revisions(found)
    }
    guard found.isEmpty || snapshot.id == name else {
      throw Failure(
        .refused,
        "'\(name.shownOnOneLine)' begins the id of snapshot \(snapshot.id) and that of revision \(found.map(\.revision).joined(separator: ", "))",
        next: "add --snapshot or --revision, or write more of the id"
      )
    }
    return .snapshot(snapshot)
  }
}
