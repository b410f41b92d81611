internal import Archive
internal import DurableFiles
internal import FoundationEssentials

/// The durable place of a database's crash note: one small file in the store.
///
/// It is there exactly while a run that holds the store's lock is changing the database. Found with the lock free, it says
/// that such a run was killed.
package struct CrashJournal: Sendable {
  private let path: String
  private let store: Store

  /// A note that cannot be read: the disk changed it, or a newer xm-safe wrote it.
  package struct Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    package var path: String

    /// One sentence.
    package var description: String {
      "\(path.shownAsPath), the note of a run that was killed, cannot be read"
    }
  }

  /// Names the journal of a database.
  ///
  /// - Parameters:
  ///   - store: The store that its snapshots are in.
  ///   - database: The absolute path of the database.
  package init(_ store: Store, database: String) {
    self.store = store
    path = "\(store.path)/.journal-\(Store.key(for: database))"
  }

  /// Writes the note, in the place of an earlier one; it is on the disk when this returns.
  ///
  /// - Parameter note: The note.
  /// - Throws: `FileError`, and the earlier note stands. `NotDurable` if the new one does, and may not survive a power cut.
  package func write(_ note: CrashNote) throws {
    let file = try DurableFile(creating: path, files: store.files)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try file.append(Array(try encoder.encode(note)))
    try file.replace()
  }

  /// The note of a run that was killed; ask with the store's lock held.
  ///
  /// - Returns: The note; nil if there is none.
  /// - Throws: `Unreadable`; `FileError`.
  package func read() throws -> CrashNote? {
    guard try isPending() else { return nil }
    let bytes = try ReadableFile.contents(of: path, limit: 1 << 20, calls: store.files.calls)
    do {
      return try JSONDecoder().decode(CrashNote.self, from: Data(bytes))
    } catch {
      throw Unreadable(path: path)
    }
  }

  /// Whether there is a note; it may be that of a run which is still going on.
  ///
  /// - Returns: Whether the file exists.
  /// - Throws: `FileError`.
  package func isPending() throws -> Bool {
    try FileStatus.ifPresent(path, followingLinks: false) != nil
  }

  /// Takes the note away, since the database is what the run's outcome says; doing it twice is harmless.
  ///
  /// - Throws: `FileError`.
  package func clear() throws {
    try store.files.remove(path)
    try store.files.sync(directory: store.path)
  }
}
