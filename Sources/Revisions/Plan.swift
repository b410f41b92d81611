/// What a run will do, decided before anything is done: which revisions, in which order, with which version rows.
package struct Plan: Hashable, Sendable {
  /// Which way it goes.
  package enum Direction: String, Hashable, Sendable, CaseIterable {
    /// Scripts' `upgrade()`.
    case upgrade
    /// Scripts' `downgrade()`.
    case downgrade
    /// No script: only the version rows change.
    case stamp

    /// The function of the scripts that runs; nil where none does.
    package var function: String? { self == .stamp ? nil : rawValue }
  }

  /// One revision, and how the version table changes with it.
  package struct Step: Hashable, Sendable {
    /// The revision; for a stamp the one that is written, or removed where base is.
    package var revision: Revision
    /// What alembic's log names as left.
    package var from: [String]
    /// What alembic's log names as reached.
    package var to: [String]
    /// The changes of the version table.
    package var changes: [VersionChange]
    /// The rows afterwards, sorted.
    package var rowsAfter: [String]
  }

  /// Which way it goes.
  package var direction: Direction
  /// The rows of the version table before, sorted.
  package var rowsBefore: [String]
  /// Whether all rows are deleted first, whatever they are.
  package var purges = false
  /// Whether all that is done is to make the version table.
  package var makesTable = false
  /// The steps, in order.
  package var steps: [Step]

  /// The revisions whose scripts run, in order; none for a stamp.
  package var scripted: [String] { direction.function == nil ? [] : steps.map(\.revision.id) }

  /// The plan that makes the version table, and changes nothing else.
  ///
  /// - Parameters:
  ///   - rows: The rows of the version table.
  ///   - isThere: Whether the table is there.
  /// - Returns: The plan.
  package static func versionTable(rows: [String], isThere: Bool) -> Plan {
    Plan(direction: .stamp, rowsBefore: rows, makesTable: !isThere, steps: [])
  }

  /// Whether there is nothing to do.
  package var isEmpty: Bool { steps.isEmpty && !purges && !makesTable }

  /// The rows of the version table afterwards, sorted.
  package var rowsAfter: [String] { steps.last?.rowsAfter ?? (purges ? [] : rowsBefore) }
}

/// One change of the version table (see alembic's `HeadMaintainer`).
package enum VersionChange: Hashable, Sendable {
  /// A new branch: a row more.
  case insert(String)
  /// A row moves on.
  case update(from: String, to: String)
  /// A branch was merged into another, or left: a row less.
  case delete(String)
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

extension RevisionGraph {
  /// Refuses rows that are in no script.
  func checkKnown(_ rows: [String]) throws(RevisionError) {
    for row in rows where byID[row] == nil {
      throw RevisionError(
        .unknownRevision,
        "the database is at revision '\(row)', which these scripts do not have",
        hint:
          "use the scripts that made it, or a newer release of the application; 'xm-safe stamp --purge' forgets it"
      )
    }
  }

  /// Refuses revisions of which one comes after another.
  func checkOverlap(_ ids: [String], what: String) throws(RevisionError) {
    guard ids.count > 1 else { return }
    for id in ids {
      let before = ancestors(of: [id])
      let others = ids.filter { $0 != id && before.contains($0) }
      guard others.isEmpty else {
        throw RevisionError(
          .overlap,
          "\(what) \(id) overlaps with \(others.joined(separator: ", ")): one comes after the other",
          hint: "only the last revision of each branch may stand alone"
        )
      }
    }
  }

  /// Makes the steps of revisions in order, each with its changes of the rows.
  func steps(
    _ ids: [String],
    rows: [String],
    _ changes: (String, Set<String>) -> [VersionChange],
    _ ends: (Revision) -> (from: [String], to: [String])
  ) -> [Plan.Step] {
    var present = Set(rows)
    return ids.compactMap { id -> Plan.Step? in
      guard let revision = byID[id] else { return nil }
      let changes = changes(id, present)
      for change in changes { change.apply(to: &present) }
      let ends = ends(revision)
      return Plan.Step(
        revision: revision,
        from: ends.from,
        to: ends.to,
        changes: changes,
        rowsAfter: present.sorted()
      )
    }
  }

  /// A plan whose rows would not say what is applied is never begun.
  func checked(_ plan: Plan, leaves applied: Set<String>) throws(RevisionError) -> Plan {
    guard ancestors(of: plan.rowsAfter) == applied else {
      throw RevisionError(
        .overlap,
        "the version rows \(plan.rowsAfter.joined(separator: ", ")) would not say what is applied afterwards",
        hint: "report this, with the scripts' revision, down_revision and depends_on"
      )
    }
    return plan
  }
}
