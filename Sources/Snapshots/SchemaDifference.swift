package import Archive
package import SQLite

/// What differs between two databases: their schemas as SQL, and how many rows their tables have.
package struct SchemaDifference: Sendable {
  /// One side of a comparison.
  package struct Side: Sendable {
    /// The objects of the schema, by kind and name.
    var objects: [(kind: String, name: String, sql: String)] = []
    /// Rows per table.
    var rows: [String: Int64] = [:]

    /// Reads a database.
    ///
    /// - Parameter connection: The database.
    /// - Throws: `SQLiteError`.
    package init(_ connection: Connection) throws {
      try connection.execute("PRAGMA trusted_schema=OFF")
      objects = try Self.objects(connection)
      rows = try connection.rowCounts()
    }

    private static func objects(
      _ connection: Connection
    ) throws -> [(kind: String, name: String, sql: String)] {
      let found = try connection.query(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
      )
      return found.compactMap { row in
        guard let kind = row[0].textValue, let name = row[1].textValue else { return nil }
        return (kind, name, row[2].textValue ?? "")
      }
    }

    /// Reads a snapshot, without restoring it.
    ///
    /// - Parameter archive: The verified archive.
    /// - Throws: `ArchiveError`, `SQLiteError`.
    package init(_ archive: ArchiveReader) throws {
      let image = try VirtualDatabase(ArchivedImage(archive))
      do {
        try image.connection.distrust(size: archive.manifest.image.size)
        objects = try Self.objects(image.connection)
        try image.connection.close()
      } catch let error as SQLiteError where image.failure == nil {
        throw ArchiveError(.damaged, archive.path, "SQLite cannot read its image: \(error.message)")
      } catch {
        throw image.failure ?? error
      }
      // The manifest has them counted: a crafted tree of pages can take for ever.
      rows = archive.manifest.rowCounts
    }
  }

  /// SQL that leads from the one to the other: drops of what is gone or changed, then creations.
  package let schema: [String]
  /// The tables whose row counts differ, by name; nil where the table is not there.
  package let rows: [(table: String, before: Int64?, after: Int64?)]

  /// Compares two sides.
  ///
  /// - Parameters:
  ///   - before: The one.
  ///   - after: The other.
  package init(from before: Side, to after: Side) {
    func key(_ object: (kind: String, name: String, sql: String)) -> String {
      "\(object.kind) \(object.name)"
    }
    let old = Dictionary(before.objects.map { (key($0), $0.sql) }) { first, _ in first }
    let new = Dictionary(after.objects.map { (key($0), $0.sql) }) { first, _ in first }
    let drops = before.objects.reversed().filter { new[key($0)] != $0.sql }.map { object in
      "DROP \(object.kind.uppercased()) \(Connection.quoted(object.name))"
    }
    let creations = after.objects.filter { old[key($0)] != $0.sql }.map(\.sql)
    schema = drops + creations
    rows = Set(before.rows.keys).union(after.rows.keys).sorted().compactMap { table in
      let counts = (before.rows[table], after.rows[table])
      return counts.0 == counts.1 ? nil : (table, counts.0, counts.1)
    }
  }
}
