internal import CSQLite

/// The calls that SQLite makes on an open stream (https://www.sqlite.org/c3ref/io_methods.html).
extension StreamingVFS {
  /// The table of calls: made once, never changed, so that sharing the pointer is safe.
  nonisolated(unsafe) static let methods: UnsafeMutablePointer<sqlite3_io_methods> = {
    var table = sqlite3_io_methods()
    table.iVersion = 1
    table.xClose = { handle in
      guard let handle else { return SQLITE_OK }
      let raw = UnsafeMutableRawPointer(handle).assumingMemoryBound(to: Handle.self)
      if let object = raw.pointee.object {
        raw.pointee.object = nil
        Unmanaged<OpenableFile>.fromOpaque(object).release()
      }
      return SQLITE_OK
    }
    table.xRead = { handle, buffer, count, offset in
      guard let object = StreamingVFS.object(handle), let buffer else { return ioRead }
      do {
        let target = UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))
        try object.file.read(into: target, at: offset)
        // A short read must be zero-filled and said: SQLite takes it as the end of the file.
        return offset + Int64(count) > object.file.size ? ioShortRead : SQLITE_OK
      } catch {
        return object.fail(error, ioRead)
      }
    }
    table.xWrite = { handle, bytes, count, offset in
      guard let object = StreamingVFS.object(handle), let bytes else { return ioWrite }
      do {
        try object.file.write(UnsafeRawBufferPointer(start: bytes, count: Int(count)), at: offset)
        return SQLITE_OK
      } catch {
        return object.fail(error, ioWrite)
      }
    }
    table.xFileSize = { handle, size in
      size?.pointee = StreamingVFS.object(handle)?.file.size ?? 0
      return SQLITE_OK
    }
    table.xTruncate = { _, _ in SQLITE_OK }
    table.xSync = { _, _ in SQLITE_OK }
    table.xLock = { _, _ in SQLITE_OK }
    table.xUnlock = { _, _ in SQLITE_OK }
    table.xCheckReservedLock = { _, isReserved in
      isReserved?.pointee = 0
      return SQLITE_OK
    }
    table.xFileControl = { _, _, _ in SQLITE_NOTFOUND }
    table.xSectorSize = { _ in 4096 }
    table.xDeviceCharacteristics = { handle in
      // An immutable file needs no -wal and no -shm, even if its header says WAL.
      (StreamingVFS.object(handle)?.file.isReadOnly ?? false) ? SQLITE_IOCAP_IMMUTABLE : 0
    }
    let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    methods.initialize(to: table)
    return methods
  }()
}

// Extended codes are macros that Swift does not import (https://www.sqlite.org/rescode.html).
private let ioRead = SQLITE_IOERR | (1 << 8)
private let ioShortRead = SQLITE_IOERR | (2 << 8)
private let ioWrite = SQLITE_IOERR | (3 << 8)

extension StreamingVFS.OpenableFile {
  /// Keeps the first error for the caller and answers with SQLite's code for it.
  func fail(_ error: any Error, _ code: Int32) -> Int32 {
    if failure == nil { failure = error }
    return code
  }
}
