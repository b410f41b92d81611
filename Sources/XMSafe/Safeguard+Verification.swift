internal import Archive
internal import DurableFiles
internal import Migrations
internal import Servers
internal import Snapshots

/// The command that reads snapshots whole.
extension Safeguard {
  /// Reads every byte of one archive, or of all in the store, and compares it with what it must be.
  ///
  /// - Parameters:
  ///   - reference: `latest`, the beginning of an id, or a path; nil for all.
  ///   - allDatabases: Whether all means those of all databases; see `covered`. What cannot be read may be of any database.
  ///   - isDeep: Whether each is also restored into a database of its own, checked, and compared with its manifest.
  /// - Returns: What was read, and what of it is damaged.
  /// - Throws: `Failure` if there is no such snapshot.
  public func verify(
    _ reference: String?,
    allDatabases: Bool = false,
    isDeep: Bool = false
  ) throws(Failure) -> VerifyResult {
    try failing {
      let database = try databaseForStore()
      let store = try store(for: database)
      guard let reference else {
        try progress(Progress("list"))
        let catalogue = try store.catalogue()
        let snapshots = covered(catalogue, database, store, allDatabases: allDatabases)
        guard !snapshots.isEmpty || !catalogue.unreadable.isEmpty else {
          throw nothingToVerify(database, store, allDatabases: allDatabases)
        }
        let entries = try verified(snapshots, isDeep, in: store)
        let unreadable = try catalogue.unreadable.compactMap { unreadable in
          // What a prune beside us has removed in the middle of the listing is gone, not damaged.
          try FileStatus.ifPresent(unreadable.path, followingLinks: false)
            .map { _ in
              VerifyResult.Entry(path: unreadable.path, id: nil, damage: unreadable.reason)
            }
        }
        return VerifyResult(archives: entries + unreadable)
      }
      let snapshot = try find(reference, database, in: store)
      return VerifyResult(
        archives: [try verified(snapshot, isDeep, in: store, progress: progress)]
      )
    }
  }

  /// Nothing to read is no good news: a monitor would take it for snapshots that are whole.
  private func nothingToVerify(
    _ database: String,
    _ store: Store,
    allDatabases: Bool
  ) -> Failure {
    let isOfAll = allDatabases || !project.namesDatabase && project.namesStore
    return Failure(
      .notFound,
      isOfAll
        ? "there is no snapshot in \(store.path.shownAsPath)"
        : "there is no snapshot of \(database.shownAsPath) in \(store.path.shownAsPath)",
      next: "'xm-safe snapshot' takes one; check the path given with --db or --store"
    )
  }

  /// Verifies one after the other, with one bar for all.
  private func verified(
    _ snapshots: [Store.Snapshot],
    _ isDeep: Bool,
    in store: Store
  ) throws -> [VerifyResult.Entry] {
    let total = snapshots.reduce(0) { $0 + $1.manifest.image.size }
    var before: Int64 = 0
    return try snapshots.compactMap { snapshot in
      defer { before += snapshot.manifest.image.size }
      do {
        return try verified(snapshot, isDeep, in: store) { step in
          guard step.activity == "verify" else { return try progress(step) }
          try progress(Progress("verify", done: before + step.done, total: total))
        }
      } catch let error as FileError where error.isNotFound && error.path == snapshot.path {
        // A prune beside us has removed it since it was listed: gone is not damaged.
        return nil
      }
    }
  }

  /// Verifies, and notes the outcome beside the archive.
  private func verified(
    _ snapshot: Store.Snapshot,
    _ isDeep: Bool,
    in store: Store,
    progress: @escaping ProgressReport
  ) throws -> VerifyResult.Entry {
    let id = snapshot.manifest.id
    var entry = try verified(snapshot.path, id: id, progress: progress)
    entry.database = snapshot.manifest.database.path
    if isDeep, entry.damage == nil, snapshot.manifest.database.dialect != .sqlite {
      do { entry.damage = try deepDamage(snapshot) } catch let untried as ServerRestorer.Untried {
        // Every byte is as it was written: that is not noted as damage, which prune goes by.
        entry.damage = "it cannot be restored on this server: \(untried.reason)"
        return entry
      }
    } else if isDeep, entry.damage == nil {
      let table = try project.versionTable()
      let restorer = Restorer(
        busyTimeout: options.busyTimeout,
        files: store.files,
        progress: progress
      )
      let (problem, orphans) = try DeepCheck(store: store, restorer: restorer, heads: table.rows)
        .check(snapshot.path)
      entry.damage = problem
      entry.orphans = orphans
    }
    // The note is for people; a store that cannot be written to can still be verified.
    if FileSystem.directory(of: snapshot.path) == store.path, store.files.isWritable(store.path) {
      try SnapshotMarks(store).note(id, isWhole: entry.damage == nil, at: context.now())
    }
    return entry
  }

  func verified(
    _ path: String,
    id: String,
    progress: ProgressReport? = nil
  ) throws -> VerifyResult.Entry {
    let progress = progress ?? self.progress
    do {
      _ = try Restorer(busyTimeout: options.busyTimeout, progress: progress).verify(path)
      return VerifyResult.Entry(path: path, id: id, damage: nil)
    } catch let error as ArchiveError {
      return VerifyResult.Entry(path: path, id: id, damage: error.description)
    }
  }
}
