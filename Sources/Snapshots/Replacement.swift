internal import Archive
internal import DurableFiles

/// Puts a restored database in the place of a file that SQLite cannot open, which is kept aside.
///
/// Only for a file that is no sound database any more: a database in use is restored in place, by SQLite itself. Before
/// the file gets the name, what SQLite would replay into it (`-wal`, `-journal`) is moved aside and the directory synced;
/// with the other order a power cut could bring an old log back beside the new file.
struct Replacement {
  let database: String
  let files: FileSystem

  /// Replaces the database by a finished, synced file.
  ///
  /// - Parameter finished: The file, in the same directory.
  /// - Returns: Where the old file is now.
  /// - Throws: `FileError`, and the database has its old content; `NotDurable` if it has the new one.
  func put(_ finished: String) throws -> String {
    let directory = FileSystem.directory(of: database)
    try files.setOwner(of: finished, like: try FileStatus(of: database))
    let aside = try freeName()
    for suffix in ["-wal", "-journal", "-shm"]
    where try FileStatus.ifPresent(database + suffix, followingLinks: false) != nil {
      try files.rename(database + suffix, to: aside + suffix)
    }
    try files.sync(directory: directory)
    try files.link(database, to: aside)
    try files.rename(finished, to: database)
    try NotDurable.wrap { () throws(FileError) in try files.sync(directory: directory) }
    return aside
  }

  private func freeName() throws -> String {
    var number = 1
    while true {
      let name = "\(database).replaced-\(number)"
      if try FileStatus.ifPresent(name, followingLinks: false) == nil { return name }
      number += 1
    }
  }
}
