internal import Archive
internal import DurableFiles
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
  ///   - store: The store of this command, whose lock it holds.
  /// - Throws: `UpgradeFailure`; `KernelLock.Held` if a run with another store goes on; `FileError`.
  package static func refuse(_ database: String, in store: Store) throws {
    try refuseUnreadable(database, in: store)
    try refuseOtherStore(database, than: store)
    guard let note = try note(in: CrashJournal(database, files: store.files)) else { return }
    let open = note.isUnsettledByItself ? note : note.unsettled.first ?? note
    throw refusal(
      "\(open.holder.shownOnOneLine) \(Self.what(open, database))",
      ways(open, database, in: store)
    )
  }

  /// Refuses what would take away a note that nobody can read.
  ///
  /// - Parameters:
  ///   - database: The absolute path of the database.
  ///   - store: The store of this command.
  /// - Throws: `UpgradeFailure`; `FileError`.
  package static func refuseUnreadable(_ database: String, in store: Store) throws {
    let journal = CrashJournal(database, files: store.files)
    do { _ = try journal.read() } catch let error as CrashJournal.Unreadable {
      throw refusal(error)
    }
  }

  /// The refusal where nobody has decided about what a run has left.
  ///
  /// - Parameters:
  ///   - event: What has become of the run, as a sentence.
  ///   - ways: What to do about it.
  /// - Returns: What to throw.
  package static func refusal(_ event: String, _ ways: String) -> UpgradeFailure {
    UpgradeFailure(
      .refused,
      "\(event), and nobody has decided about what it has left",
      state: UpgradeFailure.untouched,
      next: ways
    )
  }

  /// The refusal where the note of a run cannot be read.
  ///
  /// - Parameter error: Says which file it is.
  /// - Returns: What to throw.
  package static func refusal(_ error: CrashJournal.Unreadable) -> UpgradeFailure {
    UpgradeFailure(
      .refused,
      "\(error), so that nobody knows what that run has left",
      state: UpgradeFailure.untouched,
      next: waysOfUnreadable
    )
  }

  /// What to do about a note that cannot be read, as a clause.
  package static let waysOfUnreadable =
    "compare the database with a snapshot ('xm-safe diff latest'), then move that file away, and run the same command again"

  /// Refuses to work beside a run that has another store, and so another lock.
  ///
  /// - Parameters:
  ///   - database: The absolute path of the database.
  ///   - store: The store of this command, whose lock it holds.
  /// - Throws: `KernelLock.Held`; `CrashJournal.Unreadable`; `FileError`.
  package static func refuseOtherStore(_ database: String, than store: Store) throws {
    let note = try CrashJournal(database, files: store.files).read()
    guard let path = note?.store, path != store.path,
      try FileStatus.ifPresent(path)?.kind == .directory
    else { return }
    try Store(path: path, files: store.files).lock(for: database, holder: "xm-safe").release()
  }

  /// The same as `refuse` for who does not hold the lock: a run that still goes on is none that was killed.
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
    do { try refuse(database, in: store) } catch is KernelLock.Held { return }
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
    do {
      try place(of: note, else: store).lock(for: database, holder: "xm-safe").release()
      return false
    } catch is KernelLock.Held {
      return true
    }
  }

  /// The store of a note, or another one where that is not there any more.
  private static func place(of note: CrashNote, else store: Store) throws -> Store {
    guard try FileStatus.ifPresent(note.store)?.kind == .directory else { return store }
    return Store(path: note.store, files: store.files)
  }

  private static func what(_ note: CrashNote, _ database: String) -> String {
    note.phase == .restoring
      ? "could not put snapshot \((note.snapshot ?? "").shownOnOneLine) back into \(database.shownAsPath), or was killed before"
      : "was killed while the command that it guarded was changing \(database.shownAsPath)"
  }

  /// What to do about it, as a clause.
  ///
  /// - Parameters:
  ///   - note: The note of the run.
  ///   - database: The absolute path of the database.
  ///   - store: The store of this command.
  /// - Returns: The commands.
  package static func ways(_ note: CrashNote, _ database: String, in store: Store) -> String {
    let id = (note.snapshot ?? "").shownOnOneLine
    guard hasSnapshot(note, in: store) else {
      return
        "its snapshot \(id) is gone: 'xm-safe list' shows what else 'xm-safe restore' can put back; 'xm-safe snapshot' and then 'xm-safe restore latest' keep what is there now"
    }
    guard isThere(database) else { return "'xm-safe restore \(id)' puts back what was before" }
    return ways(restoring: id)
  }

  /// The same, where what holds what was before is there, and so is the database.
  ///
  /// - Parameter snapshot: The id of the snapshot.
  /// - Returns: The commands.
  package static func ways(restoring snapshot: String) -> String {
    "'xm-safe restore \(snapshot.shownOnOneLine)' puts back what was before, and saves what is there now; 'xm-safe undo' after that brings this back, if it is to be kept"
  }

  /// Whether there is a file; where that cannot be told, one is taken to be there.
  private static func isThere(_ database: String) -> Bool {
    do { return try FileStatus.ifPresent(database) != nil } catch { return true }
  }

  /// Whether the snapshot from before is still there; where that cannot be told, it is taken to be.
  ///
  /// - Parameters:
  ///   - note: The note of the run.
  ///   - store: The store of this command.
  /// - Returns: Whether it is.
  package static func hasSnapshot(_ note: CrashNote, in store: Store) -> Bool {
    do {
      return try place(of: note, else: store).catalogue().snapshots
        .contains { $0.manifest.id == note.snapshot }
    } catch {
      return true
    }
  }
}
