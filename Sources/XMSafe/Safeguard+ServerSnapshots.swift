internal import AlembicScripts
internal import Archive
internal import DurableFiles
internal import Logging
internal import Revisions
internal import Servers
internal import Snapshots

/// The commands on snapshots of a server's database.
extension Safeguard {
  func snapshot(
    _ work: ServerWork,
    level: Int?,
    _ condition: SnapshotCondition,
    _ reason: Manifest.Reason
  ) throws -> SnapshotResult {
    var pending: [String]?
    if condition == .ifPending {
      pending = try pendingRevisions(rows: try work.server.heads())
      if pending == [] { return nothingPending(work.key) }
    }
    return try holding(work, "snapshot") { _ in
      if condition != .always, let same = try unchanged(work, condition) {
        context.logger("xm_safe.snapshot").info(
          "No snapshot: \(work.key.shownAsPath) has not changed since \(same.manifest.id)"
        )
        return result("unchanged", same, work, pending)
      }
      return result("saved", try save(reason, work, level: level).snapshot, work, pending)
    }
  }

  private func result(
    _ outcome: String,
    _ snapshot: Store.Snapshot,
    _ work: ServerWork,
    _ pending: [String]?
  ) -> SnapshotResult {
    SnapshotResult(
      outcome: outcome,
      snapshot: told(snapshot, in: work.store),
      pending: pending,
      lockedSeconds: 0,
      waitedSeconds: 0
    )
  }

  func unchanged(
    _ work: ServerWork,
    _ condition: SnapshotCondition
  ) throws -> Store.Snapshot? {
    let own = try work.store.catalogue().snapshots.filter { work.store.isOf(work.key, $0) }
    guard !own.isEmpty else { return nil }
    let content = try work.server.content(progress: progress)
    return try (condition == .ifPending ? own : own.suffix(1)).last { snapshot in
      guard content.isSaid(by: snapshot.manifest.image) else { return false }
      return try verified(snapshot.path, id: snapshot.manifest.id).damage == nil
    }
  }

  /// What a restore of a server's snapshot into a database of its own shows; nil if nothing is wrong.
  func deepDamage(_ snapshot: Store.Snapshot) throws -> String? {
    guard let work = try serverWork() else {
      throw Failure(
        .refused,
        "snapshot \(snapshot.manifest.id) can be tried only on its server, and no server is named",
        next: "name its database with --db"
      )
    }
    let restorer = restorer(work)
    // Two trials at once would sweep each other's databases.
    return try holding(work, "verify") { _ in try restorer.check(try restorer.verify(snapshot.path))
    }
  }

  func restore(
    _ work: ServerWork,
    _ reference: String,
    force: Bool,
    isDryRun: Bool
  ) throws -> RestoreResult {
    let snapshot = try find(reference, work.key, in: work.store)
    if !force { try checkRestorable(snapshot, work) }
    return try restore(work, snapshot, isDryRun: isDryRun)
  }

  private func checkRestorable(_ snapshot: Store.Snapshot, _ work: ServerWork) throws {
    let manifest = snapshot.manifest
    let hint = "add --force to restore it all the same"
    guard work.store.isOf(work.key, snapshot) else {
      throw SnapshotError(
        .refused,
        "snapshot \(manifest.id) was taken of \(manifest.database.path.shownAsPath), not of \(work.key.shownAsPath)",
        hint: hint
      )
    }
    guard try project.configuration() != nil else { return }
    let graph = try project.scripts().directory.graph
    guard let unknown = manifest.heads.first(where: { graph.revision($0) == nil }) else { return }
    throw SnapshotError(
      .refused,
      "snapshot \(manifest.id) is at revision '\(unknown.shownOnOneLine)', which these scripts do not have",
      hint: hint
    )
  }

  func restore(
    _ work: ServerWork,
    _ snapshot: Store.Snapshot,
    isDryRun: Bool
  ) throws -> RestoreResult {
    let id = snapshot.manifest.id
    let restorer = restorer(work)
    let reader = try restorer.verify(snapshot.path)
    context.logger("xm_safe.verify").info("Verified snapshot \(id): \(snapshot.path.shownAsPath)")
    let record = try record(snapshot, in: work.store)
    if isDryRun {
      // That it is there, and lets us in.
      _ = try work.server.heads()
      return RestoreResult(
        snapshot: record,
        database: work.key,
        before: nil,
        proven: false,
        isDryRun: true,
        present: .database
      )
    }
    return try holding(work, "restore") { _ in try putBack(snapshot, reader, work) }
  }

  /// Puts a verified snapshot back, with the locks held.
  private func putBack(
    _ snapshot: Store.Snapshot,
    _ reader: ArchiveReader,
    _ work: ServerWork
  ) throws -> RestoreResult {
    let logger = context.logger("xm_safe.restore")
    var isEqual = true
    let restorer = ServerRestorer(work.server, store: work.store, progress: progress) { text in
      logger.warning("\(text)")
      isEqual = false
    }
    let outcome = try restorer.restore(reader) { try take(.preRestore, work) }
    let done = "Restored \(work.key.shownAsPath) from snapshot \(snapshot.manifest.id)"
    if let remark = outcome.remark {
      logger.warning("\(done), and \(remark)")
      isEqual = false
    } else {
      logger.info("\(done), and compared it\(isEqual ? ": equal" : "")")
    }
    return try restored(snapshot, outcome.before, work, isEqual: isEqual)
  }

  private func restored(
    _ snapshot: Store.Snapshot,
    _ before: Store.Snapshot?,
    _ work: ServerWork,
    isEqual: Bool = true
  ) throws -> RestoreResult {
    RestoreResult(
      snapshot: try record(snapshot, in: work.store),
      database: work.key,
      before: before.map { told($0, in: work.store) },
      proven: isEqual
    )
  }

  /// Reverts the last upgrade or restore; what a killed run has left is dealt with first, and is what is meant if there was one.
  func undo(_ work: ServerWork) throws -> RestoreResult {
    try locking(work, "undo") { _, _, recovery in
      let target: Store.Snapshot
      switch recovery.found {
      case .restored(let note, let left, _):
        return try alreadyUndone(note, left, work)
      case .before(let note) where note.guardian == nil, .rolledBack(let note):
        return try alreadyUndone(note, nil, work)
      case .undecided(let note, nil):
        // That is the last change, whether or not it has moved the version.
        target = try work.store.find(note.snapshot, database: work.key)
      default:
        target = try undoTarget(work)
      }
      let restorer = restorer(work)
      let reader = try restorer.verify(target.path)
      context.logger("xm_safe.verify").info(
        "Verified snapshot \(target.manifest.id): \(target.path.shownAsPath)"
      )
      return try putBack(target, reader, work)
    }
  }

  /// What is told where the recovery has done what `undo` was to do.
  private func alreadyUndone(
    _ note: ServerCrashNote,
    _ left: Store.Snapshot?,
    _ work: ServerWork
  ) throws -> RestoreResult {
    let id = note.snapshot.shownOnOneLine
    let rest =
      left.map { "; 'xm-safe restore \($0.manifest.id)' brings back what it had left" } ?? ""
    context.logger("xm_safe.restore").info(
      note.isRestore
        ? "Nothing more is undone: the restore that was killed has come to its end now, and 'xm-safe list' shows what was there before it"
        : "Already undone: the run that was killed was the last one, and \(work.key.shownAsPath) has the content of snapshot \(id)\(rest)"
    )
    return try restored(try work.store.find(note.snapshot, database: work.key), left, work)
  }

  private func undoTarget(_ work: ServerWork) throws -> Store.Snapshot {
    let content = try work.server.content(progress: progress)
    let own = try work.store.catalogue().snapshots.filter { work.store.isOf(work.key, $0) }
    guard
      let target = UndoTarget.find(
        in: own,
        contentSHA256: content.sha256,
        definitionsSHA256: content.definitionsSHA256,
        heads: content.heads
      )
    else {
      throw SnapshotError(
        .noSuchSnapshot,
        "there is no upgrade and no restore of \(work.key.shownAsPath) to undo",
        hint: "'xm-safe list' shows what there is"
      )
    }
    return target
  }

  func diff(_ work: ServerWork, _ before: String, _ after: String) throws -> DiffResult {
    typealias Side = (name: String, schema: String, rows: [String: Int64])
    let restorer = restorer(work)
    func side(_ reference: String) throws -> Side {
      if reference == "live" {
        let content = try work.server.content(progress: progress)
        return ("live", try work.server.schema(), content.rowCounts)
      }
      let reader = try restorer.verify(try find(reference, work.key, in: work.store).path)
      return (
        reader.manifest.id, try work.server.schema(of: reader), reader.manifest.rowCounts
      )
    }
    let (old, new) = (try side(before), try side(after))
    let difference = SchemaTextDifference(from: old.schema, to: new.schema)
    let tables = Set(old.rows.keys).union(new.rows.keys).sorted()
    return DiffResult(
      before: old.name,
      after: new.name,
      schema: difference.lines,
      rows: tables.compactMap { table in
        let counts = (old.rows[table], new.rows[table])
        guard counts.0 != counts.1 else { return nil }
        return DiffResult.Rows(table: table, before: counts.0, after: counts.1)
      }
    )
  }
}
