internal import CSQLite

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// What SQLite said when it could not do something: primary and extended code, message, and the SQL.
package struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The primary result code.
  package var code: ResultCode
  /// The extended result code; equal to `code` where there is none.
  package var extendedCode: ResultCode
  /// SQLite's own message.
  package var message: String
  /// The statement that failed, without its bound values; nil where no statement was involved.
  package var sql: String?
  /// How long a lock was waited for before; nil where none was.
  package var waited: Duration?
  /// The system's error number (`errno`) behind an error of a file; 0 where SQLite kept none.
  ///
  /// "SQLite attempts to return the underlying operating system error code or error number that caused the most recent I/O error
  /// or failure to open a file" (https://www.sqlite.org/c3ref/system_errno.html).
  package var systemCode: Int32 = 0

  /// Makes an error of its parts.
  ///
  /// - Parameters:
  ///   - extendedCode: The code that SQLite returned; the primary one is taken from it.
  ///   - message: SQLite's message.
  ///   - sql: The statement that failed.
  package init(extendedCode: ResultCode, message: String, sql: String? = nil) {
    code = extendedCode.primary
    self.extendedCode = extendedCode
    self.message = message
    self.sql = sql
  }

  /// The error of the connection's last call.
  init(of database: OpaquePointer?, sql: String? = nil) {
    self.init(
      extendedCode: ResultCode(rawValue: sqlite3_extended_errcode(database)),
      message: String(cString: sqlite3_errmsg(database)),
      sql: sql
    )
    // For other codes it is a remnant of something earlier.
    if code == .inputOutput || code == .cannotOpen { systemCode = sqlite3_system_errno(database) }
  }

  /// The error that belongs to a code alone, where no connection knows more.
  init(code: Int32) {
    self.init(
      extendedCode: ResultCode(rawValue: code),
      message: String(cString: sqlite3_errstr(code))
    )
  }

  /// SQLite's message, the system's reason, and the statement.
  package var description: String {
    // "unable to open database file" and "disk I/O error" say nothing of why.
    let said =
      isOfSystem ? "\(message) (\(String(cString: strerror(systemCode))))" : message
    guard let sql else { return said }
    // DDL comes with line ends and tabs; a message is one line.
    return "\(said), in: \(sql.split(whereSeparator: \.isWhitespace).joined(separator: " "))"
  }

  /// Whether the system's number belongs to this error: where a read was only too short, it is a remnant.
  private var isOfSystem: Bool {
    code == .cannotOpen
      ? systemCode != 0
      : [EIO, ENOSPC, EDQUOT, EFBIG, EROFS, EACCES, EPERM].contains(systemCode)
  }

  /// Whether somebody else's lock was in the way.
  package var isBusy: Bool { code == .busy || code == .locked || code == .protocol }

  /// Whether the file is no sound database (https://www.sqlite.org/rescode.html#corrupt, #notadb).
  package var isUnsound: Bool { code == .notADatabase || code == .corrupt }
}
