internal import AlembicHelper
internal import Archive
internal import DurableFiles
internal import Logging
package import Revisions
internal import Servers
package import Snapshots
internal import Stopping
internal import Upgrade

/// The upgrade on a copy: a database of its own on the same server, which is dropped afterwards.
extension ServerUpgrader {
  func rehearse(_ saved: ServerSnapshotTaker.Taken, _ plan: Plan) throws {
    let logger = request.logger("xm_safe.rehearsal")
    let run = GuardedRun(request)
    do {
      try rehearse(saved.snapshot, plan, run) { _ in }
      logger.info("Rehearsed in a database of its own: \(plan.steps.count) revisions")
    } catch let error as ServerError where error.code == .refused {
      logger.warning("Not rehearsed: \(error.message)")
    } catch let error as ServerError {
      throw error
    } catch let stopped as Stopped {
      throw stopped
    } catch {
      guard !HelperFailure(error).isElsewhere else {
        logger.warning(
          "Not rehearsed: env.py chooses its database by itself, and cannot be led to another one"
        )
        return
      }
      logger.error("\(HelperFailure(error).message.shownOnOneLine)")
      throw rehearsalFailure(error, run, saved.snapshot)
    }
  }

  private func rehearsalFailure(
    _ error: any Error,
    _ run: GuardedRun,
    _ snapshot: Store.Snapshot?
  ) -> UpgradeFailure {
    let failure = HelperFailure(error)
    var thrown = UpgradeFailure(
      failure.isRefusal ? .refused : .asBefore,
      "the upgrade of \(request.server.client.shown) failed: \(failure.message)",
      state: "the database was not touched: the upgrade failed in its rehearsal",
      next: failure.next,
      cause: error,
      snapshot: snapshot
    )
    thrown.completed = run.done.map(\.revision)
    return thrown
  }

  /// Runs the plan on a copy of a snapshot, and tells the name of the copy before and after.
  private func rehearse(
    _ snapshot: Store.Snapshot,
    _ plan: Plan,
    _ run: GuardedRun,
    _ look: (String) throws -> Void
  ) throws {
    let reader = try ArchiveReader(opening: snapshot.path, files: request.store.files)
    try request.server.rehearsal(of: reader, progress: request.progress) { database, hold in
      try look(database)
      try run.run(hold, database: database, plan)
      guard try request.server.heads(in: database) == plan.rowsAfter.sorted() else {
        throw UnexpectedRun(
          description: "the version table does not say \(UpgradeReport.shown(plan.rowsAfter))"
        )
      }
      try look(database)
    }
  }

  // MARK: - Plan

  /// Runs the upgrade on a copy only.
  ///
  /// - Parameter snapshot: Makes or finds a snapshot of the present content.
  /// - Returns: What is to be done, and what it did on the copy; nil if there is nothing to do.
  /// - Throws: `ServerError` and others where there is no copy; that the upgrade would fail is no error.
  package func plan(
    of snapshot: () throws -> Store.Snapshot
  ) throws -> (plan: Plan, rehearsal: ServerRehearsal?) {
    let plan = try request.plan(try request.server.heads())
    guard !plan.isEmpty else { return (plan, nil) }
    var rehearsal = ServerRehearsal()
    var sides: [(schema: String, rows: [String: Int64])] = []
    let run = GuardedRun(request)
    let began = ContinuousClock.now
    do {
      try rehearse(try snapshot(), plan, run) { database in
        let content = try request.server.content(of: database, progress: request.progress)
        sides.append((try request.server.schema(of: database), content.rowCounts))
        rehearsal.size = max(rehearsal.size, try request.server.size(of: database))
      }
    } catch let error where error is HelperEvent.Failure || error is UnexpectedRun {
      guard !HelperFailure(error).isElsewhere else {
        throw ServerError(
          .refused,
          "env.py chooses its database by itself, and cannot be led to a copy",
          hint: "let env.py connect to the URL that alembic's configuration gives it"
        )
      }
      rehearsal.failure = rehearsalFailure(error, run, nil)
      rehearsal.failed = (error as? HelperEvent.Failure)?.revision
    } catch let error as HelperError {
      let failure = rehearsalFailure(error, run, nil)
      // Where nothing of the project has run, nothing is known of the upgrade.
      guard !error.isBeforeAnything else { throw failure }
      rehearsal.failure = failure
    }
    rehearsal.duration = ContinuousClock.now - began
    rehearsal.revisions = run.done
    if sides.count == 2 {
      rehearsal.schema = SchemaTextDifference(from: sides[0].schema, to: sides[1].schema).lines
      rehearsal.before = sides[0].rows
      rehearsal.after = sides[1].rows
    }
    return (plan, rehearsal)
  }
}
