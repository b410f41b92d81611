internal import FoundationEssentials
internal import Logging

/// Writes log events as one JSON object per line, for programs.
struct JSONLogHandler: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  private let label: String
  private let now: @Sendable () -> String
  private let write: @Sendable (String) -> Void

  private struct Line: Encodable {
    var time: String
    var level: String
    var logger: String
    var message: String
    var metadata: [String: String]
  }

  init(
    label: String,
    level: Logger.Level,
    now: @escaping @Sendable () -> String,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.label = label
    self.now = now
    self.write = write
    logLevel = level
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let facts = metadata.merging(event.metadata ?? [:]) { $1 }
    let line = Line(
      time: now(),
      level: event.level.rawValue,
      logger: label,
      message: event.message.description,
      metadata: facts.mapValues(\.description)
    )
    write(JSONOutput.line(line))
  }
}
