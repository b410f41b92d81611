internal import DurableFiles
package import Snapshots

/// A command that was guarded by a run which was killed: nobody knows whether it got to its end, and somebody has to decide.
package enum UnsettledCommand {
  /// The note of such a run.
  ///
  /// - Parameter journal: The journal of the database; ask with the store's lock held.
  /// - Returns: The note; nil if there is none, or none that can be read.
  /// - Throws: `FileError`.
  package static func note(in journal: CrashJournal) throws -> CrashNote? {
    do {
      guard let note = try journal.read(), note.work == .command else { return nil }
      return note
    } catch is CrashJournal.Unreadable {
      return nil
    }
  }

  /// Refuses to change a database further that a command may have left half done: the snapshot from before a second change would
  /// be one of that.
  ///
  /// - Parameters:
  ///   - database: The absolute path of the database.
  ///   - store: The store; its lock is held.
  /// - Throws: `UpgradeFailure`; `FileError`.
  package static func refuse(_ database: String, in store: Store) throws {
    guard let note = try note(in: CrashJournal(store, database: database)) else { return }
    throw UpgradeFailure(
      .refused,
      "\(note.holder.shownOnOneLine) was killed while the command that it guarded was changing \(database.shownAsPath), and nobody has checked what came of it",
      state: UpgradeFailure.untouched,
      next: ways(note)
    )
  }

  /// What to do about it, as a clause.
  ///
  /// - Parameter note: The note of the run.
  /// - Returns: The commands.
  package static func ways(_ note: CrashNote) -> String {
    let id = (note.snapshot ?? "").shownOnOneLine
    return
      "'xm-safe restore \(id)' puts back what was before, and saves what is there now; 'xm-safe undo' after that brings this back, if it is to be kept"
  }
}
