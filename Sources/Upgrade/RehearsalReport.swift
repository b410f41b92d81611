internal import DurableFiles
package import Migrations
package import Snapshots

/// What an upgrade did on a copy: every revision, the difference that it makes, how long it took and how much disk.
package struct RehearsalReport {
  /// The revisions that ran, in order; the last one may have failed.
  package var revisions: [RevisionRun] = []
  /// The tables that were there before, or are there afterwards.
  var tables: [String] = []
  /// The difference between before and after; nil if it failed.
  package var difference: SchemaDifference?
  /// Why it failed; nil if it did not.
  package var failure: (any Error)?
  /// How long it took, the copy included.
  package var duration = Duration.zero
  /// The most bytes that the copy and its journal took at the end of a revision or before the commit.
  package var peakDisk: Int64 = 0

  /// The most bytes that the journal of the copy took then.
  var peakJournal: Int64 = 0
  /// The bytes of the copy at the end.
  var finalSize: Int64 = 0

  /// The names of the tables that it changed and that were there before or are there afterwards.
  var changedTables: Set<String> {
    Set(revisions.flatMap { $0.tables.map(\.table) })
  }

  /// The tables that have lost rows, as a clause; nil if there are none.
  var fewerRows: String? {
    var fewer: [String: Int64] = [:]
    for run in revisions { fewer.merge(run.fewer, uniquingKeysWith: +) }
    let words = fewer.sorted { $0.key < $1.key }.map { "\($0.key.shownOnOneLine) \($0.value)" }
    return words.isEmpty ? nil : words.joined(separator: ", ")
  }

  /// What it did, in one sentence.
  var sentence: String {
    guard !self.revisions.isEmpty else { return "Done on a copy in \(seconds) s, no script run" }
    let revisions = revisions.count == 1 ? "1 revision" : "\(revisions.count) revisions"
    let count = changedTables.count
    let tables = count == 1 ? "1 table" : "\(count) tables"
    let rows = fewerRows.map { "rows deleted: \($0)" } ?? "no rows lost"
    return "Rehearsed on a copy: \(revisions) in \(seconds) s, \(tables) changed, \(rows)"
  }

  /// Seconds with two decimals.
  private var seconds: String {
    let hundredths = Int((duration / .milliseconds(10)).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
