internal import Archive

/// What `undo` puts back: the newest content that was saved before an upgrade or a restore and differs from the present one.
package enum UndoTarget {
  /// Finds it.
  ///
  /// - Parameters:
  ///   - snapshots: The snapshots of one database, oldest first.
  ///   - contentSHA256: The digest of the database's content now.
  ///   - definitionsSHA256: The digest of how its objects are defined; nil where the other one has that.
  ///   - heads: The rows of its version table now.
  /// - Returns: The snapshot; nil if nothing is to be undone.
  package static func find(
    in snapshots: [Store.Snapshot],
    contentSHA256: String,
    definitionsSHA256: String? = nil,
    heads: [String]
  ) -> Store.Snapshot? {
    snapshots.last { snapshot in
      let manifest = snapshot.manifest
      if manifest.image.contentSHA256 == contentSHA256 {
        // One of an earlier version does not say how the objects are defined.
        guard let definitionsSHA256, let saved = manifest.image.definitionsSHA256,
          saved != definitionsSHA256
        else { return false }
      }
      switch manifest.reason {
      case .preRestore:
        // What a failed run had left nobody has ordered: it is brought back only as long as nothing else has happened since.
        return manifest.target == nil
          || snapshots.contains {
            $0.manifest.sequence < manifest.sequence
              && $0.manifest.image.contentSHA256 == contentSHA256
          }
      // One that left the revision where it was has failed, and was undone then.
      case .preUpgrade, .preDowngrade, .preStamp: return manifest.heads != heads
      case .scheduled, .manual: return false
      }
    }
  }
}
