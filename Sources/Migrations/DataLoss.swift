/// Rows or values that are gone after a revision, though it did not delete or change them itself.
package struct DataLoss: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is gone.
  package enum Kind: Hashable, Sendable {
    /// Rows: how many there were, and how many there are.
    case rows(before: Int64, after: Int64)
    /// Rows that a trigger or a foreign key has deleted, while there are no fewer than before.
    case deleted(count: Int64)
    /// References of a column to a table that was made anew: how many are gone; nil if they have another value.
    case references(column: String, parent: String, count: Int64?)
    /// Values of a column.
    case values(column: String)
  }

  /// The table.
  package var table: String
  /// What is gone.
  package var kind: Kind

  /// Names what is gone.
  package init(table: String, kind: Kind) {
    self.table = table
    self.kind = kind
  }

  /// One sentence that names the table, what is gone, and how to allow it.
  package var description: String {
    switch kind {
    case .rows(let before, let after):
      let count = before - after
      return
        "\(count) \(count == 1 ? "row" : "rows") of table '\(table)' vanished (\(before) before, \(after) after), "
        + "and the revision neither drops it nor deletes from it itself; \(option) lets it"
    case .deleted(let count):
      return
        "a trigger or a foreign key has deleted \(count) \(count == 1 ? "row" : "rows") of table '\(table)', "
        + "and the revision neither drops it nor deletes from it itself; \(option) lets it"
    case .references(let column, let parent, let count):
      let what = count.map { $0 == 1 ? "1 reference" : "\($0) references" } ?? "references"
      let became = count == nil ? "were set to their default" : "vanished"
      return
        "\(what) in column '\(column)' of table '\(table)' \(became) when the revision made table '\(parent)' anew, "
        + "and it does not set them itself: foreign keys were on; \(option) lets it"
    case .values(let column):
      return
        "values of column '\(column)' of table '\(table)' changed, and the revision does not set them itself; "
        + "\(option) lets it"
    }
  }

  /// The option that allows it, as one writes it in a shell.
  package var option: String { "--allow-row-loss " + argument }

  private var argument: String {
    let isPlain = table.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || byte == 95
    }
    return isPlain
      ? table
      : "'"
        + table.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
        + "'"
  }
}
