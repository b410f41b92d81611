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
    let downs =
      record.downRevisions.isEmpty ? "<base>" : record.downRevisions.joined(separator: ", ")
    let needs = record.dependsOn.isEmpty ? "" : " (\(record.dependsOn.joined(separator: ", ")))"
    var line = "\(downs)\(needs) -> \(headLine(record))"
    if record.isBranchPoint { line += " (branchpoint)" }
    if record.isMergePoint { line += " (mergepoint)" }
    return "\(line), \(record.message)".shownOnOneLine
  }

  /// alembic's line of `heads`: `c1 (label) (head)`.
  static func headLine(_ record: RevisionRecord) -> String {
    let labels =
      record.branchLabels.isEmpty ? "" : " (\(record.branchLabels.joined(separator: ", ")))"
    let head = record.isEffectiveHead ? " (effective head)" : record.isHead ? " (head)" : ""
    return (record.revision + labels + head).shownOnOneLine
  }
}
