internal import Archive

/// The snapshots of one database with what retention has to know of them: the one place where the facts are gathered.
package struct SnapshotHistory: Sendable {
  /// The facts, in the order of the snapshots; named by the archive's path.
  package private(set) var facts: [SnapshotFacts]

  /// Gathers what the archives say of themselves, and the pins; no archive is read whole yet.
  ///
  /// - Parameters:
  ///   - snapshots: The snapshots of one database.
  ///   - store: Their store.
  ///   - undoTarget: What `undo` would put back now; nil if that is nothing, or not known.
  ///   - unsettled: The ids that the note of a killed run names.
  /// - Throws: `FileError`.
  package init(
    of snapshots: [Store.Snapshot],
    in store: Store,
    undoTarget: Store.Snapshot? = nil,
    unsettled: [String] = []
  ) throws {
    let pinned = try SnapshotMarks(store).read().pinned
    facts = snapshots.map { snapshot in
      let manifest = snapshot.manifest
      return SnapshotFacts(
        id: snapshot.path,
        sequence: manifest.sequence,
        isPreUpgrade: manifest.reason.isBeforeMigration,
        undoesRestore: manifest.reason == .preRestore && snapshot.path == undoTarget?.path,
        settlesRun: unsettled.contains(manifest.id),
        heads: manifest.heads,
        target: manifest.target,
        isPinned: pinned.contains(manifest.id),
        condition: .unread
      )
    }
  }

  /// Reads archives until all those that a decision rests on have been read.
  ///
  /// What turns out to be damaged makes the decision rest on another one, which is read next.
  ///
  /// - Parameters:
  ///   - needed: The snapshots that the decision rests on, by what is known so far.
  ///   - isWhole: Reads one archive, by its path.
  /// - Throws: What `isWhole` throws.
  package mutating func read(
    _ needed: ([SnapshotFacts]) -> [SnapshotFacts],
    isWhole: (String) throws -> Bool
  ) rethrows {
    while let next = needed(facts).first(where: { $0.condition == .unread }),
      let index = facts.firstIndex(where: { $0.id == next.id })
    {
      facts[index].condition = try isWhole(next.id) ? .whole : .damaged
    }
  }
}
