internal import Archive
internal import DurableFiles
internal import Logging
internal import Snapshots

/// Keeps a restart loop of failing upgrades from filling the disk: the first snapshot of the series and the newest stay.
struct FailedAttempts {
  let request: UpgradeRequest

  /// Removes what the newest snapshot makes superfluous, after an upgrade that failed and was undone.
  ///
  /// The first one of the series that is whole is the good one, from before the first attempt; it stays, and so does what
  /// is pinned, and what is damaged.
  ///
  /// - Parameter newest: The snapshot of the attempt that has just failed.
  func thin(_ newest: Store.Snapshot) {
    let store = request.store
    do {
      let own = try store.catalogue().snapshots.filter { store.isOf(request.database, $0) }
      let heads = newest.manifest.heads
      var history = try SnapshotHistory(of: own, in: store)
      guard !OpenUpgrades(history.facts, currentHeads: heads).superseded.isEmpty else { return }
      // Only what is whole may stand for those that go.
      try history.read({ OpenUpgrades($0, currentHeads: heads).firstAttempts }, isWhole: isWhole)
      for superseded in OpenUpgrades(history.facts, currentHeads: heads).superseded {
        guard let snapshot = own.first(where: { $0.path == superseded.id }) else { continue }
        try remove(snapshot, sparing: newest)
      }
    } catch {
      // Too many snapshots are no reason to say anything else of the upgrade.
      request.logger("xm_safe.prune").warning(
        "Snapshots of earlier attempts stay: \(String(describing: error).shownOnOneLine)"
      )
    }
  }

  private func isWhole(_ path: String) throws -> Bool {
    let restorer = Restorer(
      busyTimeout: request.busyTimeout,
      files: request.store.files,
      progress: request.progress
    )
    do {
      _ = try restorer.verify(path)
      return true
    } catch let error as ArchiveError {
      request.logger("xm_safe.prune").warning(
        "The snapshot of an earlier attempt stands for no other: \(error.description.shownOnOneLine)"
      )
      return false
    }
  }

  private func remove(_ snapshot: Store.Snapshot, sparing newest: Store.Snapshot) throws {
    guard snapshot.path != newest.path else { return }
    // Only what can stand for it may let another one go.
    _ = try ArchiveReader(opening: newest.path, files: request.store.files)
    try request.store.remove(snapshot)
    request.logger("xm_safe.prune").info(
      "Removed the snapshot of an earlier attempt: \(snapshot.path.shownAsPath)"
    )
  }
}
