internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import SQLite
internal import Snapshots

/// The commands that decide what is kept: prune, pin and unpin.
extension Safeguard {
  /// Removes the snapshots of the database that a policy does not keep.
  ///
  /// Never removed: pinned ones, the newest that is whole, the one before an upgrade that has not succeeded yet.
  ///
  /// - Parameters:
  ///   - rules: What to keep.
  ///   - isDryRun: Whether only to say what would happen.
  /// - Returns: What was kept and why, and what was removed.
  /// - Throws: `Failure`.
  public func prune(_ rules: RetentionRules, isDryRun: Bool = false) throws(Failure) -> PruneResult
  {
    try failing {
      let database = try project.database()
      let store = try project.store(for: database)
      let policy = try rules.policy()
      try policy.validate()
      let lock = try store.lock(for: database, holder: holder("prune"))
      defer { lock.release() }
      guard let now = CivilTime(context.now()) else {
        throw Failure(.unexpected, "the clock cannot be read", next: "look at the system's time")
      }
      try progress(Progress("list"))
      let catalogue = try store.catalogue()
      let own = catalogue.snapshots.filter { store.isOf(database, $0) }
      let facts = try facts(of: own, in: store)
      let protections = Protection.protections(
        of: facts,
        currentHeads: try currentHeads(of: database)
      )
      var undated: [Store.Snapshot] = []
      let items = own.compactMap { snapshot -> RetentionItem? in
        guard let created = CivilTime(snapshot.manifest.created) else {
          undated.append(snapshot)
          return nil
        }
        return RetentionItem(
          id: snapshot.path,
          created: created,
          sequence: snapshot.manifest.sequence,
          protections: protections[snapshot.path] ?? []
        )
      }
      try progress(Progress("prune"))
      let decision = try policy.decide(items, now: now)
      let byPath = Dictionary(own.map { ($0.path, $0) }) { first, _ in first }
      var result = PruneResult(isDryRun: isDryRun, kept: [], removed: [])
      for kept in decision.kept {
        guard let snapshot = byPath[kept.item.id] else { continue }
        result.kept.append(
          PruneResult.Kept(snapshot: try record(snapshot, in: store), reasons: kept.reasons)
        )
      }
      for snapshot in undated {
        result.kept.append(
          PruneResult.Kept(
            snapshot: try record(snapshot, in: store),
            reasons: ["its time cannot be read"]
          )
        )
      }
      for item in decision.removed {
        guard let snapshot = byPath[item.id] else { continue }
        result.removed.append(try record(snapshot, in: store))
        if !isDryRun { try remove(snapshot, from: store) }
      }
      return result
    }
  }

  /// Keeps a snapshot whatever the policy says, or leaves it to the policy again.
  ///
  /// - Parameters:
  ///   - reference: `latest`, the beginning of an id, or a path.
  ///   - isPinned: Whether it is to be kept.
  /// - Returns: The snapshot.
  /// - Throws: `Failure`.
  public func pin(_ reference: String, _ isPinned: Bool) throws(Failure) -> SnapshotRecord {
    try failing {
      let database = try databaseForStore()
      let store = try project.store(for: database)
      let snapshot = try find(reference, database, in: store)
      try SnapshotMarks(store).setPinned(snapshot.manifest.id, isPinned)
      return try record(snapshot, in: store)
    }
  }

  /// The archive goes first: a mark without an archive is harmless, an archive without its pin is not.
  private func remove(_ snapshot: Store.Snapshot, from store: Store) throws {
    try store.files.remove(snapshot.path)
    try store.files.sync(directory: store.path)
    try SnapshotMarks(store).forget(snapshot.manifest.id)
    context.logger("xm_safe.prune").info(
      "Removed snapshot \(snapshot.manifest.id): \(snapshot.path.shownAsPath)"
    )
  }

  /// Facts for the protections; the newest snapshots are read until one is whole, so that a damaged one never counts as it.
  private func facts(of snapshots: [Store.Snapshot], in store: Store) throws -> [SnapshotFacts] {
    let pinned = try SnapshotMarks(store).pinned()
    var hasWhole = false
    var facts: [SnapshotFacts] = []
    for snapshot in snapshots.reversed() {
      var isWhole = false
      if !hasWhole {
        isWhole = try verified(snapshot.path, id: snapshot.manifest.id).damage == nil
        hasWhole = isWhole
      }
      facts.append(
        SnapshotFacts(
          id: snapshot.path,
          sequence: snapshot.manifest.sequence,
          isPreUpgrade: snapshot.manifest.reason == .preUpgrade,
          heads: snapshot.manifest.heads,
          target: snapshot.manifest.target,
          contentSHA256: snapshot.manifest.image.contentSHA256,
          isPinned: pinned.contains(snapshot.manifest.id),
          isVerified: isWhole
        )
      )
    }
    return facts.reversed()
  }

  /// The revisions of the database; nil if it cannot be read, which proves nothing.
  private func currentHeads(of database: String) throws -> [String]? {
    guard try FileStatus.ifPresent(database)?.kind == .file else { return nil }
    let table = try project.versionTable()
    do {
      return try reading(database) { try table.rows(in: $0) }
    } catch {
      return nil
    }
  }
}
