internal import CSQLite

/// Hashing the present row without decoding its values.
///
/// Text counts by its bytes as they are stored, in whatever encoding the database has: what is not valid text at all must not
/// be equal to other such text, and a conversion would make it so.
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
    case SQLITE_TEXT, SQLITE_BLOB:
      let bytes = storedBytes(at: index)
      hasher.combine(bytes.count)
      hasher.combine(bytes: bytes)
    default: break
    }
  }

  /// Writes all values of the present row behind each other, each with its storage class and its length, so that no two rows
  /// of values have the same bytes.
  ///
  /// - Parameter output: Where to write.
  package func encodeRow(into output: inout [UInt8]) {
    for index in 0..<sqlite3_column_count(handle) {
      let type = sqlite3_column_type(handle, index)
      output.append(UInt8(truncatingIfNeeded: type))
      switch type {
      case SQLITE_INTEGER:
        Self.append(UInt64(bitPattern: sqlite3_column_int64(handle, index)), to: &output)
      case SQLITE_FLOAT:
        Self.append(sqlite3_column_double(handle, index).bitPattern, to: &output)
      case SQLITE_TEXT, SQLITE_BLOB:
        let bytes = storedBytes(at: index)
        Self.append(UInt64(bytes.count), to: &output)
        output.append(contentsOf: bytes)
      default: break
      }
    }
  }

  private static func append(_ number: UInt64, to output: inout [UInt8]) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      output.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  /// The bytes of a text or a blob: asked for as a blob, a text is not converted
  /// (https://www.sqlite.org/c3ref/column_blob.html).
  private func storedBytes(at index: Int32) -> UnsafeRawBufferPointer { blobBytes(at: index) }
}
