internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import SQLite
internal import Servers
internal import Snapshots
internal import Upgrade

/// The command that decides what is kept: prune.
extension Safeguard {
  /// Removes the snapshots of the database that a policy does not keep.
  ///
  /// Never removed: pinned ones, the newest that is whole, the first whole one before an upgrade that has not succeeded
  /// yet, what was saved before the last restore, if `undo` would put it back, and what a killed run needs that nobody has
  /// decided about.
  ///
  /// - Parameters:
  ///   - rules: What to keep.
  ///   - isDryRun: Whether only to say what would happen.
  /// - Returns: What was kept and why, and what was removed.
  /// - Throws: `Failure`.
  public func prune(_ rules: RetentionRules, isDryRun: Bool = false) throws(Failure) -> PruneResult
  {
    try failing {
      let policy = try rules.policy()
      try policy.validate()
      let work = try serverWork()
      let database = try project.key()
      // When a database is gone, its snapshots are all that is left of it.
      if let work { _ = try work.server.heads() } else { try requireDatabase(database) }
      let store = try store(for: database)
      let lock = try lock(store, for: database, "prune")
      defer { lock.release() }
      guard let now = CivilTime(context.now()) else {
        throw Failure(.unexpected, "the clock cannot be read", next: "look at the system's time")
      }
      try progress(Progress("list"))
      // Read before the catalogue: a mark that is made meanwhile must not look like one without an archive.
      let noted = try SnapshotMarks(store).read()
      let catalogue = try store.catalogue()
      let own = catalogue.snapshots.filter { store.isOf(database, $0) }
      let protections = try protections(of: own, database, in: store, isDryRun: isDryRun)
      let (items, undated) = items(of: own, protections)
      try progress(Progress("prune"))
      let decision = try policy.decide(items, now: now)
      if work == nil, !decision.removed.isEmpty { try requireSound(database) }
      let records = Dictionary(
        zip(own.map(\.path), try self.records(own, in: store)),
        uniquingKeysWith: { first, _ in first }
      )
      var result = PruneResult(isDryRun: isDryRun, kept: [], removed: [])
      result.kept = decision.kept.compactMap { kept in
        records[kept.item.id].map { PruneResult.Kept(snapshot: $0, reasons: kept.reasons) }
      }
      result.kept += undated.compactMap { path in
        records[path].map {
          PruneResult.Kept(snapshot: $0, reasons: ["its time cannot be read"])
        }
      }
      let removed = Set(decision.removed.map(\.id))
      result.removed = decision.removed.compactMap { records[$0.id] }
      guard !isDryRun else { return result }
      for snapshot in own where removed.contains(snapshot.path) {
        try store.remove(snapshot)
        context.logger("xm_safe.prune").info(
          "Removed snapshot \(snapshot.manifest.id): \(snapshot.path.shownAsPath)"
        )
      }
      try SnapshotMarks(store).sweep(noted, sparing: catalogue)
      return result
    }
  }

  /// Refuses to remove snapshots of a database that is damaged: the newer ones, which would stay, may hold the damage, and
  /// an older one may be the last that is good.
  private func requireSound(_ database: String) throws {
    let damage: String?
    do {
      damage = try reading(database) { connection in
        // It may have been restored from an archive of somebody else's.
        let size = try connection.pragma("page_count") * connection.pragma("page_size")
        try connection.distrust(size: size)
        return try connection.quickCheck(limit: 1).first
      }
    } catch let error as UpgradeFailure {
      // Of a database that cannot be read no new snapshot can be taken either.
      guard let cause = error.cause as? SQLiteError, cause.code == .corrupt else { return }
      damage = cause.message
    }
    guard let damage else { return }
    throw Failure(
      .refused,
      "\(database.shownAsPath) is damaged (\(damage)), and its newer snapshots may hold the damage: none was removed",
      next:
        "'xm-safe verify --all --deep' tells which snapshots hold a sound database; 'xm-safe restore ID' puts one of them back"
    )
  }

  /// The snapshots as the policy sees them, and the paths of those whose time cannot be read.
  private func items(
    of snapshots: [Store.Snapshot],
    _ protections: [String: [Protection]]
  ) -> (items: [RetentionItem], undated: [String]) {
    var undated: [String] = []
    let items = snapshots.compactMap { snapshot -> RetentionItem? in
      guard let created = CivilTime(snapshot.manifest.created) else {
        undated.append(snapshot.path)
        return nil
      }
      return RetentionItem(
        id: snapshot.path,
        created: created,
        sequence: snapshot.manifest.sequence,
        protections: protections[snapshot.path] ?? []
      )
    }
    return (items, undated)
  }

  /// Why snapshots are kept whatever the policy says; what that rests on is read, so that nothing damaged stands for what
  /// is whole.
  private func protections(
    of snapshots: [Store.Snapshot],
    _ database: String,
    in store: Store,
    isDryRun: Bool
  ) throws -> [String: [Protection]] {
    let heads = currentHeads(of: database)
    var history = try SnapshotHistory(
      of: snapshots,
      in: store,
      undoTarget: undoTarget(in: snapshots, of: database, heads: heads),
      unsettled: try unsettled(database, in: store)
    )
    let ids = Dictionary(snapshots.map { ($0.path, $0.manifest.id) }) { first, _ in first }
    func isWhole(_ path: String) throws -> Bool {
      let id = ids[path] ?? ""
      guard let damage = try verified(path, id: id).damage else { return true }
      context.logger("xm_safe.prune").warning(
        "Snapshot \(id) stands for no other: \(damage.shownOnOneLine)"
      )
      if !isDryRun { try SnapshotMarks(store).note(id, isWhole: false, at: context.now()) }
      return false
    }
    try history.read({ Protection.needed(of: $0, currentHeads: heads) }, isWhole: isWhole)
    return Protection.protections(of: history.facts, currentHeads: heads)
  }

  /// The snapshots that the note of a killed run names.
  private func unsettled(_ database: String, in store: Store) throws -> [String] {
    do {
      if let work = try serverWork() {
        return [try ServerCrashJournal(store, key: work.key).read()?.snapshot].compactMap(\.self)
      }
      var journals = [CrashJournal(database, files: store.files)]
      // A database may have been renamed, and its note with it.
      for place in [FileSystem.directory(of: database), FileSystem.directory(of: store.path)] {
        do {
          journals += try CrashJournal.all(in: place, files: store.files)
        } catch let error as FileError where error.isNotPermitted {
          // What lies there by another name is not this user's to see.
          context.logger("xm_safe.prune").debug("\(error)")
        }
      }
      return try journals.flatMap { try $0.read()?.snapshots ?? [] }
    } catch let error as CrashJournal.Unreadable {
      throw Failure(
        .refused,
        "\(error), so that nobody knows which snapshots it needs: none was removed",
        next:
          "compare the database with a snapshot ('xm-safe diff latest'), then move that file away"
      )
    }
  }

  /// The revisions of the database; nil if it cannot be read, which proves nothing.
  private func currentHeads(of database: String) -> [String]? {
    do {
      if let work = try serverWork() { return try work.server.heads() }
      let table = try project.versionTable()
      return try reading(database) { try table.rows(in: $0) }
    } catch {
      return nil
    }
  }

  /// What `undo` would put back; of a database that cannot be read, what it would if that had other content.
  private func undoTarget(
    in snapshots: [Store.Snapshot],
    of database: String,
    heads: [String]?
  ) -> Store.Snapshot? {
    // The database is read whole only if it matters.
    guard snapshots.contains(where: { $0.manifest.reason == .preRestore }) else { return nil }
    var content = ""
    do {
      content =
        try serverWork().map { try $0.server.content(progress: progress).sha256 }
        ?? contentDigest(of: database)
    } catch {
      context.logger("xm_safe.prune").warning(
        "\(database.shownAsPath) cannot be read; what undo needs is told without it: \(String(describing: error).shownOnOneLine)"
      )
    }
    return UndoTarget.find(in: snapshots, contentSHA256: content, heads: heads ?? [])
  }
}
