internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import SQLite
internal import Snapshots
internal import Upgrade

/// The command that takes the last upgrade or restore back.
extension Safeguard {
  /// Reverts the last upgrade or restore.
  ///
  /// Puts back the newest content that was saved before one and differs from what is there now. Doing it twice leads back to
  /// where it began. If a killed run was found first, its traces are all that is taken back.
  ///
  /// A file that is no sound database is refused: no upgrade and no restore made it so, and what was saved before one may be
  /// much older than the newest snapshot, which the failure names.
  ///
  /// - Returns: What was done.
  /// - Throws: `Failure`.
  public func undo() throws(Failure) -> RestoreResult {
    try failing {
      if let work = try serverWork() { return try undo(work) }
      let database = try project.database()
      try requireDatabase(database)
      let (store, recovered) = try recoveredStore(for: database)
      if let recovered, let result = try undone(recovered, database, store) { return result }
      // What nobody has decided about is no upgrade and no restore that could be taken back.
      try UnsettledRun.refuseUnlocked(database, in: store)
      let content: String
      let heads: [String]
      do {
        content = try contentDigest(of: database)
        let table = try project.versionTable()
        heads = try reading(database) { try table.rows(in: $0) }
      } catch let error as SQLiteError {
        throw try refusal(error, database, store)
      } catch let error as UpgradeFailure {
        throw try (error.cause as? SQLiteError).map { try refusal($0, database, store) } ?? error
      }
      let own = try store.catalogue().snapshots.filter { store.isOf(database, $0) }
      guard let target = UndoTarget.find(in: own, contentSHA256: content, heads: heads) else {
        throw SnapshotError(
          .noSuchSnapshot,
          "there is no upgrade and no restore that has changed \(database.shownAsPath) to undo",
          hint: "'xm-safe list' shows what there is"
        )
      }
      return try restore(target, into: database, store, isDryRun: false)
    }
  }

  /// What was meant to be undone, where a killed run is what it was meant for: undoing more would go one step too far.
  ///
  /// - Returns: What was put back just now; nil if the killed run has left something to undo.
  private func undone(
    _ recovered: Recovered,
    _ database: String,
    _ store: Store
  ) throws -> RestoreResult? {
    if let (snapshot, before) = recovered.putBack {
      context.logger("xm_safe.restore").info("That was what there was to undo")
      return RestoreResult(
        snapshot: try record(snapshot, in: store),
        database: database,
        before: before.map { told($0, in: store) },
        proven: true
      )
    }
    switch recovered.report.verdict {
    case .before, .beforeAndWrittenSince:
      throw SnapshotError(
        .noSuchSnapshot,
        "there is nothing to undo: the run that was killed has changed nothing in \(database.shownAsPath)",
        hint: "'xm-safe undo' once more takes back what was done before that run"
      )
    case .after, .changedSince, .gone, .unresolved, .interrupted: return nil
    }
  }

  /// Why the database cannot be read; of a file that is no sound database, also what brings it back.
  private func refusal(
    _ error: SQLiteError,
    _ database: String,
    _ store: Store
  ) throws -> UpgradeFailure {
    var failure = DatabaseFile.failure(error, path: database)
    guard error.isUnsound else { return failure }
    let own = try store.catalogue().snapshots.filter { store.isOf(database, $0) }
    let newest = own.last { $0.manifest.reason != .preRestore } ?? own.last
    failure.next =
      newest.map {
        "'xm-safe restore \($0.manifest.id)' puts the newest snapshot back, and keeps this file aside"
      } ?? "there is no snapshot of it to restore; check the path given with --db"
    return failure
  }
}
