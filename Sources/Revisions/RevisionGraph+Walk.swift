/// Counting steps up and down a graph.
extension RevisionGraph {
  /// Goes so many steps from a place.
  ///
  /// - Parameters:
  ///   - start: Where to begin.
  ///   - steps: How many steps: up if positive, down if negative.
  ///   - branch: The revision of the branch to stay on when going up; nil for any.
  /// - Returns: The place; nil if it is past the end.
  /// - Throws: `RevisionError` where more than one revision comes next.
  func walk(
    from start: Place,
    steps: Int,
    branch: String? = nil
  ) throws(RevisionError) -> Place? {
    var place = start
    for _ in 0..<abs(steps) {
      var next: [String]
      switch place {
      case .base: next = steps > 0 ? bases : []
      case .revision(let id):
        next = steps > 0 ? children(of: id) : byID[id]?.downRevisions ?? []
        if next.isEmpty, steps < 0 {
          place = .base
          continue
        }
      }
      if let branch, steps > 0 { next = related(next, to: [branch]) }
      guard let only = next.first else { return nil }
      guard next.count == 1 else { throw ambiguous(next, after: place, isUp: steps > 0) }
      place = .revision(only)
    }
    return place
  }

  private func ambiguous(_ next: [String], after place: Place, isUp: Bool) -> RevisionError {
    let name =
      switch place {
      case .base: "base"
      case .revision(let id): id
      }
    return RevisionError(
      .ambiguousWalk,
      "ambiguous walk: \(next.joined(separator: ", ")) come \(isUp ? "after" : "before") \(name)",
      hint: isUp ? "name the target revision" : "name the target revision, or label@-N"
    )
  }

  /// A refusal in alembic's words.
  static func notProduced(_ relative: RelativeTarget) -> RevisionError {
    RevisionError(
      .walkedTooFar,
      "relative revision \(relative.written) didn't produce \(abs(relative.steps)) migrations",
      hint: "'xm-safe history' shows how many there are"
    )
  }
}
