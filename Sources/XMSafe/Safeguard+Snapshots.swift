internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import SQLite
internal import Snapshots
internal import Upgrade

/// The commands that take, list, verify and restore snapshots.
extension Safeguard {
  /// Takes a snapshot of the database.
  ///
  /// - Returns: The snapshot, which is on the disk and was read back.
  /// - Throws: `Failure`.
  public func snapshot() throws(Failure) -> SnapshotRecord {
    try failing {
      let database = try project.database()
      try requireDatabase(database)
      let store = try project.store(for: database)
      let lock = try store.lock(for: database, holder: holder("snapshot"))
      defer { lock.release() }
      do {
        return SnapshotRecord(try take(.manual, of: database, in: store))
      } catch let error as SQLiteError {
        throw DatabaseFile.failure(error, path: database)
      }
    }
  }

  /// The snapshots in the store.
  ///
  /// - Returns: All of them, oldest first.
  /// - Throws: `Failure`.
  public func list() throws(Failure) -> ListResult {
    try failing {
      let store = try project.store(for: try databaseForStore())
      let catalogue = try store.catalogue()
      return ListResult(
        store: store.path,
        snapshots: catalogue.snapshots.map(SnapshotRecord.init),
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
      return SnapshotRecord(try find(reference, database, in: try project.store(for: database)))
    }
  }

  /// Reads every byte of one archive, or of all in the store, and compares it with what it must be.
  ///
  /// - Parameter reference: `latest`, the beginning of an id, or a path; nil for all.
  /// - Returns: What was read, and what of it is damaged.
  /// - Throws: `Failure` if there is no such snapshot.
  public func verify(_ reference: String?) throws(Failure) -> VerifyResult {
    try failing {
      let database = try databaseForStore()
      let store = try project.store(for: database)
      guard let reference else {
        let catalogue = try store.catalogue()
        let entries = try catalogue.snapshots.map { try verified($0.path, id: $0.manifest.id) }
        let unreadable = catalogue.unreadable.map {
          VerifyResult.Entry(path: $0.path, id: nil, damage: $0.reason)
        }
        return VerifyResult(archives: entries + unreadable)
      }
      let snapshot = try find(reference, database, in: store)
      return VerifyResult(archives: [try verified(snapshot.path, id: snapshot.manifest.id)])
    }
  }

  /// Puts a snapshot back into the database, after a snapshot of what is there now.
  ///
  /// - Parameters:
  ///   - reference: `latest`, the beginning of an id, or a path.
  ///   - force: Whether a snapshot of another database may be restored.
  /// - Returns: What was done.
  /// - Throws: `Failure`.
  public func restore(_ reference: String, force: Bool = false) throws(Failure) -> RestoreResult {
    try failing {
      let database = try project.database()
      let store = try project.store(for: database)
      let snapshot = try find(reference, database, in: store)
      let id = snapshot.manifest.id
      guard force || store.isOf(database, snapshot) else {
        throw SnapshotError(
          .refused,
          "snapshot \(id) was taken of \(snapshot.manifest.database.path.shownAsPath), not of \(database.shownAsPath)",
          hint: "'xm-safe restore --force \(id)' restores it all the same"
        )
      }
      let lock = try store.lock(for: database, holder: holder("restore"))
      defer { lock.release() }
      let restorer = Restorer(
        busyTimeout: options.busyTimeout,
        files: store.files,
        progress: progress
      )
      // A damaged archive is refused before a snapshot of the present content is even begun.
      let archive = try restorer.verify(snapshot.path)
      context.logger("xm_safe.verify").info("Verified snapshot \(id): \(snapshot.path.shownAsPath)")
      let (outcome, before) = try restored(archive, id: id, database, store, with: restorer)
      let detail =
        switch outcome {
        case .proven: ", and compared it: equal"
        case .unproven(let reason): "; \(reason)"
        }
      context.logger("xm_safe.restore").info(
        "Restored \(database.shownAsPath) from snapshot \(id)\(detail)"
      )
      return RestoreResult(
        snapshot: SnapshotRecord(snapshot),
        database: database,
        before: before.map(SnapshotRecord.init),
        proven: outcome == .proven
      )
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

  private func requireDatabase(_ database: String) throws {
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
  private func databaseForStore() throws -> String {
    guard project.namesStore, options.database == nil else { return try project.database() }
    do {
      return try project.database()
    } catch let failure as Failure
      where failure.exitStatus == .refused || failure.exitStatus == .notFound
    {
      return ""
    }
  }

  private func find(
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

  private func take(
    _ reason: Manifest.Reason,
    of database: String,
    in store: Store
  ) throws -> Store.Snapshot {
    let table = try project.versionTable()
    let snapshot = try SnapshotTaker(store: store, progress: progress).take(
      SnapshotTaker.Request(
        database: database,
        reason: reason,
        created: context.now(),
        tool: Self.version,
        busyTimeout: options.busyTimeout,
        heads: table.rows
      )
    )
    context.logger("xm_safe.snapshot").info(
      "Saved \(database.shownAsPath) as snapshot \(snapshot.manifest.id), verified: \(snapshot.path.shownAsPath)"
    )
    return snapshot
  }

  /// Restores into what is there, or into nothing; a file that is no sound database is replaced, and kept aside.
  private func restored(
    _ archive: ArchiveReader,
    id: String,
    _ database: String,
    _ store: Store,
    with restorer: Restorer
  ) throws -> (Restorer.Outcome, before: Store.Snapshot?) {
    if let status = try FileStatus.ifPresent(database) {
      try DatabaseFile.check(status, path: database)
    }
    var before: Store.Snapshot?
    do {
      let outcome = try restorer.restore(archive, into: database) {
        // When others got in between, nothing was overwritten yet, and what was saved is out of date.
        if let overtaken = before { try store.files.remove(overtaken.path) }
        before = nil
        before = try take(.preRestore, of: database, in: store)
      }
      return (outcome, before)
    } catch let error as SQLiteError where error.code == .notADatabase || error.code == .corrupt {
      let aside = try restorer.replace(database, from: archive)
      context.logger("xm_safe.restore").warning(
        "\(database.shownAsPath) was no sound database (\(error.message)); it is now \(aside.shownAsPath)"
      )
      return (.proven, nil)
    } catch let error as SQLiteError {
      throw DatabaseFile.failure(error, path: database)
    } catch var error as SnapshotError where error.code == .notAsRestored {
      if let before {
        error.hint = "'xm-safe restore \(before.manifest.id)' brings back what was there before"
      }
      throw error
    }
  }

  private func verified(_ path: String, id: String) throws -> VerifyResult.Entry {
    do {
      _ = try Restorer(busyTimeout: options.busyTimeout, progress: progress).verify(path)
      return VerifyResult.Entry(path: path, id: id, damage: nil)
    } catch let error as ArchiveError {
      return VerifyResult.Entry(path: path, id: id, damage: error.description)
    }
  }
}

extension SnapshotRecord {
  init(_ snapshot: Store.Snapshot) {
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
      sqlite: manifest.sqlite
    )
  }
}
