/// What an upgrade will do, decided before anything is done: which revisions, in which order, with which version rows.
package struct Plan: Hashable, Sendable {
  /// One revision to apply, and how the version table changes with it.
  package struct Step: Hashable, Sendable {
    /// The revision.
    package var revision: Revision
    /// The changes of the version table.
    package var changes: [VersionChange]
    /// The rows afterwards, sorted.
    package var rowsAfter: [String]
  }

  /// The rows of the version table before, sorted.
  package var rowsBefore: [String]
  /// The steps, in order.
  package var steps: [Step]

  /// The rows of the version table afterwards, sorted.
  package var rowsAfter: [String] { steps.last?.rowsAfter ?? rowsBefore }
}

/// One change of the version table (see alembic's `HeadMaintainer`).
package enum VersionChange: Hashable, Sendable {
  /// A new branch: a row more.
  case insert(String)
  /// A row moves on.
  case update(from: String, to: String)
  /// A branch was merged into another: a row less.
  case delete(String)
}

extension RevisionGraph {
  /// Decides an upgrade.
  ///
  /// - Parameters:
  ///   - target: What is to be reached.
  ///   - rows: The rows of the version table.
  /// - Returns: The plan; without steps if there is nothing to do.
  /// - Throws: `RevisionError` if the target or a row names no revision, or cannot be reached.
  package func upgradePlan(to target: Target, rows: [String]) throws(RevisionError) -> Plan {
    for row in rows where byID[row] == nil {
      throw RevisionError(
        .unknownRevision,
        "the database is at revision '\(row)', which these scripts do not have",
        hint: "use the scripts that made it, or a newer release of the application"
      )
    }
    try checkOverlap(rows, what: "the database's revision")
    let targets = try resolve(target, rows: rows)
    try checkOverlap(targets, what: "requested revision")
    let needed = ancestors(of: targets).subtracting(ancestors(of: rows))
    var present = Set(rows)
    let steps = sortedNewestFirst(needed, from: targets).reversed().compactMap { id -> Plan.Step? in
      guard let revision = byID[id] else { return nil }
      let changes = changes(applying: id, to: present)
      for change in changes { change.apply(to: &present) }
      return Plan.Step(revision: revision, changes: changes, rowsAfter: present.sorted())
    }
    return Plan(rowsBefore: rows.sorted(), steps: steps)
  }

  private func checkOverlap(_ ids: [String], what: String) throws(RevisionError) {
    for id in ids {
      let others = ids.filter { $0 != id && ancestors(of: [id]).contains($0) }
      guard others.isEmpty else {
        throw RevisionError(
          .overlap,
          "\(what) \(id) overlaps with \(others.joined(separator: ", ")): one comes after the other",
          hint: "only the last revision of each branch may stand alone"
        )
      }
    }
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

extension VersionChange {
  func apply(to rows: inout Set<String>) {
    switch self {
    case .insert(let id): rows.insert(id)
    case .delete(let id): rows.remove(id)
    case .update(let old, let new):
      rows.remove(old)
      rows.insert(new)
    }
  }
}
