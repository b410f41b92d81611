internal import Archive
internal import DurableFiles
package import Logging
package import Snapshots

/// Keeps a restart loop of failing upgrades from filling the disk: of the snapshots of one content one is enough.
package struct FailedAttempts {
  private let database: String
  private let store: Store
  private let busyTimeout: Duration
  private let logger: Logger
  private let progress: ProgressReport

  /// Prepares to look through the snapshots of a database.
  ///
  /// - Parameters:
  ///   - database: The absolute path of the database.
  ///   - store: Where they are.
  ///   - busyTimeout: How long to wait for the locks of others.
  ///   - logger: Told what goes.
  ///   - progress: Told how far the reading is.
  package init(
    database: String,
    store: Store,
    busyTimeout: Duration,
    logger: Logger,
    progress: @escaping ProgressReport
  ) {
    self.database = database
    self.store = store
    self.busyTimeout = busyTimeout
    self.logger = logger
    self.progress = progress
  }

  /// Those of an upgrade.
  init(request: UpgradeRequest) {
    self.init(
      database: request.database,
      store: request.store,
      busyTimeout: request.busyTimeout,
      logger: request.logger("xm_safe.prune"),
      progress: request.progress
    )
  }

  /// Removes what the newest snapshot makes superfluous, after an upgrade that failed and was undone.
  ///
  /// Only what has the content of one that stays goes: what was written between two attempts may be nowhere else.
  /// The first one of the series that is whole is the good one, from before the first attempt; it stays, and so does what
  /// is pinned, and what is damaged.
  ///
  /// - Parameter newest: The snapshot of the attempt that has just failed.
  package func thin(_ newest: Store.Snapshot) {
    do {
      let own = try store.catalogue().snapshots.filter { store.isOf(database, $0) }
      let heads = newest.manifest.heads
      var history = try SnapshotHistory(of: own, in: store)
      guard !OpenUpgrades(history.facts, currentHeads: heads).superseded.isEmpty else { return }
      // Only what is whole may stand for those that go.
      try history.read({ OpenUpgrades($0, currentHeads: heads).firstAttempts }, isWhole: isWhole)
      let upgrades = OpenUpgrades(history.facts, currentHeads: heads)
      let staying = Set(
        upgrades.firstAttempts.filter { $0.condition == .whole }.map(\.id) + [newest.path]
      )
      let contents = Set(
        own.filter { staying.contains($0.path) }.map { Self.digests($0.manifest.image) }
      )
      for superseded in upgrades.superseded where !staying.contains(superseded.id) {
        guard let snapshot = own.first(where: { $0.path == superseded.id }),
          contents.contains(Self.digests(snapshot.manifest.image))
        else { continue }
        try remove(snapshot, sparing: newest)
      }
    } catch {
      // Too many snapshots are no reason to say anything else of the upgrade.
      logger.warning(
        "Snapshots of earlier attempts stay: \(String(describing: error).shownOnOneLine)"
      )
    }
  }

  private func isWhole(_ path: String) throws -> Bool {
    let restorer = Restorer(
      busyTimeout: busyTimeout,
      files: store.files,
      progress: progress
    )
    do {
      _ = try restorer.verify(path)
      return true
    } catch let error as ArchiveError {
      logger.warning(
        "The snapshot of an earlier attempt stands for no other: \(error.description.shownOnOneLine)"
      )
      return false
    }
  }

  private func remove(_ snapshot: Store.Snapshot, sparing newest: Store.Snapshot) throws {
    guard snapshot.path != newest.path else { return }
    // Only what can stand for it may let another one go.
    _ = try ArchiveReader(opening: newest.path, files: store.files)
    try store.remove(snapshot)
    logger.info(
      "Removed the snapshot of an earlier attempt: \(snapshot.path.shownAsPath)"
    )
  }

  /// What tells two contents apart: one may differ in how its objects are defined alone.
  private static func digests(_ image: Manifest.Image) -> [String?] {
    [image.contentSHA256, image.definitionsSHA256]
  }
}
