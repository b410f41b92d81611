package import DurableFiles
package import Snapshots

/// A run that was killed and has left what nobody has decided about: a guarded command of which nobody knows whether it got to its
/// end, or a wreck whose snapshot could not be put back.
package enum UnsettledRun {
  /// The note of such a run.
  ///
  /// - Parameter journal: The journal of the database; ask with the store's lock held.
  /// - Returns: The note; nil if there is none, or none that can be read.
  /// - Throws: `FileError`.
  package static func note(in journal: CrashJournal) throws -> CrashNote? {
    do {
      guard let note = try journal.read(), note.isUnsettled else { return nil }
      return note
    } catch is CrashJournal.Unreadable {
      return nil
    }
  }

  /// Refuses to change, or to vouch for, a database that may be half done: the snapshot from before a second change would be one of
  /// that.
  ///
  /// - Parameters:
  ///   - database: The absolute path of the database.
  ///   - files: The file system to use.
  /// - Throws: `UpgradeFailure`; `FileError`.
  package static func refuse(_ database: String, files: FileSystem) throws {
    let journal = CrashJournal(database, files: files)
    do { _ = try journal.read() } catch let error as CrashJournal.Unreadable {
      throw UpgradeFailure(
        .refused,
        "\(error), so that nobody knows what that run has left",
        state: UpgradeFailure.untouched,
        next: "compare the database with a snapshot ('xm-safe diff latest'), then remove that file"
      )
    }
    guard let note = try note(in: journal) else { return }
    let open = note.isUnsettledByItself ? note : note.unsettled.first ?? note
    throw UpgradeFailure(
      .refused,
      "\(open.holder.shownOnOneLine) was killed \(Self.what(open, database)), and nobody has decided about what it has left",
      state: UpgradeFailure.untouched,
      next: ways(open)
    )
  }

  /// The same for who does not hold the lock: a run that still goes on is none that was killed.
  ///
  /// - Parameters:
  ///   - database: The absolute path of the database.
  ///   - store: The store of this command.
  /// - Throws: `UpgradeFailure`; `FileError`.
  package static func refuseUnlocked(_ database: String, in store: Store) throws {
    if let note = try note(in: CrashJournal(database, files: store.files)),
      try isGoingOn(note, database, in: store)
    {
      return
    }
    try refuse(database, files: store.files)
  }

  /// Whether the run with this note still holds its lock.
  ///
  /// - Parameters:
  ///   - note: The note.
  ///   - database: The absolute path of the database.
  ///   - store: The store of this command, for a note whose store is not there any more.
  /// - Returns: Whether it does.
  /// - Throws: `FileError`.
  package static func isGoingOn(
    _ note: CrashNote,
    _ database: String,
    in store: Store
  ) throws -> Bool {
    let isThere = try FileStatus.ifPresent(note.store)?.kind == .directory
    let place = isThere ? Store(path: note.store, files: store.files) : store
    do {
      try place.lock(for: database, holder: "xm-safe").release()
      return false
    } catch is KernelLock.Held {
      return true
    }
  }

  private static func what(_ note: CrashNote, _ database: String) -> String {
    note.phase == .restoring
      ? "before snapshot \((note.snapshot ?? "").shownOnOneLine) was back in \(database.shownAsPath)"
      : "while the command that it guarded was changing \(database.shownAsPath)"
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
