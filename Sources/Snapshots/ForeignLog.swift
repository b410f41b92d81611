internal import DurableFiles
internal import SQLite

/// A `-wal` that lies beside a database and provably does not belong to it.
///
/// SQLite replays whatever log has the right name, into whatever file has the database's: a file that was replaced while its
/// log stayed becomes a mixture of two databases that no check notices. A log does not name its database; but one that
/// cannot fit can be told.
package enum ForeignLog {
  /// Larger logs are only looked at from outside: all of their bytes would have to be read.
  private static let limit: Int64 = 64 << 20

  /// Tells why the log cannot belong to the database.
  ///
  /// - Parameter database: The absolute path of the database, which is a file.
  /// - Returns: The reason, as one sentence; nil if there is no log, or it may be the database's own.
  /// - Throws: `FileError`, `SQLiteError`.
  package static func reason(beside database: String) throws -> String? {
    guard let first = try look(database) else { return nil }
    // Somebody may have written between our looks at the one file and the other. What does not belong there does not a
    // moment later either.
    return try look(database) == first ? first : nil
  }

  private static func look(_ database: String) throws -> String? {
    let path = database + "-wal"
    guard let size = try FileStatus.ifPresent(path)?.size, size > 0, size <= limit,
      let log = try WriteAheadLog.read(path, files: FileSystem())
    else { return nil }
    let header = try DatabaseHeader(of: database)
    let (shown, owner) = (path.shownAsPath, database.shownAsPath)
    guard header.size > 0 else {
      return
        "\(shown) is the log of another database: \(owner) has no bytes, and SQLite would remove the log and the \(log.pages.count.shown(as: "page")) in it"
    }
    guard let pageSize = header.pageSize else {
      return
        "\(shown) is the log of another database: \(owner) does not begin as a database does, and SQLite would replay the log into it"
    }
    guard pageSize == log.pageSize else {
      return
        "\(shown) is the log of another database: its pages have \(log.pageSize) bytes, and those of \(owner) \(pageSize)"
    }
    guard header.isLogged else {
      return
        "\(shown) is the log of another database: \(owner) is not in WAL mode, and SQLite would replay the log into it"
    }
    guard let missing = missingPage(header.size / Int64(pageSize), log) else { return nil }
    return
      "\(shown) is the log of another database, or \(owner) was cut off: page \(missing) of \(log.pageCount) is in neither"
  }

  /// A page that the database would have after the last commit, and that neither the file nor the log has.
  private static func missingPage(_ pagesInFile: Int64, _ log: WriteAheadLog) -> UInt32? {
    guard Int64(log.pageCount) > pagesInFile else { return nil }
    // The page with the bytes that SQLite locks is never written
    // (https://www.sqlite.org/fileformat2.html#the_lock_byte_page).
    let lockPage = UInt32(0x4000_0000 / log.pageSize + 1)
    return (UInt32(pagesInFile) + 1...log.pageCount)
      .first { $0 != lockPage && !log.pages.contains($0) }
  }
}
