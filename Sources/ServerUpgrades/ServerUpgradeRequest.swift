package import AlembicHelper
package import Logging
package import Revisions
package import Servers
package import Snapshots

/// What an upgrade of a server's database needs to know.
package struct ServerUpgradeRequest {
  /// What makes a failed upgrade cost nothing.
  package enum Mode: String, Hashable, Sendable {
    /// One transaction for the whole run, which the server rolls back.
    case transaction
    /// The snapshot, which is restored: for what cannot run in a transaction.
    case none
  }

  /// The database.
  package var server: any DatabaseServer
  /// Where its snapshots are.
  package var store: Store
  /// What its snapshots are known by.
  package var key: String
  /// What makes a failed upgrade cost nothing.
  package var mode: Mode
  /// Computes what there is to do from the version table's rows.
  package var plan: ([String]) throws -> Plan
  /// Takes a snapshot.
  package var take: (SnapshotPurpose) throws -> ServerSnapshotTaker.Taken
  /// The project's own alembic, as far as it does not depend on the database: its entry, Python, environment and time.
  package var helper: HelperRequest
  /// Whether it runs in a database of its own first.
  package var rehearses: Bool
  /// Whether rows that vanish stop it.
  package var guardsRows: Bool
  /// The tables that may lose rows.
  package var allowedLosses: [String]
  /// Makes the logger of a label.
  package var logger: (String) -> Logger
  /// Told how far the long parts are.
  package var progress: ProgressReport

  /// Why a snapshot is taken.
  package enum SnapshotPurpose {
    /// Before the upgrade to these revisions.
    case upgrade([String])
    /// Before a restore.
    case restore
  }

  /// Makes a request of its parts.
  package init(
    server: any DatabaseServer,
    store: Store,
    key: String,
    mode: Mode,
    plan: @escaping ([String]) throws -> Plan,
    take: @escaping (SnapshotPurpose) throws -> ServerSnapshotTaker.Taken,
    helper: HelperRequest,
    rehearses: Bool,
    guardsRows: Bool,
    allowedLosses: [String],
    logger: @escaping (String) -> Logger,
    progress: @escaping ProgressReport
  ) {
    self.server = server
    self.store = store
    self.key = key
    self.mode = mode
    self.plan = plan
    self.take = take
    self.helper = helper
    self.rehearses = rehearses
    self.guardsRows = guardsRows
    self.allowedLosses = allowedLosses
    self.logger = logger
    self.progress = progress
  }
}
