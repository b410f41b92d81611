#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// The system calls that make files durable, as values, so that a test can make the n-th of them fail.
///
/// Each returns what the call returned, or the negated error number. Nothing outside this target opens, syncs, renames
/// or locks a file (SQLite's own files excepted).
package struct SystemCalls: Sendable {
  /// open(2) with a mode for new files.
  package var open: @Sendable (_ path: String, _ flags: Int32, _ mode: UInt32) -> Int
  /// close(2).
  package var close: @Sendable (_ descriptor: Int32) -> Int
  /// pwrite(2).
  package var pwrite:
    @Sendable (_ descriptor: Int32, UnsafeRawBufferPointer, _ offset: Int64) -> Int
  /// pread(2).
  package var pread:
    @Sendable (_ descriptor: Int32, UnsafeMutableRawBufferPointer, _ offset: Int64) -> Int
  /// fsync(2); F_FULLFSYNC on Apple's systems, where fsync does not reach the medium.
  package var fsync: @Sendable (_ descriptor: Int32) -> Int
  /// ftruncate(2).
  package var ftruncate: @Sendable (_ descriptor: Int32, _ length: Int64) -> Int
  /// flock(2).
  package var flock: @Sendable (_ descriptor: Int32, _ operation: Int32) -> Int
  /// rename(2).
  package var rename: @Sendable (_ old: String, _ new: String) -> Int
  /// link(2).
  package var link: @Sendable (_ old: String, _ new: String) -> Int
  /// unlink(2).
  package var unlink: @Sendable (_ path: String) -> Int
  /// mkdir(2).
  package var mkdir: @Sendable (_ path: String, _ mode: UInt32) -> Int

  /// The kernel's own calls; an interrupted call is made again.
  package static let live = Self(
    open: { path, flags, mode in
      #if canImport(Glibc)
      retrying { Int(Glibc.open(path, flags, mode)) }
      #else
      retrying { Int(Darwin.open(path, flags, mode_t(mode))) }
      #endif
    },
    // Not made again when interrupted: on Linux the descriptor is gone by then, and may be somebody else's.
    close: { descriptor in checked(Int(systemClose(descriptor))) },
    pwrite: { descriptor, bytes, offset in
      retrying { systemPwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset)) }
    },
    pread: { descriptor, bytes, offset in
      retrying { systemPread(descriptor, bytes.baseAddress, bytes.count, off_t(offset)) }
    },
    fsync: { descriptor in
      #if canImport(Glibc)
      retrying { Int(Glibc.fsync(descriptor)) }
      #else
      retrying { Int(fcntl(descriptor, F_FULLFSYNC)) }
      #endif
    },
    ftruncate: { descriptor, length in retrying { Int(systemFtruncate(descriptor, off_t(length))) }
    },
    flock: { descriptor, operation in retrying { Int(systemFlock(descriptor, operation)) } },
    rename: { old, new in retrying { Int(systemRename(old, new)) } },
    link: { old, new in retrying { Int(systemLink(old, new)) } },
    unlink: { path in retrying { Int(systemUnlink(path)) } },
    mkdir: { path, mode in retrying { Int(systemMkdir(path, mode_t(mode))) } }
  )
}

// The members above have the names of the functions they call; these names reach the functions.
private let systemClose = close
private let systemPwrite = pwrite
private let systemPread = pread
private let systemFtruncate = ftruncate
private let systemFlock: @Sendable (Int32, Int32) -> Int32 = { flock($0, $1) }
private let systemRename: @Sendable (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32 = {
  rename($0, $1)
}
private let systemLink = link
private let systemUnlink = unlink
private let systemMkdir = mkdir

private func checked(_ result: Int) -> Int {
  result < 0 ? -Int(errno) : result
}

private func retrying(_ call: () -> Int) -> Int {
  while true {
    let result = checked(call())
    if result != -Int(EINTR) { return result }
  }
}
