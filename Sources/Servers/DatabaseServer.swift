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
  /// The tables that names of a user's mean, as the row counts of a content name them; those that there are not are left out.
  func tables(named names: [String]) throws -> [String: String]
  /// All that the database says.
  func content(progress: @escaping ProgressReport) throws -> ServerContent
  /// Dumps the database in one view, and reads in the same view what it says.
  ///
  /// What a dump cannot hold as it is is refused, or said in the result where `leavesOut` allows that.
  func dump(
    leavesOut: Bool,
    into take: @escaping ([UInt8]) throws -> Void,
    progress: @escaping ProgressReport
  ) throws -> ServerDump
  /// Restores a dump into a database of its own, calls the body with what that says, and drops it.
  func trial(of archive: ArchiveReader, progress: @escaping ProgressReport) throws -> ServerContent
  /// Replaces the content of the database by that of a dump, or leaves it as it was.
  ///
  /// The former tables are kept on the server, and named, where `keepsFormer` says that no dump holds them whole.
  func restore(
    _ archive: ArchiveReader,
    replacing present: ServerContent?,
    keepsFormer: Bool,
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
  /// Ends what a run's sessions still do on the server, and returns when they are gone.
  ///
  /// A statement goes on there when its client is killed, and is committed when it has come to its end.
  ///
  /// - Parameter session: What the server knows them by, as the helper was told.
  /// - Throws: `ServerError`; `locked` if one does not end.
  func end(session: String) throws
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
  /// Makes sure that the lock is still held.
  ///
  /// - Throws: `ServerError`, if it is lost.
  func check() throws
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
  /// Why it does not hold everything, as a clause; nil if it does.
  package var flaw: String?
}

/// How a restore has ended.
package enum ServerRestore: Hashable, Sendable {
  /// The content is that of the dump, and was compared.
  case done
  /// The rows and the objects are those of the dump, but not all definitions read as they did when it was taken.
  case otherDefinitions
  /// Others have written since `present` was read: nothing was changed.
  case changedMeanwhile
  /// The content was compared before it took its place, and others have written while it did: the restore stands, with this to be
  /// said of it.
  case writtenSince(String)
}

extension DatabaseServer {
  /// Ends sessions one look after the other.
  ///
  /// - Parameter look: Ends those that are there, and returns what they are; nil if there are none.
  /// - Throws: What `look` throws; `ServerError` of code `locked` if one is still there after ten minutes.
  func endSessions(_ look: () throws -> String?) throws {
    // What a long statement has done takes as long to undo.
    let began = ContinuousClock.now
    let deadline = began + .seconds(600)
    while let left = try look() {
      if ContinuousClock.now > began + .seconds(2) {
        client.notice("The server still works on a statement of the run that was ended: \(left)")
      }
      guard ContinuousClock.now < deadline else {
        throw ServerError(
          .locked,
          "the server still works on a statement of the run that was ended: \(left)",
          hint: "wait until it has ended, then run the same command again"
        )
      }
      pause()
    }
  }

  package func pause() {
    // One that is being started again takes a second or so.
    _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(200))
  }
}
