internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import SQLite
internal import Snapshots
internal import Stopping

/// Runs an upgrade on a private copy of the database, which is removed afterwards.
///
/// The copy is in the store, readable by its owner alone, and has the mark of what is not finished in its name: if this
/// process is killed, the next run sweeps it.
struct Rehearsal {
  let request: UpgradeRequest

  /// Rehearses on a copy that is restored from a snapshot, which is proven restorable by that.
  ///
  /// - Parameters:
  ///   - snapshot: The snapshot that was just taken.
  ///   - plan: What the upgrade does.
  /// - Returns: What it did; its `failure` is set when the upgrade fails.
  /// - Throws: `ArchiveError`, `FileError`, `SQLiteError`, `SnapshotError` when there is no copy to rehearse on.
  func run(on snapshot: Store.Snapshot, _ plan: Plan) throws -> RehearsalReport {
    try withCopy(plan) { copy in
      let restorer = Restorer(
        busyTimeout: request.busyTimeout,
        files: request.store.files,
        progress: progress
      )
      // It was read back when it was taken, and the copy is compared with its digest.
      let reader = try ArchiveReader(opening: snapshot.path, files: request.store.files)
      let outcome = try restorer.restore(reader, into: copy)
      guard case .unproven(let why) = outcome else { return }
      throw VerificationFailure("the copy could not be compared with the snapshot: \(why)")
    }
  }

  /// Rehearses on a copy that is made straight from the database, which is only read; or on a new one.
  ///
  /// - Parameters:
  ///   - source: The database, with a read transaction open; it is closed when the copy is there. nil if there is none.
  ///   - plan: What the upgrade does.
  /// - Returns: What it did; its `failure` is set when the upgrade fails.
  /// - Throws: `FileError`, `SQLiteError` when there is no copy to rehearse on.
  func run(copying source: Connection?, _ plan: Plan) throws -> RehearsalReport {
    try withCopy(plan) { copy in
      guard let source else { return }
      let destination = try Connection(
        opening: copy,
        mode: .readWrite,
        busyTimeout: request.busyTimeout
      )
      try destination.execute("PRAGMA synchronous=OFF")
      let pageSize = try source.pragma("page_size")
      try OnlineBackup.copy(
        from: source,
        to: destination,
        timeout: request.busyTimeout,
        progress: { step in
          let done = Int64(step.copied) * pageSize
          try progress(Progress("copy", done: done, total: Int64(step.total) * pageSize))
        }
      )
      try destination.close()
      try source.rollback()
      try source.close()
    }
  }

  private func withCopy(_ plan: Plan, _ fill: (String) throws -> Void) throws -> RehearsalReport {
    let start = ContinuousClock.now
    let files = request.store.files
    // Its owner is locked as long as this process lives, and what is named after it goes with it.
    let owner = try DurableFile(creating: request.store.path + "/rehearsal", files: files)
    let copy = owner.temporaryPath + "-file"
    do {
      try files.createEmpty(copy)
      try fill(copy)
      var report = run(on: copy, plan)
      // What was interrupted has not failed.
      try StopSwitch.check()
      try remove(copy)
      report.duration = start.duration(to: .now)
      return report
    } catch let first {
      // What cannot be removed now is swept later; the first error is the one to tell.
      do { try remove(copy) } catch { throw first }
      throw first
    }
  }

  private func remove(_ copy: String) throws(FileError) {
    for suffix in ["-wal", "-shm", "-journal", ""] { try request.store.files.remove(copy + suffix) }
  }

  /// What is noted while the plan runs, so that it is there when the plan fails.
  private final class Notes {
    var report = RehearsalReport()
  }

  private func run(on path: String, _ plan: Plan) -> RehearsalReport {
    let notes = Notes()
    do {
      try run(on: path, plan, notes)
    } catch {
      notes.report.failure = error
    }
    return notes.report
  }

  private func run(on path: String, _ plan: Plan, _ notes: Notes) throws {
    let copy = try Connection(opening: path, mode: .readWrite, busyTimeout: request.busyTimeout)
    try copy.execute("PRAGMA foreign_keys=OFF")
    // Nobody misses the copy after a power cut.
    try copy.execute("PRAGMA synchronous=OFF")
    try copy.beginImmediate()
    let keys = try copy.foreignKeyCheck()
    let before = try SchemaDifference.Side(copy)
    // The real run trusts it, as alembic does.
    try copy.execute("PRAGMA trusted_schema=ON")
    let quiet = Logger(label: "xm_safe.rehearsal") { _ in SwiftLogNoOpLogHandler() }
    let migration = MigrationRunner(
      scripts: request.scripts,
      versionTable: request.versionTable,
      migrationLogger: quiet,
      logger: quiet,
      guarding: request.guarding,
      observe: { run in
        notes.report.revisions.append(run)
        try measure(path, notes)
      }
    )
    try request.progress(Progress("rehearse"))
    try migration.run(plan, on: copy, counts: before.rows)
    var silent = request
    silent.logger = { _ in quiet }
    try UpgradeRunner(silent).verify(copy, plan, before: keys)
    try measure(path, notes)
    try copy.commit()
    try measure(path, notes)
    notes.report.difference = SchemaDifference(from: before, to: try SchemaDifference.Side(copy))
    try copy.close()
  }

  private func measure(_ path: String, _ notes: Notes) throws(FileError) {
    notes.report.peakDisk = max(notes.report.peakDisk, try size(of: path))
  }

  private func size(of path: String) throws(FileError) -> Int64 {
    var size: Int64 = 0
    for suffix in ["", "-journal", "-wal"] {
      size += try FileStatus.ifPresent(path + suffix)?.size ?? 0
    }
    return size
  }

  private func progress(_ progress: Progress) throws {
    try request.progress(Progress("rehearse", done: progress.done, total: progress.total))
  }
}
