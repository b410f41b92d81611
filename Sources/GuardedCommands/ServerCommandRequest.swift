internal import DurableFiles
package import Logging
package import Processes
package import Servers
package import Snapshots

/// Everything that guarding a command on a server's database needs to know.
package struct ServerCommandRequest {
  /// Why a snapshot is taken.
  package enum SnapshotPurpose: Hashable, Sendable {
    /// Before the command.
    case before
    /// After one that failed: what it has left, before these revisions are put back.
    case left([String])
  }

  /// The database.
  package var server: any DatabaseServer
  /// Where the snapshots go.
  package var store: Store
  /// What they are known by.
  package var key: String
  /// The command.
  package var program: Program
  /// What is wrong with the rows of the version table afterwards, given those before, as a sentence; nil if nothing is.
  package var versionProblem: (_ before: [String], _ after: [String]) -> String?
  /// What rows may vanish.
  package var guarding = CommandRequest.Guarding.rows(allowed: [])
  /// Whether somebody has said that nobody else writes to the database.
  package var isAlone = false
  /// Takes a snapshot.
  package var take: (SnapshotPurpose) throws -> ServerSnapshotTaker.Taken
  /// What to say of this run to others.
  package var holder: String
  /// Makes the logger of a label, such as `xm_safe.snapshot`.
  package var logger: (String) -> Logger
  /// Told how far the long parts are.
  package var progress: ProgressReport

  /// Makes a request of its parts.
  package init(
    server: any DatabaseServer,
    store: Store,
    key: String,
    program: Program,
    versionProblem: @escaping (_ before: [String], _ after: [String]) -> String?,
    take: @escaping (SnapshotPurpose) throws -> ServerSnapshotTaker.Taken,
    holder: String,
    logger: @escaping (String) -> Logger,
    progress: @escaping ProgressReport
  ) {
    self.server = server
    self.store = store
    self.key = key
    self.program = program
    self.versionProblem = versionProblem
    self.take = take
    self.holder = holder
    self.logger = logger
    self.progress = progress
  }

  /// The database as messages show it.
  var shown: String { server.client.shown }

  /// The command as messages show it: its name only, since its arguments may hold a password.
  var shownProgram: String { FileSystem.name(of: program.path).shownOnOneLine }
}
