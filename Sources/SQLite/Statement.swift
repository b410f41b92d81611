internal import CSQLite

/// One prepared statement: bound once, stepped through, finalized when it is dropped.
///
/// It belongs to the thread that uses its connection.
package final class Statement {
  /// The SQL that this statement was prepared from, without what followed it.
  package let sql: String
  /// What followed the first statement in the text: not executed, and only looked at to refuse it.
  package let tail: String
  private let connection: Connection
  let handle: OpaquePointer?

  init(_ sql: String, on connection: Connection) throws(SQLiteError) {
    var handle: OpaquePointer?
    var tail = ""
    var length = 0
    var sql = sql
    guard !connection.isClosed else {
      throw SQLiteError(extendedCode: .misuse, message: "the connection is closed", sql: sql)
    }
    // A NUL byte would end the text for SQLite, and hide what follows it.
    guard !sql.utf8.contains(0) else {
      throw SQLiteError(
        extendedCode: .misuse,
        message: "the statement contains a NUL character",
        sql: sql
      )
    }
    let code = sql.withUTF8 { text in
      // An empty text has no base address; prepare takes the length, so any pointer will do.
      text.withMemoryRebound(to: CChar.self) { text in
        var end: UnsafePointer<CChar>?
        let code = sqlite3_prepare_v2(
          connection.handle,
          text.baseAddress,
          Int32(clamping: text.count),
          &handle,
          &end
        )
        if let end, let start = text.baseAddress {
          length = end - start
          tail = String(
            decoding: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[length...]),
            as: UTF8.self
          )
        }
        return code
      }
    }
    guard code == SQLITE_OK else { throw connection.failure(sql: sql) }
    self.sql = String(decoding: sql.utf8.prefix(length), as: UTF8.self)
    self.tail = tail
    self.connection = connection
    self.handle = handle
  }

  deinit {
    // Returns the error of the last step once more; it was thrown there.
    sqlite3_finalize(handle)
  }

  /// Whether there is nothing to execute: only white space and comments.
  package var isEmpty: Bool { handle == nil }

  /// How many parameters the statement has; those that are not bound are NULL.
  package var parameterCount: Int { Int(sqlite3_bind_parameter_count(handle)) }

  /// Binds values to the parameters, first to last.
  ///
  /// - Parameter values: One value per parameter.
  /// - Throws: `SQLiteError`, also when there are more values than parameters.
  package func bind(_ values: [Value]) throws(SQLiteError) {
    for (position, value) in values.enumerated() {
      let index = Int32(position + 1)
      let code =
        switch value {
        case .null: sqlite3_bind_null(handle, index)
        case .integer(let number): sqlite3_bind_int64(handle, index, number)
        case .real(let number): sqlite3_bind_double(handle, index, number)
        case .text(let text):
          sqlite3_bind_text64(
            handle,
            index,
            text,
            UInt64(text.utf8.count),
            xmsafe_sqlite_transient(),
            UInt8(SQLITE_UTF8)
          )
        case .rawText(let bytes):
          sqlite3_bind_text64(
            handle,
            index,
            bytes.map { CChar(bitPattern: $0) } + [0],
            UInt64(bytes.count),
            xmsafe_sqlite_transient(),
            UInt8(SQLITE_UTF8)
          )
        case .blob(let bytes):
          bytes.isEmpty
            ? sqlite3_bind_zeroblob(handle, index, 0)
            : sqlite3_bind_blob64(
              handle,
              index,
              bytes,
              UInt64(bytes.count),
              xmsafe_sqlite_transient()
            )
        }
      guard code == SQLITE_OK else { throw connection.failure(sql: sql) }
    }
  }

  /// Goes to the next row.
  ///
  /// - Returns: Whether there is one.
  /// - Throws: `SQLiteError`.
  package func step() throws(SQLiteError) -> Bool {
    guard handle != nil else { return false }
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw connection.failure(sql: sql)
    }
  }

  /// The names of the result's columns.
  package var columnNames: [String] {
    (0..<sqlite3_column_count(handle)).map { index in
      sqlite3_column_name(handle, index).map { String(cString: $0) } ?? ""
    }
  }

  /// The values of the present row.
  package var row: [Value] {
    (0..<sqlite3_column_count(handle)).map { value(at: $0) }
  }

  private func value(at index: Int32) -> Value {
    switch sqlite3_column_type(handle, index) {
    case SQLITE_INTEGER: .integer(sqlite3_column_int64(handle, index))
    case SQLITE_FLOAT: .real(sqlite3_column_double(handle, index))
    case SQLITE_TEXT: Value(text: textBytes(at: index))
    case SQLITE_BLOB: .blob([UInt8](blobBytes(at: index)))
    default: .null
    }
  }

  private func textBytes(at index: Int32) -> UnsafeRawBufferPointer {
    // Text first, then its length: the other order may convert the encoding in between.
    let text = sqlite3_column_text(handle, index)
    return UnsafeRawBufferPointer(start: text, count: Int(sqlite3_column_bytes(handle, index)))
  }

  func blobBytes(at index: Int32) -> UnsafeRawBufferPointer {
    let bytes = sqlite3_column_blob(handle, index)
    return UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(handle, index)))
  }
}
