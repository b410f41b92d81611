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
  /// When a snapshot is taken.
  public enum SnapshotCondition: Sendable {
    /// In any case.
    case always
    /// When the latest snapshot does not hold the same content.
    case ifChanged
    /// When the scripts have revisions that the database lacks, and no snapshot holds the same content.
    case ifPending
  }

  /// Takes a snapshot of the database.
  ///
  /// A writer of a database that is not in WAL mode waits meanwhile; for longer than the busy timeout it need not, the snapshot
  /// is then given up.
  ///
  /// - Parameters:
  ///   - level: The compression level, 0 to 9; nil for the default.
  ///   - condition: When it is taken at all.
  ///   - isScheduled: Whether a schedule takes it, and not a person.
  /// - Returns: The snapshot, which is on the disk and was read back.
  /// - Throws: `Failure`.
  public func snapshot(
    level: Int? = nil,
    _ condition: SnapshotCondition = .always,
    isScheduled: Bool = false
  ) throws(Failure) -> SnapshotResult {
    try failing {
      let reason: Manifest.Reason = isScheduled ? .scheduled : .manual
      if let work = try serverWork() {
        return try snapshot(work, level: level, condition, reason)
      }
      let database = try project.database()
      try requireDatabase(database)
      let store = try store(for: database)
      var pending: [String]?
      if condition == .ifPending {
        pending = try pendingRevisions(rows: try rows(of: database))
        if pending == [] { return nothingPending(database) }
      }
      PlaceWarnings.log([database, store.path], context.logger("xm_safe.preflight"))
      let lock = try lock(store, for: database, "snapshot")
      defer { lock.release() }
      do {
        var hold = ReadLock.Hold()
        if condition != .always,
          let same = try unchanged(database, store, condition, &hold)
        {
          context.logger("xm_safe.snapshot").info(
            "No snapshot: \(database.shownAsPath) has not changed since \(same.manifest.id)"
          )
          return try result("unchanged", same, in: store, hold, pending)
        }
        let taken = try take(reason, of: database, in: store, level: level) {
          hold = hold.longest($0)
        }
        return try result("saved", taken, in: store, hold, pending)
      } catch let error as SQLiteError {
        throw DatabaseFile.failure(error, path: database)
      }
    }
  }

  /// The result of `snapshot`; what it has cost writers is logged where somebody may have noticed.
  private func result(
    _ outcome: String,
    _ snapshot: Store.Snapshot,
    in store: Store,
    _ hold: ReadLock.Hold,
    _ pending: [String]?
  ) throws -> SnapshotResult {
    if hold.held >= .seconds(1) {
      let seen =
        hold.waited > .zero
        ? "a writer waited for \(ReadLock.shown(hold.waited))" : "no writer was seen"
      context.logger("xm_safe.snapshot").info(
        "Nobody could commit to \(snapshot.manifest.database.path.shownAsPath) for \(ReadLock.shown(hold.held)), because it is not in WAL mode; \(seen)"
      )
    }
    return SnapshotResult(
      outcome: outcome,
      snapshot: told(snapshot, in: store),
      pending: pending,
      lockedSeconds: hold.held / .seconds(1),
      waitedSeconds: hold.waited / .seconds(1)
    )
  }

  /// The revisions that an upgrade would apply.
  func pendingRevisions(rows: [String]) throws -> [String] {
    let graph = try project.scripts().directory.graph
    return try graph.upgradePlan(to: .heads, rows: rows).steps.map(\.revision.id)
  }

  /// The result of `snapshot --if-pending` when nothing is.
  func nothingPending(_ database: String) -> SnapshotResult {
    context.logger("xm_safe.snapshot").info(
      "No snapshot: no revision is pending for \(database.shownAsPath)"
    )
    return SnapshotResult(
      outcome: "nothing-pending",
      snapshot: nil,
      pending: [],
      lockedSeconds: 0,
      waitedSeconds: 0
    )
  }

  /// A snapshot that holds the very content of the database, what is only in the WAL too: the latest one, or with `ifPending` any, so
  /// that a job which looks every few minutes saves no state twice.
  private func unchanged(
    _ database: String,
    _ store: Store,
    _ condition: SnapshotCondition,
    _ hold: inout ReadLock.Hold
  ) throws -> Store.Snapshot? {
    let own = try store.catalogue().snapshots.filter { store.isOf(database, $0) }
    guard !own.isEmpty else { return nil }
    let digest = try DatabaseImage.contentDigest(
      of: database,
      timeout: options.busyTimeout,
      patience: options.busyTimeout,
      progress: progress,
      released: { hold = $0 }
    )
    // An archive that has been damaged since is no reason to take none.
    return try (condition == .ifPending ? own : own.suffix(1)).last { snapshot in
      guard digest == snapshot.manifest.image.contentSHA256 else { return false }
      return try verified(snapshot.path, id: snapshot.manifest.id).damage == nil
    }
  }

  /// The snapshots of the database, or all in the store; see `covered`.
  ///
  /// - Parameter allDatabases: Whether those of all databases are meant.
  /// - Returns: The snapshots, oldest first, and what cannot be read, which may be of any database.
  /// - Throws: `Failure`.
  public func list(allDatabases: Bool = false) throws(Failure) -> ListResult {
    try failing {
      let database = try databaseForStore()
      if Project.isOnServer(database) { _ = try look(database, serverWork) }
      let store = try store(for: database)
      try progress(Progress("list"))
      let catalogue = try store.catalogue()
      let snapshots = covered(catalogue, database, store, allDatabases: allDatabases)
      return ListResult(
        store: store.path,
        snapshots: try records(snapshots, in: store),
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
      let store = try store(for: database)
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
      // One view for all that is read: an upgrade or an undo beside us may commit between two statements.
      try connection.beginReading()
      let result = try body(connection)
      try connection.rollback()
      try connection.close()
      return result
    } catch let error as SQLiteError {
      throw DatabaseFile.failure(error, path: database)
    }
  }

  /// The digest of the database's content now.
  func contentDigest(of database: String) throws -> String {
    try DatabaseImage.contentDigest(
      of: database,
      timeout: options.busyTimeout,
      progress: progress
    )
  }

  func requireDatabase(_ database: String) throws {
    try DatabaseFile.check(try requireFile(database), path: database)
  }

  /// Refuses a database that is not there.
  func requireFile(_ database: String) throws -> FileStatus {
    guard let status = try FileStatus.ifPresent(database) else {
      throw Failure(
        .notFound,
        "there is no database at \(database.shownAsPath)",
        state: Failure.nothingMade,
        next: wayBack(to: database)
      )
    }
    return status
  }

  /// What to do about a database that is not there: its newest snapshot, if there is one, brings it back.
  private func wayBack(to database: String) -> String {
    let hint = "check the path given with --db"
    do {
      let store = try project.store(for: database)
      let own = try store.catalogue().snapshots.filter { store.isOf(database, $0) }
      guard let newest = own.last(where: { $0.manifest.reason != .preRestore }) ?? own.last else {
        return hint
      }
      return
        "\(hint); 'xm-safe restore \(newest.manifest.id)' brings it back as it was at \(newest.manifest.created.shownOnOneLine)"
    } catch {
      // Advice only: why the store cannot be read is told by the commands that need it.
      return hint
    }
  }

  func take(
    _ reason: Manifest.Reason,
    of database: String,
    in store: Store,
    level: Int? = nil,
    released: ((ReadLock.Hold) -> Void)? = nil
  ) throws -> Store.Snapshot {
    let snapshot = try begin(reason, of: database, in: store, level: level, released: released)
      .publish()
    logSaved(snapshot)
    return snapshot
  }

  func begin(
    _ reason: Manifest.Reason,
    of database: String,
    in store: Store,
    level: Int? = nil,
    released: ((ReadLock.Hold) -> Void)? = nil
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
    if let released {
      request.patience = options.busyTimeout
      request.released = released
    }
    return try SnapshotTaker(store: store, progress: progress).begin(request)
  }

  func logSaved(_ snapshot: Store.Snapshot) {
    context.logger("xm_safe.snapshot").info(
      "Saved \(snapshot.manifest.database.path.shownAsPath) as snapshot \(snapshot.manifest.id), verified: \(snapshot.path.shownAsPath)"
    )
  }
}
