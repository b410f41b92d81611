package import AlembicScripts
internal import DurableFiles
package import Logging
package import Migrations
package import Snapshots

/// Everything that an upgrade, a downgrade or a stamp needs to know.
package struct UpgradeRequest {
  /// The absolute path of the database, links followed.
  package var database: String
  /// What is to be done.
  package var work: UpgradeWork
  /// The scripts, all of them read.
  package var scripts: ScriptDirectory
  /// Where the heads are kept.
  package var versionTable: VersionTable
  /// Where the snapshot goes.
  package var store: Store
  /// How long to wait for the locks of others.
  package var busyTimeout: Duration
  /// How long to wait for another xm-safe.
  package var lockWait: Duration
  /// What runs the scripts.
  package var engine = MigrationEngine.native
  /// Whether the upgrade runs on a copy first; with alembic's own engine it always does.
  package var rehearses = false
  /// Whether rebuilds keep what alembic's lose.
  package var keepsEverything = false
  /// What stops a revision that loses rows.
  package var guarding = DataLossGuard()
  /// The time, ISO 8601 in UTC with seconds.
  package var created: String
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
    work: UpgradeWork,
    scripts: ScriptDirectory,
    versionTable: VersionTable,
    store: Store,
    busyTimeout: Duration,
    lockWait: Duration = .zero,
    created: String,
    tool: String,
    holder: String,
    logger: @escaping (String) -> Logger,
    progress: @escaping ProgressReport
  ) {
    self.database = database
    self.work = work
    self.scripts = scripts
    self.versionTable = versionTable
    self.store = store
    self.busyTimeout = busyTimeout
    self.lockWait = lockWait
    self.created = created
    self.tool = tool
    self.holder = holder
    self.logger = logger
    self.progress = progress
  }

  /// The database's path as messages show it.
  var shown: String { database.shownAsPath }
}
