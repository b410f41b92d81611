package import Revisions
internal import Schema

/// What one revision did: its statements, the rows of the tables that it touched, what its rebuilds lost, how long it took.
package struct RevisionRun: Sendable {
  /// The rows of one table.
  package struct Rows: Hashable, Sendable {
    /// The table.
    package var table: String
    /// How many rows it had; nil if it was not there.
    package var before: Int64?
    /// How many it has; nil if it is gone.
    package var after: Int64?
  }

  /// Something that a rebuild has lost.
  package struct Loss: Hashable, Sendable {
    /// The table.
    package var table: String
    /// What is lost.
    package var what: String
    /// What brings it back; nil where nothing can.
    package var remedy: String?

    init(table: String, _ loss: RebuildLoss) {
      self.table = table
      what = loss.what
      remedy = loss.remedy
      sentence = loss.description
    }

    /// What is lost and what brings it back, in one sentence.
    package var sentence: String
  }

  /// The revision.
  package var revision: Revision
  /// The statements, as executed, the change of the version table last.
  package var statements: [String]
  /// The tables that it touched and that were there before or are there now, by name; when it failed, those of before.
  package var tables: [Rows]
  /// How many rows fewer tables have, by the name before; what was renamed keeps its rows, what was dropped does not.
  package var fewer: [String: Int64]
  /// What its rebuilds lost.
  package var losses: [Loss]
  /// How long it took.
  package var duration: Duration
  /// Whether it ran to its end.
  package var isDone: Bool

  static func tables(
    _ touched: Set<TableKey>,
    _ before: RowLedger,
    _ after: RowLedger
  ) -> [Rows] {
    touched.sorted().compactMap { key in
      let (old, new) = (before.counts[key], after.counts[key])
      guard let name = new?.name ?? old?.name else { return nil }
      return Rows(table: name, before: old?.rows, after: new?.rows)
    }
  }

  static func fewer(_ log: StatementLog, _ before: RowLedger, _ after: RowLedger) -> [String: Int64]
  {
    var fewer: [String: Int64] = [:]
    for key in log.touched {
      guard let old = before.counts[key] else { continue }
      let now = log.rowsNow(of: key, after) ?? 0
      if now < old.rows { fewer[old.name] = old.rows - now }
    }
    return fewer
  }
}
