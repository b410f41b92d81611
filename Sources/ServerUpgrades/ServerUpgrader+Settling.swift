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
  ///   - hold: The lock.
  /// - Returns: The report, if the commit had taken effect all the same.
  /// - Throws: `UpgradeFailure`.
  func settle(
    _ error: any Error,
    _ run: GuardedRun,
    _ saved: ServerSnapshotTaker.Taken,
    _ plan: Plan,
    _ journal: ServerCrashJournal,
    _ hold: any ServerHold
  ) throws -> UpgradeReport {
    let failure = HelperFailure(error)
    let id = saved.snapshot.manifest.id
    request.logger("xm_safe.upgrade").error("\(failure.message.shownOnOneLine)")
    func ended(_ code: UpgradeFailure.Code, _ state: String, _ next: String) -> UpgradeFailure {
      var ended = UpgradeFailure(
        code,
        "the \(request.work.noun) of \(request.server.client.shown) failed: \(failure.message)",
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
      content = try contentWhenBack(run.session)
    } catch let second {
      let isAway =
        (second as? ServerError).map { [.unreachable, .lost].contains($0.code) } ?? false
      let what = isAway ? "the server does not answer" : "the database cannot be looked at"
      let first = isAway ? "start the server" : "put right what prevents it"
      throw ended(
        .notRestored,
        request.mode == .transaction
          ? "\(what) (\(second)); what was not committed the server rolls back by itself"
          : "\(what) (\(second)); the database may be between two revisions",
        request.mode == .transaction
          ? "\(first); 'xm-safe current' then tells where the database is"
          : "\(first), then run any command of xm-safe: it restores snapshot \(id)"
      )
    }
    if content == saved.content {
      journal.clear(orSay: sayOfNote)
      let proof = "its content has the digest of snapshot \(id)"
      request.logger("xm_safe.upgrade").info("Rolled back, and proven to be as before: \(proof)")
      throw ended(
        failure.isRefusal ? .refused : .asBefore,
        "the database is exactly as it was before (rolled back; \(proof))",
        failure.next
      )
    }
    if request.mode == .transaction, !run.hasLostTransaction,
      let sequences = content.advancedSequences(since: saved.content)
    {
      journal.clear(orSay: sayOfNote)
      throw ended(
        failure.isRefusal ? .refused : .asBefore,
        "the database is exactly as it was before (rolled back, and compared), but for what sequences have counted, which no rollback takes back: \(sequences.prefix(3).joined(separator: ", "))",
        failure.next
      )
    }
    if run.hasAgreed, content.heads == plan.rowsAfter.sorted() {
      request.logger("xm_safe.upgrade").warning(
        "The connection was lost at the commit, which had taken effect"
      )
      journal.clear(orSay: sayOfNote)
      return done(plan, saved)
    }
    let foreign = try content.foreignTables(
      since: saved.content,
      touched: run.touched,
      request.server.references()
    )
    let isOfShape = content.hasShape(of: saved.content)
    if isOfShape, request.mode == .transaction, !run.hasLostTransaction {
      journal.clear(orSay: sayOfNote)
      throw ended(
        .asBefore,
        "the \(request.work.noun) was rolled back by the server; other programs have written to the database since",
        failure.next
      )
    }
    guard foreign.isEmpty else {
      leave(saved, plan, journal)
      throw ended(
        .notRestored,
        "\(isOfShape ? "version and tables of the database are as before" : "the database is between two revisions"), and other programs have written to it since (\(foreign.prefix(3).joined(separator: ", "))): it was not restored, so that nothing of theirs is lost",
        isOfShape
          ? "'xm-safe diff \(id)' shows what differs: if it is theirs alone, remove \(journal.path.shownAsPath) and go on; if not, stop them, then 'xm-safe restore \(id)', which saves what is there first"
          : "stop them, then 'xm-safe restore \(id)'; it saves what is there first"
      )
    }
    do {
      var remarks: [String] = []
      let held = try heldStill(hold, saved, journal)
      let outcome = try withExtendedLifetime(held) {
        try restore(saved.snapshot, finding: content) { remarks.append($0) }
      }
      journal.clear(orSay: sayOfNote)
      let rest =
        outcome.before.map {
          "; snapshot \($0.manifest.id) holds what the \(request.work.noun) had left"
        } ?? ""
      if let remark = outcome.remark {
        throw ended(
          .notRestored,
          "snapshot \(id) was put back, and \(remark)\(rest)",
          "'xm-safe diff \(id)' shows what others have written; then correct the cause"
        )
      }
      request.logger("xm_safe.restore").info(
        "Restored \(request.server.client.shown) from snapshot \(id), and compared it\(remarks.isEmpty ? ": equal" : "")"
      )
      throw ended(
        .asBefore,
        remarks.isEmpty
          ? "the database is exactly as it was before (restored from snapshot \(id), and compared\(rest))"
          : "the database was restored from snapshot \(id), and compared\(rest); \(remarks.joined(separator: "; "))",
        failure.next
      )
    } catch let failure as UpgradeFailure {
      throw failure
    } catch is ServerRestorer.WrittenSince {
      leave(saved, plan, journal)
      throw ended(
        .notRestored,
        "the database is between two revisions, and other programs write to it: it was not restored, so that nothing of theirs is lost",
        "stop them, then 'xm-safe restore \(id)'; it saves what is there first"
      )
    } catch let second {
      throw ended(
        .notRestored,
        "the database is neither as before nor as it was to be, and restoring snapshot \(id) failed: \(second)",
        "put right what prevents it, then run 'xm-safe restore \(id)'"
      )
    }
  }

  /// Notes that what is there must not be replaced by the next command, which nobody has told to.
  private func leave(
    _ saved: ServerSnapshotTaker.Taken,
    _ plan: Plan,
    _ journal: ServerCrashJournal
  ) {
    var note = ServerCrashNote(
      snapshot: saved.snapshot.manifest.id,
      before: plan.rowsBefore,
      after: plan.rowsAfter
    )
    note.doubt = "other programs have written since, and what they wrote must not be lost"
    do { try journal.write(note) } catch {
      let reason = String(describing: error).shownOnOneLine
      sayOfNote("That somebody has to decide could not be noted for the next command: \(reason)")
      // Without a note nothing is replaced, either.
      journal.clear(orSay: sayOfNote)
    }
  }

  /// The lock, taken anew if it went with a server that was restarted, and nobody has had it for this database since.
  private func heldStill(
    _ hold: any ServerHold,
    _ saved: ServerSnapshotTaker.Taken,
    _ journal: ServerCrashJournal
  ) throws -> any ServerHold {
    do {
      try hold.check()
      return hold
    } catch let lost as ServerError {
      hold.release()
      let again = try request.server.hold()
      // Another run would have settled this one first.
      let note = try journal.read()
      guard note?.snapshot == saved.snapshot.manifest.id else {
        throw lost
      }
      request.logger("xm_safe.restore").warning("\(lost.message); it was taken again")
      return again
    }
  }

  private func restore(
    _ snapshot: Store.Snapshot,
    finding content: ServerContent,
    noting note: @escaping (String) -> Void
  ) throws -> ServerRestorer.Outcome {
    let restorer = ServerRestorer(
      request.server,
      store: request.store,
      progress: request.progress,
      notice: { text in
        sayOfNote(text)
        note(text)
      }
    )
    return try restorer.restore(try restorer.verify(snapshot.path), ifStill: content) {
      try request.take(.restore(snapshot.manifest.heads))
    }
  }

  /// What the database says when nothing of the run is at work there any more, as soon as a server that was restarted lets us in
  /// again.
  private func contentWhenBack(_ session: String) throws -> ServerContent {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      do {
        try request.server.end(session: session)
        return try request.server.content(progress: request.progress)
      } catch let error as ServerError
        where [.unreachable, .lost].contains(error.code) && ContinuousClock.now < deadline
      {
        request.server.pause()
      }
    }
  }
}
