internal import Revisions

/// Makes records of the revisions of a graph; what they have in common is worked out once.
struct RevisionRecords {
  private let graph: RevisionGraph
  private let labels: [String: [String]]
  private let realHeads: Set<String>
  private let current: Set<String>

  /// Prepares the records.
  ///
  /// - Parameters:
  ///   - graph: The graph.
  ///   - current: The rows of the version table, where they are known.
  init(_ graph: RevisionGraph, current: [String] = []) {
    self.graph = graph
    labels = graph.branchLabels
    realHeads = Set(graph.realHeads)
    self.current = Set(current)
  }

  /// The records of some revisions, in their order.
  func records(_ ids: [String]) -> [RevisionRecord] { ids.compactMap(record) }

  private func record(_ id: String) -> RevisionRecord? {
    guard let revision = graph.revision(id) else { return nil }
    let next = graph.children(of: id)
    return RevisionRecord(
      revision: id,
      downRevisions: revision.downRevisions,
      dependsOn: revision.dependsOn,
      nextRevisions: next,
      branchLabels: labels[id] ?? [],
      message: revision.message,
      documentation: revision.documentation,
      path: revision.location.path,
      isHead: next.isEmpty,
      isEffectiveHead: next.isEmpty && !realHeads.contains(id),
      isBranchPoint: next.count > 1,
      isMergePoint: revision.downRevisions.count > 1,
      isCurrent: current.contains(id)
    )
  }
}
