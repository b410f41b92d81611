import Logging
import Synchronization

/// Collects log lines.
final class LogLines: Sendable {
  private let collected = Mutex<[String]>([])
  var lines: [String] { collected.withLock { $0 } }

  private struct Handler: LogHandler {
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]
    let label: String
    let add: @Sendable (String) -> Void
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { add("[\(label)] \(event.message)") }
  }

  func logger(_ label: String) -> Logger {
    Logger(
      label: label,
      factory: { label in
        Handler(label: label) { line in self.collected.withLock { $0.append(line) } }
      }
    )
  }
}
