internal import DurableFiles
internal import FoundationEssentials
internal import Logging
internal import Stopping
internal import XMSafe

extension Context {
  /// The real world: this process, its environment, the clock, standard error.
  static func live(isQuiet: Bool, logFormat: CommonOptions.LogFormat) -> Context {
    let environment = ProcessInfo.processInfo.environment
    let output = StandardError.shared
    let bar = ProgressBar(output)
    let now: @Sendable () -> String = {
      Date.now.formatted(.iso8601)
    }
    let cancellation = Cancellation()
    let isColoured = output.isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
    let logHandler: @Sendable (String) -> any LogHandler = { label in
      switch logFormat {
      case .text:
        AlembicLogHandler(
          label: label,
          level: isQuiet ? .warning : .info,
          isColoured: isColoured,
          write: { output.write(line: $0) }
        )
      case .json:
        JSONLogHandler(
          label: label,
          level: isQuiet ? .warning : .info,
          now: now,
          write: { output.write(line: $0) }
        )
      }
    }
    StopSignals.install { signal in
      let isFirst = cancellation.stop.stop(signal: signal)
      Logger(label: "xm_safe.signal", factory: logHandler).warning(
        isFirst
          ? "\(Stopped(signal: signal)): what was begun is rolled back"
          : "already rolling back: another signal changes nothing"
      )
    }
    return Context(
      workingDirectory: FileManager.default.currentDirectoryPath,
      environment: environment,
      processID: StandardDescriptors.processID,
      now: now,
      logHandler: logHandler,
      progress: { bar.report($0, done: $1, total: $2) },
      cancellation: cancellation
    )
  }
}
