internal import Archive

/// What a database on a server says: its rows per table, where alembic is, and one digest of all of it.
package struct ServerContent: Hashable, Sendable {
  /// Rows per table.
  package var rowCounts: [String: Int64]
  /// The rows of alembic's version table, sorted.
  package var heads: [String]
  /// One line for each table, column, index and so on, and one with the digest of the rows of each table; sorted.
  package var lines: [String]

  /// Makes it of its parts.
  ///
  /// - Parameters:
  ///   - rowCounts: Rows per table.
  ///   - heads: The rows of alembic's version table.
  ///   - lines: What the digest is made of.
  package init(rowCounts: [String: Int64], heads: [String], lines: [String]) {
    self.rowCounts = rowCounts
    self.heads = heads.sorted()
    self.lines = lines.sorted()
  }

  /// The digest: equal for two databases that say the same.
  package var sha256: String {
    HexadecimalDigest.text(hashing: Array(lines.joined(separator: "\n").utf8))
  }

  /// The lines of the schema: all but those of the rows.
  package var schemaLines: [String] { lines.filter { !$0.hasPrefix("rows ") } }

  /// The lines of the rows, one for each table.
  package var rowLines: [String] { lines.filter { $0.hasPrefix("rows ") } }

  /// The tables that have other rows than in an earlier content, or are only in one of the two.
  ///
  /// - Parameter earlier: The earlier content.
  /// - Returns: Their names, quoted as the server does.
  package func changedTables(since earlier: Self) -> [String] {
    let changed = Set(lines).symmetricDifference(earlier.lines).filter { $0.hasPrefix("rows ") }
    // "rows NAME COUNT SUM SUM"
    return Set(
      changed.map { $0.split(separator: " ").dropFirst().dropLast(3).joined(separator: " ") }
    )
    .sorted()
  }

  /// What differs from another content, as a clause; nil if nothing does.
  ///
  /// - Parameter other: The content that this should be.
  /// - Returns: The first differences.
  package func difference(from other: Self) -> String? {
    guard lines != other.lines else { return nil }
    let mine = Set(lines)
    let theirs = Set(other.lines)
    let missing = other.lines.filter { !mine.contains($0) }.map { "without: \($0)" }
    let added = lines.filter { !theirs.contains($0) }.map { "with: \($0)" }
    return (missing + added).prefix(3).joined(separator: "; ")
  }
}
