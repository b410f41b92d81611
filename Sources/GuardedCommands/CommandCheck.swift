internal import DurableFiles
internal import Logging
internal import Migrations
internal import SQLite
internal import Snapshots
internal import Upgrade

/// What is found in a database after a command: whether it is sound, and what has become worse.
struct CommandCheck {
  /// What tells whether somebody has committed since; nil if there is no database to observe.
  private(set) var observer: CommandObserver?
  /// What is wrong, as a sentence; nil if nothing is.
  private(set) var objection: String?
  /// Whether nobody can use the database any more.
  private(set) var isDamaged = false
  /// The rows of the version table; nil if they cannot be read.
  private(set) var revisions: [String]?

  /// Looks, in one view; writers of a database in WAL mode need not wait for it.
  ///
  /// - Parameters:
  ///   - request: The command, and what is allowed.
  ///   - baseline: What the database was like before.
  init(_ request: CommandRequest, _ baseline: CommandBaseline) {
    do {
      guard let status = try FileStatus.ifPresent(request.database) else {
        (objection, isDamaged) = ("it is gone", true)
        return
      }
      try DatabaseFile.checkKind(status, path: request.database)
      if let foreign = try DatabaseFile.foreignLog(request.database) {
        (objection, isDamaged) = (foreign, true)
        return
      }
      try look(request, baseline)
    } catch let error as SQLiteError {
      isDamaged = error.isUnsound
      objection =
        isDamaged
        ? "it is no sound database any more (\(error.message))"
        : "it could not be checked (\(error))"
    } catch {
      objection = "it could not be checked (\(String(describing: error).shownOnOneLine))"
    }
  }

  private mutating func look(_ request: CommandRequest, _ baseline: CommandBaseline) throws {
    observer = try CommandObserver(request.database, busyTimeout: request.busyTimeout)
    let connection = try Connection(
      opening: request.database,
      mode: .readWrite,
      busyTimeout: request.busyTimeout
    )
    try connection.beginReading()
    try request.progress(Progress("check"))
    if let damage = try connection.quickCheck().first {
      (objection, isDamaged) = ("quick_check finds: \(damage)", true)
    } else {
      let later = try CommandBaseline(connection, request.versionTable)
      revisions = later.revisions
      objection = baseline.objection(to: later, request)
      if case .rows(let allowed) = request.guarding {
        let guarding = DataLossGuard(allowed: allowed)
        for text in guarding.warnings(of: baseline.tables + later.tables) {
          request.logger("xm_safe.run").warning("\(text)")
        }
      }
    }
    try connection.rollback()
    try connection.close()
  }

  /// Ends the observation.
  func end() { observer?.end() }
}
