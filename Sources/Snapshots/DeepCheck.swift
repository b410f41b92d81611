internal import Archive
internal import DurableFiles
package import SQLite

/// The restore drill: a snapshot is restored into a database of its own, checked by SQLite, and compared with its manifest.
package struct DeepCheck {
  private let store: Store
  private let restorer: Restorer
  private let heads: (Connection) throws -> [String]

  /// Prepares checks.
  ///
  /// - Parameters:
  ///   - store: Where the copies are made, and removed again.
  ///   - restorer: Restores.
  ///   - heads: Reads the version table.
  package init(
    store: Store,
    restorer: Restorer,
    heads: @escaping (Connection) throws -> [String]
  ) {
    self.store = store
    self.restorer = restorer
    self.heads = heads
  }

  /// Checks one snapshot.
  ///
  /// - Parameter path: The archive.
  /// - Returns: What is wrong, as a clause; nil if nothing is. Rows without parents are the database's own matter, and only
  ///   counted.
  /// - Throws: `ArchiveError` if the archive is damaged; `FileError`, `SQLiteError`.
  package func check(_ path: String) throws -> (problem: String?, orphans: Int) {
    let reader = try restorer.verify(path)
    return try restorer.withCopy(of: reader, beside: store.path + "/deep") { copy in
      let connection = try Connection(opening: copy, mode: .readWrite)
      do {
        try connection.distrust(size: reader.manifest.image.size)
        let result = try compare(connection, reader)
        try connection.close()
        return result
      } catch let error as SQLiteError where Self.isOfTheContent(error) {
        return ("SQLite cannot check its image: \(error.message)", 0)
      }
    }
  }

  /// Whether an error comes from what is in the database, and not from the disk or the memory.
  private static func isOfTheContent(_ error: SQLiteError) -> Bool {
    [.corrupt, .notADatabase, .error, .tooBig, .misuse].contains(error.code)
  }

  private func compare(
    _ connection: Connection,
    _ reader: ArchiveReader
  ) throws -> (problem: String?, orphans: Int) {
    try restorer.progress(Progress("check"))
    if let damage = try connection.integrityCheck().first {
      return ("integrity_check finds: \(damage)", 0)
    }
    let counts = try connection.rowCounts()
    guard counts == reader.manifest.rowCounts else {
      return ("its tables do not have the rows that its manifest says", 0)
    }
    let found: [String]
    do {
      found = try heads(connection)
    } catch let error as SQLiteError {
      throw error
    } catch {
      return ("its version table cannot be read: \(error)", 0)
    }
    guard found == reader.manifest.heads else {
      return ("its version table does not say what its manifest says", 0)
    }
    let orphans: Int
    do {
      orphans = try connection.foreignKeyCheck().violations.values.reduce(0, +)
    } catch {
      // A key that cannot be checked ("foreign key mismatch") is the database's own matter as well.
      orphans = 0
    }
    return (nil, orphans)
  }
}
