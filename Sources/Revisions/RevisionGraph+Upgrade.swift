/// Planning an upgrade.
extension RevisionGraph {
  /// Decides an upgrade.
  ///
  /// - Parameters:
  ///   - target: What is to be reached.
  ///   - rows: The rows of the version table.
  /// - Returns: The plan; without steps if there is nothing to do.
  /// - Throws: `RevisionError` if the target or a row names no revision, or cannot be reached.
  package func upgradePlan(to target: Target, rows: [String]) throws(RevisionError) -> Plan {
    try checkKnown(rows)
    try checkOverlap(rows, what: "the database's revision")
    let targets = try resolve(target, rows: rows)
    try checkOverlap(targets, what: "requested revision")
    let applied = ancestors(of: rows)
    let needed = ancestors(of: targets).subtracting(applied)
    let order = sortedNewestFirst(needed, from: targets).reversed()
    let plan = Plan(
      direction: .upgrade,
      rowsBefore: rows.sorted(),
      steps: steps(Array(order), rows: rows, changes(applying:to:)) {
        ($0.downRevisions, [$0.id])
      }
    )
    return try checked(plan, leaves: applied.union(needed))
  }

  private func changes(applying id: String, to rows: Set<String>) -> [VersionChange] {
    let downs = normalizedDowns[id] ?? []
    let present = downs.filter(rows.contains)
    guard let last = present.last else { return [.insert(id)] }
    guard present.count > 1 else { return [.update(from: last, to: id)] }
    // A parent that another branch still stands on keeps its row out of the merge.
    let others = ancestors(of: rows.subtracting(downs))
    let merged = present.filter { !others.contains($0) }
    guard let kept = merged.last else { return [.insert(id)] }
    return merged.dropLast().map(VersionChange.delete) + [.update(from: kept, to: id)]
  }
}
