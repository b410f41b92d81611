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

  /// Whether it is the note of a restore.
  package var isRestore: Bool { after.isEmpty && guardian == nil }

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
  private let path: String
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
  /// - Throws: `FileError`, `NotDurable`.
  package func write(_ note: ServerCrashNote) throws {
    let file = try DurableFile(creating: path, files: store.files)
    try file.append(Array(try JSONEncoder().encode(note)))
    try file.replace()
  }

  /// The note of a run that was killed; ask with the lock held.
  ///
  /// - Returns: The note; nil if there is none.
  /// - Throws: `FileError`; `DecodingError` if the disk has changed it.
  package func read() throws -> ServerCrashNote? {
    guard try FileStatus.ifPresent(path, followingLinks: false) != nil else { return nil }
    let bytes = try ReadableFile.contents(of: path, limit: 1 << 16, calls: store.files.calls)
    return try JSONDecoder().decode(ServerCrashNote.self, from: Data(bytes))
  }

  /// Takes the note away; doing it twice is harmless.
  ///
  /// - Throws: `FileError`.
  package func clear() throws {
    guard try FileStatus.ifPresent(path, followingLinks: false) != nil else { return }
    try store.files.remove(path)
    try store.files.sync(directory: store.path)
  }
}
