internal import DurableFiles
internal import Migrations
package import Revisions
internal import SQLite
internal import Snapshots

/// Saying what an upgrade would do: it runs on a copy, and the database is only read.
extension UpgradeRunner {
  /// Runs the upgrade on a copy of the database as it is now.
  ///
  /// No snapshot is taken. The directory of the store is created if need be, since the copy is made there.
  ///
  /// - Returns: The plan, and what it did; nil where there is nothing to do.
  /// - Throws: `UpgradeFailure`, `RevisionError`, `ScriptError`; the database was not touched.
  package func plan() throws -> (plan: Plan, report: RehearsalReport?) {
    guard let status = try FileStatus.ifPresent(request.database) else {
      guard request.work.mayCreate else { throw nothingThere }
      let plan = try checkedPlan(VersionTable.Content())
      return (plan, plan.isEmpty ? nil : try rehearse(plan, copying: nil))
    }
    try DatabaseFile.check(status, path: request.database)
    do {
      return try plan(reading: .readOnly)
    } catch let error as SQLiteError where error.code == .readOnly || error.code == .cannotOpen {
      // A hot journal, or a WAL without its index, needs a connection that may write before it can be read.
      do {
        return try plan(reading: .readWrite)
      } catch let error as SQLiteError {
        throw failure(error)
      }
    } catch let error as SQLiteError {
      throw failure(error)
    }
  }

  private func plan(reading mode: Connection.Mode) throws -> (Plan, RehearsalReport?) {
    let source = try Connection(
      opening: request.database,
      mode: mode,
      busyTimeout: request.busyTimeout
    )
    try source.beginReading()
    let plan = try checkedPlan(try request.versionTable.content(in: source))
    guard !plan.isEmpty else {
      try source.rollback()
      try source.close()
      return (plan, nil)
    }
    try request.store.create()
    _ = try preflight(source, isOnlyPlanned: true)
    return (plan, try rehearse(plan, copying: source))
  }

  /// Keeps what the project's scripts start from writing to the database behind their back; a file that this user cannot write to
  /// needs no lock.
  private func lockForProject() throws -> Connection? {
    guard request.engine.isAlembic, FileSystem().isWritable(request.database) else { return nil }
    let live = try openLive()
    do {
      try live.beginImmediate()
    } catch {
      throw failure(error)
    }
    return live
  }

  private func rehearse(_ plan: Plan, copying source: Connection?) throws -> RehearsalReport {
    let lock = try source == nil ? nil : lockForProject()
    // Closing it gives the lock up: nothing is written with it.
    defer { withExtendedLifetime(lock) {} }
    do {
      try request.store.create()
      let (report, copy) = try Rehearsal(request: request).run(copying: source, plan)
      try copy.remove()
      if report.failure == nil { warnOfStrangers(among: report.tables) }
      return report
    } catch {
      throw cannotRehearse(error, nil, isPlan: true)
    }
  }
}
