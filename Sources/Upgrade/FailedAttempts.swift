internal import Archive
internal import DurableFiles
internal import Logging
internal import Snapshots

/// Keeps a restart loop of failing upgrades from filling the disk: the first snapshot of the series and the newest stay.
struct FailedAttempts {
  let request: UpgradeRequest

  /// Removes what the newest snapshot makes superfluous, after an upgrade that failed and was undone.
  ///
  /// The first one of the series is the good one, from before the first attempt; it stays, and so does what is pinned.
  ///
  /// - Parameter newest: The snapshot of the attempt that has just failed.
  func thin(_ newest: Store.Snapshot) {
    let store = request.store
    do {
      let own = try store.catalogue().snapshots.filter { store.isOf(request.database, $0) }
      let pinned = try SnapshotMarks(store).pinned()
      let facts = own.map { snapshot in
        SnapshotFacts(
          id: snapshot.path,
          sequence: snapshot.manifest.sequence,
          isPreUpgrade: snapshot.manifest.reason == .preUpgrade,
          heads: snapshot.manifest.heads,
          target: snapshot.manifest.target,
          contentSHA256: snapshot.manifest.image.contentSHA256,
          isPinned: pinned.contains(snapshot.manifest.id),
          isVerified: snapshot.path == newest.path
        )
      }
      let open = OpenUpgrades(facts, currentHeads: newest.manifest.heads)
      let superseded = open.superseded
      guard !superseded.isEmpty else { return }
      // Only a first one that is whole may stand for those that go.
      let restorer = Restorer(
        busyTimeout: request.busyTimeout,
        files: store.files,
        progress: request.progress
      )
      for first in open.firstAttempts { _ = try restorer.verify(first.id) }
      for superseded in superseded {
        try remove(superseded.id, sparing: newest)
      }
    } catch {
      // Too many snapshots are no reason to say anything else of the upgrade.
      request.logger("xm_safe.prune").warning(
        "Snapshots of earlier attempts stay: \(String(describing: error).shownOnOneLine)"
      )
    }
  }

  private func remove(_ path: String, sparing newest: Store.Snapshot) throws {
    guard path != newest.path else { return }
    // Only what can stand for it may let another one go.
    _ = try ArchiveReader(opening: newest.path, files: request.store.files)
    try request.store.files.remove(path)
    try request.store.files.sync(directory: request.store.path)
    request.logger("xm_safe.prune").info(
      "Removed the snapshot of an earlier attempt: \(path.shownAsPath)"
    )
  }
}
