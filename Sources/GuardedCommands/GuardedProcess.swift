internal import DurableFiles
internal import Logging
internal import Processes
internal import Snapshots
internal import Stopping

/// Runs a command while it is guarded: the signals that come are handed on to it, and somebody looks around now and then.
struct GuardedProcess {
  /// The command.
  let program: Program
  /// The command and the database as messages show them.
  let shown: (program: String, database: String)
  /// Makes the logger of a label.
  let logger: (String) -> Logger
  /// Told when the terminal is the command's.
  let progress: ProgressReport

  /// Runs the command to its end.
  ///
  /// - Parameters:
  ///   - stop: What hands the signals on.
  ///   - look: Called a hundred times a second while it runs, with its process's id.
  ///   - judge: Called when it has ended, with how and after how long; nothing can stop this any more.
  /// - Returns: What `judge` has returned.
  /// - Throws: `Stopped`, `ProcessError`: the command was not begun then.
  func run<Result>(
    _ stop: StopSwitch,
    looking look: (Int32) -> Void,
    judge: (Ending, Duration) -> Result
  ) throws -> Result {
    let wishes = Wishes(isShared: program.sharesGroup, logger("xm_safe.signal"))
    return try stop.handingOn(to: wishes.take) {
      let start = ContinuousClock.now
      let child: ChildProcess
      do {
        try StopSwitch.check()
        try progress(.nothing)
        child = try ChildProcess(program)
      } catch {
        wishes.end()
        throw error
      }
      return StopSwitch.shielded {
        logger("xm_safe.run").info(
          "Running \(shown.program); other writers are not locked out of \(shown.database) meanwhile"
        )
        do {
          _ = try child.talk {
            for signal in wishes.drain() { child.signal(signal) }
            look(child.id)
            return false
          }
        } catch {
          logger("xm_safe.run").error("\(String(describing: error).shownOnOneLine)")
          child.end()
        }
        wishes.end()
        return judge(child.ending ?? .signalled(0), start.duration(to: .now))
      }
    }
  }
}
