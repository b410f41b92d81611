internal import Dispatch

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// SIGINT, SIGTERM and SIGHUP, caught instead of ending the process in the middle of an upgrade.
package enum StopSignals {
  /// Catches them from now on; one that was ignored when the process began (nohup, a background job) stays ignored.
  ///
  /// The handler only writes a byte into a pipe, which is allowed in a handler (signal-safety(7)); a thread reads it.
  ///
  /// - Parameter caught: Called on that thread with the signal's number, each time that one arrives.
  package static func install(_ caught: @escaping @Sendable (Int32) -> Void) {
    var ends: [Int32] = [-1, -1]
    // Without a pipe the signals keep their usual effect: the process ends, and SQLite rolls back at the next opening.
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (reading, writing) = (ends[0], ends[1])
    // A handler that had to wait for a full pipe would never return.
    _ = fcntl(writing, F_SETFL, O_NONBLOCK)
    writingEnd = writing
    DispatchQueue(label: "xm-safe.signals").async {
      while true {
        var number: UInt8 = 0
        let count = read(reading, &number, 1)
        if count == 1 { caught(Int32(number)) }
        guard count == 1 || errno == EINTR else { return }
      }
    }
    for number in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(number) { signal(number, handler) }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    #if canImport(Glibc)
    let present = action.__sigaction_handler.sa_handler
    #else
    let present = action.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(present, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

// Set once before the handler is installed, and only read by it.
nonisolated(unsafe) private var writingEnd: Int32 = -1

private let handler: @convention(c) (Int32) -> Void = { number in
  let before = errno
  var byte = UInt8(truncatingIfNeeded: number)
  _ = write(writingEnd, &byte, 1)
  errno = before
}
