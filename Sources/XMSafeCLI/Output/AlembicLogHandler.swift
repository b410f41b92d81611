internal import DurableFiles
internal import Logging

/// Writes log events as alembic's own configuration has them: `%(levelname)-5.5s [%(name)s] %(message)s`.
struct AlembicLogHandler: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  private let label: String
  private let isColoured: Bool
  private let write: @Sendable (String) -> Void

  init(
    label: String,
    level: Logger.Level,
    isColoured: Bool,
    write: @escaping @Sendable (String) -> Void
  ) {
    self.label = label
    self.isColoured = isColoured
    self.write = write
    logLevel = level
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    // A docstring's first paragraph may have two lines, which alembic prints as they are; other control characters are shown.
    let lines = event.message.description.split(separator: "\n", omittingEmptySubsequences: false)
    let message = lines.map { String($0).shownOnOneLine }.joined(separator: "\n")
    let level = Self.name(of: event.level)
    let shown = isColoured ? Self.colour(of: event.level) + level + "\u{1b}[0m" : level
    write("\(shown) [\(label)] \(message)")
  }

  /// Python's name of the level, padded and cut to five characters.
  private static func name(of level: Logger.Level) -> String {
    switch level {
    case .trace, .debug: "DEBUG"
    case .info, .notice: "INFO "
    case .warning: "WARNI"
    case .error: "ERROR"
    case .critical: "CRITI"
    }
  }

  private static func colour(of level: Logger.Level) -> String {
    switch level {
    case .trace, .debug: "\u{1b}[2m"
    case .info, .notice: "\u{1b}[32m"
    case .warning: "\u{1b}[33m"
    case .error, .critical: "\u{1b}[31m"
    }
  }
}
