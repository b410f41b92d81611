internal import CSQLite

/// A result code of SQLite, primary or extended (https://www.sqlite.org/rescode.html).
package struct ResultCode: RawRepresentable, Hashable, Sendable {
  /// The number that SQLite returned.
  package var rawValue: Int32

  /// Makes a code of the number that SQLite returned.
  ///
  /// - Parameter rawValue: The number.
  package init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// Another connection holds a lock.
  package static let busy = Self(rawValue: SQLITE_BUSY)
  /// A conflict within one connection or a shared cache.
  package static let locked = Self(rawValue: SQLITE_LOCKED)
  /// The lock of a log could not be had, since somebody held it for very long.
  package static let `protocol` = Self(rawValue: SQLITE_PROTOCOL)
  /// The database or its directory cannot be written to.
  package static let readOnly = Self(rawValue: SQLITE_READONLY)
  /// The file cannot be opened.
  package static let cannotOpen = Self(rawValue: SQLITE_CANTOPEN)
  /// The file is not a database, or is encrypted.
  package static let notADatabase = Self(rawValue: SQLITE_NOTADB)
  /// The database file is malformed.
  package static let corrupt = Self(rawValue: SQLITE_CORRUPT)
  /// The disk is full.
  package static let full = Self(rawValue: SQLITE_FULL)
  /// The operating system reported an error.
  package static let inputOutput = Self(rawValue: SQLITE_IOERR)
  /// The statement was interrupted, because the run is to stop.
  package static let interrupt = Self(rawValue: SQLITE_INTERRUPT)
  /// A constraint was violated.
  package static let constraint = Self(rawValue: SQLITE_CONSTRAINT)
  /// A value has another type than its place can hold.
  package static let mismatch = Self(rawValue: SQLITE_MISMATCH)
  /// The call is not allowed (the authorizer said no).
  package static let notAuthorized = Self(rawValue: SQLITE_AUTH)
  /// The call was used in a way that SQLite does not support.
  package static let misuse = Self(rawValue: SQLITE_MISUSE)
  /// A generic error: bad SQL, a missing table.
  package static let error = Self(rawValue: SQLITE_ERROR)

  /// A value or a statement is longer than is allowed.
  package static let tooBig = Self(rawValue: SQLITE_TOOBIG)
  /// There is no memory.
  package static let noMemory = Self(rawValue: SQLITE_NOMEM)

  /// The primary code: the low eight bits of an extended one.
  package var primary: ResultCode {
    ResultCode(rawValue: rawValue & 0xff)
  }
}
