internal import CSQLite

/// What the beginning of a database file says, read without opening the database: opening it would replay its logs.
///
/// It is read through SQLite's own file layer. A file descriptor of ours would drop the locks of this process on the database
/// when it is closed ("How To Corrupt An SQLite Database File", section 2.2, https://www.sqlite.org/howtocorrupt.html).
package struct DatabaseHeader: Hashable, Sendable {
  /// The page size in bytes; nil if the file does not begin as a database does.
  package var pageSize: Int?
  /// Whether it is in WAL mode.
  package var isLogged: Bool
  /// The length of the file in bytes.
  package var size: Int64
  /// The file change counter.
  package var changeCounter: UInt32 = 0
  /// How many pages the database has; nil if the header does not say it
  /// (https://www.sqlite.org/fileformat2.html#in_header_database_size).
  package var pageCount: UInt32?

  /// Reads it.
  ///
  /// - Parameter path: The absolute path of the file.
  /// - Throws: `SQLiteError`.
  package init(of path: String) throws(SQLiteError) {
    var bytes = [UInt8](repeating: 0, count: 100)
    size = try Self.read(path, into: &bytes)
    guard size > 0, bytes.starts(with: Array("SQLite format 3\0".utf8)) else {
      (pageSize, isLogged) = (nil, false)
      return
    }
    // 65536 does not fit into the two bytes and is written as 1 (https://www.sqlite.org/fileformat2.html#page_size).
    let number = Int(bytes[16]) << 8 | Int(bytes[17])
    pageSize = number == 1 ? 65_536 : number
    isLogged = bytes[18] == 2 || bytes[19] == 2
    func word(_ offset: Int) -> UInt32 {
      bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
    changeCounter = word(24)
    if word(28) > 0, word(92) == changeCounter { pageCount = word(28) }
  }

  private static func read(_ path: String, into bytes: inout [UInt8]) throws(SQLiteError) -> Int64 {
    guard let system = sqlite3_vfs_find(nil) else { throw SQLiteError(code: SQLITE_ERROR) }
    guard let name = sqlite3_create_filename(path, path + "-journal", path + "-wal", 0, nil) else {
      throw SQLiteError(code: SQLITE_NOMEM)
    }
    defer { sqlite3_free_filename(name) }
    let file = UnsafeMutableRawPointer.allocate(
      byteCount: Int(system.pointee.szOsFile),
      alignment: 16
    )
    defer { file.deallocate() }
    file.initializeMemory(as: UInt8.self, repeating: 0, count: Int(system.pointee.szOsFile))
    let handle = file.assumingMemoryBound(to: sqlite3_file.self)
    let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB
    let opened = system.pointee.xOpen(system, name, handle, flags, nil)
    guard opened == SQLITE_OK, let methods = handle.pointee.pMethods else {
      throw SQLiteError(code: opened == SQLITE_OK ? SQLITE_CANTOPEN : opened)
    }
    defer { _ = methods.pointee.xClose(handle) }
    var size: sqlite3_int64 = 0
    var code = methods.pointee.xFileSize(handle, &size)
    if code == SQLITE_OK {
      code = methods.pointee.xRead(handle, &bytes, Int32(bytes.count), 0)
      // The rest is zero then.
      if code == SQLITE_IOERR | (2 << 8) { code = SQLITE_OK }
    }
    guard code == SQLITE_OK else { throw SQLiteError(code: code) }
    return size
  }
}
