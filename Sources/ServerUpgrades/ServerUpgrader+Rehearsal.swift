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
      if let change = try liveChange(since: saved.snapshot) { logger.warning("\(change)") }
    } catch let error as ServerError where error.code == .refused {
      // Without transactions a failure is undone by a restore, which takes the same steps.
      guard request.server.isTransactional else {
        throw UpgradeFailure(
          .refused,
          "the \(request.work.noun) was not begun, because this user could not undo it if it fails: \(error.message)",
          state: UpgradeFailure.untouched,
          next: "\(error.hint); or begin all the same with --no-rehearsal",
          cause: error,
          snapshot: saved.snapshot
        )
      }
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
      if HelperFailure(error).isBeyondCopy, request.mode == .transaction {
        // What the upgrade itself does there is taken back with all else if it fails.
        logger.warning("Not rehearsed: \(HelperFailure(error).message.shownOnOneLine)")
        return
      }
      logger.error("\(HelperFailure(error).message.shownOnOneLine)")
      throw rehearsalFailure(error, run, saved.snapshot, change(since: saved.snapshot))
    }
  }

  private func rehearsalFailure(
    _ error: any Error,
    _ run: GuardedRun,
    _ snapshot: Store.Snapshot?,
    _ change: String?
  ) -> UpgradeFailure {
    let failure = HelperFailure(error, isRehearsed: true)
    let noun = request.work.noun
    var thrown = UpgradeFailure(
      change != nil
        ? .notRestored : failure.isRefusal || failure.isBeyondCopy ? .refused : .asBefore,
      "the \(noun) of \(request.server.client.shown) failed: \(failure.message)",
      state: change.map { "the \(noun) failed in its rehearsal, and was not begun; but \($0)" }
        ?? "the database was not touched: the \(noun) failed in its rehearsal",
      next: failure.next,
      cause: error,
      snapshot: snapshot
    )
    thrown.completed = run.done.map(\.revision)
    return thrown
  }

  /// What was changed in the database itself since a snapshot was taken, as a sentence; nil if nothing was.
  ///
  /// A script may have come there by a connection that the helper does not see: of another program that it starts, for one.
  private func liveChange(since snapshot: Store.Snapshot) throws -> String? {
    let manifest = snapshot.manifest
    let content = try request.server.content(progress: request.progress)
    guard !content.isSaid(by: manifest.image) else { return nil }
    let names = Set(content.rowCounts.keys).union(manifest.rowCounts.keys).sorted()
      .filter { content.rowCounts[$0] != manifest.rowCounts[$0] }
    let tables = names.isEmpty ? "" : " (\(names.prefix(3).joined(separator: ", ")))"
    return
      "the database itself was changed while the rehearsal ran, by a script's own connection or by other programs\(tables): 'xm-safe diff \(manifest.id)' compares, and 'xm-safe restore \(manifest.id)' goes back"
  }

  /// The same where the rehearsal has failed, which is what there is to tell.
  private func change(since snapshot: Store.Snapshot) -> String? {
    do {
      return try StopSwitch.shielded { try liveChange(since: snapshot) }
    } catch {
      return "whether the database itself was changed meanwhile could not be looked at: \(error)"
    }
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
      do { try run.run(hold, database: database, plan) } catch let first {
        // What is still at work there would keep the copy from being dropped; the first error is the one to tell.
        do { try StopSwitch.shielded { try request.server.end(session: run.session) } } catch {
          request.logger("xm_safe.rehearsal").warning(
            "What the rehearsal had begun could not be ended: \(String(describing: error).shownOnOneLine)"
          )
        }
        throw first
      }
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
    let saved = try snapshot()
    func failed(_ error: any Error) -> UpgradeFailure {
      rehearsal.liveChange = change(since: saved)
      return rehearsalFailure(error, run, nil, rehearsal.liveChange)
    }
    do {
      try rehearse(saved, plan, run) { database in
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
      guard !HelperFailure(error).isBeyondCopy else { throw failed(error) }
      rehearsal.failure = failed(error)
      rehearsal.failed = (error as? HelperEvent.Failure)?.revision
    } catch let error as HelperError {
      let failure = failed(error)
      // Where nothing of the project has run, nothing is known of the upgrade.
      guard !error.isBeforeAnything else { throw failure }
      rehearsal.failure = failure
    }
    if rehearsal.failure == nil { rehearsal.liveChange = try liveChange(since: saved) }
    if let change = rehearsal.liveChange {
      request.logger("xm_safe.plan").warning("\(change)")
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
