package import AlembicHelper
package import Logging
internal import Migrations
package import Revisions
package import Servers
package import Snapshots
package import Upgrade

/// What an upgrade, a downgrade or a stamp of a server's database needs to know.
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
  /// What is to be done.
  package var work: UpgradeWork
  /// The revisions.
  package var graph: RevisionGraph
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
    /// Before the work that leads to these revisions.
    case work([String])
    /// What a failed run has left, before these revisions are put back.
    case restore([String])
  }

  /// Decides what there is to do.
  func plan(_ rows: [String]) throws -> Plan {
    var table = VersionTable.Content()
    table.rows = rows
    return try work.plan(graph, table)
  }

  /// Makes a request of its parts.
  package init(
    server: any DatabaseServer,
    store: Store,
    key: String,
    mode: Mode,
    work: UpgradeWork,
    graph: RevisionGraph,
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
    self.work = work
    self.graph = graph
    self.take = take
    self.helper = helper
    self.rehearses = rehearses
    self.guardsRows = guardsRows
    self.allowedLosses = allowedLosses
    self.logger = logger
    self.progress = progress
  }
}
