internal import DurableFiles
internal import SQLite

/// A `-wal` that lies beside a database and provably does not belong to it.
///
/// SQLite replays whatever log has the right name, into whatever file has the database's: a file that was replaced while its
/// log stayed becomes a mixture of two databases that no check notices. A log does not name its database; but one that
/// cannot fit can be told. All of the log is read for it, as SQLite does when it opens a database that nobody else has open.
package enum ForeignLog {
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
    guard let length = try FileStatus.ifPresent(path)?.size, length > 0 else { return nil }
    // Before the log and after it: whoever works here meanwhile may write both.
    let earlier = try DatabaseHeader(of: database)
    let log = try WriteAheadLog.read(
      path,
      files: FileSystem(),
      known: { UInt32(clamping: earlier.size / Int64($0)) },
      // What is wrong with all of the log is wrong with its first transaction.
      isEnough: { !earlier.canHave($0) }
    )
    guard let log else { return nil }
    let header = try DatabaseHeader(of: database)
    let (shown, owner) = (path.shownAsPath, database.shownAsPath)
    guard header.size > 0 else {
      return
        "\(shown) is the log of another database: \(owner) has no bytes, and SQLite would remove the log and what is in it"
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
    if let missing = missingPage(earlier.size / Int64(pageSize), log) {
      return
        "\(shown) is the log of another database, or \(owner) was cut off: page \(missing) of \(log.pageCount) is in neither"
    }
    guard let gap = gap(between: earlier, header, log) else { return nil }
    return
      "\(shown) is the log of another database, or of another time of \(owner): \(gap), and SQLite would replay the log into it"
  }

  /// A page that the database would have after the last commit, and that neither the file nor the log has.
  private static func missingPage(_ pagesInFile: Int64, _ log: WriteAheadLog) -> UInt32? {
    guard Int64(log.pageCount) > pagesInFile else { return nil }
    // The page with the bytes that SQLite locks is never written
    // (https://www.sqlite.org/fileformat2.html#the_lock_byte_page).
    let lockPage = UInt32(0x4000_0000 / log.pageSize + 1)
    return (UInt32(pagesInFile) + 1...log.pageCount).first { $0 != lockPage && !log.has($0) }
  }

  /// What tells that the log does not go on from the file, as a clause.
  ///
  /// A log is begun anew only when all of it was written into the file. So page 1 of the file is what it was when the log was
  /// begun, or one of those that are in the log. Whoever writes page 1 into the log gives it the file change counter that he has
  /// read, plus one (`pager_write_changecounter` of SQLite): the first in the log has the counter of the file when the log was
  /// begun, or the next one, and then none goes back. And the number of pages is in page 1: if no page 1 is in the log, it is
  /// still the same.
  private static func gap(
    between earlier: DatabaseHeader,
    _ later: DatabaseHeader,
    _ log: WriteAheadLog
  ) -> String? {
    guard let first = log.firstCounter, let last = log.lastCounter else {
      let count = log.keepsPageCount ? log.pageCount : nil
      guard let pages = earlier.pageCount, later == earlier, count != pages else { return nil }
      return
        "it leaves a database of \(log.pageCount.shown(as: "page")) without having changed their number, which is \(pages)"
    }
    if last.isBefore(earlier.changeCounter) {
      return
        "its last change counter is \(last), and the file has gone on to \(earlier.changeCounter)"
    }
    if (later.changeCounter &+ 1).isBefore(first) {
      return
        "its first change counter is \(first), and the file has come only to \(later.changeCounter)"
    }
    return nil
  }
}

extension UInt32 {
  /// Whether a counter that begins at 0 again after its greatest number has yet to come to another one.
  fileprivate func isBefore(_ other: UInt32) -> Bool { (1..<1 << 31).contains(other &- self) }
}

extension DatabaseHeader {
  /// Whether such a file can have such a log at all, whatever is in it.
  fileprivate func canHave(_ log: WriteAheadLog) -> Bool {
    size > 0 && isLogged && pageSize == log.pageSize
  }
}
