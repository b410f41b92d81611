package import Archive

/// What a database on a server says: its rows per table, where alembic is, and one digest of all of it.
package struct ServerContent: Hashable, Sendable {
  /// Rows per table.
  package var rowCounts: [String: Int64]
  /// The rows of alembic's version table, sorted.
  package var heads: [String]
  /// One line for each table, column, index and so on, and one with the digest of the rows of each table; sorted.
  package var lines: [String]

  /// How the objects are defined, one line each, sorted; nil where the lines of the schema say that.
  package var definitions: [String]?

  /// alembic's version table, as the row counts name it; nil if it is not there.
  package var versionTable: String?

  /// What the server runs by itself; nil where that is not known one by one.
  package var programs: Set<ServerProgram>?

  /// The character set and the collation that new tables get, where the lines do not say that; nil where they do.
  package var encoding: [String]?

  /// Makes it of its parts.
  ///
  /// - Parameters:
  ///   - rowCounts: Rows per table.
  ///   - heads: The rows of alembic's version table.
  ///   - lines: What the digest is made of.
  ///   - definitions: How the objects are defined; nil where the lines say that.
  ///   - versionTable: alembic's version table, as the row counts name it; nil if it is not there.
  package init(
    rowCounts: [String: Int64],
    heads: [String],
    lines: [String],
    definitions: [String]? = nil,
    versionTable: String?
  ) {
    self.rowCounts = rowCounts
    self.versionTable = versionTable
    self.heads = heads.sorted()
    self.lines = lines.sorted()
    self.definitions = definitions?.sorted()
  }

  /// The digest: equal for two databases that have the same objects and rows.
  package var sha256: String {
    HexadecimalDigest.text(hashing: Array(lines.joined(separator: "\n").utf8))
  }

  /// The digest of the definitions, without what a server writes in another way after a restore; nil where the other one has them.
  package var definitionsSHA256: String? {
    definitions.map { lines in
      let settled = lines.map(DefinitionText.settled).sorted()
      return HexadecimalDigest.text(hashing: Array(settled.joined(separator: "\n").utf8))
    }
  }

  /// Whether this is what a manifest says; one of an earlier version says nothing of definitions.
  ///
  /// - Parameter image: What the manifest says.
  /// - Returns: Whether both digests are the same, as far as there are two.
  package func isSaid(by image: Manifest.Image) -> Bool {
    sha256 == image.contentSHA256 && isDefined(as: image)
  }

  /// Whether the definitions are those of a manifest, or it says nothing of them.
  ///
  /// - Parameter image: What the manifest says.
  /// - Returns: Whether they are the same.
  package func isDefined(as image: Manifest.Image) -> Bool {
    guard let theirs = image.definitionsSHA256, let mine = definitionsSHA256 else { return true }
    return mine == theirs
  }

  /// The sequences that are the only difference from an earlier content: what they have counted no rollback takes back.
  ///
  /// - Parameter earlier: The earlier content.
  /// - Returns: Their names; nil if something else differs as well.
  package func advancedSequences(since earlier: Self) -> [String]? {
    let prefix = PostgresDefinitions.sequencePrefix
    var (mine, theirs) = (self, earlier)
    mine.definitions?.removeAll { $0.hasPrefix(prefix) }
    theirs.definitions?.removeAll { $0.hasPrefix(prefix) }
    guard mine == theirs else { return nil }
    let changed = Set(definitions ?? []).symmetricDifference(earlier.definitions ?? [])
    // "sequence value NAME LAST CALLED"
    return Set(
      changed.map {
        $0.dropFirst(prefix.count).split(separator: " ").dropLast(2).joined(separator: " ")
      }
    ).sorted()
  }

  /// The lines of the schema: all but those of the rows.
  package var schemaLines: [String] { lines.filter { !$0.hasPrefix("rows ") } }

  /// The lines of the rows, one for each table.
  package var rowLines: [String] { lines.filter { $0.hasPrefix("rows ") } }

  /// The digest of the rows alone.
  package var rowsSHA256: String { Self.rowsSHA256(rowLines) }

  /// The digest of such lines, sorted.
  static func rowsSHA256(_ rowLines: [String]) -> String {
    HexadecimalDigest.text(hashing: Array(rowLines.joined(separator: "\n").utf8))
  }

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
