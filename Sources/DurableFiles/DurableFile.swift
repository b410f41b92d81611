#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// A new file that gets its name only when all of it is on the disk.
///
/// It is written under a temporary name beside its place, synced, given its name without ever replacing another file,
/// and the directory is synced, so that it is there after a power cut. If it is dropped before `publish`, it is removed.
package final class DurableFile {
  /// The final path.
  package let path: String
  /// The temporary path that holds the content until then.
  package let temporaryPath: String
  /// How many bytes were written so far: where the next `append` goes.
  package private(set) var count: Int64 = 0
  private let files: FileSystem
  private var descriptor: Int32?
  private var isPublished = false

  /// The mark in the names of files that are not complete; a leftover with it may be removed.
  package static let temporaryMark = ".xm-safe-partial"

  /// Creates the temporary file.
  ///
  /// - Parameters:
  ///   - path: The final path; nothing is created there yet.
  ///   - isPrivate: Whether it is readable by its owner alone; else by whom the umask lets.
  ///   - files: The file system to use.
  /// - Throws: `FileError` if the file cannot be created.
  package init(
    creating path: String,
    isPrivate: Bool = true,
    files: FileSystem
  ) throws(FileError) {
    self.path = path
    self.files = files
    var (temporary, opened) = try Self.create(for: path, isPrivate, files)
    // While the lock is held the file has an owner; a sweep leaves it alone. One that came before the lock has taken it away.
    while try Self.wasSwept(temporary, opened, files) {
      _ = files.calls.close(opened)
      (temporary, opened) = try Self.create(for: path, isPrivate, files)
    }
    temporaryPath = temporary
    descriptor = opened
  }

  private static func wasSwept(
    _ temporary: String,
    _ descriptor: Int32,
    _ files: FileSystem
  ) throws(FileError) -> Bool {
    if files.calls.flock(descriptor, LOCK_EX | LOCK_NB) == -Int(EWOULDBLOCK) { return true }
    return try FileStatus.ifPresent(temporary, followingLinks: false) == nil
  }

  private static func create(
    for path: String,
    _ isPrivate: Bool,
    _ files: FileSystem
  ) throws(FileError) -> (path: String, descriptor: Int32) {
    let temporary = FileSystem.temporaryPath(for: path)
    let opened = files.calls.open(
      temporary,
      O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
      isPrivate ? 0o600 : 0o666
    )
    guard opened >= 0 else { throw FileError("create", temporary, code: Int32(-opened)) }
    return (temporary, Int32(opened))
  }

  deinit {
    if let descriptor { _ = files.calls.close(descriptor) }
    // What never got its name is of no use to anybody; a leftover is recognised by its name and swept later.
    if !isPublished { _ = files.calls.unlink(temporaryPath) }
  }

  /// Writes at the end.
  ///
  /// - Parameter bytes: What to write.
  /// - Throws: `FileError`, for example when the disk is full.
  package func append(_ bytes: [UInt8]) throws(FileError) {
    try write(bytes, at: count)
    count += Int64(bytes.count)
  }

  /// Leaves room at the end, to be filled by `write(_:at:)` later.
  ///
  /// - Parameter length: How many bytes.
  /// - Returns: Where the room begins.
  package func reserve(_ length: Int) -> Int64 {
    defer { count += Int64(length) }
    return count
  }

  /// Writes at an offset.
  ///
  /// - Parameters:
  ///   - bytes: What to write.
  ///   - offset: Where the first byte goes.
  /// - Throws: `FileError`, for example when the disk is full.
  package func write(_ bytes: [UInt8], at offset: Int64) throws(FileError) {
    guard let descriptor else { throw FileError("write", temporaryPath, code: EBADF) }
    let failure: FileError? = bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
        let result = files.calls.pwrite(descriptor, rest, offset + Int64(written))
        // A write that writes nothing and says nothing would loop for ever.
        guard result > 0 else {
          return FileError("write", temporaryPath, code: result == 0 ? EIO : Int32(-result))
        }
        written += result
      }
      return nil
    }
    if let failure { throw failure }
  }

  /// Lets others do with the file what a mode says, whatever the umask is.
  ///
  /// - Parameter mode: The permissions.
  /// - Throws: `FileError`; EPERM also where the file system knows no permissions.
  package func setPermissions(_ mode: UInt32) throws(FileError) {
    let operation = "change the permissions of"
    guard let descriptor else { throw FileError(operation, temporaryPath, code: EBADF) }
    guard fchmod(descriptor, mode_t(mode & 0o777)) == 0 else {
      throw FileError(operation, temporaryPath, code: errno)
    }
  }

  /// Makes what was written so far durable under the temporary name.
  ///
  /// A failed sync is final: the kernel may have dropped the pages, and a second sync would report success for nothing.
  ///
  /// - Throws: `FileError`.
  package func sync() throws(FileError) {
    guard let descriptor else { throw FileError("sync", temporaryPath, code: EBADF) }
    let result = files.calls.fsync(descriptor)
    guard result >= 0 else { throw FileError("sync", temporaryPath, code: Int32(-result)) }
  }

  /// Syncs, gives the file its name, and syncs the directory.
  ///
  /// - Throws: `FileError`, and the file does not have its name; EEXIST if that is taken. `NotDurable` if it has.
  package func publish() throws {
    try sync()
    do {
      try files.publish(temporaryPath, as: path)
    } catch let error as NotDurable {
      isPublished = true
      throw error
    }
    isPublished = true
    try close()
  }

  /// Syncs, gives the file its name in the place of whatever has it, and syncs the directory.
  ///
  /// - Throws: `FileError`, and the name has what it had. `NotDurable` if it has this file.
  package func replace() throws {
    try sync()
    try files.rename(temporaryPath, to: path)
    isPublished = true
    try NotDurable.wrap { () throws(FileError) in
      try files.sync(directory: FileSystem.directory(of: path))
    }
    try close()
  }

  /// Closes the file, which has its name: closed before, it would have no owner, and a sweep beside this run would take it away.
  private func close() throws(NotDurable) {
    guard let open = descriptor else { return }
    descriptor = nil
    let closed = files.calls.close(open)
    if closed < 0 { throw NotDurable(cause: FileError("close", path, code: Int32(-closed))) }
  }
}
