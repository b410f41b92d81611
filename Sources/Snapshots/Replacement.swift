internal import Archive
package import DurableFiles

/// Puts a restored database in the place of a file that SQLite cannot open, which is kept aside.
///
/// Only for a file that is no sound database any more: a database in use is restored in place, by SQLite itself. Before
/// the file gets the name, what SQLite would replay into it (`-wal`, `-journal`) is moved aside and the directory synced;
/// with the other order a power cut could bring an old log back beside the new file.
package struct Replacement {
  private let database: String
  private let files: FileSystem
  private static let logs = ["-wal", "-journal", "-shm"]

  /// Prepares to replace a file.
  ///
  /// - Parameters:
  ///   - database: The absolute path of the file.
  ///   - files: The file system to use.
  package init(database: String, files: FileSystem) {
    self.database = database
    self.files = files
  }

  /// The SHA-256 of the file's bytes, which tells whether it is still the same; SQLite must not have it open in this process.
  ///
  /// - Returns: 64 hexadecimal digits.
  /// - Throws: `FileError`.
  package func digest() throws -> String {
    let file = try ReadableFile(opening: database, calls: files.calls)
    var digest = HexadecimalDigest()
    var offset: Int64 = 0
    while offset < file.size {
      let count = Int(min(1 << 20, file.size - offset))
      // Whoever shortens it meanwhile makes another file of it.
      guard let bytes = try file.read(count, at: offset) else { break }
      digest.update(bytes)
      offset += Int64(count)
    }
    return digest.text
  }

  /// Whether the names in a note are such as a run of ours gives.
  ///
  /// - Parameters:
  ///   - replaced: The names.
  ///   - database: The absolute path of the database.
  /// - Returns: Whether both are names of files beside it that belong to it.
  static func isOurs(_ replaced: CrashNote.Replaced, of database: String) -> Bool {
    let aside = FileSystem.name(of: database) + ".replaced-"
    return replaced.aside.hasPrefix(aside) && Int(replaced.aside.dropFirst(aside.count)) != nil
      && FileSystem.isTemporaryName(replaced.finished, for: database)
  }

  /// What is going to be done with a finished file; nothing is done yet.
  ///
  /// - Parameter finished: The path of the file, in the same directory.
  /// - Returns: The names.
  /// - Throws: `FileError`.
  func plan(_ finished: String) throws -> CrashNote.Replaced {
    CrashNote.Replaced(
      finished: FileSystem.name(of: finished),
      aside: try freeName(),
      old: try digest()
    )
  }

  /// Where the old file is kept.
  ///
  /// - Parameter replaced: The names, from `plan`.
  /// - Returns: The path.
  package func aside(_ replaced: CrashNote.Replaced) -> String { beside(replaced.aside) }

  /// The old file and its logs, as far as they are there under their new names.
  ///
  /// - Parameter replaced: The names, from `plan`.
  /// - Returns: The paths.
  /// - Throws: `FileError`.
  package func kept(_ replaced: CrashNote.Replaced) throws -> [String] {
    let paths = ([""] + Self.logs).map { aside(replaced) + $0 }
    return try paths.filter { try isPresent($0) }
  }

  /// Replaces the database by the finished, synced file.
  ///
  /// - Parameter replaced: The names, from `plan`.
  /// - Throws: `FileError`, and the database has its old content; `NotDurable` if it has the new one.
  func put(_ replaced: CrashNote.Replaced) throws {
    let (finished, aside) = (beside(replaced.finished), aside(replaced))
    let directory = FileSystem.directory(of: database)
    try files.setOwner(of: finished, like: try FileStatus(of: database).ownership)
    for suffix in Self.logs where try isPresent(database + suffix) {
      try files.rename(database + suffix, to: aside + suffix)
    }
    try files.sync(directory: directory)
    try files.link(database, to: aside)
    try files.rename(finished, to: database)
    try NotDurable.wrap { () throws(FileError) in try files.sync(directory: directory) }
  }

  /// Takes back what `put` had begun when it was killed before the file got the name: the database must still be the old file.
  ///
  /// - Parameter replaced: The names.
  /// - Throws: `FileError`; it can be tried again.
  package func takeBack(_ replaced: CrashNote.Replaced) throws {
    let (finished, aside) = (beside(replaced.finished), aside(replaced))
    for suffix in Self.logs where try isPresent(aside + suffix) {
      // A log that is there by now is somebody's who has opened the file since; the older one stays where it is.
      guard try !isPresent(database + suffix) else { continue }
      try files.rename(aside + suffix, to: database + suffix)
    }
    // Only a second name of the very file that the database is may go.
    if try FileStatus.ifPresent(aside, followingLinks: false)?.identity
      == FileStatus.ifPresent(database, followingLinks: false)?.identity
    {
      try files.remove(aside)
    }
    for suffix in [""] + Self.logs { try files.remove(finished + suffix) }
    try files.sync(directory: FileSystem.directory(of: database))
  }

  private func beside(_ name: String) -> String { FileSystem.directory(of: database) + "/" + name }

  private func isPresent(_ path: String) throws -> Bool {
    try FileStatus.ifPresent(path, followingLinks: false) != nil
  }

  private func freeName() throws -> String {
    var number = 1
    while true {
      let name = "\(FileSystem.name(of: database)).replaced-\(number)"
      let isTaken = try ([""] + Self.logs).contains { try isPresent(beside(name) + $0) }
      if !isTaken { return name }
      number += 1
    }
  }
}
