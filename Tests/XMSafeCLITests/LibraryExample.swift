import Foundation
import Logging
import XMSafe

/// Upgrades the database of a tracker, and says what came of it.
func upgradeTracker(in directory: String) -> String {
  let tracker = Safeguard(
    options: Options(database: "app.db", configuration: "alembic.ini"),
    context: Context(
      workingDirectory: directory,
      environment: ProcessInfo.processInfo.environment,
      processID: ProcessInfo.processInfo.processIdentifier,
      now: { Date().formatted(.iso8601) },
      logHandler: { StreamLogHandler.standardError(label: $0) }
    )
  )
  do {
    let result = try tracker.upgrade()
    return "at \(result.to), and \(result.snapshot?.id ?? "nothing") holds what was before"
  } catch {
    return "\(error.message): \(error.state)"
  }
}
