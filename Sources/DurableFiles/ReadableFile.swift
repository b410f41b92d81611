#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// A regular file that is open for reading at any offset.
///
/// Never a database that SQLite may have open in this process: closing any descriptor of it would drop SQLite's POSIX
/// locks ("How To Corrupt An SQLite Database File", section 2.2, https://www.sqlite.org/howtocorrupt.html).
package final class ReadableFile: Sendable {
  /// The path it was opened by.
  package let path: String
  /// Its length in bytes when it was opened.
  package let size: Int64
  private let calls: SystemCalls
  private let descriptor: Int32

  /// Opens a regular file; a pipe or a device is refused rather than waited for.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - calls: The system calls to use.
  /// - Throws: `FileError`; EINVAL for what is not a regular file.
  package init(opening path: String, calls: SystemCalls = .live) throws(FileError) {
    // O_NONBLOCK: opening a pipe for reading would otherwise wait for a writer, for ever.
    let opened = calls.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
    guard opened >= 0 else { throw FileError("open", path, code: Int32(-opened)) }
    var buffer = stat()
    guard fstat(Int32(opened), &buffer) == 0 else {
      let code = errno
      _ = calls.close(Int32(opened))
      throw FileError("look at", path, code: code)
    }
    let status = FileStatus(buffer)
    guard status.kind == .file else {
      _ = calls.close(Int32(opened))
      throw FileError("read \(status.kind.rawValue)", path, code: EINVAL)
    }
    self.path = path
    self.calls = calls
    size = status.size
    descriptor = Int32(opened)
  }

  deinit {
    // Nothing was written through it: a failing close loses nothing.
    _ = calls.close(descriptor)
  }

  /// Reads exactly so many bytes.
  ///
  /// - Parameters:
  ///   - count: How many bytes; the caller bounds it.
  ///   - offset: Where the first of them is.
  /// - Returns: The bytes, or nil if the file ends before the last of them.
  /// - Throws: `FileError` when the system cannot read.
  package func read(_ count: Int, at offset: Int64) throws(FileError) -> [UInt8]? {
    guard count >= 0, offset >= 0, offset <= size, Int64(count) <= size - offset else { return nil }
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let rest = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]
        )
        let result = calls.pread(descriptor, rest, offset + Int64(filled))
        if result < 0 { failure = FileError("read", path, code: Int32(-result)) }
        guard result > 0 else { return }
        filled += result
      }
    }
    if let failure { throw failure }
    return bytes.count == count ? bytes : nil
  }

  /// Reads the whole of a small file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The most bytes that are accepted.
  ///   - calls: The system calls to use.
  /// - Returns: Its bytes.
  /// - Throws: `FileError`; EFBIG if it is longer than the limit.
  package static func contents(
    of path: String,
    limit: Int64,
    calls: SystemCalls = .live
  ) throws(FileError) -> [UInt8] {
    let file = try ReadableFile(opening: path, calls: calls)
    guard file.size <= limit else { throw FileError("read", path, code: EFBIG) }
    return try file.read(Int(file.size), at: 0) ?? []
  }
}
