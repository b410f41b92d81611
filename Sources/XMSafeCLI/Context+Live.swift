internal import DurableFiles
internal import FoundationEssentials
internal import Jobs
internal import Logging
internal import Stopping
internal import XMSafe

extension Context {
  /// The real world: this process, its environment, the clock, standard error.
  ///
  /// - Parameters:
  ///   - isQuiet: Whether only warnings and errors are logged, and no progress is shown.
  ///   - isForPrograms: Whether a program reads the result: no progress is shown either.
  ///   - logFormat: How the log looks.
  ///   - nextCommands: What completes the commands in it.
  ///   - tape: What keeps the log.
  /// - Returns: The context.
  static func live(
    isQuiet: Bool,
    isForPrograms: Bool,
    logFormat: CommonOptions.LogFormat,
    nextCommands: NextCommands,
    tape: RunTape
  ) -> Context {
    // What the settings file says of options that this command does not have is for the parts that read them as variables.
    let environment = ProcessInfo.processInfo.environment.merging(
      Settings.current?.environment ?? [:]
    ) { set, _ in set }
    let output = StandardError.shared
    let now: @Sendable () -> String = {
      Date.now.formatted(.iso8601)
    }
    // A dumb terminal knows neither colours nor the way back to the beginning of the line.
    let isCapable = output.isTerminal && environment["TERM"] != "dumb"
    let isColoured = isCapable && (environment["NO_COLOR"] ?? "").isEmpty
    let showsProgress = isCapable && !isQuiet && !isForPrograms && logFormat == .text
    let cancellation = Cancellation()
    let shownHandler: @Sendable (String) -> any LogHandler = { label in
      switch logFormat {
      case .text:
        AlembicLogHandler(
          label: label,
          level: isQuiet ? .warning : .info,
          isColoured: isColoured,
          write: { output.write(line: nextCommands.completing($0)) }
        )
      case .json:
        JSONLogHandler(
          label: label,
          level: isQuiet ? .warning : .info,
          now: now,
          write: { output.write(line: nextCommands.completing($0, isJSON: true)) }
        )
      }
    }
    let logHandler: @Sendable (String) -> any LogHandler = { label in
      RecordingLogHandler(shownHandler(label), label: label, tape: tape, now: now)
    }
    StopSignals.install { signal, isOfTerminal in
      // What is meant for a command that `run` guards is that command's.
      let wish = StopSwitch.Wish(signal: signal, isOfTerminal: isOfTerminal)
      if cancellation.stop.handOn(wish) { return }
      // Signals are handled one after the other. The line comes before what the stopped work says of its end.
      let isFirst = cancellation.stop.stopped == nil
      Logger(label: "xm_safe.signal", factory: logHandler).warning(
        isFirst
          ? "\(Stopped(signal: signal)): what was begun is rolled back"
          : "already rolling back: another signal changes nothing"
      )
      cancellation.stop.stop(signal: signal)
    }
    var context = Context(
      workingDirectory: FileManager.default.currentDirectoryPath,
      environment: environment,
      processID: StandardDescriptors.processID,
      now: now,
      logHandler: logHandler,
      progress: { activity, done, total in
        if showsProgress { ProgressBar.shared.report(activity, done: done, total: total) }
      },
      cancellation: cancellation
    )
    context.projectStreams.hasInput = !StandardDescriptors.isTerminal(0)
    context.projectStreams.hasOutput = !isForPrograms && StandardDescriptors.isWritable(1)
    context.projectStreams.isOnTerminal = (0...2).contains { StandardDescriptors.isTerminal($0) }
    return context
  }
}
