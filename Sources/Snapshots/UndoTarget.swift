internal import Archive

/// What `undo` puts back: the newest content that was saved before an upgrade or a restore and differs from the present one.
package enum UndoTarget {
  /// Finds it.
  ///
  /// - Parameters:
  ///   - snapshots: The snapshots of one database, oldest first.
  ///   - contentSHA256: The digest of the database's content now.
  ///   - heads: The rows of its version table now.
  /// - Returns: The snapshot; nil if nothing is to be undone.
  package static func find(
    in snapshots: [Store.Snapshot],
    contentSHA256: String,
    heads: [String]
  ) -> Store.Snapshot? {
    snapshots.last { snapshot in
      let manifest = snapshot.manifest
      guard manifest.image.contentSHA256 != contentSHA256 else { return false }
      switch manifest.reason {
      case .preRestore: return true
      // One that left the revision where it was has failed, and was undone then.
      case .preUpgrade, .preDowngrade, .preStamp: return manifest.heads != heads
      case .scheduled, .manual: return false
      }
    }
  }
}
