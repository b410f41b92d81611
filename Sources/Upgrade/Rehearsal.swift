internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import SQLite
internal import Snapshots
internal import Stopping

/// Runs an upgrade on a private copy of the database, which is removed afterwards.
struct Rehearsal {
  let request: UpgradeRequest

  /// Rehearses on a copy that is restored from a snapshot, which is proven restorable by that.
  ///
  /// - Parameters:
  ///   - snapshot: The snapshot that was just taken; nil if the database is empty.
  ///   - plan: What the upgrade does.
  /// - Returns: What it did, its `failure` set when the upgrade fails; and the copy, which goes with its last reference.
  /// - Throws: `ArchiveError`, `FileError`, `SQLiteError`, `SnapshotError` when there is no copy to rehearse on.
  func run(
    on snapshot: Store.Snapshot?,
    _ plan: Plan
  ) throws -> (report: RehearsalReport, copy: WorkingCopy) {
    try withCopy(plan) { copy in
      guard let snapshot else { return }
      let restorer = Restorer(
        busyTimeout: request.busyTimeout,
        files: request.store.files,
        progress: progress
      )
      // It was read back when it was taken, and the copy is compared with its digest.
      let reader = try ArchiveReader(opening: snapshot.path, files: request.store.files)
      let outcome = try restorer.restore(reader, into: copy)
      guard case .unproven(let why, let cause) = outcome else { return }
      if let cause, cause.isOutOfSpace { throw cause }
      throw VerificationFailure("the copy could not be compared with the snapshot: \(why)")
    }
  }

  /// Rehearses on a copy that is made straight from the database, which is only read; or on a new one.
  ///
  /// - Parameters:
  ///   - source: The database, with a read transaction open; it is closed when the copy is there. nil if there is none.
  ///   - plan: What the upgrade does.
  /// - Returns: What it did, its `failure` set when the upgrade fails; and the copy, which goes with its last reference.
  /// - Throws: `FileError`, `SQLiteError` when there is no copy to rehearse on.
  func run(
    copying source: Connection?,
    _ plan: Plan
  ) throws -> (report: RehearsalReport, copy: WorkingCopy) {
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

  private func withCopy(
    _ plan: Plan,
    _ fill: (String) throws -> Void
  ) throws -> (report: RehearsalReport, copy: WorkingCopy) {
    let start = ContinuousClock.now
    let copy = try WorkingCopy(in: request.store.path, files: request.store.files)
    do {
      try fill(copy.path)
      var report = run(on: copy, plan)
      // What was interrupted has not failed.
      try StopSwitch.check()
      report.duration = start.duration(to: .now)
      return (report, copy)
    } catch let first {
      // What cannot be removed now is swept later; the first error is the one to tell.
      do { try copy.remove() } catch { throw first }
      throw first
    }
  }

  /// What is noted while the plan runs, so that it is there when the plan fails.
  private final class Notes {
    var report = RehearsalReport()

    func end(_ copy: WorkingCopy) throws {
      report.finalSize = try copy.size()
      // What is changed may reach the file at the commit only, and then the journal is still there.
      report.peakDisk = max(report.peakDisk, report.finalSize + report.peakJournal)
    }

    func compare(_ before: SchemaDifference.Side, _ after: SchemaDifference.Side) {
      report.difference = SchemaDifference(from: before, to: after)
      report.tables = Array(before.rows.keys) + after.rows.keys
    }
  }

  private func run(on copy: WorkingCopy, _ plan: Plan) -> RehearsalReport {
    let notes = Notes()
    do {
      switch request.engine {
      case .native: try runNatively(on: copy, plan, notes)
      case .alembic(let project): try run(project, on: copy, plan, notes)
      }
    } catch {
      notes.report.failure = error
    }
    return notes.report
  }

  private func runNatively(on file: WorkingCopy, _ plan: Plan, _ notes: Notes) throws {
    let copy = try open(file)
    try copy.execute("PRAGMA foreign_keys=OFF")
    // Nobody misses the copy after a power cut.
    try copy.execute("PRAGMA synchronous=OFF")
    try copy.beginImmediate()
    let keys = try copy.foreignKeyCheck()
    let before = try SchemaDifference.Side(copy)
    // The real run trusts it, as alembic does.
    try copy.execute("PRAGMA trusted_schema=ON")
    let migration = MigrationRunner(
      scripts: request.scripts,
      versionTable: request.versionTable,
      migrationLogger: Self.quiet,
      logger: Self.quiet,
      guarding: request.guarding,
      keepsEverything: request.keepsEverything,
      observe: { run in
        notes.report.revisions.append(run)
        try measure(file, notes)
      }
    )
    try request.progress(Progress("rehearse"))
    try migration.run(plan, on: copy, counts: before.rows)
    try verify(copy, plan, before: keys)
    try measure(file, notes)
    try copy.commit()
    try measure(file, notes)
    notes.compare(before, try SchemaDifference.Side(copy))
    try copy.close()
    try notes.end(file)
  }

  /// The project's own alembic: it opens the copy itself, and we look before and afterwards.
  private func run(
    _ project: AlembicProject,
    on file: WorkingCopy,
    _ plan: Plan,
    _ notes: Notes
  ) throws {
    let first = try open(file)
    let keys = try first.foreignKeyCheck()
    let before = try SchemaDifference.Side(first)
    try first.close()
    try request.progress(Progress("rehearse"))
    try measure(file, notes)
    let migration = AlembicRunner(
      project: project,
      versionTable: request.versionTable,
      guarding: request.guarding,
      logger: request.logger("xm_safe.alembic"),
      observe: { run in
        notes.report.revisions.append(run)
        try measure(file, notes)
      }
    )
    try migration.run(
      plan,
      arguments: request.work.alembicArguments,
      live: request.database,
      copy: file.path,
      timeout: request.busyTimeout
    )
    let copy = try open(file)
    try copy.beginReading()
    try verify(copy, plan, before: keys)
    notes.compare(before, try SchemaDifference.Side(copy))
    try copy.rollback()
    try copy.close()
    try measure(file, notes)
    try notes.end(file)
  }

  private func open(_ copy: WorkingCopy) throws -> Connection {
    try Connection(opening: copy.path, mode: .readWrite, busyTimeout: request.busyTimeout)
  }

  private func verify(_ copy: Connection, _ plan: Plan, before keys: ForeignKeyReport) throws {
    var silent = request
    silent.logger = { _ in Self.quiet }
    try UpgradeRunner(silent).verify(copy, plan, before: keys)
  }

  private static let quiet = Logger(label: "xm_safe.rehearsal") { _ in SwiftLogNoOpLogHandler() }

  private func measure(_ copy: WorkingCopy, _ notes: Notes) throws(FileError) {
    notes.report.peakDisk = max(notes.report.peakDisk, try copy.size())
    notes.report.peakJournal = max(notes.report.peakJournal, try copy.journalSize())
  }

  private func progress(_ progress: Progress) throws {
    try request.progress(Progress("rehearse", done: progress.done, total: progress.total))
  }
}
