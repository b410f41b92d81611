internal import Archive
package import DurableFiles
internal import FoundationEssentials

/// The durable place of a database's crash note: one small file beside the database, as SQLite's own journals are.
///
/// It is there exactly while a run that holds the store's lock is changing the database. Found with the lock free, it says
/// that such a run was killed. Beside the database it is found whatever store the next command has, and moves with it.
package struct CrashJournal: Sendable {
  /// The path of the note.
  package let path: String
  private let database: String
  private let files: FileSystem

  /// A note that cannot be read: the disk changed it, or another version of xm-safe wrote it.
  package struct Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    package var path: String

    /// Names the file.
    package init(path: String) {
      self.path = path
    }

    /// One sentence.
    package var description: String {
      "\(path.shownAsPath), the note of a run that was killed, cannot be read"
    }
  }

  /// A note of another run that has come in between: one with another store, which has another lock.
  package struct Taken: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file.
    package var path: String

    /// One sentence.
    package var description: String {
      "\(path.shownAsPath) is the note of another run: one that goes on with another store, or one that was not settled"
    }
  }

  /// Names the journal of a database.
  ///
  /// - Parameters:
  ///   - database: The absolute path of the database.
  ///   - files: The file system to use.
  package init(_ database: String, files: FileSystem = FileSystem()) {
    let name = FileSystem.name(of: database)
    let suffix = Self.suffix
    // A name takes 255 bytes at most.
    path =
      name.utf8.count <= 255 - suffix.utf8.count
      ? database + suffix
      : "\(FileSystem.directory(of: database))/.\(Store.key(for: name))\(suffix)"
    self.database = database
    self.files = files
  }

  private static let suffix = "-xm-safe-note"

  /// The journals of all databases in a directory that have a note.
  ///
  /// - Parameters:
  ///   - directory: The directory.
  ///   - files: The file system to use.
  /// - Returns: The journals.
  /// - Throws: `FileError`.
  package static func all(in directory: String, files: FileSystem) throws -> [CrashJournal] {
    try files.names(in: directory).filter { $0.hasSuffix(suffix) }.map { name in
      CrashJournal("\(directory)/\(name.dropLast(suffix.count))", files: files)
    }
  }

  /// Writes the first note of a run, which never takes the place of another; it is on the disk when this returns.
  ///
  /// - Parameter note: The note.
  /// - Throws: `Taken` if there is one; `FileError`, and there is none. `NotDurable` if there is, and it may not survive a power cut.
  package func begin(_ note: CrashNote) throws {
    do { try written(note).publish() } catch let error as FileError where error.isNameTaken {
      throw Taken(path: path)
    }
  }

  /// Writes the note, in the place of an earlier one; it is on the disk when this returns.
  ///
  /// - Parameter note: The note.
  /// - Throws: `FileError`, and the earlier note stands. `NotDurable` if the new one does, and may not survive a power cut.
  package func write(_ note: CrashNote) throws { try written(note).replace() }

  private func written(_ note: CrashNote) throws -> DurableFile {
    let file = try DurableFile(creating: path, files: files)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try file.append(Array(try encoder.encode(note)))
    return file
  }

  /// The note of a run that was killed; ask with the lock of its store held.
  ///
  /// - Returns: The note; nil if there is none.
  /// - Throws: `Unreadable`; `FileError`.
  package func read() throws -> CrashNote? {
    guard let status = try FileStatus.ifPresent(path, followingLinks: false) else { return nil }
    let limit: Int64 = 1 << 20
    guard status.kind == .file, status.size <= limit else { throw Unreadable(path: path) }
    let bytes = try ReadableFile.contents(of: path, limit: 1 << 20, calls: files.calls)
    let note: CrashNote
    do {
      note = try JSONDecoder().decode(CrashNote.self, from: Data(bytes))
    } catch {
      throw Unreadable(path: path)
    }
    // Files that it does not name by names of ours are none of ours.
    for replaced in note.withEarlier.compactMap(\.replaced) {
      guard Replacement.isOurs(replaced, of: database) else { throw Unreadable(path: path) }
    }
    return note
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
    try files.remove(path)
    try files.sync(directory: FileSystem.directory(of: path))
  }

  /// Removes what a run has left that was killed while it wrote a note.
  ///
  /// - Throws: `FileError`.
  package func sweep() throws {
    _ = try files.sweep(FileSystem.directory(of: path), for: path)
  }
}
