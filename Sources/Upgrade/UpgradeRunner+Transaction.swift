internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import SQLite
internal import Snapshots

/// The part of an upgrade that holds the write lock: preflight, snapshot, migration, verification, commit.
extension UpgradeRunner {
  var runner: MigrationRunner {
    MigrationRunner(
      scripts: request.scripts,
      versionTable: request.versionTable,
      migrationLogger: request.logger("alembic.runtime.migration"),
      logger: request.logger("xm_safe.migrate"),
      guarding: request.guarding,
      keepsEverything: request.keepsEverything
    )
  }

  /// What must be in order before, and what must be no worse afterwards.
  ///
  /// - Parameters:
  ///   - live: The database.
  ///   - isOnlyPlanned: Whether only a copy of it is going to be changed.
  /// - Returns: The references that are not met.
  /// - Throws: `UpgradeFailure`, `FileError`, `ArchiveError`.
  func preflight(_ live: Connection, isOnlyPlanned: Bool = false) throws -> ForeignKeyReport {
    do {
      try request.progress(Progress("check"))
      let damage = try live.quickCheck()
      guard damage.isEmpty else {
        throw UpgradeFailure(
          .refused,
          "\(request.shown) is damaged: \(damage[0])",
          state: UpgradeFailure.untouched,
          next: "'xm-safe list' shows the snapshots that 'xm-safe restore' can put back"
        )
      }
      let leftovers = try live.tableNames().filter { $0.hasPrefix("_alembic_tmp_") }
      guard leftovers.isEmpty else {
        throw UpgradeFailure(
          .refused,
          "\(request.shown) has the table \(leftovers[0].shownAsPath), left by an upgrade with alembic that failed",
          state: UpgradeFailure.untouched,
          next:
            "'xm-safe doctor' tells whether it is needed; 'xm-safe doctor --fix' removes it if not"
        )
      }
      try checkSpace(live, isOnlyPlanned: isOnlyPlanned)
      return try live.foreignKeyCheck()
    } catch let error as SQLiteError {
      throw failure(error)
    }
  }

  /// What does fail later for want of room leaves everything as it was all the same.
  private func checkSpace(_ live: Connection, isOnlyPlanned: Bool) throws {
    let files = request.store.files
    let directory = FileSystem.directory(of: request.database)
    let need = DiskNeed(try diskFacts(live, isOnlyPlanned: isOnlyPlanned))
    let demands = need.demands(
      storePlace: (request.store.path, try files.freeSpace(at: request.store.path)),
      databasePlace: (directory, try files.freeSpace(at: directory)),
      isShared: try FileStatus(of: request.store.path).identity.device
        == FileStatus(of: directory).identity.device
    )
    for demand in demands {
      guard demand.isMet else {
        throw UpgradeFailure(
          .outOfSpace,
          "the \(isOnlyPlanned ? "plan" : request.work.noun) needs about \(demand.likelyDescription)",
          state: UpgradeFailure.untouched,
          next: demand.hasStore
            ? "make room, or choose another place for the snapshots with --store"
              + (request.rehearses && !isOnlyPlanned && !request.engine.isAlembic
                ? "; --no-rehearsal needs less" : "")
            : "make room on that disk, then run the same command again"
        )
      }
      let logger = request.logger("xm_safe.preflight")
      guard demand.isMetInAnyCase else {
        logger.warning(
          "May need \(demand.description): if it comes to that, it is undone for want of room"
        )
        continue
      }
      logger.info("May need \(demand.description)")
    }
  }

  /// Looks for room again when the rehearsal has shown what the upgrade really needs, before the database is touched.
  ///
  /// - Parameters:
  ///   - live: The database.
  ///   - report: What was measured.
  ///   - snapshot: What was saved.
  /// - Throws: `UpgradeFailure`.
  func checkMeasuredSpace(
    _ live: Connection,
    _ report: RehearsalReport,
    _ snapshot: Store.Snapshot?
  ) throws {
    do {
      let need = try measuredNeed(live, report)
      let directory = FileSystem.directory(of: request.database)
      let free = try request.store.files.freeSpace(at: directory)
      let demand = DiskNeed.Demand(path: directory, parts: need, free: free, hasStore: false)
      guard !demand.isMet else { return }
      throw UpgradeFailure(
        .outOfSpace,
        "the \(request.work.noun) needs \(demand.description), as its rehearsal on a copy has shown",
        state: UpgradeFailure.untouched,
        next: "make room on that disk, then run the same command again",
        snapshot: snapshot
      )
    } catch let error as SQLiteError {
      throw failure(error)
    }
  }

  func takeSnapshot(_ live: Connection, _ plan: Plan) throws -> Store.Snapshot? {
    guard try live.value("SELECT count(*) FROM sqlite_schema")?.integerValue != 0 else {
      request.logger("xm_safe.snapshot").info(
        "No snapshot: \(request.shown) is empty, there is nothing to save"
      )
      return nil
    }
    let taker = SnapshotTaker(store: request.store, progress: request.progress)
    let snapshot: Store.Snapshot
    do {
      snapshot = try taker.take(
        SnapshotTaker.Request(
          database: request.database,
          reason: request.work.reason,
          target: plan.rowsAfter,
          created: request.created,
          tool: request.tool,
          busyTimeout: request.busyTimeout,
          heads: request.versionTable.rows
        )
      )
    } catch {
      let isFull = error.isOutOfSpace
      throw UpgradeFailure(
        isFull ? .outOfSpace : .refused,
        "no snapshot of \(request.shown) could be taken: \(error)",
        state: UpgradeFailure.untouched,
        next: isFull
          ? "make room, or choose another place with --store"
          : "put that right first: without a snapshot nothing is done",
        cause: error
      )
    }
    request.logger("xm_safe.snapshot").info(
      "Saved \(request.shown) as snapshot \(snapshot.manifest.id), verified: \(snapshot.path.shownAsPath)",
      metadata: ["snapshot.id": .string(snapshot.manifest.id)]
    )
    return snapshot
  }

  func verify(_ live: Connection, _ plan: Plan, before: ForeignKeyReport) throws {
    try request.progress(Progress("check"))
    let rows = try request.versionTable.rows(in: live)
    guard try !plan.makesTable || request.versionTable.exists(in: live) else {
      throw VerificationFailure("there is still no version table")
    }
    guard rows == plan.rowsAfter else {
      throw VerificationFailure(
        "the version table says \(UpgradeReport.shown(rows)) instead of \(UpgradeReport.shown(plan.rowsAfter))"
      )
    }
    if let (key, count) = try live.foreignKeyCheck().worse(than: before).min(by: { $0.key < $1.key }
    ) {
      throw VerificationFailure(
        "table \(key.table.shownAsPath) now has \(count.shown(as: "row")) \(count == 1 ? "that refers" : "that refer") to what table \(key.parent.shownAsPath) does not have"
      )
    }
    if let leftover = try live.tableNames().first(where: { $0.hasPrefix("_alembic_tmp_") }) {
      throw VerificationFailure("the table \(leftover.shownAsPath) of a rebuild is left over")
    }
    if let damage = try live.quickCheck().first {
      throw VerificationFailure("quick_check finds: \(damage)")
    }
    request.logger("xm_safe.verify").info(
      "Verified: at \(UpgradeReport.shown(rows)), quick_check ok, no new foreign key violation"
    )
  }

  /// After the commit: the database is new, whatever happens here.
  func makeDurable(_ live: Connection, _ plan: Plan, _ snapshot: Store.Snapshot?) throws {
    do {
      try live.close()
      try request.store.files.sync(directory: FileSystem.directory(of: request.database))
    } catch {
      throw UpgradeFailure(
        .notRestored,
        "the \(request.work.noun) of \(request.shown) was committed, and making it durable failed: \(error)",
        state:
          "the database is at \(UpgradeReport.shown(plan.rowsAfter)); a power cut now may bring \(UpgradeReport.shown(plan.rowsBefore)) back",
        next: "'xm-safe current' shows where it is",
        cause: error,
        snapshot: snapshot
      )
    }
  }
}
