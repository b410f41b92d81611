internal import DurableFiles
internal import Revisions

/// The rows of a version table that the scripts do not have, and what that means.
struct UnknownRevisions {
  /// The rows that no script has; not empty.
  let rows: [String]
  /// Whether other rows are revisions of the scripts.
  let isMixed: Bool
  /// What was found.
  let what: String
  /// How it came to be.
  let why: String
  /// What can be done where no row is known.
  static let commands = [
    "xm-safe heads  # what these scripts lead to",
    "xm-safe list; xm-safe restore SNAPSHOT  # to go back to one from before",
  ]

  /// Looks for them; nil if there are none.
  ///
  /// - Parameters:
  ///   - all: The rows of the version table.
  ///   - graph: The revisions of the scripts.
  init?(_ all: [String], in graph: RevisionGraph) {
    rows = all.filter { graph.revision($0) == nil }
    guard !rows.isEmpty else { return nil }
    let known = all.filter { graph.revision($0) != nil }
    isMixed = !known.isEmpty
    let names = rows.map { "'\($0.shownOnOneLine)'" }.joined(separator: ", ")
    if isMixed {
      let others = known.map(\.shownOnOneLine).joined(separator: ", ")
      what =
        "the table holds the revisions of two applications, or of two versions of one: \(names) are not in these scripts, \(others) are"
      why = "each application needs a version table of its own"
    } else {
      what = "the database is at \(names), which these scripts do not have"
      why =
        "it was upgraded by a newer release or by another branch, or these are the scripts of another application"
    }
  }
}
