public import Logging
internal import Processes

/// Everything from outside that a command depends on: where it runs, the time, the log, who is told of progress.
public struct Context: Sendable {
  /// The directory that relative paths are taken from; absolute.
  public var workingDirectory: String
  /// The environment variables.
  public var environment: [String: String]
  /// The process id, for the lock's note.
  public var processID: Int32
  /// The time now, ISO 8601 in UTC with seconds: `2026-11-22T22:51:33Z`.
  public var now: @Sendable () -> String
  /// Makes the log handler of a label, such as `xm_safe.snapshot`.
  public var logHandler: @Sendable (String) -> any LogHandler
  /// Told how far long work is: the activity (empty when another program has the terminal), bytes done, bytes in all (0 where
  /// they cannot be known).
  public var progress: @Sendable (String, Int64, Int64) -> Void
  /// Stops the commands of this context.
  public var cancellation: Cancellation
  /// What of this process's standard streams a project's own scripts get.
  public var projectStreams = ProjectStreams()

  /// What of this process's standard streams a project's own scripts get; their standard error is always this one's.
  public struct ProjectStreams: Sendable {
    /// Whether they read this process's standard input; it must not be a terminal.
    public var hasInput = false
    /// Whether they write to this process's standard output, and not to standard error.
    public var hasOutput = false
    /// Whether a command that `run` guards stays on this process's terminal: it reads from it then, whatever `hasInput` says, and
    /// gets the terminal's signals.
    public var isOnTerminal = false

    /// Makes the choice of a program that embeds the library: neither.
    public init() {}

    /// Connects a program of the user's with them.
    func connect(_ program: inout Program) {
      program.sharesGroup = isOnTerminal
      program.input = hasInput || isOnTerminal ? .inherited : .nothing
      program.output = hasOutput ? .inherited : .inheritedErrors
      program.errors = .inherited
    }
  }

  /// Makes a context of its parts.
  public init(
    workingDirectory: String,
    environment: [String: String],
    processID: Int32,
    now: @escaping @Sendable () -> String,
    logHandler: @escaping @Sendable (String) -> any LogHandler,
    progress: @escaping @Sendable (String, Int64, Int64) -> Void = { _, _, _ in },
    cancellation: Cancellation = Cancellation()
  ) {
    self.workingDirectory = workingDirectory
    self.environment = environment
    self.processID = processID
    self.now = now
    self.logHandler = logHandler
    self.progress = progress
    self.cancellation = cancellation
  }

  func logger(_ label: String) -> Logger {
    let handler = logHandler
    return Logger(label: label, factory: { handler($0) })
  }
}
