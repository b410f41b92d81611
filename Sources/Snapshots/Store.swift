package import Archive
package import DurableFiles

/// A directory of snapshots.
///
/// The directory is the catalogue: there is no index that could be wrong.
package struct Store: Sendable {
  /// The absolute path of the directory.
  package let path: String
  /// The file system to use.
  package let files: FileSystem

  /// Names a store; the directory is created by the first snapshot.
  ///
  /// - Parameters:
  ///   - path: The absolute path of the directory.
  ///   - files: The file system to use.
  package init(path: String, files: FileSystem = FileSystem()) {
    self.path = path
    self.files = files
  }

  /// The store of a database when none is named: `Backups` beside it.
  ///
  /// - Parameter database: The absolute path of the database.
  /// - Returns: The absolute path of the directory.
  package static func defaultPath(for database: String) -> String {
    let directory = FileSystem.directory(of: database)
    return (directory == "/" ? "" : directory) + "/Backups"
  }

  /// One snapshot that can be read.
  package struct Snapshot: Hashable, Sendable {
    /// The archive's path.
    package var path: String
    /// The archive's length in bytes.
    package var archiveSize: Int64
    /// What the archive says of itself.
    package var manifest: Manifest
  }

  /// A file that has the name of a snapshot and cannot be read as one.
  package struct Unreadable: Hashable, Sendable {
    /// The file's path.
    package var path: String
    /// Why, as one sentence.
    package var reason: String
  }

  /// Everything in a store, oldest first.
  package struct Catalogue: Sendable {
    /// The snapshots, by sequence and time.
    package var snapshots: [Snapshot] = []
    /// What cannot be read.
    package var unreadable: [Unreadable] = []
  }

  /// Reads the end of every archive in the directory.
  ///
  /// - Returns: What is there; nothing if the directory does not exist.
  /// - Throws: `FileError` if the directory cannot be read.
  package func catalogue() throws -> Catalogue {
    var catalogue = Catalogue()
    let names = try files.names(in: path).filter(Self.isArchiveName)
    // Thousands of archives are read by all cores, a hundred at a time.
    let pipeline = OrderedPipeline<[Entry]>()
    var rest = names[...]
    while true {
      while pipeline.hasRoom, !rest.isEmpty {
        let batch = rest.prefix(100)
        rest = rest.dropFirst(100)
        pipeline.submit { try batch.map { try entry($0) } }
      }
      guard let entries = try pipeline.next() else { break }
      for entry in entries {
        switch entry {
        case .snapshot(let snapshot): catalogue.snapshots.append(snapshot)
        case .unreadable(let unreadable): catalogue.unreadable.append(unreadable)
        }
      }
    }
    catalogue.snapshots.sort { left, right in
      (left.manifest.sequence, left.manifest.created, left.path)
        < (right.manifest.sequence, right.manifest.created, right.path)
    }
    return catalogue
  }

  /// What a file of the directory turned out to be.
  private enum Entry: Sendable {
    case snapshot(Snapshot)
    case unreadable(Unreadable)
  }

  private func entry(_ name: String) throws -> Entry {
    let file = path + "/" + name
    do {
      let reader = try ArchiveReader(opening: file, files: files)
      return .snapshot(
        Snapshot(path: file, archiveSize: reader.size, manifest: reader.manifest)
      )
    } catch let error as ArchiveError {
      return .unreadable(Unreadable(path: file, reason: error.description))
    } catch let error as FileError where error.isNotFound || error.isNotRegular {
      // Removed meanwhile, or a directory or a pipe of that name. Any other error must not pass for damage.
      return .unreadable(Unreadable(path: file, reason: error.description))
    }
  }

  /// Removes a snapshot, and then what is noted of it: a mark without an archive is harmless, an archive without its pin is
  /// not.
  ///
  /// - Parameter snapshot: The snapshot.
  /// - Throws: `FileError`; what is left of the marks, the next `SnapshotMarks.sweep` removes.
  package func remove(_ snapshot: Snapshot) throws {
    try files.remove(snapshot.path)
    try files.sync(directory: path)
    try SnapshotMarks(self).forget(snapshot.manifest.id)
  }

  /// Whether a snapshot was taken of a database: the same path, or the same name with its own store beside it (so that a
  /// directory can be moved as a whole).
  ///
  /// - Parameters:
  ///   - database: The absolute path of the database.
  ///   - snapshot: The snapshot.
  /// - Returns: Whether it is one of this database.
  package func isOf(_ database: String, _ snapshot: Snapshot) -> Bool {
    let recorded = snapshot.manifest.database.path
    if recorded == database { return true }
    return path == Self.defaultPath(for: database)
      && FileSystem.name(of: recorded) == FileSystem.name(of: database)
  }

  /// Creates the directory if it is not there; a link to a directory elsewhere is followed.
  ///
  /// - Throws: `FileError`.
  package func create() throws {
    try requireUsable()
    try files.makeDirectory(path)
  }

  /// Takes the kernel lock that keeps two runs of xm-safe with this store off one database.
  ///
  /// Runs with different stores are kept apart by the note beside the database, which only one can begin (`CrashJournal.begin`).
  ///
  /// - Parameters:
  ///   - database: The absolute path of the database.
  ///   - holder: What to say of this run to others.
  ///   - limit: How long to wait for it.
  ///   - waiting: Told who has it, once, when there is a wait.
  /// - Returns: The lock; `release` it.
  /// - Throws: `KernelLock.Held` if another run has it; `FileError`.
  package func lock(
    for database: String,
    holder: String,
    waiting limit: Duration = .zero,
    _ waiting: (KernelLock.Held) -> Void = { _ in }
  ) throws -> KernelLock {
    try create()
    try requireWritable()
    let lock = try KernelLock(
      taking: "\(path)/.lock-\(Self.key(for: database))",
      holder: holder,
      files: files,
      waiting: limit,
      waiting
    )
    // What killed runs have left is in nobody's way: if it cannot be removed now, the next run tries again.
    do { _ = try files.sweep(path) } catch { return lock }
    return lock
  }

  /// What the files of one database in a store are told apart by: the beginning of the digest of its path.
  ///
  /// - Parameter database: The absolute path of the database.
  /// - Returns: Twelve hexadecimal digits.
  package static func key(for database: String) -> String {
    String(HexadecimalDigest.text(hashing: Array(database.utf8)).prefix(12))
  }
}
