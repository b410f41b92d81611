/// What an upgrade is asked to reach: `head`, `heads`, `base`, an id, the beginning of one, a label, or `+N`.
package enum Target: Hashable, Sendable {
  /// The only head.
  case head
  /// All heads.
  case heads
  /// Before the first revision: nothing to do for an upgrade.
  case base
  /// So many revisions further.
  case steps(Int)
  /// An id, the beginning of one, or a branch label.
  case revision(String)

  /// Reads a target as it is written on the command line.
  ///
  /// - Parameter text: The text.
  package init(_ text: String) {
    switch text {
    case "head": self = .head
    case "heads": self = .heads
    case "base": self = .base
    default:
      if text.hasPrefix("+"), let count = Int(text.dropFirst()), count > 0 {
        self = .steps(count)
      } else {
        self = .revision(text)
      }
    }
  }
}

extension RevisionGraph {
  /// Finds the revision that an id, a unique beginning of one, or a label names.
  ///
  /// - Parameter name: The id, the beginning, or the label.
  /// - Returns: The whole id.
  /// - Throws: `RevisionError` if there is none or more than one.
  package func resolve(_ name: String) throws(RevisionError) -> String {
    if byID[name] != nil { return name }
    if let id = revision(labelled: name) { return id }
    // alembic compares beginnings only with names of more than three characters.
    let matches = revisions.map(\.id).filter { $0.count > 3 && $0.hasPrefix(name) }
    guard !name.isEmpty, let match = matches.first else {
      throw RevisionError(
        .unknownRevision,
        "can't locate revision identified by '\(name)'",
        hint: "'xm-safe history' lists the revisions of these scripts"
      )
    }
    guard matches.count == 1 else {
      throw RevisionError(
        .ambiguous,
        "multiple revisions start with '\(name)': \(matches.joined(separator: ", "))",
        hint: "write more of the id"
      )
    }
    return match
  }

  /// The revisions that a target means for a database.
  ///
  /// - Parameters:
  ///   - target: The target.
  ///   - rows: The rows of the version table.
  /// - Returns: The ids; none for base.
  /// - Throws: `RevisionError`.
  package func resolve(_ target: Target, rows: [String]) throws(RevisionError) -> [String] {
    switch target {
    case .base: return []
    case .heads: return realHeads
    case .head:
      let heads = heads
      guard heads.count <= 1 else {
        throw RevisionError(
          .ambiguous,
          "multiple head revisions are present: \(heads.joined(separator: ", "))",
          hint: "name one of them, or use 'heads' for all, or merge the branches"
        )
      }
      return heads
    case .revision(let name): return [try resolve(name)]
    case .steps(let count): return [try walkUp(count, from: rows)]
    }
  }

  private func walkUp(_ count: Int, from rows: [String]) throws(RevisionError) -> String {
    guard rows.count <= 1 else {
      throw RevisionError(
        .ambiguous,
        "ambiguous upgrade from multiple current revisions: \(rows.joined(separator: ", "))",
        hint: "name the target revision"
      )
    }
    var current = rows.first
    for _ in 0..<count {
      let next = current.map { children(of: $0) } ?? bases
      guard let only = next.first else {
        throw RevisionError(
          .unknownRevision,
          "relative revision +\(count) didn't produce \(count) migrations",
          hint: "'xm-safe history' shows how many there are"
        )
      }
      guard next.count == 1 else {
        throw RevisionError(
          .ambiguous,
          "ambiguous walk: \(next.joined(separator: ", ")) come after \(current ?? "base")",
          hint: "name the target revision"
        )
      }
      current = only
    }
    return current ?? ""
  }
}
