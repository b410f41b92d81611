/// The order of columns in a rebuilt table, by alembic's pairs of neighbours.
struct ColumnOrder {
  /// Two columns, the first to stand somewhere before the second.
  private struct Pair: Hashable {
    let first: String
    let second: String
  }

  private var existing: [String]
  private let partial: [[String]]
  private var added: [Pair] = []

  /// Starts with the existing columns, and with `partial_reordering=`.
  init(existing: [String], partial: [[String]]) {
    self.existing = existing
    self.partial = partial
  }

  /// Takes a dropped column out.
  mutating func drop(_ name: String) {
    existing.removeAll { $0 == name }
  }

  /// Places an added column; with neither neighbour it goes after the last existing column.
  ///
  /// - Throws: `.key` for a neighbour that is unknown.
  mutating func add(_ name: String, before: String?, after: String?) throws(SchemaError) {
    var before = before
    var after = after
    if partial.isEmpty {
      if let neighbour = after, before == nil {
        if let index = existing.firstIndex(of: neighbour) {
          before = index + 1 < existing.count ? existing[index + 1] : nil
        } else if let pair = added.last(where: { $0.first == neighbour }) {
          before = pair.second
        } else {
          throw .unknownColumn(neighbour)
        }
      }
      if let neighbour = before, after == nil {
        if let index = existing.firstIndex(of: neighbour) {
          after = index > 0 ? existing[index - 1] : nil
        } else if let pair = added.last(where: { $0.second == neighbour }) {
          after = pair.first
        } else {
          throw .unknownColumn(neighbour)
        }
      }
    }
    if let before { added.append(Pair(first: name, second: before)) }
    if let after { added.append(Pair(first: after, second: name)) }
    if partial.isEmpty, before == nil, after == nil, let last = existing.last {
      added.append(Pair(first: last, second: name))
    }
  }

  /// The columns in their final order.
  ///
  /// A round takes every column that waits for no other, in the given order, until none is left.
  ///
  /// - Throws: `.circularDependency` if the pairs contradict each other.
  func sorted(_ columns: [String]) throws(SchemaError) -> [String] {
    guard !partial.isEmpty || !added.isEmpty else { return columns }
    var pairs = Set(added)
    if partial.isEmpty {
      // Existing columns keep their order; alembic pairs them by place, not by name.
      for (index, name) in existing.enumerated() where index > 0 && index <= columns.count {
        pairs.insert(Pair(first: columns[index - 1], second: name))
      }
    } else {
      for run in partial {
        for (first, second) in zip(run, run.dropFirst()) {
          pairs.insert(Pair(first: first, second: second))
        }
      }
    }
    var waitsFor: [String: Set<String>] = [:]
    for pair in pairs where pair.first != pair.second {
      waitsFor[pair.second, default: []].insert(pair.first)
    }
    var open = columns
    var sorted: [String] = []
    while !open.isEmpty {
      let waiting = Set(open)
      let free = open.filter { waiting.isDisjoint(with: waitsFor[$0] ?? []) }
      guard !free.isEmpty else {
        throw SchemaError(
          .circularDependency,
          "the order asked of the columns \(open.joined(separator: ", ")) contradicts itself"
        )
      }
      sorted += free
      open.removeAll(where: free.contains)
    }
    return sorted
  }
}
