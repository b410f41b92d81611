#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// The descriptors 0, 1 and 2, which must never become a file of ours.
package enum StandardDescriptors {
  /// Opens `/dev/null` for each that the caller has closed: otherwise the next file opened would get its number, and a log
  /// line would be written into an archive.
  package static func keepOpen() {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 {
      // Opens get the lowest free number: exactly this one, since those below are open. A result must not seem to be written
      // where there is nobody to read it: writing to what is open for reading alone fails as writing to a closed one does.
      _ = open("/dev/null", descriptor == 1 ? O_RDONLY : O_RDWR)
    }
  }

  /// Makes writing to a closed pipe an error instead of the end of the process, which may be in the middle of an upgrade.
  package static func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
  }

  /// Writes all of a text to a descriptor.
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - descriptor: 1 or 2.
  /// - Returns: Whether all of it was written.
  @discardableResult
  package static func write(_ text: String, to descriptor: Int32) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Whether a descriptor is a pipe that nobody reads from any more.
  ///
  /// - Parameter descriptor: 1 or 2.
  /// - Returns: Whether it is.
  package static func isClosedPipe(_ descriptor: Int32) -> Bool {
    var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&state, 1, 0) == 1 && state.revents & Int16(POLLERR) != 0
  }

  /// Whether a descriptor may be written to: not if the caller has closed it.
  ///
  /// - Parameter descriptor: 1 or 2.
  /// - Returns: Whether it may.
  package static func isWritable(_ descriptor: Int32) -> Bool {
    let flags = fcntl(descriptor, F_GETFL)
    return flags != -1 && flags & O_ACCMODE != O_RDONLY
  }

  /// Whether a descriptor is a terminal.
  ///
  /// - Parameter descriptor: 1 or 2.
  /// - Returns: Whether it is.
  package static func isTerminal(_ descriptor: Int32) -> Bool {
    isatty(descriptor) == 1
  }

  /// How many columns a terminal has.
  ///
  /// - Parameter descriptor: 1 or 2.
  /// - Returns: The columns; nil if it is no terminal or does not say.
  package static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// This process's id.
  package static var processID: Int32 { getpid() }
}

private let systemWrite: @Sendable (Int32, UnsafeRawPointer?, Int) -> Int = { write($0, $1, $2) }
