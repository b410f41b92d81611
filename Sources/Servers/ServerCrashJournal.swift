internal import DurableFiles
internal import FoundationEssentials
package import Snapshots

/// What is to be known of an upgrade or a restore without a transaction, or of a guarded command, whose run was killed.
package struct ServerCrashNote: Codable, Hashable, Sendable {
  /// The snapshot from before the upgrade, or the one that is restored.
  package var snapshot: String
  /// The version rows before.
  package var before: [String]
  /// The version rows that the upgrade was about to reach; none for a restore, or for a command.
  package var after: [String]
  /// Who guarded a command of which nobody knows what it does; nil for an upgrade or a restore.
  package var guardian: String?
  /// Why the snapshot must not be put back without somebody having decided, as a clause; nil if it may.
  package var doubt: String?

  /// The words of the statements that the upgrade has sent; nil if that was not noted.
  package var touched: [String]?

  /// Whether it ran in one transaction, which the server rolls back by itself; nil if not.
  package var isTransactional: Bool?

  /// What the server knows the sessions of the run by, which may go on after it was killed; nil if that was not noted.
  package var session: String?

  /// The digest of the rows that a restore has saved before it replaced them; nil if nothing was saved.
  package var saved: String?

  /// Whether it is the note of a restore.
  package var isRestore: Bool { before.isEmpty && after.isEmpty && guardian == nil }

  /// Makes a note of its parts.
  package init(snapshot: String, before: [String], after: [String], guardian: String? = nil) {
    self.snapshot = snapshot
    self.before = before
    self.after = after
    self.guardian = guardian
  }
}

/// The durable place of such a note: a small file in the store, there exactly while the database is being changed.
package struct ServerCrashJournal: Sendable {
  /// The path of the note.
  package let path: String
  private let store: Store

  /// Names the journal of a database.
  ///
  /// - Parameters:
  ///   - store: The store that its snapshots are in.
  ///   - key: What they are known by.
  package init(_ store: Store, key: String) {
    self.store = store
    path = "\(store.path)/.server-journal-\(Store.key(for: key))"
  }

  /// Writes the note; it is on the disk when this returns.
  ///
  /// - Parameter note: The note.
  /// - Throws: `FileError`: what was there before stands.
  package func write(_ note: ServerCrashNote) throws {
    try write(try JSONEncoder().encode(note))
  }

  /// Writes what `bytes` has returned.
  ///
  /// - Parameter bytes: The bytes.
  /// - Throws: `FileError`: what was there before stands.
  package func write(_ bytes: some Sequence<UInt8>) throws {
    let earlier = try self.bytes()
    do {
      try replace(Array(bytes))
    } catch let first as NotDurable {
      // What may not survive a power cut is no note, and without one nothing is done.
      do {
        if let earlier { try replace(earlier) } else { try clear() }
      } catch { throw first.cause }
      throw first.cause
    }
  }

  private func replace(_ bytes: [UInt8]) throws {
    let file = try DurableFile(creating: path, files: store.files)
    try file.append(bytes)
    try file.replace()
  }

  /// The note as it is in the file; ask with the lock held.
  ///
  /// - Returns: The bytes; nil if there is none, or something that is no file.
  /// - Throws: `FileError`.
  package func bytes() throws -> [UInt8]? {
    guard try FileStatus.ifPresent(path, followingLinks: false)?.kind == .file else { return nil }
    return try ReadableFile.contents(of: path, limit: 1 << 16, calls: store.files.calls)
  }

  /// The note of a run that was killed; ask with the lock held.
  ///
  /// - Returns: The note; nil if there is none.
  /// - Throws: `CrashJournal.Unreadable`: the disk has changed it, or another version of xm-safe has written it; `FileError`.
  package func read() throws -> ServerCrashNote? {
    guard try isPending() else { return nil }
    guard let bytes = try bytes() else { throw CrashJournal.Unreadable(path: path) }
    do {
      return try JSONDecoder().decode(ServerCrashNote.self, from: Data(bytes))
    } catch {
      throw CrashJournal.Unreadable(path: path)
    }
  }

  /// Whether there is a note; it may be that of a run which is still going on.
  ///
  /// - Returns: Whether it is there.
  /// - Throws: `FileError`.
  package func isPending() throws -> Bool {
    try FileStatus.ifPresent(path, followingLinks: false) != nil
  }

  /// Takes the note away; doing it twice is harmless.
  ///
  /// - Throws: `FileError`.
  package func clear() throws {
    guard try isPending() else { return }
    try store.files.remove(path)
    try store.files.sync(directory: store.path)
  }

  /// Takes the note away of what has come to its end: that this does not work changes nothing of it.
  ///
  /// - Parameter notice: Told, in a sentence, that the note stays.
  package func clear(orSay notice: (String) -> Void) {
    do { try clear() } catch {
      notice(
        "The note of this run may stay: \(String(describing: error).shownOnOneLine); if \(path.shownAsPath) is still there, remove it before anybody writes to the database"
      )
    }
  }
}
