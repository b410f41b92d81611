/// The rows whose foreign keys point nowhere, counted.
package struct ForeignKeyReport: Hashable, Sendable {
  /// One foreign key of a table.
  package struct Key: Hashable, Sendable, Comparable {
    /// The table with the rows.
    package var table: String
    /// The table that lacks the parents.
    package var parent: String
    /// Which of the table's keys.
    package var number: Int64

    /// Makes a key of its parts.
    package init(table: String, parent: String, number: Int64 = 0) {
      self.table = table
      self.parent = parent
      self.number = number
    }

    /// Orders by table, parent and number.
    package static func < (left: Key, right: Key) -> Bool {
      (left.table, left.parent, left.number) < (right.table, right.parent, right.number)
    }
  }

  /// How many rows per key.
  package var violations: [Key: Int] = [:]
  /// The tables that there were.
  package var tables: Set<String>

  /// Makes a report without violations.
  ///
  /// - Parameter tables: The tables that there are.
  package init(tables: Set<String> = []) {
    self.tables = tables
  }

  /// What is violated here and was not, or less, in an earlier report.
  ///
  /// Each table and parent counts for itself, so that one's cure never hides another one's damage. Only names that did not
  /// exist before (a table or a parent that was renamed) are weighed against names that are gone.
  ///
  /// - Parameter earlier: The report from before.
  /// - Returns: The keys with the number of new violations; empty when nothing became worse.
  package func worse(than earlier: ForeignKeyReport) -> [Key: Int] {
    let before = earlier.byName
    var worse: [Key: Int] = [:]
    var underNewNames: [Key: Int] = [:]
    for (key, count) in byName where count > before[key, default: 0] {
      let isKnown = earlier.tables.contains(key.table) && before[key] != nil
      let more = count - before[key, default: 0]
      if isKnown || earlier.tables.isSuperset(of: [key.table, key.parent]) {
        worse[key] = more
      } else {
        underNewNames[key] = more
      }
    }
    let gone = before.filter { !tables.isSuperset(of: [$0.key.table, $0.key.parent]) }
    if underNewNames.values.reduce(0, +) > gone.values.reduce(0, +) {
      worse.merge(underNewNames) { $1 }
    }
    return worse
  }

  /// The violations without the numbers of the keys, which a rebuild may give anew.
  private var byName: [Key: Int] {
    var sums: [Key: Int] = [:]
    for (key, count) in violations {
      sums[Key(table: key.table, parent: key.parent), default: 0] += count
    }
    return sums
  }
}
