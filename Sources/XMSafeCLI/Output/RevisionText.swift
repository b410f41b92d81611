internal import DurableFiles
internal import XMSafe

/// Revisions as alembic prints them.
enum RevisionText {
  /// Ids in one line; `base` where there is none.
  static func joined(_ ids: [String]) -> String {
    ids.isEmpty ? "base" : ids.map(\.shownOnOneLine).joined(separator: ", ")
  }

  /// alembic's line of `history`: `a1, b1 (dep) -> c1 (label) (head) (mergepoint), message`.
  static func historyLine(_ record: RevisionRecord) -> String {
    let needs = record.dependsOn.isEmpty ? "" : " (\(record.dependsOn.joined(separator: ", ")))"
    return "\(parents(record))\(needs) -> \(line(record, isInTree: true)), \(record.message)"
      .shownOnOneLine
  }

  /// alembic's line of `heads`: `c1 (label) (head)`.
  static func headLine(_ record: RevisionRecord) -> String {
    line(record, isInTree: false).shownOnOneLine
  }

  /// alembic's line of `branches`: `c1 (label) (head) (mergepoint)`.
  static func branchLine(_ record: RevisionRecord, withMessage: Bool = false) -> String {
    (line(record, isInTree: true) + (withMessage ? ", \(record.message)" : "")).shownOnOneLine
  }

  /// alembic's line of `current`: `c1 (head) (mergepoint)`.
  static func currentLine(_ record: RevisionRecord) -> String {
    var record = record
    record.branchLabels = []
    return line(record, isInTree: true).shownOnOneLine
  }

  /// alembic's entry for a revision: several lines, the last one empty.
  static func entry(_ record: RevisionRecord) -> String {
    var lines = [
      "Rev: \(record.revision)\(record.isHead ? " (head)" : "")\(tree(record))\(current(record))",
      "\(record.isMergePoint ? "Merges" : "Parent"): \(parents(record))",
    ]
    func add(_ name: String, _ values: [String]) {
      if !values.isEmpty { lines.append("\(name): \(values.joined(separator: ", "))") }
    }
    add("Also depends on", record.dependsOn)
    if record.isBranchPoint { add("Branches into", record.nextRevisions) }
    add("Branch names", record.branchLabels)
    lines += ["Path: \(record.path)", ""]
    let paragraphs = record.documentation.split(
      omittingEmptySubsequences: false,
      whereSeparator: \.isNewline
    )
    lines += record.documentation.isEmpty ? [""] : paragraphs.map { "    \($0)" }
    return lines.map(\.shownOnOneLine).joined(separator: "\n") + "\n"
  }

  private static func parents(_ record: RevisionRecord) -> String {
    record.downRevisions.isEmpty ? "<base>" : record.downRevisions.joined(separator: ", ")
  }

  private static func line(_ record: RevisionRecord, isInTree: Bool) -> String {
    let labels =
      record.branchLabels.isEmpty ? "" : " (\(record.branchLabels.joined(separator: ", ")))"
    let head = record.isEffectiveHead ? " (effective head)" : record.isHead ? " (head)" : ""
    return record.revision + labels + head + current(record) + (isInTree ? tree(record) : "")
  }

  private static func current(_ record: RevisionRecord) -> String {
    record.isCurrent ? " (current)" : ""
  }

  private static func tree(_ record: RevisionRecord) -> String {
    (record.isBranchPoint ? " (branchpoint)" : "") + (record.isMergePoint ? " (mergepoint)" : "")
  }
}
