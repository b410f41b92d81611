internal import CSQLite
internal import Synchronization

/// The SQLite VFS behind `VirtualFile`: a database whose pages go to, or come from, a Swift object.
///
/// It is registered once under a name of its own and never the default. There is no journal and no locking: a stream
/// has one writer and no past. See https://www.sqlite.org/vfs.html.
enum StreamingVFS {
  /// The name to open databases with.
  static let name = "xm-safe-stream"

  /// The files that may be opened at present, by the name they are opened with.
  private static let files = Mutex<[String: OpenableFile]>([:])

  /// Carries a virtual file across SQLite, with the first error it threw.
  ///
  /// Sendable although a `VirtualFile` is not: it is handed to SQLite by the thread that owns the connection, and
  /// SQLite calls back only on that thread.
  final class OpenableFile: @unchecked Sendable {
    let file: any VirtualFile
    var failure: (any Error)?

    init(_ file: any VirtualFile) {
      self.file = file
    }
  }

  /// Makes a file known under a fresh name.
  static func register(_ file: OpenableFile) throws(SQLiteError) -> String {
    guard registration == SQLITE_OK else { throw SQLiteError(code: registration) }
    let name = "/stream-" + String(UInt64.random(in: .min ... .max), radix: 16)
    files.withLock { $0[name] = file }
    return name
  }

  /// Forgets a name.
  static func forget(_ name: String) {
    files.withLock { $0[name] = nil }
  }

  /// SQLite's file handle: its own part first, then ours.
  struct Handle {
    var base: sqlite3_file
    var object: UnsafeMutableRawPointer?
  }

  static func object(_ handle: UnsafeMutablePointer<sqlite3_file>?) -> OpenableFile? {
    guard let handle else { return nil }
    let raw = UnsafeMutableRawPointer(handle).assumingMemoryBound(to: Handle.self)
    guard let object = raw.pointee.object else { return nil }
    return Unmanaged<OpenableFile>.fromOpaque(object).takeUnretainedValue()
  }

  /// The result of registering the VFS, which happens at the first use.
  private static let registration: Int32 = {
    let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    guard let standard = sqlite3_vfs_find(nil) else { return SQLITE_ERROR }
    // Randomness, time and sleep are the standard ones; everything that touches files is replaced below.
    vfs.initialize(to: standard.pointee)
    vfs.pointee.iVersion = 1
    vfs.pointee.szOsFile = Int32(MemoryLayout<Handle>.stride)
    vfs.pointee.pNext = nil
    vfs.pointee.zName = UnsafePointer(duplicate(name))
    vfs.pointee.xOpen = { _, name, handle, flags, outFlags in
      guard let name, let handle else { return SQLITE_CANTOPEN }
      let found = files.withLock { $0[String(cString: name)] }
      let raw = UnsafeMutableRawPointer(handle).assumingMemoryBound(to: Handle.self)
      raw.pointee.base.pMethods = nil
      // Only the main database is a stream; SQLite is told to keep no journal and no temporary file here.
      guard let found, flags & SQLITE_OPEN_MAIN_DB != 0 else { return SQLITE_CANTOPEN }
      raw.pointee.base.pMethods = UnsafePointer(StreamingVFS.methods)
      raw.pointee.object = Unmanaged.passRetained(found).toOpaque()
      if found.file.isReadOnly, let outFlags {
        outFlags.pointee = (flags & ~SQLITE_OPEN_READWRITE) | SQLITE_OPEN_READONLY
      }
      return SQLITE_OK
    }
    vfs.pointee.xDelete = { _, _, _ in SQLITE_OK }
    vfs.pointee.xAccess = { _, _, _, exists in
      exists?.pointee = 0
      return SQLITE_OK
    }
    vfs.pointee.xFullPathname = { _, name, capacity, result in
      guard let name, let result else { return SQLITE_CANTOPEN }
      let text = Array(String(cString: name).utf8CString)
      guard text.count <= Int(capacity) else { return SQLITE_CANTOPEN }
      result.update(from: text, count: text.count)
      return SQLITE_OK
    }
    return sqlite3_vfs_register(vfs, 0)
  }()

  private static func duplicate(_ text: String) -> UnsafeMutablePointer<CChar> {
    let bytes = Array(text.utf8CString)
    let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
    copy.initialize(from: bytes, count: bytes.count)
    return copy
  }
}
