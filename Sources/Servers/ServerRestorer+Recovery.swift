internal import Archive
internal import DatabaseURLs
internal import DurableFiles
package import Snapshots
internal import Stopping

/// What comes after a run without a transaction, or with a command, that was killed.
extension ServerRestorer {
  /// What was found.
  package enum Recovery: Sendable {
    /// There was none.
    case nothing
    /// It had not changed anything, or not any more.
    case before(ServerCrashNote)
    /// It was rolled back by the server, and others have written since.
    case rolledBack(ServerCrashNote)
    /// It had come to its end.
    case after(ServerCrashNote)
    /// It was in the middle: its snapshot was put back, with this to be said of it, and this one holds what it had left.
    case restored(ServerCrashNote, left: Store.Snapshot?, remark: String?)
    /// Somebody has to decide: it guarded a command of which nobody knows whether it came to its end, or its snapshot could not be
    /// put back, for this reason.
    case undecided(ServerCrashNote, obstacle: String?)
  }

  /// Undoes what an upgrade without a transaction has left that was killed, and finishes a restore; ask with the lock held.
  ///
  /// What a command has left whose guardian was killed stays, with its note; so does all of which the snapshot is not there any more
  /// or cannot be put back.
  ///
  /// - Parameter save: Saves what is there now.
  /// - Returns: What was found.
  /// - Throws: `CrashJournal.Unreadable`; `ServerError` if the server cannot be asked; `FileError`; it can be tried again.
  package func recover(
    saving save: @escaping () throws -> ServerSnapshotTaker.Taken
  ) throws -> Recovery {
    let key = server.client.address.identity
    let journal = ServerCrashJournal(store, key: key)
    guard let note = try journal.read() else { return .nothing }
    if let session = note.session {
      do { try server.end(session: session) } catch  where Self.isObstacle(error) {
        // What is still at work there may change what is found.
        return .undecided(note, obstacle: String(describing: error))
      }
    }
    let content = try server.content(progress: progress)
    let snapshot: Store.Snapshot
    do {
      snapshot = try store.find(note.snapshot, database: key)
    } catch  where error is SnapshotError || error is ArchiveError {
      if let end = try ended(note, content, journal) { return end }
      return .undecided(note, obstacle: String(describing: error))
    }
    if content.isSaid(by: snapshot.manifest.image) {
      try journal.clear()
      return note.isRestore ? .after(note) : .before(note)
    }
    guard note.guardian == nil else { return .undecided(note, obstacle: nil) }
    if let end = try ended(note, content, journal) { return end }
    if let doubt = note.doubt { return .undecided(note, obstacle: doubt) }
    do {
      let reader = try verify(snapshot.path)
      if let others = try writings(since: note, content, reader) {
        return .undecided(
          note,
          obstacle:
            "other programs have written to \(others) since, and what they wrote must not be lost"
        )
      }
      let outcome = try StopSwitch.shielded {
        try restore(reader, ifStill: content, saving: save)
      }
      return .restored(note, left: outcome.before, remark: outcome.remark)
    } catch is WrittenSince {
      return .undecided(
        note,
        obstacle: "other programs write to it, and what they write must not be lost"
      )
    } catch  where Self.isObstacle(error) {
      return .undecided(note, obstacle: String(describing: error))
    }
  }

  /// What others have written since a run was killed, as far as it can be told from what that run has left.
  ///
  /// - Returns: The tables, or the database; nil for nothing.
  private func writings(
    since note: ServerCrashNote,
    _ content: ServerContent,
    _ reader: ArchiveReader
  ) throws -> String? {
    if note.isRestore || note.saved != nil {
      // All tables are moved in one statement: the rows are those that were there, or those of the snapshot.
      guard let saved = note.saved, content.rowsSHA256 != saved,
        try content.rowLines != server.trial(of: reader, progress: progress).rowLines
      else { return nil }
      return "it"
    }
    guard let words = note.touched else { return nil }
    let foreign = try content.foreignTables(
      since: server.trial(of: reader, progress: progress),
      touched: words,
      server.references()
    )
    return foreign.isEmpty ? nil : foreign.prefix(3).joined(separator: ", ")
  }

  /// Whether an upgrade had come to its end: its version rows are the last that it wrote.
  private func ended(
    _ note: ServerCrashNote,
    _ content: ServerContent,
    _ journal: ServerCrashJournal
  ) throws -> Recovery? {
    guard note.guardian == nil, !note.isRestore else { return nil }
    let isAfter = content.heads == note.after.sorted()
    guard isAfter || note.isTransactional == true else { return nil }
    try journal.clear()
    return isAfter ? .after(note) : .rolledBack(note)
  }

  /// Whether a snapshot cannot be put back although the server answers; the database is then as the killed run has left it.
  private static func isObstacle(_ error: any Error) -> Bool {
    guard let error = error as? ServerError else {
      return error is ArchiveError || error is SnapshotError || error is FileError
    }
    return [.refused, .failed, .program, .locked].contains(error.code)
  }
}
