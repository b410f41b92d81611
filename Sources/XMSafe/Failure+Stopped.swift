internal import AlembicScripts
internal import Migrations
internal import SQLite
internal import Stopping
internal import Upgrade

/// Commands that were interrupted.
extension Failure {
  /// Turns an error into a failure; an interruption is told from an error that only happened at the same time.
  ///
  /// - Parameters:
  ///   - error: What a part threw.
  ///   - stopped: Why the run was to stop; nil if it was not.
  init(_ error: any Error, stopped: Stopped?) {
    self.init(error)
    guard let stopped, Self.isInterruption(error), exitStatus != .failedNotRestored else { return }
    let undone = (error as? UpgradeFailure).flatMap { $0.code == .asBefore ? $0.work : nil }
    exitStatus =
      switch stopped.signal {
      case ExitStatus.hungUp.rawValue - 128: .hungUp
      case ExitStatus.terminated.rawValue - 128: .terminated
      default: .interrupted
      }
    message =
      "\(stopped); \(undone.map { "the \($0) was rolled back" } ?? "nothing was changed")"
    location = nil
    if undone == nil { state = "the database is as it was" }
    next = "run the same command again when you like"
  }

  private static func isInterruption(_ error: (any Error)?) -> Bool {
    switch error {
    case is Stopped: true
    case let error as SQLiteError: error.code == .interrupt
    case let error as UpgradeFailure: isInterruption(error.cause)
    case let error as MigrationRunner.Failure: isInterruption(error.cause)
    case let error as ActionFailure: isInterruption(error.cause)
    case let error as SavepointFailure: isInterruption(error.cause)
    default: false
    }
  }
}
