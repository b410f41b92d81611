/// Planning a downgrade.
extension RevisionGraph {
  /// Decides a downgrade: everything after the target goes, and whatever depends on that.
  ///
  /// - Parameters:
  ///   - target: What is to be left.
  ///   - rows: The rows of the version table.
  /// - Returns: The plan; without steps if there is nothing to do.
  /// - Throws: `RevisionError` if the target or a row names no revision, or cannot be reached.
  package func downgradePlan(to target: Target, rows: [String]) throws(RevisionError) -> Plan {
    try checkKnown(rows)
    let destination = try destination(target, rows: rows)
    let roots = try roots(after: destination, target)
    let applied = ancestors(of: rows)
    let dropped = descendants(of: roots).intersection(applied)
    if let revision = destination.revision, dropped.isEmpty, !rows.contains(revision) {
      throw notATarget(target, rows)
    }
    let plan = Plan(
      direction: .downgrade,
      rowsBefore: rows.sorted(),
      steps: steps(sortedNewestFirst(dropped, from: rows), rows: rows, changes(leaving:of:)) {
        ([$0.id], $0.downRevisions)
      }
    )
    return try checked(plan, leaves: applied.subtracting(dropped))
  }

  /// The first revisions that go.
  private func roots(
    after destination: Destination,
    _ target: Target
  ) throws(RevisionError) -> [String] {
    var roots = destination.revision.map { children(of: $0) } ?? bases
    if let branch = destination.branch, roots.count > 1 {
      let line = branchAncestors(of: [try resolve(branch: branch)])
      roots = roots.filter(line.contains)
      guard !roots.isEmpty else { throw notATarget(target, []) }
    }
    return roots
  }

  private func notATarget(_ target: Target, _ rows: [String]) -> RevisionError {
    RevisionError(
      .notATarget,
      "destination \(target) is not a valid downgrade target from current head(s)",
      hint: "'xm-safe current' shows where the database is, 'xm-safe history' what comes before"
    )
  }

  private func changes(leaving id: String, of rows: Set<String>) -> [VersionChange] {
    guard rows.contains(id) else { return [] }
    let downs = normalizedDowns[id] ?? []
    // What others still stand on needs no row, and neither does what comes before another parent.
    let others = ancestors(of: rows.subtracting([id]))
    let implied = Self.closure(of: downs.flatMap { normalizedDowns[$0] ?? [] }) {
      normalizedDowns[$0] ?? []
    }
    let kept = downs.filter { !others.contains($0) && !implied.contains($0) }
    guard let last = kept.last else { return [.delete(id)] }
    return kept.dropLast().map(VersionChange.insert) + [.update(from: id, to: last)]
  }
}
