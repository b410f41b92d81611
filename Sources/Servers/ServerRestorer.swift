package import Archive
internal import DatabaseURLs
internal import DurableFiles
package import Snapshots
internal import Stopping

/// Puts snapshots back into a server's database, and tries them in a database of their own.
package struct ServerRestorer {
  private let server: any DatabaseServer
  private let store: Store
  private let progress: ProgressReport

  /// Makes a restorer.
  ///
  /// - Parameters:
  ///   - server: The database.
  ///   - store: Where its snapshots are.
  ///   - progress: Told how far it is.
  package init(
    _ server: any DatabaseServer,
    store: Store,
    progress: @escaping ProgressReport
  ) {
    self.server = server
    self.store = store
    self.progress = progress
  }

  /// Reads every byte of an archive and compares it with what it must be.
  ///
  /// - Parameter path: The archive.
  /// - Returns: The reader of the verified archive.
  /// - Throws: `ArchiveError` if it is damaged; `SnapshotError` if it is one of another kind of database; `FileError`.
  package func verify(_ path: String) throws -> ArchiveReader {
    let reader = try ArchiveReader(opening: path, files: store.files)
    let manifest = reader.manifest
    let dialect = manifest.database.dialect
    // MariaDB reads MySQL's dumps, and MySQL MariaDB's, as far as their versions allow.
    let isSame = (dialect == .postgresql) == (server.client.address.dialect == .postgresql)
    guard dialect != .sqlite, isSame else {
      throw SnapshotError(
        .refused,
        "snapshot \(manifest.id) holds a \(dialect.rawValue) database, \(manifest.database.path.shownOnOneLine), and cannot be restored into \(server.client.shown)",
        hint: "'xm-safe list' shows what there is"
      )
    }
    let total = manifest.image.size
    try reader.verify { try progress(Progress("verify", done: $0, total: total)) }
    return reader
  }

  /// Restores a snapshot into a database of its own, compares that with the manifest, and drops it.
  ///
  /// - Parameter reader: The archive, as `verify` returned it.
  /// - Returns: What is wrong, as a clause; nil if nothing is.
  /// - Throws: `ServerError`, `ProcessError`, `FileError`, `Stopped`.
  package func check(_ reader: ArchiveReader) throws -> String? {
    let content: ServerContent
    do {
      content = try server.trial(of: reader, progress: progress)
    } catch let error as ServerError where error.code == .failed {
      return "it cannot be restored: \(error.message)"
    }
    let manifest = reader.manifest
    guard content.rowCounts == manifest.rowCounts else {
      return "its tables do not have the rows that its manifest says"
    }
    guard content.heads == manifest.heads else {
      return "its version table does not say what its manifest says"
    }
    guard content.sha256 == manifest.image.contentSHA256 else {
      return "its content is not what its manifest says"
    }
    return nil
  }

  /// Replaces the database's content by that of a snapshot, after saving what is there; whatever others write meanwhile is saved.
  ///
  /// - Parameters:
  ///   - reader: The archive, as `verify` returned it.
  ///   - save: Saves what is there now; called again each time that others have written since. Nil where that is not needed.
  /// - Returns: The last snapshot of what was there.
  /// - Throws: `ServerError`, `ProcessError`, `FileError`, `Stopped`, with the database as it was.
  package func restore(
    _ reader: ArchiveReader,
    saving save: (() throws -> ServerSnapshotTaker.Taken)?
  ) throws -> Store.Snapshot? {
    let journal = ServerCrashJournal(store, key: server.client.address.identity)
    // That of a command has waited for somebody to decide, which a restore does.
    let undecided = try journal.read().flatMap { $0.guardian == nil ? nil : $0 }
    func settle(_ isRestored: Bool) throws {
      guard let note = try journal.read(), note.isRestore || note.guardian != nil else { return }
      if !isRestored, let undecided { try journal.write(undecided) } else { try journal.clear() }
    }
    for _ in 1...5 {
      let saved = try save?()
      // What a kill leaves of a restore without a transaction, the next run finishes.
      if !server.isTransactional, try journal.read().map({ $0.guardian != nil }) ?? true {
        try journal.write(ServerCrashNote(snapshot: reader.manifest.id, before: [], after: []))
      }
      let outcome: ServerRestore
      do {
        outcome = try server.restore(reader, replacing: saved?.content, progress: progress)
      } catch let error as ServerError where error.code == .notAsRestored {
        throw error
      } catch let first {
        // A note that stays is looked at by the next command; the first error is the one to tell.
        do { try settle(false) } catch { throw first }
        throw first
      }
      try settle(outcome == .done)
      if outcome == .done { return saved?.snapshot }
    }
    throw ServerError(
      .locked,
      "other programs keep writing to \(server.client.shown), and what they write must not be lost",
      hint: "stop them, then run the same command again"
    )
  }

  // MARK: - After a kill

  /// What was found after a run without a transaction that was killed.
  package enum Recovery: Hashable, Sendable {
    /// There was none.
    case nothing
    /// It had not changed anything, or not any more.
    case before
    /// It had come to its end.
    case after
    /// It was in the middle: this snapshot was put back.
    case restored(String)
    /// It guarded a command of which nobody knows whether it came to its end: somebody has to decide.
    case undecided(ServerCrashNote)
  }

  /// Undoes what an upgrade without a transaction has left that was killed, and finishes a restore; ask with the lock held.
  ///
  /// What a command has left whose guardian was killed stays, with its note.
  ///
  /// - Parameter save: Saves what is there now.
  /// - Returns: What was found.
  /// - Throws: `ServerError`, `FileError`, `ArchiveError`; it can be tried again.
  package func recover(
    saving save: @escaping () throws -> ServerSnapshotTaker.Taken
  ) throws -> Recovery {
    let key = server.client.address.identity
    let journal = ServerCrashJournal(store, key: key)
    guard let note = try journal.read() else { return .nothing }
    let content = try server.content(progress: progress)
    let snapshot = try store.find(note.snapshot, database: key)
    var outcome = Recovery.before
    if note.guardian != nil, content.sha256 != snapshot.manifest.image.contentSHA256 {
      return .undecided(note)
    }
    if content.sha256 == snapshot.manifest.image.contentSHA256 {
      outcome = note.isRestore ? .after : .before
    } else if !note.isRestore, content.heads == note.after.sorted() {
      outcome = .after
    } else {
      _ = try StopSwitch.shielded { try restore(try verify(snapshot.path), saving: save) }
      outcome = .restored(note.snapshot)
    }
    try journal.clear()
    return outcome
  }
}
