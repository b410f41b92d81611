package import Archive
package import SQLite

/// What differs between two databases: their schemas as SQL, and how many rows their tables have.
package struct SchemaDifference: Sendable {
  /// One object of a schema.
  fileprivate struct Object: Hashable {
    /// `table`, `index`, `view` or `trigger`.
    var kind: String
    var name: String
    /// The table or view that it goes with when that is dropped; in lower case, since triggers keep the writer's spelling.
    var owner: String
    /// Without white space at the end, which SQLite stores or not by the way in which a statement ended.
    var sql: String
  }

  /// One side of a comparison.
  package struct Side: Sendable {
    /// The objects of the schema, in their order.
    fileprivate var objects: [Object] = []
    /// Rows per table.
    package fileprivate(set) var rows: [String: Int64] = [:]

    /// Reads a database.
    ///
    /// - Parameter connection: The database.
    /// - Throws: `SQLiteError`.
    package init(_ connection: Connection) throws {
      try connection.distrustSchema()
      objects = try Self.objects(connection)
      rows = try connection.rowCounts()
    }

    private static func objects(_ connection: Connection) throws -> [Object] {
      // SQLite's own tables (sqlite_sequence, sqlite_stat1) and those behind a virtual table come and go with others.
      let found = try connection.query(
        """
        SELECT type, name, lower(tbl_name), sql FROM sqlite_schema
        WHERE sql IS NOT NULL AND substr(lower(name), 1, 7) != 'sqlite_' AND lower(tbl_name) NOT IN
          (SELECT lower(name) FROM pragma_table_list WHERE schema = 'main' AND type = 'shadow')
        ORDER BY rowid
        """
      )
      return found.compactMap { row in
        guard let kind = row[0].textValue, let name = row[1].textValue,
          let owner = row[2].textValue, var sql = row[3].textValue
        else { return nil }
        while sql.last?.isWhitespace == true { sql.removeLast() }
        return Object(kind: kind, name: name, owner: owner, sql: sql)
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

  /// SQL that leads from the one schema to the other: drops of what is gone or changed, then creations.
  ///
  /// A table that differs is dropped and created, without its rows, and so are its indexes and triggers, which SQLite drops
  /// along with it (https://www.sqlite.org/lang_droptable.html). Those of them that do not come back are dropped by name, so
  /// that they are seen.
  package let schema: [String]
  /// The tables whose row counts differ, by name; nil where the table is not there.
  package let rows: [(table: String, before: Int64?, after: Int64?)]

  /// Compares two sides.
  ///
  /// - Parameters:
  ///   - before: The one.
  ///   - after: The other.
  package init(from before: Side, to after: Side) {
    let old = Set(before.objects)
    let new = Set(after.objects)
    func isOwner(_ object: Object) -> Bool { object.kind == "table" || object.kind == "view" }
    let gone = before.objects.filter { !new.contains($0) }
    let goneOwners = Set(gone.filter(isOwner).map(\.owner))
    let names = Set(after.objects.map { [$0.kind, $0.name.lowercased()] })
    let owners = Set(after.objects.filter(isOwner).map { $0.name.lowercased() })
    /// Whether an object is gone for good, though its table is still there; a trigger is told even if its table is gone too.
    func isMissed(_ object: Object) -> Bool {
      !isOwner(object) && !names.contains([object.kind, object.name.lowercased()])
        && (object.kind == "trigger" || owners.contains(object.owner))
    }
    func goesAlong(_ object: Object) -> Bool {
      !isOwner(object) && goneOwners.contains(object.owner)
    }
    func ordered(_ objects: [Object], _ kinds: [String]) -> [Object] {
      kinds.flatMap { kind in objects.filter { $0.kind == kind } }
    }
    let kinds = ["table", "index", "view", "trigger"]
    let drops = ordered(
      gone.filter { !goesAlong($0) || isMissed($0) }.reversed(),
      kinds.reversed()
    )
    let creations = ordered(after.objects.filter { !old.contains($0) || goesAlong($0) }, kinds)
    schema =
      drops.map { "DROP \($0.kind.uppercased()) \(Connection.quoted($0.name))" }
      + creations.map(\.sql)
    rows = Set(before.rows.keys).union(after.rows.keys).sorted().compactMap { table in
      let counts = (before.rows[table], after.rows[table])
      return counts.0 == counts.1 ? nil : (table, counts.0, counts.1)
    }
  }
}
