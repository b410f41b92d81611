import Snapshots

extension SnapshotFacts {
  /// A snapshot `name` as number `sequence`: a try to go from `heads` to `target`, or one for another reason.
  static func snapshot(
    _ name: String,
    _ sequence: Int64,
    _ heads: [String],
    to target: [String]? = nil,
    isPinned: Bool = false,
    condition: Condition = .unread,
    undoesRestore: Bool = false,
    settlesRun: Bool = false
  ) -> Self {
    Self(
      id: name,
      sequence: sequence,
      isPreUpgrade: target != nil,
      undoesRestore: undoesRestore,
      settlesRun: settlesRun,
      heads: heads,
      target: target,
      isPinned: isPinned,
      condition: condition
    )
  }
}
