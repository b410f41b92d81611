/// What the target of a downgrade means.
extension RevisionGraph {
  /// A downgrade's target, found.
  struct Destination {
    /// The revision that the branch was named by; nil if none was.
    var branch: String?
    /// The revision that stays; nil for base.
    var revision: String?
  }

  /// Finds what a downgrade is to go back to.
  func destination(_ target: Target, rows: [String]) throws(RevisionError) -> Destination {
    guard let relative = RelativeTarget(target.text) else {
      var name = target.text
      var branch: String?
      if let at = name.lastIndex(of: "@") {
        branch = at == name.startIndex ? nil : String(name[..<at])
        name = String(name[name.index(after: at)...])
      }
      return try destination(try single(name), branch)
    }
    if relative.steps >= 0 {
      guard let symbol = relative.symbol else { throw Self.notProduced(relative) }
      let start = try single(symbol)
      let branch = try relative.branch.map { name throws(RevisionError) in
        try resolve(branch: name)
      }
      guard let place = try walk(from: start, steps: relative.steps, branch: branch) else {
        throw Self.walkedTooFar(target.text)
      }
      return try destination(place, relative.branch)
    }
    guard let symbol = relative.symbol else { return try stepsDown(relative, rows: rows) }
    let name = relative.branch.map { "\($0)@\(symbol)" } ?? symbol
    guard let place = try walk(from: try single(name), steps: relative.steps) else {
      throw Self.walkedTooFar(target.text)
    }
    return try destination(place, relative.branch)
  }

  private func stepsDown(
    _ relative: RelativeTarget,
    rows: [String]
  ) throws(RevisionError) -> Destination {
    var starts = rows
    if let name = relative.branch {
      let branch = try resolve(branch: name)
      starts = related(rows, to: [branch])
      // The branch may be applied only as far as another one depends on it.
      if starts.isEmpty { starts = related(tips(of: rows), to: [branch]) }
    }
    guard let start = starts.first else { throw Self.notProduced(relative) }
    // alembic warns here, and takes the row that the database happens to give first.
    guard starts.count == 1 else {
      throw RevisionError(
        .ambiguousWalk,
        "'\(relative.written)' from multiple current revisions is ambiguous: \(starts.joined(separator: ", "))",
        hint: "name the branch: \(starts[0])@\(relative.written)"
      )
    }
    guard let place = try walk(from: .revision(start), steps: relative.steps) else {
      throw Self.notProduced(relative)
    }
    return try destination(place, relative.branch ?? start)
  }

  private func destination(
    _ place: Place,
    _ branch: String?
  ) throws(RevisionError) -> Destination {
    var found = Destination()
    if case .revision(let id) = place { found.revision = id }
    found.branch = branch
    return found
  }
}
