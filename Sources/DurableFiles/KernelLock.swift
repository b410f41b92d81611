#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// A lock that the kernel releases when its holder ends, however it ends: it is never stale.
///
/// The file stays when the lock is released: removing it would let two holders have "the" lock on two inodes. What is
/// written in it is only for people.
package final class KernelLock {
  /// The lock file.
  package let path: String
  private let calls: SystemCalls
  private var descriptor: Int32?

  /// Who holds a lock that could not be had.
  package struct Held: Error, Hashable, Sendable, CustomStringConvertible {
    /// The lock file.
    package var path: String
    /// What the holder wrote about itself, for example "process 4711 (xm-safe upgrade)"; may be empty.
    package var holder: String

    /// One sentence that names the holder.
    package var description: String {
      let who = holder.isEmpty ? "another process" : holder
      return "the lock \(path.shownAsPath) is held by \(who)"
    }
  }

  /// Takes the lock at once, or says who has it.
  ///
  /// - Parameters:
  ///   - path: The lock file; created if it is not there.
  ///   - holder: What to say of this process to those who come later; one short line.
  ///   - files: The file system to use.
  /// - Throws: `KernelLock.Held` if another process has it, `FileError` if locking does not work here.
  package init(taking path: String, holder: String, files: FileSystem) throws {
    let calls = files.calls
    let opened = calls.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard opened >= 0 else { throw FileError("open the lock", path, code: Int32(-opened)) }
    let descriptor = Int32(opened)
    let locked = calls.flock(descriptor, LOCK_EX | LOCK_NB)
    guard locked >= 0 else {
      let code = Int32(-locked)
      let note = Self.note(in: descriptor, calls: calls)
      _ = calls.close(descriptor)
      if code == EWOULDBLOCK { throw Held(path: path, holder: note) }
      throw FileError("lock", path, code: code)
    }
    self.path = path
    self.calls = calls
    self.descriptor = descriptor
    // The note is a courtesy: a full disk must not stop the upgrade's rollback or a restore.
    _ = calls.ftruncate(descriptor, 0)
    _ = Array(holder.utf8.prefix(200)).withUnsafeBytes { calls.pwrite(descriptor, $0, 0) }
  }

  deinit {
    release()
  }

  /// Gives the lock up; doing it twice is harmless.
  package func release() {
    guard let open = descriptor else { return }
    descriptor = nil
    _ = calls.ftruncate(open, 0)
    _ = calls.close(open)
  }

  private static func note(in descriptor: Int32, calls: SystemCalls) -> String {
    var buffer = [UInt8](repeating: 0, count: 200)
    let count = buffer.withUnsafeMutableBytes { calls.pread(descriptor, $0, 0) }
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).shownOnOneLine
  }
}
