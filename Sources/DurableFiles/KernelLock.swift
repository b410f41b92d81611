internal import Stopping

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
    /// How long it was waited for.
    package var waited: Duration = .zero

    /// The holder in words, and how long it was waited for.
    package var who: String {
      let who = holder.isEmpty ? "another process" : holder
      return waited == .zero ? who : "\(who); waited \(waited.shownInSeconds)"
    }

    /// One sentence that names the holder.
    package var description: String {
      "the lock \(path.shownAsPath) is held by \(who)"
    }
  }

  /// Takes the lock, or says who has it.
  ///
  /// - Parameters:
  ///   - path: The lock file; created if it is not there.
  ///   - holder: What to say of this process to those who come later; one short line.
  ///   - files: The file system to use.
  ///   - limit: How long to wait for it.
  ///   - waiting: Told who has it, once, when there is a wait.
  /// - Throws: `Stopped` if the run is to stop while it waits; `KernelLock.Held` if another process has it, `FileError` if locking does not work here.
  package init(
    taking path: String,
    holder: String,
    files: FileSystem,
    waiting limit: Duration = .zero,
    _ waiting: (Held) -> Void = { _ in }
  ) throws {
    let calls = files.calls
    let opened = calls.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard opened >= 0 else { throw FileError("open the lock", path, code: Int32(-opened)) }
    let descriptor = Int32(opened)
    let start = ContinuousClock.now
    var locked = calls.flock(descriptor, LOCK_EX | LOCK_NB)
    if Int32(-locked) == EWOULDBLOCK, limit > .zero {
      waiting(Held(path: path, holder: Self.holder(of: path, descriptor, calls: calls)))
    }
    // The kernel could wait for us, and would not stop for a signal that is only noted.
    while Int32(-locked) == EWOULDBLOCK, start.duration(to: .now) < limit {
      do { try StopSwitch.check() } catch {
        _ = calls.close(descriptor)
        throw error
      }
      usleep(20_000)
      locked = calls.flock(descriptor, LOCK_EX | LOCK_NB)
    }
    guard locked >= 0 else {
      let code = Int32(-locked)
      let note = Self.holder(of: path, descriptor, calls: calls)
      _ = calls.close(descriptor)
      if code == EWOULDBLOCK {
        let waited = limit == .zero ? .zero : start.duration(to: .now)
        throw Held(path: path, holder: note, waited: waited)
      }
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
    // A program that was given the descriptor and lives on must not keep the lock.
    _ = calls.flock(open, LOCK_UN)
    _ = calls.close(open)
  }

  /// The lock's descriptor: whoever gets a copy of it holds the lock as well, until `release`, or until both have ended.
  package var shared: Int32? { descriptor }

  /// What the holder wrote about itself, or what the kernel knows of it.
  private static func holder(of path: String, _ descriptor: Int32, calls: SystemCalls) -> String {
    let note = note(in: descriptor, calls: calls)
    guard note.isEmpty else { return note }
    do {
      let process = try FileLock.held(on: path).compactMap(\.process).first
      guard let process else { return "" }
      let command = ProcessFiles.command(of: process).map { " (\($0.shownOnOneLine))" } ?? ""
      return "process \(process)\(command)"
    } catch {
      return ""
    }
  }

  private static func note(in descriptor: Int32, calls: SystemCalls) -> String {
    var buffer = [UInt8](repeating: 0, count: 200)
    let count = buffer.withUnsafeMutableBytes { calls.pread(descriptor, $0, 0) }
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self).shownOnOneLine
  }
}
