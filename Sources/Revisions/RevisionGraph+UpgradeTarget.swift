/// What the target of an upgrade means.
extension RevisionGraph {
  /// The revisions that an upgrade is to reach.
  ///
  /// - Parameters:
  ///   - target: The target.
  ///   - rows: The rows of the version table.
  /// - Returns: The ids; none for base.
  /// - Throws: `RevisionError`.
  package func resolve(_ target: Target, rows: [String]) throws(RevisionError) -> [String] {
    guard let relative = RelativeTarget(target.text) else { return try resolveAll(target.text) }
    let place = try walk(relative, target, rows: rows)
    guard case .revision(let id) = place else { throw Self.walkedTooFar(target.text) }
    return [id]
  }

  private func walk(
    _ relative: RelativeTarget,
    _ target: Target,
    rows: [String]
  ) throws(RevisionError) -> Place? {
    guard let symbol = relative.symbol else {
      guard relative.steps > 0 else { throw Self.notProduced(relative) }
      let branch = try relative.branch.map { name throws(RevisionError) in
        try resolve(branch: name)
      }
      let start = try start(on: branch, rows: rows)
      guard let place = try walk(from: start, steps: relative.steps, branch: branch) else {
        throw Self.notProduced(relative)
      }
      return place
    }
    guard relative.steps > 0 else {
      let name = relative.branch.map { "\($0)@\(symbol)" } ?? symbol
      return try walk(from: try single(name), steps: relative.steps)
    }
    let start = try single(symbol)
    let branch = try relative.branch.map { name throws(RevisionError) in try resolve(branch: name) }
    return try walk(from: start, steps: relative.steps, branch: branch)
  }

  /// Where `+N` counts from: the row on the branch, what of the branch the rows imply, or base.
  private func start(on branch: String?, rows: [String]) throws(RevisionError) -> Place {
    var starts = rows
    if let branch {
      starts = related(rows, to: [branch])
      if starts.isEmpty {
        let applied = ancestors(of: rows)
        let active = Set(related(applied.sorted(), to: [branch]))
        let covered = Set(active.flatMap { normalizedDowns[$0] ?? [] })
        starts = active.subtracting(covered).sorted()
      }
    }
    guard starts.count <= 1 else {
      throw RevisionError(
        .ambiguousWalk,
        "ambiguous upgrade from multiple current revisions: \(starts.joined(separator: ", "))",
        hint: "name the target revision, or its branch: label@+N"
      )
    }
    return starts.first.map(Place.revision) ?? .base
  }
}
