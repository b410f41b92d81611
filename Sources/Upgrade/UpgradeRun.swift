internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import SQLite
internal import Snapshots
internal import Stopping

/// One upgrade under way: performs the effects that `UpgradeMachine` asks for, and keeps what they leave for the next.
final class UpgradeRun {
  let request: UpgradeRequest
  private let upgrade: UpgradeRunner
  private var lock: KernelLock?
  private var live: Connection?
  private var plan: Plan?
  private var foreignKeys = ForeignKeyReport()
  private var tablesBefore: [String] = []
  private var snapshot: Store.Snapshot?
  private var undoing: Undoing?
  private var publication: Publication?
  private var triedCommit = false
  /// What was thrown first: it is what the user is told.
  private var failure: (any Error)?

  init(_ upgrade: UpgradeRunner) {
    self.upgrade = upgrade
    request = upgrade.request
  }

  /// Runs the upgrade to its end.
  func run() throws -> UpgradeReport {
    defer { lock?.release() }
    var machine = UpgradeMachine()
    var effect = machine.effect
    while true {
      if case .end(let outcome) = effect { return try report(outcome) }
      let event: UpgradeMachine.Event
      do {
        event = try perform(effect)
      } catch {
        keep(error, of: effect)
        event = .failed
      }
      effect = machine.handle(event)
    }
  }

  /// The first error is the one to tell; a later one must not hide it, and is not hidden either.
  private func keep(_ error: any Error, of effect: UpgradeMachine.Effect) {
    guard failure != nil || effect == .clearNote else {
      failure = error
      return
    }
    let reason = String(describing: error).shownOnOneLine
    let what = effect == .clearNote ? "Removing the note of this run" : "'\(effect)'"
    request.logger("xm_safe.upgrade").warning("\(what) failed as well: \(reason)")
  }

  private func perform(_ effect: UpgradeMachine.Effect) throws -> UpgradeMachine.Event {
    switch effect {
    case .lookAhead:
      let foreseen = try upgrade.foreseenPlan()
      plan = foreseen
      guard foreseen.isEmpty else { return .done }
      // "Nothing to do" would vouch for what may be half done.
      try UnsettledRun.refuseUnlocked(request.database, in: request.store)
      return .nothingToDo
    case .lock:
      PlaceWarnings.log(
        [request.database, request.store.path],
        request.logger("xm_safe.preflight")
      )
      lock = try upgrade.takeLock()
      try UnsettledRun.refuse(request.database, in: request.store)
      return .done
    case .abandon:
      try live?.rollback()
      try live?.close()
      return .done
    case .clearNote:
      // The note that was in the way is somebody else's.
      if (failure as? UpgradeFailure)?.cause is CrashJournal.Taken { return .done }
      try upgrade.journal.clear()
      return .done
    case .undo:
      guard let undoing, let cause = failure else { return .notUndone }
      let undone = undoing.undo(cause, triedCommit: triedCommit)
      failure = undone
      return undone.code == .notRestored ? .notUndone : .done
    case .begin:
      let live = try upgrade.openLive()
      self.live = live
      try upgrade.begin(live)
      return .done
    case .end: return .done
    case .plan, .preflight, .snapshot, .rehearse, .note, .migrate, .verify, .noteCommit, .commit,
      .makeDurable:
      return try performLocked(effect)
    }
  }

  /// The effects that come with the write lock held.
  private func performLocked(_ effect: UpgradeMachine.Effect) throws -> UpgradeMachine.Event {
    guard let live, let plan else { return .failed }
    switch effect {
    case .plan:
      // Between the first look and the lock somebody else may have upgraded.
      let plan = try upgrade.plan(on: live)
      self.plan = plan
      return plan.isEmpty ? .nothingToDo : .done
    case .preflight:
      foreignKeys = try upgrade.preflight(live)
      tablesBefore = try live.tableNames()
    case .snapshot:
      snapshot = try upgrade.takeSnapshot(live, plan)
      undoing = try Undoing(request, plan: plan, live: live, snapshot: snapshot)
    case .rehearse:
      upgrade.sayWhatIsLost(plan, snapshot)
      guard request.engine.isAlembic else {
        try upgrade.rehearse(plan, on: snapshot, for: live)
        break
      }
      let (report, copy) = try upgrade.prepare(plan, on: snapshot)
      try upgrade.checkMeasuredSpace(live, report, snapshot)
      publication = try upgrade.publication(of: copy, into: live)
    case .note: try upgrade.writeNote(plan, snapshot, after: publication?.digest)
    case .migrate where publication != nil, .verify where publication != nil:
      // It has run, and was verified, on the copy.
      break
    case .migrate:
      upgrade.sayContext()
      try request.progress(Progress("migrate"))
      try upgrade.runner.run(plan, on: live, counts: snapshot?.manifest.rowCounts)
    case .verify:
      try upgrade.verify(live, plan, before: foreignKeys)
      if !request.rehearses { upgrade.warnOfStrangers(among: try tablesBefore + live.tableNames()) }
    case .noteCommit:
      var note = upgrade.note(plan, snapshot, after: publication?.digest)
      note.phase = .committing
      try upgrade.journal.write(note)
    case .commit:
      try StopSwitch.check()
      if publication == nil, try live.hasMoved() { throw MovedDatabase() }
      triedCommit = true
      guard let publication else {
        try live.commit()
        break
      }
      do {
        try publication.publish(into: live)
      } catch is StalePublication {
        return .stale
      }
    case .makeDurable:
      // The database is new now, and a signal comes too late.
      live.shield()
      try StopSwitch.shielded {
        if try live.hasMoved() { throw MovedDatabase.afterCommit(request, plan, snapshot) }
        if let publication { try upgrade.prove(publication, live, plan, snapshot) }
        try upgrade.makeDurable(live, plan, snapshot)
      }
    default: return .failed
    }
    return .done
  }

  private func report(_ outcome: UpgradeMachine.Outcome) throws -> UpgradeReport {
    switch (outcome, plan) {
    case (.nothingToDo, let plan?): return upgrade.nothingToDo(plan)
    case (.stale, _):
      if let snapshot { FailedAttempts(request: request).thin(snapshot) }
      throw StalePublication()
    case (.upgraded, let plan?):
      request.logger("xm_safe.upgrade").info(
        "\(request.work.done(plan, request.shown))"
      )
      return UpgradeReport(
        outcome: request.work.outcome,
        database: request.database,
        from: plan.rowsBefore,
        to: plan.rowsAfter,
        applied: plan.scripted,
        snapshot: snapshot
      )
    default:
      throw failure
        ?? UpgradeFailure(
          .notRestored,
          "the \(request.work.noun) of \(request.shown) ended without a result",
          state: "not known; 'xm-safe current' shows where the database is",
          next: "report this"
        )
    }
  }
}
