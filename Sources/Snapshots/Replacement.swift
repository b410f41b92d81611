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

  /// What is going to be done with a finished file; nothing is done yet.
  ///
  /// - Parameter finished: The file, in the same directory.
  /// - Returns: The names.
  /// - Throws: `FileError`.
  func plan(_ finished: String) throws -> CrashNote.Replaced {
    CrashNote.Replaced(finished: finished, aside: try freeName())
  }

  /// Replaces the database by the finished, synced file.
  ///
  /// - Parameter replaced: The names, from `plan`.
  /// - Throws: `FileError`, and the database has its old content; `NotDurable` if it has the new one.
  func put(_ replaced: CrashNote.Replaced) throws {
    let directory = FileSystem.directory(of: database)
    try files.setOwner(of: replaced.finished, like: try FileStatus(of: database))
    for suffix in Self.logs where try isPresent(database + suffix) {
      try files.rename(database + suffix, to: replaced.aside + suffix)
    }
    try files.sync(directory: directory)
    try files.link(database, to: replaced.aside)
    try files.rename(replaced.finished, to: database)
    try NotDurable.wrap { () throws(FileError) in try files.sync(directory: directory) }
  }

  /// Takes back what `put` had begun when it was killed before the file got the name.
  ///
  /// - Parameter replaced: The names.
  /// - Throws: `FileError`; it can be tried again.
  package func takeBack(_ replaced: CrashNote.Replaced) throws {
    for suffix in Self.logs where try isPresent(replaced.aside + suffix) {
      try files.rename(replaced.aside + suffix, to: database + suffix)
    }
    // Only a second name of the very file that the database is may go.
    if try FileStatus.ifPresent(replaced.aside, followingLinks: false)?.identity
      == FileStatus.ifPresent(database, followingLinks: false)?.identity
    {
      try files.remove(replaced.aside)
    }
    for suffix in [""] + Self.logs { try files.remove(replaced.finished + suffix) }
    try files.sync(directory: FileSystem.directory(of: database))
  }

  private func isPresent(_ path: String) throws -> Bool {
    try FileStatus.ifPresent(path, followingLinks: false) != nil
  }

  private func freeName() throws -> String {
    var number = 1
    while true {
      let name = "\(database).replaced-\(number)"
      if try !isPresent(name) { return name }
      number += 1
    }
  }
}
