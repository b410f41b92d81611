/// Where the revisions of a history stand when it is drawn: each on a line of its own, the newest on top, in lanes beside each other.
///
/// A lane leads from a revision down to the one that it comes after. Where a branch begins lanes join, above a revision; where branches
/// are merged lanes part, below it.
package struct RevisionLanes: Hashable, Sendable {
  /// One revision.
  package struct Row: Hashable, Sendable {
    /// The revision.
    package var id: String
    /// Its lane, from 0.
    package var lane: Int
    /// Lanes that end in it, coming from above; all are to the right of its own.
    package var joining: [Int]
    /// Lanes that begin below it; all are to the right of its own.
    package var parting: [Int]
    /// The lanes of others that pass by.
    package var passing: [Int]
    /// Whether its own lane comes from above.
    package var comesFromAbove: Bool
    /// Whether its own lane goes on below.
    package var goesOn: Bool
    /// Whether it comes after revisions that are not drawn.
    package var isCut: Bool
  }

  /// A line from a revision down to one that it comes directly after.
  package struct Edge: Hashable, Sendable {
    /// The row that it begins in.
    package var from: Int
    /// The row that it ends in.
    package var to: Int
    /// The lane that it runs in.
    package var lane: Int
  }

  /// The lines between the revisions.
  package private(set) var edges: [Edge] = []
  /// The revisions, the newest first.
  package private(set) var rows: [Row] = []
  /// How many lanes there are.
  package private(set) var width = 0

  /// Finds the lanes.
  ///
  /// - Parameter revisions: The revisions and what each comes directly after; each before all that it comes after.
  package init(_ revisions: [(id: String, parents: [String])]) {
    let drawn = Set(revisions.map(\.id))
    let places = Dictionary(revisions.enumerated().map { ($1.id, $0) }) { first, _ in first }
    // What each lane leads down to; nil where it is free.
    var lanes: [String?] = []
    for revision in revisions {
      var own = lanes.indices.filter { lanes[$0] == revision.id }
      let comesFromAbove = !own.isEmpty
      if own.isEmpty {
        own = [Self.free(in: &lanes, from: 0)]
      }
      let lane = own[0]
      for other in own.dropFirst() { lanes[other] = nil }
      lanes[lane] = nil
      let passing = lanes.indices.filter { lanes[$0] != nil }
      let parents = revision.parents.filter(drawn.contains)
      func lead(_ lane: Int, to parent: String) {
        lanes[lane] = parent
        if let place = places[parent] {
          edges.append(Edge(from: rows.count, to: place, lane: lane))
        }
      }
      if let first = parents.first { lead(lane, to: first) }
      var parting: [Int] = []
      for parent in parents.dropFirst() where parent != parents[0] {
        let next = Self.free(in: &lanes, from: lane + 1)
        lead(next, to: parent)
        parting.append(next)
      }
      width = max(width, lanes.count)
      rows.append(
        Row(
          id: revision.id,
          lane: lane,
          joining: Array(own.dropFirst()),
          parting: parting.sorted(),
          passing: passing,
          comesFromAbove: comesFromAbove,
          goesOn: !parents.isEmpty,
          isCut: parents.count < revision.parents.count
        )
      )
      while lanes.last == .some(nil) { lanes.removeLast() }
    }
  }

  private static func free(in lanes: inout [String?], from start: Int) -> Int {
    if let free = lanes.indices.first(where: { $0 >= start && lanes[$0] == nil }) { return free }
    lanes.append(nil)
    return lanes.count - 1
  }
}
