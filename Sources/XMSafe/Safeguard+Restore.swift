internal import AlembicScripts
internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import SQLite
internal import Snapshots
internal import Upgrade

/// The commands that put a snapshot back.
extension Safeguard {
  /// Puts a snapshot back into the database, after a snapshot of what is there now.
  ///
  /// - Parameters:
  ///   - reference: `latest`, the beginning of an id, or a path.
  ///   - destination: Another file to restore into; nil for the database.
  ///   - force: Whether a snapshot of another database, one with a revision that the scripts do not know, or a destination
  ///     that exists, is accepted.
  ///   - isDryRun: Whether only to verify and say what would happen.
  /// - Returns: What was done.
  /// - Throws: `Failure`.
  public func restore(
    _ reference: String,
    to destination: String? = nil,
    force: Bool = false,
    isDryRun: Bool = false
  ) throws(Failure) -> RestoreResult {
    try failing {
      let database = try project.database()
      let store = try project.store(for: database)
      let snapshot = try find(reference, database, in: store)
      let target = try destination.map { try FileSystem.realPath(project.absolute($0)) } ?? database
      // An archive must never be overwritten by what it holds.
      guard FileSystem.directory(of: target) != store.path else {
        throw SnapshotError(
          .refused,
          "\(target.shownAsPath) is in the store of the snapshots",
          hint: "name a file in another directory"
        )
      }
      if !force { try checkRestorable(snapshot, database, target: target, store) }
      return try restore(snapshot, into: target, store, isDryRun: isDryRun)
    }
  }

  /// Reverts the last upgrade or restore.
  ///
  /// Puts back the newest content that was saved before one and differs from what is there now. Doing it twice leads back to
  /// where it began.
  ///
  /// - Returns: What was done.
  /// - Throws: `Failure`.
  public func undo() throws(Failure) -> RestoreResult {
    try failing {
      let database = try project.database()
      try requireDatabase(database)
      let store = try project.store(for: database)
      let now = try DatabaseImage.contentDigest(
        of: database,
        timeout: options.busyTimeout,
        progress: progress
      )
      let table = try project.versionTable()
      let heads = try reading(database) { try table.rows(in: $0) }
      let candidate = try store.catalogue().snapshots.last { snapshot in
        let reason = snapshot.manifest.reason
        // An upgrade that left the revision where it was has failed, and was undone then.
        if reason == .preUpgrade, snapshot.manifest.heads == heads { return false }
        return store.isOf(database, snapshot) && (reason == .preUpgrade || reason == .preRestore)
          && snapshot.manifest.image.contentSHA256 != now
      }
      guard let candidate else {
        throw SnapshotError(
          .noSuchSnapshot,
          "there is no upgrade and no restore of \(database.shownAsPath) to undo",
          hint: "'xm-safe list' shows what there is"
        )
      }
      return try restore(candidate, into: database, store, isDryRun: false)
    }
  }

  private func checkRestorable(
    _ snapshot: Store.Snapshot,
    _ database: String,
    target: String,
    _ store: Store
  ) throws {
    let manifest = snapshot.manifest
    let hint = "add --force to restore it all the same"
    guard store.isOf(database, snapshot) else {
      throw SnapshotError(
        .refused,
        "snapshot \(manifest.id) was taken of \(manifest.database.path.shownAsPath), not of \(database.shownAsPath)",
        hint: hint
      )
    }
    if target != database, try FileStatus.ifPresent(target) != nil {
      throw SnapshotError(.refused, "\(target.shownAsPath) exists already", hint: hint)
    }
    guard target == database, try project.configuration() != nil else { return }
    let graph = try project.scripts().directory.graph
    guard let unknown = manifest.heads.first(where: { graph.revision($0) == nil }) else { return }
    throw SnapshotError(
      .refused,
      "snapshot \(manifest.id) is at revision '\(unknown.shownOnOneLine)', which these scripts do not have",
      hint: hint
    )
  }

  private func restore(
    _ snapshot: Store.Snapshot,
    into database: String,
    _ store: Store,
    isDryRun: Bool
  ) throws -> RestoreResult {
    let id = snapshot.manifest.id
    let restorer = Restorer(
      busyTimeout: options.busyTimeout,
      files: store.files,
      progress: progress,
      notice: { context.logger("xm_safe.restore").warning("\($0)") }
    )
    let record = try record(snapshot, in: store)
    if isDryRun {
      _ = try restorer.verify(snapshot.path)
      return RestoreResult(
        snapshot: record,
        database: database,
        before: nil,
        proven: false,
        isDryRun: true
      )
    }
    let lock = try store.lock(for: database, holder: holder("restore"))
    defer { lock.release() }
    // A damaged archive is refused before a snapshot of the present content is even begun.
    let archive = try restorer.verify(snapshot.path, isForRestoring: true)
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
      snapshot: record,
      database: database,
      before: try before.map { try self.record($0, in: store) },
      proven: outcome == .proven
    )
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
      let saving = Restorer.Saving {
        try begin(.preRestore, of: database, in: store)
      } published: { snapshot in
        logSaved(snapshot)
        before = snapshot
      }
      return (try restorer.restore(archive, into: database, saving: saving), before)
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
}
