internal import CSQLite
internal import Stopping

/// What SQLite asks when a lock of somebody else is in the way, and while a long statement runs: whether to go on.
///
/// It waits as `sqlite3_busy_timeout` does, and besides ends when the run is to stop, and knows how long it has waited.
final class LockWait {
  private let limit: Duration
  /// What may stop it; nil where nothing may.
  var stop: StopSwitch?
  private var start = ContinuousClock.now
  /// How long the last lock was waited for.
  private(set) var waited: Duration = .zero
  /// Whether the last wait ended because the run is to stop.
  private(set) var wasStopped = false

  init(limit: Duration, stop: StopSwitch?) {
    self.limit = limit
    self.stop = stop
  }

  var isToStop: Bool { stop?.stopped != nil }

  /// SQLite's busy handler (https://www.sqlite.org/c3ref/busy_handler.html).
  ///
  /// - Parameter count: How often it was asked before about this lock.
  /// - Returns: Whether to try again.
  func goesOn(after count: Int32) -> Bool {
    if count == 0 { start = .now }
    waited = start.duration(to: .now)
    wasStopped = isToStop
    guard !wasStopped, waited < limit else { return false }
    // Short naps first: most locks are held for a moment only.
    sqlite3_sleep(count < 5 ? 2 : count < 20 ? 20 : 100)
    return true
  }
}

extension Connection {
  func installHandlers() {
    let context = Unmanaged.passUnretained(lockWait).toOpaque()
    sqlite3_busy_handler(
      handle,
      { context, count in
        guard let context else { return 0 }
        return Unmanaged<LockWait>.fromOpaque(context).takeUnretainedValue().goesOn(after: count)
          ? 1 : 0
      },
      context
    )
    guard let stop = lockWait.stop else { return }
    // "It is safe to call this routine from a thread different from the thread that is currently running the database
    // operation", as long as the connection is not closed (https://www.sqlite.org/c3ref/interrupt.html).
    nonisolated(unsafe) let handle = handle
    interruption = stop.observe { sqlite3_interrupt(handle) }
    // Often enough to answer within milliseconds, and too seldom to be felt.
    sqlite3_progress_handler(
      handle,
      10_000,
      { context in
        guard let context else { return 0 }
        return Unmanaged<LockWait>.fromOpaque(context).takeUnretainedValue().isToStop ? 1 : 0
      },
      context
    )
  }

  /// Lets nothing stop this connection any more: for a rollback, and for what follows it.
  package func shield() {
    guard !isClosed else { return }
    interruption?.end()
    sqlite3_progress_handler(handle, 0, nil, nil)
    lockWait.stop = nil
  }

  /// The error of the last call, with what is known of the wait before it.
  func failure(sql: String? = nil) -> SQLiteError {
    var error = SQLiteError(of: handle, sql: sql)
    guard error.isBusy else { return error }
    if lockWait.wasStopped {
      return SQLiteError(extendedCode: .interrupt, message: "interrupted", sql: sql)
    }
    error.waited = lockWait.waited
    return error
  }
}
