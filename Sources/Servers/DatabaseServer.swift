package import Archive
internal import Dispatch
package import Snapshots

/// What is done with a database on a server, whatever server it is.
///
/// Each call connects anew and leaves nothing behind; between two of them only a `hold` keeps others out.
package protocol DatabaseServer {
  /// Who asks, and where.
  var client: ServerClient { get }
  /// alembic's version table, with its schema if it has one.
  var versionTable: String { get }
  /// The kind of server, as archives name it.
  func dialect() throws -> Manifest.Dialect
  /// Keeps other runs of xm-safe, on whatever machine, off the database while the result lives.
  func hold() throws -> any ServerHold
  /// The rows of the version table.
  func heads() throws -> [String]
  /// All that the database says.
  func content(progress: @escaping ProgressReport) throws -> ServerContent
  /// Dumps the database in one view, and reads in the same view what it says.
  func dump(
    into take: @escaping ([UInt8]) throws -> Void,
    progress: @escaping ProgressReport
  ) throws -> ServerDump
  /// Restores a dump into a database of its own, calls the body with what that says, and drops it.
  func trial(of archive: ArchiveReader, progress: @escaping ProgressReport) throws -> ServerContent
  /// Replaces the content of the database by that of a dump, or leaves it as it was.
  func restore(
    _ archive: ArchiveReader,
    replacing present: ServerContent?,
    progress: @escaping ProgressReport
  ) throws -> ServerRestore
  /// Restores a dump into a database of its own, holds that, calls the body with its name, and drops it.
  func rehearsal(
    of archive: ArchiveReader,
    progress: @escaping ProgressReport,
    _ body: (String, any ServerHold) throws -> Void
  ) throws
  /// The rows of the version table in another database of the same server.
  func heads(in database: String) throws -> [String]
  /// All that another database of the same server says.
  func content(of database: String, progress: @escaping ProgressReport) throws -> ServerContent
  /// The schema of another database of the same server as SQL.
  func schema(of database: String) throws -> String
  /// How many bytes another database of the same server takes, as the server knows.
  func size(of database: String) throws -> Int64
  /// The foreign keys: which table refers to which, by the names that the lines of a content have.
  func references() throws -> [ServerReference]
  /// The name of the helper's guard for this kind of server.
  var guardName: String { get }
  /// Whether a restore is one transaction of the server, which needs no finishing after a kill.
  var isTransactional: Bool { get }
  /// Waits a moment before a server that does not answer is asked again.
  func pause()
  /// The schema of the database as SQL.
  func schema() throws -> String
  /// The schema of a dump as SQL.
  func schema(of archive: ArchiveReader) throws -> String
}

/// A lock on a server, for as long as it lives.
package protocol ServerHold: AnyObject {
  /// What the helper recognises the database by: the number of the connection that holds the lock.
  var identity: String { get }
  /// Who else is connected to the database at this moment, in words.
  ///
  /// - Parameter application: The name of the sessions that are not meant; those of xm-safe itself are not, either.
  /// - Returns: The sessions; nil where the server does not know which program a session is of.
  /// - Throws: `ServerError`, if the connection of the lock is lost, and the lock with it.
  func others(but application: String) throws -> [String]?
  /// Gives it up.
  func release()
}

/// A foreign key.
package struct ServerReference: Hashable, Sendable {
  /// The table that refers.
  package var child: String
  /// The table that it refers to.
  package var parent: String
}

/// What a dump was taken of.
package struct ServerDump: Hashable, Sendable {
  /// What the database says.
  package var content: ServerContent
  /// What is known of the server.
  package var server: Manifest.Database.Server
}

/// How a restore has ended.
package enum ServerRestore: Hashable, Sendable {
  /// The content is that of the dump, and was compared.
  case done
  /// Others have written since `present` was read: nothing was changed.
  case changedMeanwhile
}

extension DatabaseServer {
  package func pause() {
    // One that is being started again takes a second or so.
    _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(200))
  }
}
