internal import AlembicHelper
internal import Archive
internal import DurableFiles
internal import Logging
internal import Revisions
internal import Servers
internal import Snapshots
internal import Stopping
internal import Upgrade

/// What comes after a run that failed: the database is looked at, and put back if it is not as it was.
extension ServerUpgrader {
  /// Finds out what a failed run has left, and undoes it.
  ///
  /// - Parameters:
  ///   - error: How it failed.
  ///   - run: What it has told.
  ///   - saved: What was saved before.
  ///   - plan: What was to be done.
  ///   - journal: The note of the run.
  /// - Returns: The report, if the commit had taken effect all the same.
  /// - Throws: `UpgradeFailure`.
  func settle(
    _ error: any Error,
    _ run: GuardedRun,
    _ saved: ServerSnapshotTaker.Taken,
    _ plan: Plan,
    _ journal: ServerCrashJournal
  ) throws -> UpgradeReport {
    let failure = HelperFailure(error)
    let id = saved.snapshot.manifest.id
    request.logger("xm_safe.upgrade").error("\(failure.message.shownOnOneLine)")
    func ended(_ code: UpgradeFailure.Code, _ state: String, _ next: String) -> UpgradeFailure {
      var ended = UpgradeFailure(
        code,
        "the upgrade of \(request.server.client.shown) failed: \(failure.message)",
        state: state,
        next: next,
        cause: error,
        snapshot: saved.snapshot
      )
      ended.completed = run.done.map(\.revision)
      return ended
    }
    let content: ServerContent
    do {
      content = try contentWhenBack()
    } catch let second {
      throw ended(
        .notRestored,
        request.mode == .transaction
          ? "the server does not answer (\(second)); what was not committed it rolls back by itself"
          : "the server does not answer (\(second)); the database may be between two revisions",
        request.mode == .transaction
          ? "start the server; 'xm-safe current' then tells where the database is"
          : "start the server, then run any command of xm-safe: it restores snapshot \(id)"
      )
    }
    if content == saved.content {
      try journal.clear()
      let proof = "its content has the digest of snapshot \(id)"
      request.logger("xm_safe.upgrade").info("Rolled back, and proven to be as before: \(proof)")
      throw ended(
        failure.isRefusal ? .refused : .asBefore,
        "the database is exactly as it was before (rolled back; \(proof))",
        failure.next
      )
    }
    if run.hasAgreed, content.heads == plan.rowsAfter.sorted() {
      request.logger("xm_safe.upgrade").warning(
        "The connection was lost at the commit, which had taken effect"
      )
      try journal.clear()
      return done(plan, saved)
    }
    let changed = content.changedTables(since: saved.content)
    let touched = try touchedTables(in: changed, by: run, content, saved.content)
    let foreign = changed.filter { !touched.contains($0) }
    let isRolledBack =
      request.mode == .transaction && !run.hasLostTransaction
      && content.heads == saved.content.heads
      && content.schemaLines == saved.content.schemaLines
    if isRolledBack {
      try journal.clear()
      throw ended(
        .asBefore,
        "the upgrade was rolled back by the server; other programs have written to the database since",
        failure.next
      )
    }
    guard foreign.isEmpty else {
      throw ended(
        .notRestored,
        "the database is between two revisions, and other programs have written to it since (\(foreign.prefix(3).joined(separator: ", "))): it was not restored, so that nothing of theirs is lost",
        "stop them, then 'xm-safe restore \(id)'; it saves what is there first"
      )
    }
    do {
      let before = try restore(saved.snapshot)
      try journal.clear()
      request.logger("xm_safe.restore").info(
        "Restored \(request.server.client.shown) from snapshot \(id), and compared it: equal"
      )
      let rest = before.map { "; snapshot \($0.manifest.id) holds what the upgrade had left" } ?? ""
      throw ended(
        .asBefore,
        "the database is exactly as it was before (restored from snapshot \(id), and compared\(rest))",
        failure.next
      )
    } catch let failure as UpgradeFailure {
      throw failure
    } catch let second {
      throw ended(
        .notRestored,
        "the database is neither as before nor upgraded, and restoring snapshot \(id) failed: \(second)",
        "put right what prevents it, then run 'xm-safe restore \(id)'"
      )
    }
  }

  /// The tables that the run may have changed: those that its statements name, or a trigger's, and those that refer to them by keys
  /// along which deletions go.
  private func touchedTables(
    in tables: [String],
    by run: GuardedRun,
    _ contents: ServerContent...
  ) throws -> Set<String> {
    func words(_ text: String) -> [String] {
      text.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init)
    }
    var known = run.touched
    for line in contents.flatMap(\.schemaLines) {
      let upper = line.uppercased()
      if ["INSERT ", "UPDATE ", "DELETE ", "REPLACE "].contains(where: upper.contains) {
        known.formUnion(words(line))
      }
    }
    func isNamed(_ table: String) -> Bool {
      // 'public' need not be said.
      words(table).allSatisfy { known.contains($0) || $0 == "public" }
    }
    let references = try request.server.references()
    var touched = Set(tables.filter(isNamed)).union(references.map(\.parent).filter(isNamed))
    while let next = references.first(where: {
      touched.contains($0.parent) && !touched.contains($0.child)
    }) {
      touched.insert(next.child)
    }
    return touched
  }

  private func restore(_ snapshot: Store.Snapshot) throws -> Store.Snapshot? {
    let restorer = ServerRestorer(request.server, store: request.store, progress: request.progress)
    return try restorer.restore(try restorer.verify(snapshot.path)) { try request.take(.restore) }
  }

  /// What the database says, as soon as a server that was restarted lets us in again.
  private func contentWhenBack() throws -> ServerContent {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      do {
        return try request.server.content(progress: request.progress)
      } catch let error as ServerError
        where [.unreachable, .lost].contains(error.code) && ContinuousClock.now < deadline
      {
        request.server.pause()
      }
    }
  }
}
