internal import Archive
internal import DurableFiles
internal import Snapshots

/// The commands that keep a snapshot whatever the policy says, or leave it to the policy again.
extension Safeguard {
  /// Pins a snapshot, or takes the pin away; doing it twice is harmless.
  ///
  /// - Parameters:
  ///   - reference: `latest`, the beginning of an id, or a path.
  ///   - isPinned: Whether it is to be kept.
  /// - Returns: The snapshot.
  /// - Throws: `Failure`.
  public func pin(_ reference: String, _ isPinned: Bool) throws(Failure) -> SnapshotRecord {
    try failing {
      let database = try databaseForStore()
      let store = try store(for: database)
      let snapshot = try find(reference, database, in: store)
      let id = snapshot.manifest.id
      // A pin beside other archives would pin nothing.
      guard try store.catalogue().snapshots.contains(where: { $0.manifest.id == id }) else {
        throw SnapshotError(
          .refused,
          "\(snapshot.path.shownAsPath) is not in the store \(store.path.shownAsPath), from which alone 'prune' removes",
          hint: "name its store with --store"
        )
      }
      try SnapshotMarks(store).setPinned(id, isPinned)
      return told(snapshot, in: store)
    }
  }
}
