/// Planning a stamp: the rows of the version table change, and no script runs.
extension RevisionGraph {
  /// Decides a stamp.
  ///
  /// Rows on the lines of the targets are replaced by them; other branches keep theirs.
  ///
  /// - Parameters:
  ///   - targets: What is to be written, as `stamp` takes it: `head`, `heads`, `base`, names, `branch@` before these.
  ///   - rows: The rows of the version table.
  ///   - purges: Whether all rows are deleted first, whatever they are.
  /// - Returns: The plan.
  /// - Throws: `RevisionError`.
  package func stampPlan(
    to targets: [String],
    rows: [String],
    purges: Bool = false
  ) throws(RevisionError) -> Plan {
    if !purges { try checkKnown(rows) }
    let start = purges ? [] : rows
    var destinations: [String] = []
    var replaced: Set<String> = []
    for target in targets {
      let found = try resolveAll(target)
      for id in found where !destinations.contains(id) { destinations.append(id) }
      replaced.formUnion(
        related(start, to: try line(of: target, found), isThroughDependencies: true)
      )
    }
    try checkOverlap(destinations, what: "requested revision")
    var present = Set(start)
    var steps: [Plan.Step] = []
    // Where base is asked for, nothing else is reached.
    if destinations.isEmpty {
      for row in start where replaced.contains(row) {
        steps.append(step(from: [row], to: nil, [.delete(row)], &present))
      }
    }
    for destination in destinations where !start.contains(destination) {
      let own = start.filter { row in
        present.contains(row) && replaced.contains(row) && !destinations.contains(row)
      }
      let near = related(own, to: [destination], isThroughDependencies: true)
      // With one target alembic takes all rows of the branch in one step.
      let left = destinations.count == 1 && !near.isEmpty ? own : near
      let changes =
        left.last.map { last in
          left.dropLast().map(VersionChange.delete) + [.update(from: last, to: destination)]
        } ?? [.insert(destination)]
      // alembic's log names what the database began with, even where an earlier target has replaced it.
      let begun = start.filter { replaced.contains($0) && !destinations.contains($0) }
      let told =
        destinations.count == 1
        ? left : related(begun, to: [destination], isThroughDependencies: true)
      steps.append(step(from: told, to: destination, changes, &present))
    }
    return Plan(
      direction: .stamp,
      rowsBefore: rows.sorted(),
      purges: purges && !rows.isEmpty,
      steps: steps
    )
  }

  /// What the rows that a target replaces are related to; none for base itself, which all are.
  private func line(of target: String, _ found: [String]) throws(RevisionError) -> [String] {
    guard let at = target.firstIndex(of: "@"), at != target.startIndex else { return found }
    return [try resolve(branch: String(target[..<at]))] + found
  }

  private func step(
    from left: [String],
    to destination: String?,
    _ changes: [VersionChange],
    _ present: inout Set<String>
  ) -> Plan.Step {
    for change in changes { change.apply(to: &present) }
    let id = destination ?? left[0]
    return Plan.Step(
      revision: byID[id]
        ?? Revision(id: id, downRevisions: [], location: .init(path: "", line: 1, column: 1)),
      from: left,
      to: destination.map { [$0] } ?? [],
      changes: changes,
      rowsAfter: present.sorted()
    )
  }
}
