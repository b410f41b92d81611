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
  /// - Parameter caught: Called on that thread with the signal's number, each time that one arrives, and with whether the kernel
  ///   itself has sent it: by a key of a terminal, or at its end, which reach all of the terminal's processes.
  package static func install(_ caught: @escaping @Sendable (Int32, Bool) -> Void) {
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
        if count == 1 { caught(Int32(number & ~byKernel), number & byKernel != 0) }
        guard count == 1 || errno == EINTR else { return }
      }
    }
    for number in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(number) { handle(number) }
  }

  private static func handle(_ number: Int32) {
    var action = sigaction()
    #if canImport(Glibc)
    action.__sigaction_handler.sa_sigaction = handler
    #else
    action.__sigaction_u.__sa_sigaction = handler
    #endif
    action.sa_flags = SA_SIGINFO | SA_RESTART
    sigaction(number, &action, nil)
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

/// The bit beside a signal's number that says where it comes from.
private let byKernel: UInt8 = 0x80

private let handler:
  @convention(c) (Int32, UnsafeMutablePointer<siginfo_t>?, UnsafeMutableRawPointer?) -> Void = {
    number,
    facts,
    _ in
    let before = errno
    #if canImport(Glibc)
    // What a process sends has a code of 0 or less (sigaction(2)).
    let isByKernel = (facts?.pointee.si_code ?? 0) > 0
    #else
    let isByKernel = facts?.pointee.si_pid == 0
    #endif
    var byte = UInt8(truncatingIfNeeded: number) | (isByKernel ? 0x80 : 0)
    _ = write(writingEnd, &byte, 1)
    errno = before
  }
