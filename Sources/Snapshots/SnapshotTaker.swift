package import Archive
internal import DurableFiles
package import SQLite

/// Takes a snapshot: the committed state of a database, streamed through the online backup API into an archive.
package struct SnapshotTaker {
  /// What the caller knows of the snapshot that is to be taken.
  package struct Request {
    /// The absolute path of the database.
    package var database: String
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
    /// How long to wait for the locks of others.
    package var busyTimeout: Duration
    /// How long a writer may wait for this snapshot before it is given up; nil if the caller holds the write lock.
    package var patience: Duration?
    /// Told what the snapshot has cost writers, once the rows are counted and they can go on.
    package var released: (ReadLock.Hold) -> Void = { _ in }
    /// Reads the version table inside the snapshot's own view.
    package var heads: (Connection) throws -> [String]

    /// Makes a request.
    package init(
      database: String,
      reason: Manifest.Reason,
      target: [String]? = nil,
      created: String,
      tool: String,
      busyTimeout: Duration,
      heads: @escaping (Connection) throws -> [String]
    ) {
      self.database = database
      self.reason = reason
      self.target = target
      self.created = created
      self.tool = tool
      self.busyTimeout = busyTimeout
      self.heads = heads
    }
  }

  private let store: Store
  private let progress: ProgressReport

  /// Makes a taker for a store.
  ///
  /// - Parameters:
  ///   - store: Where the archive goes.
  ///   - progress: Told how far it is.
  package init(store: Store, progress: @escaping ProgressReport = { _ in }) {
    self.store = store
    self.progress = progress
  }

  /// Takes a snapshot of the committed state through a connection of its own; a writer elsewhere does not disturb it.
  ///
  /// When it returns, the archive is on the disk under its name, and every byte of it was read back and compared.
  ///
  /// - Parameter request: What is to be taken.
  /// - Returns: The snapshot.
  /// - Throws: `SQLiteError`, `FileError`, `ArchiveError`, and `SnapshotError` with `.locked` when the request's patience is
  ///   over: no archive is then left behind. `NotDurable`: a whole one is, which a power cut may take.
  package func take(_ request: Request) throws -> Store.Snapshot {
    let snapshot = try begin(request)
    try progress(Progress("read back"))
    return try snapshot.publish()
  }

  /// Writes a snapshot whole, without a name; the database is not needed, and not locked, any more when it returns.
  ///
  /// - Parameter request: What is to be taken.
  /// - Returns: The snapshot, to be published.
  /// - Throws: `SQLiteError`, `FileError`, and `SnapshotError` with `.locked` when the request's patience is over: nothing is
  ///   left behind.
  package func begin(_ request: Request) throws -> UnpublishedSnapshot {
    try store.create()
    let taken = try store.catalogue().snapshots
    // Read and write: only so can SQLite roll back a hot journal or read a WAL. It falls back to reading by itself.
    let source = try Connection(
      opening: request.database,
      mode: .readWrite,
      busyTimeout: request.busyTimeout
    )
    // An archive must not be able to make us run its author's SQL: functions in views and triggers are not trusted.
    try source.distrustSchema()
    let lock = try ReadLock(on: source, patience: request.patience)
    let heads = try request.heads(source)
    let id = Store.freshID(avoiding: taken)
    let name = Store.fileName(
      created: request.created,
      heads: heads,
      reason: request.reason,
      id: id
    )
    let path = store.path + "/" + name
    let writer = try ArchiveWriter(creating: path, level: request.level, files: store.files)
    let facts = try facts(of: source)
    let firstPage = try unsafe stream(lock, source, timeout: request.busyTimeout) { bytes in
      try unsafe writer.append(bytes, pageSize: facts.pageSize)
    }
    // The rows are counted in the same view, while the last members are compressed and synced; for that nobody waits.
    let counting = OrderedPipeline<[String: Int64]>()
    let handed = HandedConnection(connection: source, lock: lock)
    counting.submit {
      let rowCounts = try handed.connection.rowCounts()
      try handed.lock.release()
      return rowCounts
    }
    try writer.closeImage(firstPage: firstPage)
    let rowCounts = try counting.next() ?? [:]
    request.released(lock.hold)
    try source.close()
    let sequence = Store.nextSequence(after: taken)
    return UnpublishedSnapshot(writer, path: path, id: id, heads: heads) { summary in
      Manifest(
        id: id,
        sequence: sequence,
        created: request.created,
        reason: request.reason,
        database: Manifest.Database(
          path: request.database,
          pageSize: firstPage.count,
          pageCount: Int(summary.image.size) / firstPage.count,
          journalMode: facts.journalMode,
          userVersion: facts.userVersion,
          applicationID: facts.applicationID
        ),
        heads: heads,
        target: request.target,
        rowCounts: rowCounts,
        image: summary.image,
        members: summary.members,
        tool: request.tool,
        sqlite: Connection.libraryVersion
      )
    }
  }

  private struct Facts {
    var pageSize: Int
    var journalMode: String
    var userVersion: Int64
    var applicationID: Int64
  }

  private func facts(of source: Connection) throws(SQLiteError) -> Facts {
    Facts(
      pageSize: Int(try source.pragma("page_size")),
      journalMode: try source.journalMode(),
      userVersion: try source.pragma("user_version"),
      applicationID: try source.pragma("application_id")
    )
  }

  private func stream(
    _ lock: ReadLock,
    _ source: Connection,
    timeout: Duration,
    into take: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) throws -> [UInt8] {
    try unsafe DatabaseImage.stream(
      source,
      timeout: timeout,
      progress: { step in
        try lock.check()
        try progress(step)
      },
      into: take
    )
  }
}

/// A connection and its transaction in the hands of a worker.
///
/// Sendable although a connection is not: its owner does nothing with it until the worker is done.
private struct HandedConnection: @unchecked Sendable {
  let connection: Connection
  let lock: ReadLock
}
