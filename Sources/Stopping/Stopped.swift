/// Work that was ended from outside, by a signal or by the program that embeds it.
package struct Stopped: Error, Hashable, Sendable, CustomStringConvertible {
  /// The signal's number; nil if no signal was the cause.
  package var signal: Int32?

  /// Makes the error.
  ///
  /// - Parameter signal: The signal's number; nil if no signal was the cause.
  package init(signal: Int32?) {
    self.signal = signal
  }

  /// What ended the work, in words.
  package var description: String { "interrupted by \(cause)" }

  private var cause: String {
    // The numbers are the same on Linux and on Apple's systems.
    switch signal {
    case nil: "the program"
    case 1: "SIGHUP"
    case 2: "SIGINT"
    case 15: "SIGTERM"
    case let number?: "signal \(number)"
    }
  }
}
