internal import Archive
internal import DurableFiles
internal import Logging
internal import Servers
internal import Snapshots
internal import Stopping
internal import Upgrade

/// What a killed run has left of a server's database, and what the next command does about it.
extension Safeguard {
  /// What was found, and whether it is in the way.
  struct ServerRecovery {
    /// What was found; nil where the note cannot be read.
    var found: ServerRestorer.Recovery?
    /// Why nothing may be built upon the database before somebody has decided; nil if there is nothing to decide.
    var refusal: UpgradeFailure?
  }

  /// The commands that may work on a database about which somebody has to decide: those that save it, look at it, or decide.
  ///
  /// The snapshot from before any other change would be one of what may be half done.
  private static let deciding: Set<String> = [
    "snapshot", "restore", "undo", "verify", "doctor", "plan",
  ]

  /// Deals with what a killed run has left, and says so; ask with the locks held.
  ///
  /// - Parameters:
  ///   - work: The database.
  ///   - command: The command that is to work on it.
  /// - Returns: What was found.
  /// - Throws: `UpgradeFailure`, if somebody has to decide before that command may.
  func recover(_ work: ServerWork, _ command: String) throws -> ServerRecovery {
    let recovery = try recovered(work)
    if let refusal = recovery.refusal, !Self.deciding.contains(command) { throw refusal }
    return recovery
  }

  /// The same for a command that only looks at the database, and takes no lock.
  ///
  /// A run that is still going on holds the locks, and is left alone. What cannot be told now is told by the next command.
  ///
  /// - Parameters:
  ///   - key: What its snapshots are known by.
  ///   - work: Leads to the database; asked only where there is something to deal with.
  /// - Returns: Why the database cannot be vouched for; nil if it can.
  /// - Throws: `Stopped`; `FileError`.
  func look(_ key: String, _ work: () throws -> ServerWork?) throws -> UpgradeFailure? {
    let store = try project.store(for: key)
    guard try FileStatus.ifPresent(store.path)?.kind == .directory,
      try ServerCrashJournal(store, key: key).isPending(), let work = try work()
    else { return nil }
    do {
      let lock = try work.store.lock(for: work.key, holder: holder("recovery"))
      defer { lock.release() }
      let hold = try work.server.hold()
      defer { hold.release() }
      return try recovered(work).refusal
    } catch is KernelLock.Held {
      return nil
    } catch let error as ServerError where error.code == .locked {
      return nil
    } catch let stopped as Stopped {
      throw stopped
    } catch {
      let reason = String(describing: error).shownOnOneLine
      context.logger("xm_safe.recover").warning(
        "A run of xm-safe did not get to its end, and what it has left cannot be told now: \(reason)"
      )
      return UpgradeFailure(
        .refused,
        "a run of xm-safe did not get to its end, and what it has left of \(work.server.client.shown) cannot be told now: \(reason)",
        state: UpgradeFailure.untouched,
        next: "put that right, then run the same command again"
      )
    }
  }

  /// Saves what is there, unless the latest snapshot is of just that: while something prevents the recovery, each command tries it anew.
  private func savedOnce(_ work: ServerWork) throws -> ServerSnapshotTaker.Taken {
    let own = try work.store.catalogue().snapshots.filter { work.store.isOf(work.key, $0) }
    guard let last = own.last, last.manifest.reason == .preRestore else {
      return try take(.preRestore, work)
    }
    let now = try work.server.dump(leavesOut: true, into: { _ in }, progress: progress)
    guard now.content.isSaid(by: last.manifest.image),
      try verified(last.path, id: last.manifest.id).damage == nil
    else { return try take(.preRestore, work) }
    return ServerSnapshotTaker.Taken(snapshot: last, content: now.content, flaw: now.flaw)
  }

  private func recovered(_ work: ServerWork) throws -> ServerRecovery {
    let logger = context.logger("xm_safe.recover")
    let shown = work.server.client.shown
    let restorer = restorer(work)
    let found: ServerRestorer.Recovery
    do {
      found = try restorer.recover(saving: { try savedOnce(work) })
    } catch let error as CrashJournal.Unreadable {
      logger.warning(
        "A run of xm-safe did not get to its end, and \(error); \(UnsettledRun.waysOfUnreadable)"
      )
      return ServerRecovery(found: nil, refusal: UnsettledRun.refusal(error))
    }
    switch found {
    case .nothing: break
    case .before: logger.warning("A run was killed: \(shown) is exactly as it was before")
    case .rolledBack:
      logger.warning(
        "A run was killed, and the server has rolled it back; other programs have written to \(shown) since"
      )
    case .after:
      logger.warning("A run was killed that had come to its end: \(shown) is as it was to be")
    case .restored(let note, let left, let remark):
      let id = note.snapshot.shownOnOneLine
      putBackFirst.note(id)
      let rest = left.map { "; what was there is snapshot \($0.manifest.id)" } ?? ""
      logger.warning(
        "A run was killed in the middle: snapshot \(id) of \(shown) was put back now\(remark.map { ", and \($0)" } ?? "")\(rest)"
      )
    case .undecided(let note, let obstacle):
      return ServerRecovery(found: found, refusal: undecided(note, obstacle, work))
    }
    return ServerRecovery(found: found, refusal: nil)
  }

  /// Tells what somebody has to decide, and returns what that is in the way of.
  private func undecided(
    _ note: ServerCrashNote,
    _ obstacle: String?,
    _ work: ServerWork
  ) -> UpgradeFailure {
    let shown = work.server.client.shown
    let id = note.snapshot.shownOnOneLine
    let file = ServerCrashJournal(work.store, key: work.key).path.shownAsPath
    let ways =
      obstacle.map {
        "snapshot \(id) was not put back (\($0.shownOnOneLine)); 'xm-safe list' shows what can, and 'xm-safe restore' settles it; if the database is as it should be, remove \(file)"
      } ?? UnsettledRun.ways(restoring: note.snapshot)
    let logger = context.logger("xm_safe.recover")
    if let guardian = note.guardian?.shownOnOneLine {
      logger.warning(
        "\(guardian) did not get to its end: what its command has done to \(shown) was not checked; \(ways)"
      )
      return UnsettledRun.refusal(
        "\(guardian) was killed while the command that it guarded was changing \(shown)",
        ways
      )
    }
    let event =
      "\(note.isRestore ? "a restore of" : "an upgrade after") snapshot \(id) of \(shown) \(note.doubt == nil ? "was killed" : "failed") in the middle"
    logger.warning("\(event): what it has left stays as it is; \(ways)")
    return UnsettledRun.refusal(event, ways)
  }
}
