internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import SQLite
package import Snapshots

/// The part of an upgrade that runs on a copy first, so that the database is not even written to when it fails.
extension UpgradeRunner {
  /// Runs the whole upgrade on a copy that is restored from the snapshot.
  ///
  /// - Parameters:
  ///   - plan: What the upgrade does.
  ///   - snapshot: What was just saved; without one there is nothing to rehearse on.
  ///   - live: The database.
  /// - Throws: `UpgradeFailure`; the database was not touched.
  func rehearse(_ plan: Plan, on snapshot: Store.Snapshot?, for live: Connection) throws {
    guard request.rehearses, snapshot != nil else { return }
    let (report, copy) = try prepare(plan, on: snapshot)
    do { try copy.remove() } catch { throw cannotRehearse(error, snapshot) }
    try checkMeasuredSpace(live, report, snapshot)
  }

  /// Runs the whole upgrade on a copy, and hands the copy on.
  ///
  /// - Parameters:
  ///   - plan: What the upgrade does.
  ///   - snapshot: What was just saved; nil if the database is empty.
  /// - Returns: What it did; and the copy, upgraded and verified.
  /// - Throws: `UpgradeFailure`; the database was not touched.
  func prepare(
    _ plan: Plan,
    on snapshot: Store.Snapshot?
  ) throws -> (report: RehearsalReport, copy: WorkingCopy) {
    let report: RehearsalReport
    let copy: WorkingCopy
    do {
      (report, copy) = try Rehearsal(request: request).run(on: snapshot, plan)
    } catch {
      throw cannotRehearse(error, snapshot)
    }
    let logger = request.logger("xm_safe.rehearsal")
    if let failure = report.failure {
      logger.error("\(String(describing: failure).shownOnOneLine)")
      if let snapshot { FailedAttempts(request: request).thin(snapshot) }
      var thrown = rehearsalFailure(failure, snapshot)
      thrown.completed = report.revisions.filter(\.isDone).map(\.revision.id)
      throw thrown
    }
    logger.info("\(report.sentence)")
    warnOfStrangers(among: report.tables)
    // Our own engine says it in the run that counts; with alembic this was it.
    if request.engine.isAlembic {
      for loss in report.revisions.flatMap(\.losses) {
        request.logger("xm_safe.migrate").warning(
          "Table \(loss.table.shownAsPath): \(loss.sentence)",
          metadata: ["table": .string(loss.table), "remedy": .string(loss.remedy ?? "")]
        )
      }
    }
    return (report, copy)
  }

  /// Says which tables may lose rows and are none.
  ///
  /// - Parameter tables: The tables of before and of afterwards.
  func warnOfStrangers(among tables: [String]) {
    for text in request.guarding.warnings(of: tables) {
      request.logger("xm_safe.preflight").warning("\(text)")
    }
  }

  /// What to do when a revision has failed.
  static func nextStep(after cause: any Error) -> String {
    let again = "then run the same command again"
    switch cause.rootCause {
    case let failure as AlembicFailure where failure.hint != nil: return failure.hint ?? again
    case let loss as DataLoss:
      let what = if case .values = loss.kind { "change like that" } else { "lose them" }
      return
        "correct the revision; if table \(loss.table.shownAsPath) may \(what), add \(loss.option)"
    case let full where full.isOutOfSpace: return "make room, \(again)"
    case let error as SQLiteError where error.code == .inputOutput:
      return
        "look at the system's log of the disk; 'xm-safe current' shows where the database is when it works again"
    case let error as SQLiteError where isOfSomethingThere(error):
      return
        "'xm-safe doctor' tells whether an earlier attempt has left it; else correct the revision, \(again)"
    case is VerificationFailure: return "correct the revision that causes it, \(again)"
    default: return "correct the cause, \(again)"
    }
  }

  /// Whether a statement was to make what is there already.
  private static func isOfSomethingThere(_ error: SQLiteError) -> Bool {
    error.code == .error
      && (error.message.hasSuffix(" already exists")
        || error.message.hasPrefix("duplicate column name: "))
  }

  /// Without a copy there is no rehearsal, and without a rehearsal no upgrade, unless somebody says so.
  func cannotRehearse(
    _ error: any Error,
    _ snapshot: Store.Snapshot?,
    isPlan: Bool = false
  ) -> UpgradeFailure {
    let isFull = error.isOutOfSpace || isStoreFull
    // A plan is nothing else, and alembic always runs on a copy.
    let otherwise =
      isPlan || request.engine.isAlembic
      ? "" : ", or leave the rehearsal out: --no-rehearsal"
    return UpgradeFailure(
      isFull ? .outOfSpace : .refused,
      isFull
        ? "there is not enough room to rehearse the \(request.work.noun) of \(request.shown) on a copy: \(error)"
        : "no copy of \(request.shown) could be made to rehearse the \(request.work.noun) on: \(error)",
      state: UpgradeFailure.untouched,
      next: isFull
        ? "make room, or choose another place for the copy with --store\(otherwise)"
        : "put that right first\(otherwise)",
      cause: error,
      snapshot: snapshot
    )
  }

  /// The failure of an upgrade that failed on the copy.
  ///
  /// - Parameters:
  ///   - error: Why.
  ///   - snapshot: What was saved before; nil if nothing was.
  ///   - isPlan: Whether nothing else was to happen.
  /// - Returns: The failure to throw.
  package func rehearsalFailure(
    _ error: any Error,
    _ snapshot: Store.Snapshot?,
    isPlan: Bool = false
  ) -> UpgradeFailure {
    let cause = error.rootCause
    if error.isOutOfSpace { return cannotRehearse(error, snapshot, isPlan: isPlan) }
    if let refusal = cause as? AlembicFailure, refusal.isRefusal {
      return UpgradeFailure(
        .refused,
        "\(refusal)",
        state: UpgradeFailure.untouched,
        next: Self.nextStep(after: refusal),
        cause: error,
        snapshot: snapshot
      )
    }
    return UpgradeFailure(
      .asBefore,
      "the \(request.work.noun) of \(request.shown) \(isPlan ? "would fail" : "failed"): \(error)",
      state:
        "the database was not touched: the \(request.work.noun) failed in its rehearsal on a copy",
      next: Self.nextStep(after: error),
      cause: error,
      snapshot: snapshot
    )
  }

  /// Whether hardly a page is free: SQLite says "disk I/O error" when it has no room for the index of a log.
  private var isStoreFull: Bool {
    do {
      return try request.store.files.freeSpace(at: request.store.path) < 1 << 16
    } catch {
      return false
    }
  }
}
