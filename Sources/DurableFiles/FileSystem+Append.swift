#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Adding to a file that others read as well: a log.
extension FileSystem {
  /// Adds one line to a file, durably; the caller keeps others from adding at the same time.
  ///
  /// What a power cut has left of an earlier line without an end gets its end first.
  ///
  /// - Parameters:
  ///   - line: The line, without its end.
  ///   - path: The file, created for its owner alone if it is not there; never a link.
  /// - Returns: The file's length.
  /// - Throws: `FileError`; the file may then have a part of the line.
  package func append(line: [UInt8], to path: String) throws(FileError) -> Int64 {
    let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
    let opened = calls.open(path, flags, 0o600)
    guard opened >= 0 else { throw FileError("open", path, code: Int32(-opened)) }
    let descriptor = Int32(opened)
    let failure: FileError?
    let size: Int64
    do {
      size = try add(line, to: descriptor, path)
      failure = nil
    } catch {
      (size, failure) = (0, error)
    }
    let closed = calls.close(descriptor)
    if let failure { throw failure }
    guard closed >= 0 else { throw FileError("close", path, code: Int32(-closed)) }
    if size == line.count + 1 { try sync(directory: Self.directory(of: path)) }
    return size
  }

  private func add(
    _ line: [UInt8],
    to descriptor: Int32,
    _ path: String
  ) throws(FileError) -> Int64 {
    var buffer = stat()
    guard fstat(descriptor, &buffer) == 0 else { throw FileError("look at", path, code: errno) }
    guard FileStatus(buffer).kind == .file else { throw FileError("write", path, code: EINVAL) }
    var end = Int64(buffer.st_size)
    var bytes = line + [0x0a]
    if end > 0 {
      var last: UInt8 = 0
      let read = withUnsafeMutableBytes(of: &last) { calls.pread(descriptor, $0, end - 1) }
      guard read == 1 else {
        throw FileError("read", path, code: Int32(read < 0 ? -read : Int(EIO)))
      }
      if last != 0x0a { bytes.insert(0x0a, at: 0) }
    }
    let failure: FileError? = bytes.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
        let result = calls.pwrite(descriptor, rest, end + Int64(written))
        guard result > 0 else {
          return FileError("write", path, code: result == 0 ? EIO : Int32(-result))
        }
        written += result
      }
      return nil
    }
    if let failure { throw failure }
    end += Int64(bytes.count)
    let synced = calls.fsync(descriptor)
    guard synced >= 0 else { throw FileError("sync", path, code: Int32(-synced)) }
    return end
  }
}
