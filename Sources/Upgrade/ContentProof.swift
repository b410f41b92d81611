internal import Archive
internal import DurableFiles
package import SQLite
package import Snapshots

/// Tells whether a database has the content of a snapshot, and how that was proven.
package enum ContentProof {
  /// Compares, after the database's pages were digested.
  ///
  /// - Parameters:
  ///   - connection: The database, with a transaction open, so that nobody changes what is compared.
  ///   - database: Its absolute path.
  ///   - snapshot: The snapshot.
  ///   - store: The store that it is in.
  ///   - timeout: How long to wait for the locks of others.
  ///   - progress: Told how far it is.
  /// - Returns: How the two are equal, as a clause; nil if they are not.
  /// - Throws: `SQLiteError`, `ArchiveError`, `FileError` if it cannot be told.
  package static func equality(
    of connection: Connection,
    at database: String,
    and snapshot: Store.Snapshot,
    in store: Store,
    timeout: Duration,
    progress: @escaping ProgressReport
  ) throws -> String? {
    let digest = try DatabaseImage.contentDigest(of: database, timeout: timeout, progress: progress)
    return try equality(
      of: connection,
      and: snapshot,
      in: store,
      digest: digest,
      progress: progress
    )
  }

  /// Compares: by the digest of the pages, else by schema and rows.
  ///
  /// ROLLBACK need not put back pages that were free before, so that two databases of the same content may differ in them.
  ///
  /// - Parameters:
  ///   - connection: The database, with a transaction open, so that nobody changes what is compared.
  ///   - snapshot: The snapshot.
  ///   - store: The store that it is in.
  ///   - digest: The digest of the database's pages.
  ///   - progress: Told when it comes to comparing rows.
  /// - Returns: How the two are equal, as a clause; nil if they are not.
  /// - Throws: `SQLiteError`, `ArchiveError`, `FileError` if it cannot be told.
  package static func equality(
    of connection: Connection,
    and snapshot: Store.Snapshot,
    in store: Store,
    digest: String,
    progress: ProgressReport
  ) throws -> String? {
    let id = snapshot.manifest.id
    if digest == snapshot.manifest.image.contentSHA256 {
      return "its content has the digest of snapshot \(id)"
    }
    let reader = try ArchiveReader(opening: snapshot.path, files: store.files)
    try progress(Progress("compare rows"))
    if try LogicalDigest.text(of: connection) == LogicalDigest.text(of: reader) {
      return "its schema and rows are those of snapshot \(id)"
    }
    return nil
  }
}
