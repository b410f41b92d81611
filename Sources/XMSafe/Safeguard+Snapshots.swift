internal import AlembicScripts
internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import SQLite
internal import Snapshots
internal import Upgrade

/// The commands that take and list snapshots, and what others share with them.
extension Safeguard {
  /// Takes a snapshot of the database.
  ///
  /// - Parameters:
  ///   - level: The compression level, 0 to 9; nil for the default.
  ///   - ifChanged: Whether nothing is taken when the latest snapshot holds the same content.
  /// - Returns: The snapshot, which is on the disk and was read back.
  /// - Throws: `Failure`.
  public func snapshot(level: Int? = nil, ifChanged: Bool = false) throws(Failure) -> SnapshotResult
  {
    try failing {
      let database = try project.database()
      try requireDatabase(database)
      let store = try project.store(for: database)
      let lock = try store.lock(for: database, holder: holder("snapshot"))
      defer { lock.release() }
      do {
        if ifChanged, let same = try latestIfUnchanged(database, store) {
          context.logger("xm_safe.snapshot").info(
            "No snapshot: \(database.shownAsPath) has not changed since \(same.manifest.id)"
          )
          return SnapshotResult(outcome: "unchanged", snapshot: try record(same, in: store))
        }
        let taken = try take(.manual, of: database, in: store, level: level)
        return SnapshotResult(outcome: "saved", snapshot: try record(taken, in: store))
      } catch let error as SQLiteError {
        throw DatabaseFile.failure(error, path: database)
      }
    }
  }

  /// The latest snapshot, if the database has its very content; what is only in the WAL counts.
  private func latestIfUnchanged(_ database: String, _ store: Store) throws -> Store.Snapshot? {
    guard let latest = try store.catalogue().snapshots.last(where: { store.isOf(database, $0) })
    else { return nil }
    let digest = try DatabaseImage.contentDigest(
      of: database,
      timeout: options.busyTimeout,
      progress: progress
    )
    guard digest == latest.manifest.image.contentSHA256 else { return nil }
    // An archive that has been damaged since is no reason to take none.
    let entry = try verified(latest.path, id: latest.manifest.id)
    return entry.damage == nil ? latest : nil
  }

  /// The snapshots in the store.
  ///
  /// - Returns: All of them, oldest first.
  /// - Throws: `Failure`.
  public func list() throws(Failure) -> ListResult {
    try failing {
      let store = try project.store(for: try databaseForStore())
      try progress(Progress("list"))
      let catalogue = try store.catalogue()
      return ListResult(
        store: store.path,
        snapshots: try records(catalogue.snapshots, in: store),
        unreadable: catalogue.unreadable.map {
          ListResult.Unreadable(path: $0.path, reason: $0.reason)
        }
      )
    }
  }

  /// One snapshot.
  ///
  /// - Parameter reference: `latest`, the beginning of an id, or a path.
  /// - Returns: The snapshot.
  /// - Throws: `Failure`.
  public func show(_ reference: String) throws(Failure) -> SnapshotRecord {
    try failing {
      let database = try databaseForStore()
      let store = try project.store(for: database)
      return try record(try find(reference, database, in: store), in: store)
    }
  }

  /// Runs a body on a connection that only reads.
  func reading<Result>(_ database: String, _ body: (Connection) throws -> Result) throws -> Result {
    try requireDatabase(database)
    do {
      // A connection that may write can roll back a hot journal and open a WAL; SQLite falls back to reading by itself.
      let connection = try Connection(
        opening: database,
        mode: .readWrite,
        busyTimeout: options.busyTimeout
      )
      let result = try body(connection)
      try connection.close()
      return result
    } catch let error as SQLiteError {
      throw DatabaseFile.failure(error, path: database)
    }
  }

  func requireDatabase(_ database: String) throws {
    guard let status = try FileStatus.ifPresent(database) else {
      throw Failure(
        .notFound,
        "there is no database at \(database.shownAsPath)",
        next: "check the path given with --db"
      )
    }
    try DatabaseFile.check(status, path: database)
  }

  /// The database whose store is meant; with a store named, none is needed.
  func databaseForStore() throws -> String {
    guard project.namesStore, options.database == nil else { return try project.database() }
    do {
      return try project.database()
    } catch let failure as Failure
      where failure.exitStatus == .refused || failure.exitStatus == .notFound
    {
      return ""
    }
  }

  func find(
    _ reference: String,
    _ database: String,
    in store: Store
  ) throws -> Store.Snapshot {
    // A path of the user is relative to where the user is.
    try store.find(
      reference.contains("/") ? project.absolute(reference) : reference,
      database: database
    )
  }

  func take(
    _ reason: Manifest.Reason,
    of database: String,
    in store: Store,
    level: Int? = nil
  ) throws -> Store.Snapshot {
    let snapshot = try begin(reason, of: database, in: store, level: level).publish()
    logSaved(snapshot)
    return snapshot
  }

  func begin(
    _ reason: Manifest.Reason,
    of database: String,
    in store: Store,
    level: Int? = nil
  ) throws -> UnpublishedSnapshot {
    let table = try project.versionTable()
    var request = SnapshotTaker.Request(
      database: database,
      reason: reason,
      created: context.now(),
      tool: Self.version,
      busyTimeout: options.busyTimeout,
      heads: table.rows
    )
    if let level { request.level = level }
    return try SnapshotTaker(store: store, progress: progress).begin(request)
  }

  func logSaved(_ snapshot: Store.Snapshot) {
    context.logger("xm_safe.snapshot").info(
      "Saved \(snapshot.manifest.database.path.shownAsPath) as snapshot \(snapshot.manifest.id), verified: \(snapshot.path.shownAsPath)"
    )
  }
}

extension Safeguard {
  /// A snapshot for people and programs, with what is noted beside its archive.
  func record(_ snapshot: Store.Snapshot, in store: Store) throws -> SnapshotRecord {
    try records([snapshot], in: store)[0]
  }

  /// Snapshots for people and programs; the pins are read once for all.
  func records(_ snapshots: [Store.Snapshot], in store: Store) throws -> [SnapshotRecord] {
    let marks = SnapshotMarks(store)
    let pinned = try marks.pinned()
    let verified = try marks.verified()
    return snapshots.map { snapshot in
      SnapshotRecord(
        snapshot,
        pinned: pinned.contains(snapshot.manifest.id),
        verified: verified[snapshot.manifest.id] ?? snapshot.manifest.created
      )
    }
  }
}

extension SnapshotRecord {
  init(_ snapshot: Store.Snapshot, pinned: Bool, verified: String) {
    let manifest = snapshot.manifest
    self.init(
      id: manifest.id,
      sequence: manifest.sequence,
      created: manifest.created,
      reason: manifest.reason.rawValue,
      path: snapshot.path,
      archiveSize: snapshot.archiveSize,
      database: manifest.database.path,
      databaseSize: manifest.image.size,
      pageSize: manifest.database.pageSize,
      journalMode: manifest.database.journalMode,
      heads: manifest.heads,
      target: manifest.target,
      rowCounts: manifest.rowCounts,
      sha256: manifest.image.sha256,
      tool: manifest.tool,
      sqlite: manifest.sqlite,
      pinned: pinned,
      verified: verified
    )
  }
}
