import Snapshots

extension SnapshotFacts {
  /// A snapshot `name` as number `sequence`: a try to go from `heads` to `target`, or one for another reason.
  static func snapshot(
    _ name: String,
    _ sequence: Int64,
    _ heads: [String],
    to target: [String]? = nil,
    content: String = "same",
    isPinned: Bool = false,
    isVerified: Bool = false
  ) -> Self {
    Self(
      id: name,
      sequence: sequence,
      isPreUpgrade: target != nil,
      heads: heads,
      target: target,
      contentSHA256: content,
      isPinned: isPinned,
      isVerified: isVerified
    )
  }
}
