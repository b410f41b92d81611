/// What retention has to know of one snapshot besides its time, to tell whether it is protected.
package struct SnapshotFacts: Hashable, Sendable {
  /// What names it uniquely for the caller, such as its path: a copied archive has the same id in its manifest.
  package var id: String
  /// Its place in the order in which the snapshots of its database were taken.
  package var sequence: Int64
  /// Whether it was taken before an upgrade.
  package var isPreUpgrade: Bool
  /// The heads of the database in it; their order does not matter.
  package var heads: [String]
  /// The heads that the upgrade was about to reach; nil for other reasons.
  package var target: [String]?
  /// The digest that is equal for equal content.
  package var contentSHA256: String
  /// Whether the user pinned it.
  package var isPinned: Bool
  /// Whether it is known to be whole.
  package var isVerified: Bool

  /// Makes a record of its parts.
  package init(
    id: String,
    sequence: Int64,
    isPreUpgrade: Bool,
    heads: [String],
    target: [String]?,
    contentSHA256: String,
    isPinned: Bool,
    isVerified: Bool
  ) {
    self.id = id
    self.sequence = sequence
    self.isPreUpgrade = isPreUpgrade
    self.heads = heads
    self.target = target
    self.contentSHA256 = contentSHA256
    self.isPinned = isPinned
    self.isVerified = isVerified
  }

  /// Whether the first snapshot was taken before the second.
  static func isOlder(_ left: Self, _ right: Self) -> Bool {
    (left.sequence, left.id) < (right.sequence, right.id)
  }
}
