/// Finding revisions by what a user calls them.
extension RevisionGraph {
  /// A place in the graph.
  enum Place: Hashable {
    /// Before the first revision.
    case base
    /// A revision, by its whole id.
    case revision(String)
  }

  /// The names that a text stands for, and the branch that they must be on.
  private struct Reading {
    var names: [String]
    var branch: String?
  }

  /// Finds the revision that an id, a unique beginning of one, or a label names.
  ///
  /// - Parameter name: The id, the beginning, or the label.
  /// - Returns: The whole id.
  /// - Throws: `RevisionError` if there is none or more than one.
  package func resolve(_ name: String) throws(RevisionError) -> String {
    try resolve(name, on: nil)
  }

  /// Finds all revisions that a text names: `head`, `heads`, `base`, a name, `branch@` before any of these, or `-N`.
  ///
  /// - Parameter text: The text.
  /// - Returns: The ids; none for base.
  /// - Throws: `RevisionError`.
  package func resolveAll(_ text: String) throws(RevisionError) -> [String] {
    let reading = try read(text)
    if reading.names.count == 1, let steps = Int(reading.names[0]), steps < 0 {
      var heads = realHeads
      if let branch = reading.branch {
        let labels = branchLabels
        heads = heads.filter { labels[$0]?.contains(branch) == true }
      }
      return try heads.map { head throws(RevisionError) in
        guard case .revision(let id) = try walk(from: .revision(head), steps: steps) else {
          throw Self.walkedTooFar(text)
        }
        return id
      }
    }
    return try reading.names.map { name throws(RevisionError) in
      try resolve(name, on: reading.branch)
    }
  }

  /// Finds the one place that a text names.
  func single(_ text: String) throws(RevisionError) -> Place {
    let reading = try read(text)
    guard reading.names.count <= 1 else { throw Self.multipleHeads(reading.names) }
    guard let name = reading.names.first else {
      if let branch = reading.branch { _ = try resolve(branch: branch) }
      return .base
    }
    return .revision(try resolve(name, on: reading.branch))
  }

  /// The revision that stands for a branch: a label, or any revision of it.
  func resolve(branch: String) throws(RevisionError) -> String {
    do {
      return try resolve(branch, on: nil)
    } catch {
      throw RevisionError(
        .unknownRevision,
        "no such branch: '\(branch)'",
        hint: "'xm-safe branches' and 'xm-safe heads' show the branches of these scripts"
      )
    }
  }

  private func read(_ text: String) throws(RevisionError) -> Reading {
    var name = text
    var branch: String?
    if let at = text.firstIndex(of: "@") {
      branch = at == text.startIndex ? nil : String(text[..<at])
      name = String(text[text.index(after: at)...])
    }
    switch name {
    case "base": return Reading(names: [], branch: branch)
    case "heads":
      guard let branch else { return Reading(names: realHeads, branch: nil) }
      return Reading(names: related(heads, to: [try resolve(branch: branch)]), branch: branch)
    case "head":
      let found = try branch.map { branch throws(RevisionError) in
        related(heads, to: [try resolve(branch: branch)])
      }
      guard (found ?? heads).count <= 1 else { throw Self.multipleHeads(found ?? heads) }
      return Reading(names: found ?? heads, branch: branch)
    default: return Reading(names: [name], branch: branch)
    }
  }

  private func resolve(_ name: String, on branch: String?) throws(RevisionError) -> String {
    let line = try branch.map { branch throws(RevisionError) in try resolve(branch: branch) }
    let found: String
    if let id = exact(name) {
      found = id
    } else {
      found = try resolve(beginning: name, on: line)
    }
    guard let line, related([found], to: [line]).isEmpty else { return found }
    throw RevisionError(
      .unknownRevision,
      "revision \(found) is not a member of branch '\(branch ?? "")'",
      hint: "'xm-safe history' lists the revisions of these scripts with their branches"
    )
  }

  private func exact(_ name: String) -> String? {
    byID[name] == nil ? revision(labelled: name) : name
  }

  private func resolve(beginning name: String, on line: String?) throws(RevisionError) -> String {
    // alembic compares beginnings only with names of more than three characters.
    var matches = names.filter { $0.unicodeScalars.count > 3 && $0.hasPrefix(name) }
    if let line {
      matches = matches.filter { !related([exact($0) ?? $0], to: [line]).isEmpty }
    }
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
    return exact(match) ?? match
  }

  static func multipleHeads(_ heads: [String]) -> RevisionError {
    RevisionError(
      .multipleHeads,
      "multiple head revisions are present: \(heads.joined(separator: ", "))",
      hint: "name one of them, or use 'heads' for all, or merge the branches"
    )
  }

  static func walkedTooFar(_ target: String) -> RevisionError {
    RevisionError(
      .walkedTooFar,
      "'\(target)' goes past the end of the revisions",
      hint: "'xm-safe history' shows how many there are"
    )
  }
}
