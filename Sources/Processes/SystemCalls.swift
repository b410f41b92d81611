internal import CSpawn

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// What this target asks of the kernel, as functions that answer with Swift's words; an interrupted call is made again.
enum SystemCalls {
  /// The error number of a failed call, in words.
  static func reason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }

  static func isExecutableFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
  }

  /// A pipe whose two ends no other child inherits.
  static func pipe() -> (reading: Descriptor, writing: Descriptor)? {
    var ends: [Int32] = [-1, -1]
    #if canImport(Glibc)
    guard pipe2(&ends, O_CLOEXEC) == 0 else { return nil }
    #else
    guard Darwin.pipe(&ends) == 0 else { return nil }
    #endif
    return moved(ends)
  }

  /// Two connected sockets that no other child inherits.
  static func socketPair() -> (Descriptor, Descriptor)? {
    var ends: [Int32] = [-1, -1]
    #if canImport(Glibc)
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    #else
    let kind = SOCK_STREAM
    #endif
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { return nil }
    return moved(ends)
  }

  /// Moves descriptors out of the way of those that the child gets, so that no mapping overwrites the source of another.
  private static func moved(_ ends: [Int32]) -> (Descriptor, Descriptor)? {
    let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
    for end in ends { close(end) }
    guard !moved.contains(-1) else {
      let code = errno
      for end in moved where end >= 0 { close(end) }
      errno = code
      return nil
    }
    return (Descriptor(moved[0]), Descriptor(moved[1]))
  }

  /// What poll(2) says of some descriptors.
  static func poll(_ states: inout [pollfd], milliseconds: Int32) -> Int32 {
    let count = systemPoll(&states, nfds_t(states.count), milliseconds)
    return count < 0 && errno == EINTR ? 0 : count
  }

  /// Whether a child has ended; it stays there, and so does the number of its group, until it is reaped.
  static func hasEnded(_ id: pid_t) -> Bool {
    var info = siginfo_t()
    while true {
      if waitid(P_PID, id_t(id), &info, WEXITED | WNOHANG | WNOWAIT) == 0 {
        return info.si_signo == SIGCHLD
      }
      // Somebody else has reaped it: it has ended, whatever the reason.
      if errno != EINTR { return true }
    }
  }

  /// Takes the end of a child that has ended, or waits for it.
  static func reap(_ id: pid_t) -> Ending {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0 {
      if errno != EINTR { return .signalled(0) }
    }
    let signal = status & 0x7f
    return signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
  }
}

private let systemPoll: @Sendable (UnsafeMutablePointer<pollfd>, nfds_t, Int32) -> Int32 = {
  poll($0, $1, $2)
}

/// An open descriptor of this process, closed with its last reference.
final class Descriptor {
  let number: Int32

  init(_ number: Int32) { self.number = number }

  deinit { close(number) }

  /// Makes reads and writes return at once where they would have to wait.
  func makeNonBlocking() {
    _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
  }

  /// What came of a read or a write.
  enum Outcome {
    /// Nothing now; later perhaps.
    case later
    /// So many bytes.
    case bytes(Int)
    /// The other end is closed.
    case closed
    /// It failed with this error number.
    case failed(Int32)
  }

  func read(into buffer: inout [UInt8]) -> Outcome {
    outcome { buffer.withUnsafeMutableBytes { systemRead(number, $0.baseAddress, $0.count) } }
  }

  func write(_ bytes: ArraySlice<UInt8>) -> Outcome {
    outcome {
      bytes.withUnsafeBytes { buffer in
        withoutBrokenPipeSignal { systemWrite(number, buffer.baseAddress, buffer.count) }
      }
    }
  }

  /// Keeps a SIGPIPE that a write raises from ending a program which has not thought of it: it is blocked in this thread, and taken.
  private func withoutBrokenPipeSignal(_ write: () -> Int) -> Int {
    var broken = sigset_t()
    sigemptyset(&broken)
    sigaddset(&broken, SIGPIPE)
    var (pending, before) = (sigset_t(), sigset_t())
    sigpending(&pending)
    let wasPending = sigismember(&pending, SIGPIPE) == 1
    pthread_sigmask(SIG_BLOCK, &broken, &before)
    let result = write()
    let code = errno
    if result < 0, code == EPIPE, !wasPending {
      sigpending(&pending)
      var number: Int32 = 0
      if sigismember(&pending, SIGPIPE) == 1 { sigwait(&broken, &number) }
    }
    pthread_sigmask(SIG_SETMASK, &before, nil)
    errno = code
    return result
  }

  private func outcome(_ call: () -> Int) -> Outcome {
    while true {
      let count = call()
      if count > 0 { return .bytes(count) }
      if count == 0 { return .closed }
      switch errno {
      case EINTR: continue
      case EAGAIN, EWOULDBLOCK: return .later
      case EPIPE, ECONNRESET: return .closed
      case let code: return .failed(code)
      }
    }
  }
}

private let systemRead: @Sendable (Int32, UnsafeMutableRawPointer?, Int) -> Int = {
  read($0, $1, $2)
}
private let systemWrite: @Sendable (Int32, UnsafeRawPointer?, Int) -> Int = { write($0, $1, $2) }
