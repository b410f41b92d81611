internal import CSQLite

/// Hashing the present row without copying its values.
extension Statement {
  /// Feeds a value of the present row to a hash: its storage class and its bytes, so that 1, 1.0, '1' and x'31' differ.
  ///
  /// - Parameters:
  ///   - column: The column, from 0.
  ///   - hasher: The hash.
  package func hash(column: Int, into hasher: inout Hasher) {
    let index = Int32(clamping: column)
    let type = sqlite3_column_type(handle, index)
    hasher.combine(type)
    switch type {
    case SQLITE_INTEGER: hasher.combine(sqlite3_column_int64(handle, index))
    case SQLITE_FLOAT: hasher.combine(sqlite3_column_double(handle, index).bitPattern)
    case SQLITE_TEXT: hash(textBytes(at: index), into: &hasher)
    case SQLITE_BLOB: hash(blobBytes(at: index), into: &hasher)
    default: break
    }
  }

  private func hash(_ bytes: UnsafeRawBufferPointer, into hasher: inout Hasher) {
    hasher.combine(bytes.count)
    hasher.combine(bytes: bytes)
  }
}
