package import Logging
package import Processes
package import Stopping

/// Runs a program that talks with the user, such as an editor, and hands the signals that come on to it.
package struct TerminalProcess {
  /// The program.
  private let program: Program
  /// Told of the signals.
  private let logger: Logger

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - program: The program.
  ///   - logger: Told of signals.
  package init(_ program: Program, _ logger: Logger) {
    self.program = program
    self.logger = logger
  }

  /// Runs it to its end.
  ///
  /// - Parameter stop: What hands the signals on.
  /// - Returns: How it has ended.
  /// - Throws: `Stopped`, `ProcessError`.
  package func run(_ stop: StopSwitch) throws -> Ending {
    let wishes = Wishes(isShared: program.sharesGroup, logger)
    return try stop.handingOn(to: wishes.take) {
      defer { wishes.end() }
      try StopSwitch.check()
      let child = try ChildProcess(program)
      return try StopSwitch.shielded {
        _ = try child.talk {
          for signal in wishes.drain() { child.signal(signal) }
          return false
        }
        return child.ending ?? .signalled(0)
      }
    }
  }
}
