internal import DurableFiles
package import Logging
package import Migrations
package import Processes
package import Snapshots

/// Everything that guarding a command needs to know.
package struct CommandRequest {
  /// What rows may vanish.
  package enum Guarding: Hashable, Sendable {
    /// None, but from these tables.
    case rows(allowed: [String])
    /// Any.
    case off
  }

  /// The absolute path of the database, links followed.
  package var database: String
  /// The command.
  package var program: Program
  /// Where the snapshot goes.
  package var store: Store
  /// Where the heads are kept.
  package var versionTable: VersionTable
  /// What the command is to reach, for the snapshot's manifest; nil if that is not known.
  package var target: [String]?
  /// What is wrong with the rows of the version table afterwards, given those before, as a sentence; nil if nothing is.
  package var versionProblem: (_ before: [String], _ after: [String]) -> String?
  /// What rows may vanish.
  package var guarding = Guarding.rows(allowed: [])
  /// Whether what a failed command has left is kept as a file beside the database.
  package var keepsFailed = false
  /// How long to wait for the locks of others.
  package var busyTimeout: Duration
  /// How long to wait for another xm-safe.
  package var lockWait: Duration
  /// The time now, ISO 8601 in UTC with seconds.
  package var now: @Sendable () -> String
  /// The version of xm-safe.
  package var tool: String
  /// What to say of this run to others that want the lock.
  package var holder: String
  /// Makes the logger of a label, such as `xm_safe.snapshot`.
  package var logger: (String) -> Logger
  /// Told how far the long parts are.
  package var progress: ProgressReport

  /// Makes a request.
  package init(
    database: String,
    program: Program,
    store: Store,
    versionTable: VersionTable,
    target: [String]?,
    versionProblem: @escaping (_ before: [String], _ after: [String]) -> String?,
    busyTimeout: Duration,
    lockWait: Duration,
    now: @escaping @Sendable () -> String,
    tool: String,
    holder: String,
    logger: @escaping (String) -> Logger,
    progress: @escaping ProgressReport
  ) {
    self.database = database
    self.program = program
    self.store = store
    self.versionTable = versionTable
    self.target = target
    self.versionProblem = versionProblem
    self.busyTimeout = busyTimeout
    self.lockWait = lockWait
    self.now = now
    self.tool = tool
    self.holder = holder
    self.logger = logger
    self.progress = progress
  }

  /// The database's path as messages show it.
  var shown: String { database.shownAsPath }

  /// The command as messages show it: its name only, since its arguments may hold a password.
  var shownProgram: String { FileSystem.name(of: program.path).shownOnOneLine }
}
