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
    for pragma in ["user_version", "application_id", "page_size", "auto_vacuum"] {
      add(.integer(try connection.pragma(pragma)), to: &digest)
    }
    add(try connection.value("PRAGMA encoding") ?? .null, to: &digest)
    let objects = try connection.query(
      "SELECT type, name, tbl_name, sql, rootpage != 0 FROM sqlite_schema ORDER BY rowid"
    )
    for object in objects {
      for value in object { add(value, to: &digest) }
      // Virtual tables have no page of their own; what they hold is in tables that have.
      guard object[0] == .text("table"), object[4] == .integer(1), let name = object[1].textValue
      else { continue }
      try addRows(of: name, connection, to: &digest)
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

  private static func addRows(
    of table: String,
    _ connection: Connection,
    to digest: inout HexadecimalDigest
  ) throws(SQLiteError) {
    let statement = try connection.prepare("SELECT * FROM \(Connection.quoted(table))")
    while try statement.step() {
      for value in statement.row { add(value, to: &digest) }
    }
  }

  /// A value with its storage class and its length, so that no two rows of values have the same bytes.
  private static func add(_ value: Value, to digest: inout HexadecimalDigest) {
    func add(_ kind: UInt8, _ bytes: [UInt8]) {
      digest.update([kind])
      digest.update(littleEndian(UInt64(bytes.count)))
      digest.update(bytes)
    }
    switch value {
    case .null: add(0, [])
    case .integer(let number): add(1, littleEndian(UInt64(bitPattern: number)))
    case .real(let number): add(2, littleEndian(number.bitPattern))
    case .text(let text): add(3, Array(text.utf8))
    case .blob(let bytes): add(4, bytes)
    }
  }

  private static func littleEndian(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
}
