internal import AlembicScripts
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import SQLite
internal import Snapshots

/// Creates a database that does not exist yet: made whole under a temporary name, then given its own.
///
/// So there is never a half-made file under the database's name, and a failure leaves none.
struct FreshDatabase {
  private let request: UpgradeRequest
  private let upgrade: UpgradeRunner

  init(_ request: UpgradeRequest) {
    self.request = request
    upgrade = UpgradeRunner(request)
  }

  func create() throws -> UpgradeReport {
    let directory = FileSystem.directory(of: request.database)
    guard try FileStatus.ifPresent(directory)?.kind == .directory else {
      throw UpgradeFailure(
        .noSuchDatabase,
        "there is no directory \(directory.shownAsPath) to create the database in",
        state: UpgradeFailure.untouched,
        next: "check the path of the database, or create the directory"
      )
    }
    do {
      try LeftoverLog.refuse(beside: request.database)
    } catch let error as SnapshotError {
      throw UpgradeFailure(
        .refused,
        error.message,
        state: UpgradeFailure.untouched,
        next: error.hint ?? "move the file away",
        cause: error
      )
    }
    let plan = try upgrade.checkedPlan(VersionTable.Content())
    PlaceWarnings.log([request.database, request.store.path], request.logger("xm_safe.preflight"))
    let lock = try upgrade.takeLock()
    defer { lock.release() }
    try UnsettledRun.refuse(request.database, in: request.store)
    request.logger("xm_safe.snapshot").info(
      "No snapshot: \(request.shown) does not exist yet, there is nothing to save"
    )
    if !request.engine.isAlembic { upgrade.sayContext() }
    let temporary: String
    // It is ours, and no sweep's, for as long as this lives.
    let place: DurableFile
    do {
      place = try DurableFile(creating: request.database, files: request.store.files)
      temporary = place.temporaryPath
    } catch {
      throw UpgradeFailure(
        error.isOutOfSpace ? .outOfSpace : .refused,
        "\(request.shown) cannot be created: \(error)",
        state: "there is still no database at \(request.shown)",
        next: "check the permissions of the directory",
        cause: error
      )
    }
    defer { withExtendedLifetime(place) {} }
    do {
      try make(temporary, plan)
      try request.store.files.publish(temporary, as: request.database)
    } catch let error as NotDurable {
      throw UpgradeFailure(
        .notRestored,
        "\(request.shown) was created, and making it durable failed: \(error)",
        state:
          "the database is there, at \(UpgradeReport.shown(plan.rowsAfter)); a power cut now may take it",
        next: "run 'sync'; 'xm-safe current' shows where it is",
        cause: error
      )
    } catch {
      request.logger("xm_safe.upgrade").error("\(String(describing: error).shownOnOneLine)")
      throw discard(temporary, after: error)
    }
    request.logger("xm_safe.upgrade").info(
      "Created \(request.shown) at \(UpgradeReport.shown(plan.rowsAfter))"
    )
    return UpgradeReport(
      outcome: .created,
      database: request.database,
      from: [],
      to: plan.rowsAfter,
      applied: plan.scripted
    )
  }

  private func make(_ path: String, _ plan: Plan) throws {
    guard !request.engine.isAlembic else {
      try makeOfCopy(path, plan)
      return
    }
    let fresh = try Connection(opening: path, mode: .readWrite, busyTimeout: request.busyTimeout)
    try fresh.execute("PRAGMA synchronous=EXTRA")
    try fresh.beginImmediate()
    try upgrade.runner.run(plan, on: fresh)
    try upgrade.verify(fresh, plan, before: ForeignKeyReport())
    try fresh.commit()
    try fresh.close()
  }

  /// The project's own alembic works on a file that is not synced; what it has made is copied into one that is.
  private func makeOfCopy(_ path: String, _ plan: Plan) throws {
    try request.store.create()
    let (_, copy) = try upgrade.prepare(plan, on: nil)
    let source = try Connection(
      opening: copy.path,
      mode: .readWrite,
      busyTimeout: request.busyTimeout
    )
    try source.beginReading()
    let fresh = try Connection(opening: path, mode: .readWrite, busyTimeout: request.busyTimeout)
    try fresh.execute("PRAGMA synchronous=EXTRA")
    try OnlineBackup.copy(from: source, to: fresh, timeout: request.busyTimeout)
    try fresh.close()
    try source.rollback()
    try source.close()
    try copy.remove()
  }

  private func discard(_ temporary: String, after error: any Error) -> UpgradeFailure {
    var state = "there is still no database at \(request.shown)"
    do {
      for suffix in ["", "-journal", "-wal", "-shm"] {
        try request.store.files.remove(temporary + suffix)
      }
    } catch let second {
      state += "; a temporary file could not be removed: \(second)"
    }
    if var failure = error as? UpgradeFailure {
      failure.state = state
      return failure
    }
    return UpgradeFailure(
      error.isOutOfSpace ? .outOfSpace : .asBefore,
      "creating \(request.shown) failed: \(error)",
      state: state,
      next: "correct the cause, then run the same command again",
      cause: error
    )
  }
}
