#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Linux's files about processes and locks (proc(5)): small texts whose length is not known before they are read.
///
/// On other systems there are none, and everything here answers nothing.
package enum ProcessFiles {
  /// The text of a file below `/proc`.
  ///
  /// - Parameter path: The path below `/proc`, for example `locks`.
  /// - Returns: The text, at most 4 MiB of it; nil if this process may not read it, or it is gone.
  package static func text(_ path: String) -> String? {
    let calls = SystemCalls.live
    let opened = calls.open("/proc/" + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0)
    guard opened >= 0 else { return nil }
    defer { _ = calls.close(Int32(opened)) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < 4 << 20 {
      let count = buffer.withUnsafeMutableBytes {
        calls.pread(Int32(opened), $0, Int64(bytes.count))
      }
      guard count >= 0 else { return nil }
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The name of the program that a process runs.
  ///
  /// - Parameter id: The process.
  /// - Returns: At most fifteen characters, as the kernel keeps them; nil if the process cannot be seen.
  package static func command(of id: Int32) -> String? {
    guard let text = text("\(id)/comm") else { return nil }
    return String(text.prefix { $0 != "\n" })
  }

  /// Where a process belongs.
  ///
  /// - Parameter id: The process.
  /// - Returns: Its parent and its group; nil if it cannot be seen.
  package static func family(of id: Int32) -> (parent: Int32, group: Int32)? {
    // The name of the program is in brackets, and may have some of its own.
    guard let text = text("\(id)/stat"), let bracket = text.lastIndex(of: ")") else { return nil }
    let words = text[text.index(after: bracket)...].split(separator: " ")
    guard words.count > 2, let parent = Int32(words[1]), let group = Int32(words[2]) else {
      return nil
    }
    return (parent, group)
  }

  /// The descriptors with which a process has a file open.
  ///
  /// - Parameters:
  ///   - id: The process.
  ///   - file: The file.
  /// - Returns: The descriptors; none if this process may not know.
  static func descriptors(of id: Int32, on file: FileStatus.Identity) -> [String] {
    names("/proc/\(id)/fd").filter { descriptor in
      // It may be closed between the two looks, and then there is nothing to say of it.
      do { return try FileStatus(of: "/proc/\(id)/fd/\(descriptor)").identity == file } catch {
        return false
      }
    }
  }

  /// The processes that can be seen.
  static var identifiers: [Int32] { names("/proc").compactMap { Int32($0) } }

  private static func names(_ path: String) -> [String] {
    do { return try FileSystem().names(in: path) } catch { return [] }
  }
}
