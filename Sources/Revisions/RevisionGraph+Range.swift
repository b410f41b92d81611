/// The part of a history between two revisions.
extension RevisionGraph {
  /// One end of a range.
  package enum RangeEnd: Hashable, Sendable {
    /// A text as a user writes it; empty for the very end.
    case named(String)
    /// The rows of the version table.
    case rows([String])
  }

  /// The revisions of a range, both ends included, newest first.
  ///
  /// - Parameters:
  ///   - start: The older end.
  ///   - end: The newer end.
  /// - Returns: The ids.
  /// - Throws: `RevisionError` if an end names no revision, or the two are not on one branch.
  package func range(from start: RangeEnd, to end: RangeEnd) throws(RevisionError) -> [String] {
    var lower: [String] = []
    var branch: String?
    switch start {
    case .rows(let rows):
      try checkKnown(rows)
      lower = rows
    case .named(let text):
      if let at = text.firstIndex(of: "@"), at != text.startIndex { branch = String(text[..<at]) }
      lower = try resolveAll(text.isEmpty ? "base" : text)
    }
    var upper: [String]
    switch end {
    case .rows(let rows):
      try checkKnown(rows)
      upper = rows
    case .named(let text): upper = try resolve(Target(text.isEmpty ? "heads" : text), rows: lower)
    }
    if let branch { upper = try on(branch, upper) }
    try checkOverlap(upper, what: "requested revision")
    let required = ancestors(of: upper)
    guard lower.allSatisfy(required.contains) else {
      throw RevisionError(
        .notATarget,
        "requested range \(Self.text(start)):\(Self.text(end)) does not refer to ancestor/descendant revisions along the same branch",
        hint: "write the older revision first: START:END"
      )
    }
    try checkOverlap(lower, what: "requested revision")
    var wanted = required
    if !lower.isEmpty {
      wanted = required.subtracting(ancestors(of: lower)).union(lower)
        .intersection(branchDescendants(of: lower))
    }
    return sortedNewestFirst(wanted, from: upper)
  }

  /// The revisions that have a branch's label; a revision may stand for its branch.
  private func on(_ branch: String, _ ids: [String]) throws(RevisionError) -> [String] {
    let labels = branchLabels
    let revision = try resolve(branch: branch)
    let own = labels[revision] ?? []
    guard let label = revision == branch ? own.first : branch, revision != branch || own.count == 1
    else {
      throw RevisionError(
        .ambiguous,
        "revision \(branch) does not stand for one branch",
        hint: "write a branch label"
      )
    }
    return ids.filter { labels[$0]?.contains(label) == true }
  }

  private static func text(_ end: RangeEnd) -> String {
    switch end {
    case .named(let text): text
    case .rows(let rows): rows.joined(separator: ", ")
    }
  }
}
