internal import AlembicScripts
internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
package import Revisions
package import Snapshots

/// What a downgrade cannot bring back, and the snapshot that can.
extension UpgradeRunner {
  /// Says before a downgrade runs that it makes nothing whole again.
  func sayWhatIsLost(_ plan: Plan, _ snapshot: Store.Snapshot?) {
    guard plan.direction == .downgrade else { return }
    let logger = request.logger("xm_safe.downgrade")
    logger.warning("\(UpgradeWork.warningOfDowngrades)")
    if let snapshot {
      logger.info("What it drops now is in snapshot \(snapshot.manifest.id)")
    }
    do {
      guard let earlier = try earlierSnapshot(of: plan) else { return }
      logger.info(
        "Snapshot \(earlier.manifest.id) is from before: --to-snapshot puts that back instead"
      )
    } catch {
      logger.warning(
        "Whether there is a snapshot from before cannot be told: \(String(describing: error).shownOnOneLine)"
      )
    }
  }

  /// The snapshot that was taken before what a downgrade takes back was applied.
  ///
  /// - Parameter plan: The downgrade.
  /// - Returns: The newest of this database that was saved before an upgrade, at the revisions that the downgrade leads to;
  ///   nil if there is none.
  /// - Throws: `FileError`.
  package func earlierSnapshot(of plan: Plan) throws -> Store.Snapshot? {
    try request.store.catalogue().snapshots.last { snapshot in
      let manifest = snapshot.manifest
      return request.store.isOf(request.database, snapshot) && manifest.reason == .preUpgrade
        && manifest.heads.sorted() == plan.rowsAfter && manifest.target != nil
        && request.scripts.graph.isLater(manifest.target ?? [], than: plan.rowsAfter)
    }
  }

  /// The plan for the database as it is, without doing anything, and whether or not the scripts are understood.
  ///
  /// - Returns: The plan.
  /// - Throws: `UpgradeFailure`, `RevisionError`.
  package func decide() throws -> Plan {
    guard let status = try FileStatus.ifPresent(request.database) else {
      guard request.work.mayCreate else { throw nothingThere }
      return try request.work.plan(request.scripts.graph, VersionTable.Content())
    }
    try DatabaseFile.check(status, path: request.database)
    return try request.work.plan(request.scripts.graph, try foreseenTable())
  }
}
