/// What retention has to know of one snapshot besides its time, to tell whether it is protected.
package struct SnapshotFacts: Hashable, Sendable {
  /// What is known of the archive's bytes.
  package enum Condition: Hashable, Sendable {
    /// Nobody has looked yet.
    case unread
    /// Every byte was read and is as it was written.
    case whole
    /// It was read, and is not as it was written.
    case damaged
  }

  /// What names it uniquely for the caller, such as its path: a copied archive has the same id in its manifest.
  package var id: String
  /// Its place in the order in which the snapshots of its database were taken.
  package var sequence: Int64
  /// Whether it was taken before an upgrade.
  package var isPreUpgrade: Bool
  /// Whether it was taken before a restore and is what `undo` would put back now.
  package var undoesRestore: Bool
  /// Whether the note of a run that was killed names it, and nobody has decided yet.
  package var settlesRun: Bool
  /// The heads of the database in it; their order does not matter.
  package var heads: [String]
  /// The heads that the upgrade was about to reach; nil for other reasons.
  package var target: [String]?
  /// Whether the user pinned it.
  package var isPinned: Bool
  /// What is known of its bytes.
  package var condition: Condition

  /// Makes a record of its parts.
  package init(
    id: String,
    sequence: Int64,
    isPreUpgrade: Bool,
    undoesRestore: Bool = false,
    settlesRun: Bool = false,
    heads: [String],
    target: [String]?,
    isPinned: Bool,
    condition: Condition
  ) {
    self.id = id
    self.sequence = sequence
    self.isPreUpgrade = isPreUpgrade
    self.undoesRestore = undoesRestore
    self.settlesRun = settlesRun
    self.heads = heads
    self.target = target
    self.isPinned = isPinned
    self.condition = condition
  }

  /// Whether the first snapshot was taken before the second.
  static func isOlder(_ left: Self, _ right: Self) -> Bool {
    (left.sequence, left.id) < (right.sequence, right.id)
  }
}
