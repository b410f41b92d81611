package import Archive
package import SQLite

/// A digest of what a database says, whatever its pages look like: schema, rows with their storage classes, numbers.
///
/// After a rollback SQLite may leave other bytes in pages that were free before: such a database is as it was, and yet has
/// another image. This tells.
package enum LogicalDigest {
  /// The digest of an open database.
  ///
  /// - Parameter connection: The database, with a read transaction open.
  /// - Returns: 64 lower-case hexadecimal digits.
  /// - Throws: `SQLiteError`.
  package static func text(of connection: Connection) throws(SQLiteError) -> String {
    var digest = HexadecimalDigest()
    for pragma in [
      "user_version", "application_id", "page_size", "auto_vacuum", "encoding",
    ] {
      try add(try connection.prepare("PRAGMA main.\(pragma)"), to: &digest)
    }
    let schema = "FROM main.sqlite_schema ORDER BY rowid"
    try add(
      try connection.prepare("SELECT type, name, tbl_name, sql, rootpage != 0 \(schema)"),
      to: &digest
    )
    for object in try connection.query("SELECT type, name, rootpage != 0 \(schema)") {
      // Virtual tables have no page of their own; what they hold is in tables that have.
      guard object[0] == .text("table"), object[2] == .integer(1), let name = object[1].textValue
      else { continue }
      try add(try rows(of: name, connection), to: &digest)
    }
    return digest.text
  }

  /// The digest of what a snapshot holds.
  ///
  /// - Parameter reader: The verified archive.
  /// - Returns: The digest, to compare with that of a database.
  /// - Throws: `ArchiveError`, `SQLiteError`.
  package static func text(of reader: ArchiveReader) throws -> String {
    let image = try VirtualDatabase(ArchivedImage(reader))
    do {
      try image.connection.distrustSchema()
      let digest = try text(of: image.connection)
      try image.connection.close()
      return digest
    } catch {
      throw image.failure ?? error
    }
  }

  /// All rows of a table in their order, with the rowid, which other tables may refer to though no column shows it.
  ///
  /// VACUUM may give other ones (https://www.sqlite.org/lang_vacuum.html).
  private static func rows(
    of table: String,
    _ connection: Connection
  ) throws(SQLiteError) -> Statement {
    let quoted = Connection.quoted(table)
    let columns = try connection.query("PRAGMA main.table_xinfo(\(quoted))")
      .compactMap { $0[1].textValue?.lowercased() }
    // A column of that name hides it (https://www.sqlite.org/lang_createtable.html#rowid).
    let rowid = ["rowid", "_rowid_", "oid"].first { !columns.contains($0) }
    // Not an index that has all columns: the order of the rows must be that of the table.
    let source = "FROM main.\(quoted) NOT INDEXED"
    guard let rowid else { return try connection.prepare("SELECT * \(source)") }
    do {
      return try connection.prepare("SELECT \(rowid), * \(source)")
    } catch  where error.code == .error {
      // A table WITHOUT ROWID; if it was something else, that is thrown again.
      return try connection.prepare("SELECT * \(source)")
    }
  }

  private static func add(
    _ statement: Statement,
    to digest: inout HexadecimalDigest
  ) throws(SQLiteError) {
    var bytes: [UInt8] = []
    while try statement.step() {
      statement.encodeRow(into: &bytes)
      guard bytes.count > 1 << 16 else { continue }
      digest.update(bytes)
      bytes.removeAll(keepingCapacity: true)
    }
    // No storage class has this number: so that the rows of one table cannot be taken for those of the next.
    digest.update(bytes + [0])
  }
}
