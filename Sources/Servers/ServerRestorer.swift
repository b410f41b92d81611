package import Archive
internal import DatabaseURLs
internal import DurableFiles
package import Snapshots

/// Puts snapshots back into a server's database, and tries them in a database of their own.
package struct ServerRestorer {
  let server: any DatabaseServer
  let store: Store
  let progress: ProgressReport
  private let notice: (String) -> Void

  /// Makes a restorer.
  ///
  /// - Parameters:
  ///   - server: The database.
  ///   - store: Where its snapshots are.
  ///   - progress: Told how far it is.
  ///   - notice: Told, in a sentence, what has not worked beside what has.
  package init(
    _ server: any DatabaseServer,
    store: Store,
    progress: @escaping ProgressReport,
    notice: @escaping (String) -> Void
  ) {
    self.server = server
    self.store = store
    self.progress = progress
    self.notice = notice
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
  /// - Throws: `ServerError`, `ProcessError`, `FileError`, `Stopped`; `Untried` where this server does not take it.
  package func check(_ reader: ArchiveReader) throws -> String? {
    let content: ServerContent
    do {
      content = try server.trial(of: reader, progress: progress)
    } catch let error as ServerError where error.code == .failed {
      throw Untried(reason: error.message)
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
    if !content.isDefined(as: manifest.image) { notice(Self.otherDefinitions(manifest.id)) }
    return nil
  }

  /// A snapshot whose bytes are whole could not be restored into a database of its own, which may be the server's doing.
  package struct Untried: Error {
    /// Why, as a clause.
    package var reason: String
  }

  /// What is said where a restore gives the same rows and objects, but not the same text of all definitions.
  private static func otherDefinitions(_ id: String) -> String {
    "the rows and objects are those of snapshot \(id), but not all definitions, owners and grants read as they did when it was taken: 'xm-safe diff \(id)' shows what differs"
  }

  /// How a restore has ended.
  package struct Outcome: Sendable {
    /// The last snapshot of what was there.
    package var before: Store.Snapshot?
    /// What others have written while the snapshot took its place, as a clause; nil if the content was compared afterwards.
    package var remark: String?
  }

  /// Replaces the database's content by that of a snapshot, after saving what is there; whatever others write meanwhile is saved.
  ///
  /// - Parameters:
  ///   - reader: The archive, as `verify` returned it.
  ///   - save: Saves what is there now; called again each time that others have written since. Nil where that is not needed.
  /// - Returns: How it has ended.
  /// - Throws: `ServerError`, `ProcessError`, `FileError`, `Stopped`, with the database as it was.
  package func restore(
    _ reader: ArchiveReader,
    saving save: (() throws -> ServerSnapshotTaker.Taken)?
  ) throws -> Outcome {
    let journal = ServerCrashJournal(store, key: server.client.address.identity)
    // What has waited for somebody to decide, which a restore does; also what cannot be read.
    let unsettled = try journal.bytes()
    // The note of the upgrade that is being undone says the same as a restore's, and more.
    let undone = try note(in: journal).flatMap {
      !$0.isRestore && $0.guardian == nil && $0.snapshot == reader.manifest.id ? $0 : nil
    }
    var hasNoted = false
    func settle(_ isRestored: Bool) throws {
      if isRestored { return journal.clear(orSay: notice) }
      guard hasNoted else { return }
      if let unsettled { try journal.write(unsettled) } else { try journal.clear() }
    }
    for _ in 1...5 {
      let saved = try save?()
      // What a kill leaves of a restore without a transaction, the next run finishes.
      if !server.isTransactional {
        var note = undone ?? ServerCrashNote(snapshot: reader.manifest.id, before: [], after: [])
        note.saved = saved?.content.rowsSHA256
        try journal.write(note)
        hasNoted = true
      }
      let outcome: ServerRestore
      do {
        outcome = try server.restore(
          reader,
          replacing: saved?.content,
          keepsFormer: saved?.flaw != nil,
          progress: progress
        )
      } catch let error as ServerError where error.code == .notAsRestored {
        throw error
      } catch let first {
        // A note that stays is looked at by the next command; the first error is the one to tell.
        do { try settle(false) } catch { throw first }
        throw first
      }
      switch outcome {
      case .done, .otherDefinitions:
        try settle(true)
        if outcome == .otherDefinitions { notice(Self.otherDefinitions(reader.manifest.id)) }
        return Outcome(before: saved?.snapshot, remark: nil)
      case .writtenSince(let remark):
        try settle(true)
        return Outcome(before: saved?.snapshot, remark: remark)
      case .changedMeanwhile: try settle(false)
      }
    }
    throw ServerError(
      .locked,
      "other programs keep writing to \(server.client.shown), and what they write must not be lost",
      hint: "stop them, then run the same command again"
    )
  }

  /// Others have written since what is to be replaced was looked at.
  package struct WrittenSince: Error {}

  /// The same, if the database is still as it was found.
  ///
  /// - Parameters:
  ///   - reader: The archive, as `verify` returned it.
  ///   - content: What was found.
  ///   - save: Saves what is there now.
  /// - Returns: How it has ended.
  /// - Throws: As above; `WrittenSince` with nothing replaced.
  package func restore(
    _ reader: ArchiveReader,
    ifStill content: ServerContent,
    saving save: () throws -> ServerSnapshotTaker.Taken
  ) throws -> Outcome {
    try withoutActuallyEscaping(save) { save in
      try restore(reader) {
        let now = try save()
        guard now.content == content else { throw WrittenSince() }
        return now
      }
    }
  }

  private func note(in journal: ServerCrashJournal) throws -> ServerCrashNote? {
    do { return try journal.read() } catch is CrashJournal.Unreadable { return nil }
  }
}
