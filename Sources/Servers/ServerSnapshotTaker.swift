package import Archive
internal import DatabaseURLs
internal import DurableFiles
package import Snapshots

/// Takes a snapshot of a server's database: its dump, streamed into an archive.
package struct ServerSnapshotTaker {
  /// What the caller knows of the snapshot that is to be taken.
  package struct Request {
    /// Why it is taken.
    package var reason: Manifest.Reason
    /// The revisions that an upgrade is about to reach.
    package var target: [String]?
    /// The time, ISO 8601 in UTC with seconds.
    package var created: String
    /// The version of xm-safe.
    package var tool: String
    /// The compression level, 0 to 9.
    package var level = ArchiveWriter.defaultLevel

    /// Makes a request of its parts.
    package init(
      reason: Manifest.Reason,
      target: [String]? = nil,
      created: String,
      tool: String
    ) {
      self.reason = reason
      self.target = target
      self.created = created
      self.tool = tool
    }
  }

  private let server: any DatabaseServer
  private let store: Store
  private let progress: ProgressReport

  /// Makes a taker.
  ///
  /// - Parameters:
  ///   - server: The database.
  ///   - store: Where the archive goes.
  ///   - progress: Told how far it is.
  package init(
    _ server: any DatabaseServer,
    store: Store,
    progress: @escaping ProgressReport
  ) {
    self.server = server
    self.store = store
    self.progress = progress
  }

  /// A snapshot, and what the database said in the view that it was taken in.
  package struct Taken {
    /// The snapshot, which is on the disk.
    package var snapshot: Store.Snapshot
    /// What the database said.
    package var content: ServerContent
    /// Why the snapshot does not hold everything, as a clause; nil if it does.
    ///
    /// Only one from before a restore may be so.
    package var flaw: String?

    /// Makes a record of its parts.
    package init(snapshot: Store.Snapshot, content: ServerContent, flaw: String? = nil) {
      self.snapshot = snapshot
      self.content = content
      self.flaw = flaw
    }
  }

  /// Takes a snapshot; when it returns, the archive is on the disk under its name, and every byte of it was read back.
  ///
  /// - Parameter request: What is to be taken.
  /// - Returns: The snapshot.
  /// - Throws: `ServerError`, `ProcessError`, `FileError`, `ArchiveError`, `Stopped`: no archive is then left behind.
  ///   `NotDurable`: a whole one is, which a power cut may take.
  package func take(_ request: Request) throws -> Taken {
    let taken = try store.catalogue().snapshots
    let id = Store.freshID(avoiding: taken)
    let dialect = try server.dialect()
    // The name is for people: what counts are the heads in the view that is dumped, which the manifest has.
    let draft = try ArchiveWriter(
      creating: store.path + "/"
        + Store.fileName(
          created: request.created,
          heads: try server.heads(),
          reason: request.reason,
          id: id,
          dialect: dialect
        ),
      format: Manifest.format(for: dialect),
      level: request.level,
      files: store.files
    )
    // What a failed run has left must not keep anybody from going back.
    let dump = try server.dump(
      leavesOut: request.reason == .preRestore,
      into: draft.append,
      progress: progress
    )
    try draft.closeDump(
      contentSHA256: dump.content.sha256,
      definitionsSHA256: dump.content.definitionsSHA256
    )
    try progress(Progress("read back"))
    let unpublished = UnpublishedSnapshot(
      draft,
      path: draft.path,
      id: id,
      heads: dump.content.heads
    ) { summary in
      Manifest(
        id: id,
        sequence: Store.nextSequence(after: taken),
        created: request.created,
        reason: request.reason,
        database: Manifest.Database(
          address: server.client.address.identity,
          dialect: dialect,
          server: dump.server
        ),
        heads: dump.content.heads,
        target: request.target,
        rowCounts: dump.content.rowCounts,
        image: summary.image,
        members: summary.members,
        tool: request.tool,
        sqlite: nil
      )
    }
    return Taken(snapshot: try unpublished.publish(), content: dump.content, flaw: dump.flaw)
  }
}
