/// The order of revisions, as alembic has it.
extension RevisionGraph {
  /// Sorts a set of revisions newest first, branch by branch, exactly as alembic walks down from the starting points.
  ///
  /// Where branches tie, the order in which the files were read decides. See alembic's `RevisionMap._topological_sort`.
  ///
  /// - Parameters:
  ///   - ids: The revisions to sort.
  ///   - starts: Where to walk down from.
  /// - Returns: The ids, each before all that it comes after.
  func sortedNewestFirst(_ ids: Set<String>, from starts: [String]) -> [String] {
    var output: [String] = []
    var todo = ids
    walk(&todo, from: starts, to: &output)
    guard !todo.isEmpty else { return output }
    // A part of a history may hold revisions that lead to none of its ends: then all of its last ones are ends.
    let before = Set(ids.flatMap { normalizedDowns[$0] ?? [] })
    output = []
    todo = ids
    walk(&todo, from: ids.filter { !before.contains($0) }, to: &output)
    return output
  }

  private func walk(_ todo: inout Set<String>, from starts: [String], to output: inout [String]) {
    var tips = Set(starts).intersection(todo).sorted { (rank[$0] ?? 0) < (rank[$1] ?? 0) }
    var reach = tips.map { ancestors(of: [$0]) }
    var index = 0
    while !tips.isEmpty {
      let candidate = tips[index]
      // Another branch still has to come down to this revision: walk that one first.
      if let other = reach.indices.first(where: { $0 != index && reach[$0].contains(candidate) }) {
        index = other
        continue
      }
      if todo.remove(candidate) != nil { output.append(candidate) }
      let downs = normalizedDowns[candidate] ?? []
      let next = downs.filter { todo.contains($0) && !tips.contains($0) }
      guard let first = next.first else {
        tips.remove(at: index)
        reach.remove(at: index)
        index = max(index - 1, 0)
        continue
      }
      tips[index] = first
      if downs.count == 1 {
        reach[index].remove(candidate)
      } else {
        tips += next.dropFirst()
        reach[index] = ancestors(of: [first])
        reach += next.dropFirst().map { ancestors(of: [$0]) }
      }
    }
  }

  /// All revisions, newest first: the order of `history`.
  package var newestFirst: [String] {
    sortedNewestFirst(Set(revisions.map(\.id)), from: realHeads)
  }
}
