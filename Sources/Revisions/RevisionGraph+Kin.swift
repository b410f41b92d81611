/// Who comes before whom, and which branch a revision belongs to.
extension RevisionGraph {
  /// All revisions that must be applied before some of them, those included, dependencies too.
  ///
  /// - Parameter ids: The revisions.
  /// - Returns: Their ids.
  package func ancestors(of ids: some Sequence<String>) -> Set<String> {
    Self.closure(of: Array(ids)) { normalizedDowns[$0] ?? [] }
  }

  /// The revisions that some come after on their own branches, those included; dependencies do not count.
  func branchAncestors(of ids: some Sequence<String>) -> Set<String> {
    Self.closure(of: Array(ids)) { byID[$0]?.downRevisions ?? [] }
  }

  /// All revisions that come after some or depend on them, those included.
  func descendants(of ids: some Sequence<String>) -> Set<String> {
    Self.closure(of: Array(ids)) { followers[$0] ?? [] }
  }

  /// The revisions that come after some on their own branches, those included; dependencies do not count.
  func branchDescendants(of ids: some Sequence<String>) -> Set<String> {
    Self.closure(of: Array(ids)) { children(of: $0) }
  }

  /// Those of some revisions that come before or after others, or are among them.
  ///
  /// - Parameters:
  ///   - ids: The revisions.
  ///   - others: What they are compared with; if there are none, all are kept.
  ///   - isThroughDependencies: Whether dependencies count too.
  /// - Returns: Those that are kept, in their order.
  func related(
    _ ids: [String],
    to others: [String],
    isThroughDependencies: Bool = false
  ) -> [String] {
    guard !others.isEmpty else { return ids }
    let line =
      isThroughDependencies
      ? descendants(of: others).union(ancestors(of: others))
      : branchDescendants(of: others).union(branchAncestors(of: others))
    return ids.filter(line.contains)
  }

  /// Whether some revisions imply others, and more than these.
  ///
  /// - Parameters:
  ///   - ids: The revisions; unknown ones imply nothing.
  ///   - others: The others.
  /// - Returns: Whether they do.
  package func isLater(_ ids: [String], than others: [String]) -> Bool {
    ancestors(of: ids.filter { byID[$0] != nil }).isStrictSuperset(of: ancestors(of: others))
  }

  /// Whether some revisions are applied when the rows are these.
  ///
  /// - Parameters:
  ///   - ids: The revisions.
  ///   - rows: The rows of the version table.
  /// - Returns: Whether all are.
  package func isApplied(_ ids: [String], at rows: [String]) -> Bool {
    let applied = ancestors(of: rows)
    return ids.allSatisfy(applied.contains)
  }

  /// The revisions that are applied when some are, and that no applied one comes after on its own branch.
  ///
  /// That is what alembic's `current` shows: the rows, and what they imply on other branches.
  ///
  /// - Parameter rows: The rows of the version table.
  /// - Returns: The ids, in reading order.
  package func tips(of rows: [String]) -> [String] {
    let applied = ancestors(of: rows)
    return revisions.map(\.id).filter { id in
      applied.contains(id) && !children(of: id).contains(where: applied.contains)
    }
  }

  /// The labels of the branches that each revision is on.
  ///
  /// A label belongs to the revision that declares it and to all that come after it, and to those before it down to the
  /// point where the branch begins, if nothing branches off or joins further up.
  ///
  /// - Returns: The labels of each revision that has some, sorted.
  package var branchLabels: [String: [String]] {
    var spread: [String: Set<String>] = [:]
    for revision in revisions where !revision.branchLabels.isEmpty {
      let later = branchDescendants(of: [revision.id])
      for id in later { spread[id, default: []].formUnion(revision.branchLabels) }
      // alembic walks up from the last of them, and stops at the first point where branches part or meet.
      guard later.allSatisfy(isPlain) else { continue }
      var parent = revision.downRevisions.first
      while let id = parent, isPlain(id) {
        spread[id, default: []].formUnion(revision.branchLabels)
        parent = byID[id]?.downRevisions.first
      }
    }
    return spread.mapValues { $0.sorted() }
  }

  private func isPlain(_ id: String) -> Bool {
    (followers[id] ?? []).count <= 1 && (byID[id]?.downRevisions.count ?? 0) <= 1
  }
}
