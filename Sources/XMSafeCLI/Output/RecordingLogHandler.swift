internal import Jobs
internal import Logging

/// Hands log events on, and keeps them for the log of runs; that they are not shown is no reason not to keep them.
struct RecordingLogHandler: LogHandler {
  var logLevel = Logger.Level.info
  private var shown: any LogHandler
  private let label: String
  private let tape: RunTape
  private let now: @Sendable () -> String

  init(
    _ shown: any LogHandler,
    label: String,
    tape: RunTape,
    now: @escaping @Sendable () -> String
  ) {
    self.shown = shown
    self.label = label
    self.tape = tape
    self.now = now
  }

  var metadata: Logger.Metadata {
    get { shown.metadata }
    set { shown.metadata = newValue }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { shown[metadataKey: key] }
    set { shown[metadataKey: key] = newValue }
  }

  func log(event: LogEvent) {
    tape.append(
      RunRecord.Line(
        time: now(),
        level: event.level.rawValue,
        logger: label,
        message: event.message.description
      )
    )
    if event.level >= shown.logLevel { shown.log(event: event) }
  }
}
