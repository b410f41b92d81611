/// All revisions of a script directory and how they follow each other; made only of a sound directory.
///
/// The words are alembic's: a head has no revision after it, a base none before it; a dependency (`depends_on`) orders
/// revisions without joining their branches.
package struct RevisionGraph: Sendable {
  /// The revisions in the order in which their files were read.
  package let revisions: [Revision]
  let byID: [String: Revision]
  let rank: [String: Int]
  /// Ids of `depends_on`, labels resolved.
  private let dependencies: [String: [String]]
  /// Parents and those dependencies that no ancestor has declared already, in declaration order.
  let normalizedDowns: [String: [String]]
  private let children: [String: [String]]
  /// Those that come after one or depend on it, in reading order.
  let followers: [String: [String]]
  private let labels: [String: String]

  /// Links the revisions.
  ///
  /// - Parameter revisions: In the order in which their files were read; it decides between branches.
  /// - Throws: `RevisionError` with the place in the script that is at fault.
  package init(_ revisions: [Revision]) throws(RevisionError) {
    var byID: [String: Revision] = [:]
    for revision in revisions {
      try Self.checkName(revision.id, what: "revision identifier", of: revision)
      if let other = byID[revision.id] {
        throw RevisionError(
          .duplicateRevision,
          "revision \(revision.id) is present more than once: here and in \(other.location.path)",
          at: revision.location,
          hint: "give one of them another id, or remove one of the files"
        )
      }
      byID[revision.id] = revision
    }
    let labels = try Self.labels(of: revisions, byID: byID)
    var children: [String: [String]] = [:]
    var dependencies: [String: [String]] = [:]
    var followers: [String: [String]] = [:]
    for revision in revisions {
      for parent in revision.downRevisions {
        guard byID[parent] != nil else { throw Self.missing(parent, "down_revision", of: revision) }
        guard children[parent]?.last != revision.id else { continue }
        children[parent, default: []].append(revision.id)
        followers[parent, default: []].append(revision.id)
      }
      for name in revision.dependsOn {
        guard let id = byID[name] == nil ? labels[name] : name else {
          throw Self.missing(name, "depends_on", of: revision)
        }
        guard dependencies[revision.id]?.contains(id) != true else { continue }
        dependencies[revision.id, default: []].append(id)
        if followers[id]?.last != revision.id { followers[id, default: []].append(revision.id) }
      }
    }
    self.revisions = revisions
    self.byID = byID
    self.labels = labels
    self.children = children
    self.followers = followers
    self.dependencies = dependencies
    var rank: [String: Int] = [:]
    for (index, revision) in revisions.enumerated() { rank[revision.id] = index }
    self.rank = rank
    try Self.checkCycles(revisions, dependencies: dependencies)
    var normalized: [String: [String]] = [:]
    for revision in revisions {
      var own = dependencies[revision.id] ?? []
      if !own.isEmpty {
        var declared: Set<String> = []
        let ancestors = Self.closure(of: revision.downRevisions) { byID[$0]?.downRevisions ?? [] }
        for ancestor in ancestors { declared.formUnion(dependencies[ancestor] ?? []) }
        own.removeAll { declared.contains($0) || revision.downRevisions.contains($0) }
      }
      var downs: [String] = []
      for id in revision.downRevisions + own where !downs.contains(id) { downs.append(id) }
      normalized[revision.id] = downs
    }
    normalizedDowns = normalized
  }

  /// A revision by its whole id.
  ///
  /// - Parameter id: The id.
  /// - Returns: The revision; nil if there is none.
  package func revision(_ id: String) -> Revision? { byID[id] }

  /// The revisions that come directly after one, in reading order.
  ///
  /// - Parameter id: The one.
  /// - Returns: Their ids.
  package func children(of id: String) -> [String] { children[id] ?? [] }

  /// The ids of the revisions with none after them, in reading order.
  package var heads: [String] {
    revisions.map(\.id).filter { children(of: $0).isEmpty }
  }

  /// The heads that no other revision depends on either: what `upgrade heads` reaches.
  package var realHeads: [String] {
    revisions.map(\.id).filter { followers[$0] == nil }
  }

  /// The ids of the revisions without a parent, in reading order.
  package var bases: [String] {
    revisions.filter(\.downRevisions.isEmpty).map(\.id)
  }

  /// The revision that a branch label names.
  ///
  /// - Parameter label: The label.
  /// - Returns: The id; nil if there is no such label.
  package func revision(labelled label: String) -> String? { labels[label] }

  /// All names under which revisions can be found: ids in reading order, then labels.
  var names: [String] { revisions.map(\.id) + labels.keys.sorted() }

  static func closure(of start: [String], _ next: (String) -> [String]) -> Set<String> {
    var found = Set(start)
    var todo = start
    while let id = todo.popLast() {
      for other in next(id) where found.insert(other).inserted { todo.append(other) }
    }
    return found
  }

  private static func labels(
    of revisions: [Revision],
    byID: [String: Revision]
  ) throws(RevisionError) -> [String: String] {
    var labels: [String: String] = [:]
    for revision in revisions {
      for label in revision.branchLabels {
        try checkName(label, what: "branch label", of: revision)
        guard labels[label] == nil, byID[label] == nil else {
          throw RevisionError(
            .badName,
            "branch name '\(label)' in revision \(revision.id) is already used by revision \(labels[label] ?? label)",
            at: revision.location,
            hint: "give the branch another name"
          )
        }
        labels[label] = revision.id
      }
    }
    return labels
  }

  private static func checkName(
    _ name: String,
    what: String,
    of revision: Revision
  ) throws(RevisionError) {
    let bad = name.filter { "@-+:".contains($0) }
    guard bad.isEmpty, !name.isEmpty else {
      let problem = name.isEmpty ? "an empty" : "character(s) '\(bad)' not allowed in"
      throw RevisionError(
        .badName,
        "\(problem) \(what)\(name.isEmpty ? "" : " '\(name)'")",
        at: revision.location,
        hint: "targets are written with these characters; use letters, digits and underscores"
      )
    }
  }

  private static func missing(
    _ name: String,
    _ field: String,
    of revision: Revision
  ) -> RevisionError {
    RevisionError(
      .missingRevision,
      "revision \(revision.id) names '\(name)' as \(field), and there is no such revision",
      at: revision.parentsLocation,
      hint: "add the missing script, or correct \(field)"
    )
  }

  /// Removes revisions whose parents are all removed, until none is left or only circles are.
  private static func checkCycles(
    _ revisions: [Revision],
    dependencies: [String: [String]]
  ) throws(RevisionError) {
    var waitingFor: [String: Int] = [:]
    var next: [String: [String]] = [:]
    for revision in revisions {
      let before = Set(revision.downRevisions + (dependencies[revision.id] ?? []))
      waitingFor[revision.id] = before.count
      for id in before { next[id, default: []].append(revision.id) }
    }
    var ready = revisions.map(\.id).filter { waitingFor[$0] == 0 }
    while let id = ready.popLast() {
      waitingFor[id] = nil
      for follower in next[id] ?? [] {
        waitingFor[follower, default: 0] -= 1
        if waitingFor[follower] == 0 { ready.append(follower) }
      }
    }
    guard let first = revisions.first(where: { waitingFor[$0.id] != nil }) else { return }
    let circle = waitingFor.keys.sorted().joined(separator: ", ")
    throw RevisionError(
      .cycle,
      "cycle is detected in revisions (\(circle))",
      at: first.parentsLocation,
      hint: "no order exists in which they could be applied; correct down_revision or depends_on"
    )
  }
}
