package import Archive
internal import DurableFiles
internal import SQLite

/// Restoring into files of their own: one that takes the place of what is no sound database, one where there is none, one for a trial.
extension Restorer {
  /// Puts a snapshot in the place of a file that is no sound database, which is kept aside.
  ///
  /// - Parameters:
  ///   - database: The absolute path of the file.
  ///   - reader: The verified archive.
  ///   - note: Told the names before anything is done with them.
  /// - Returns: Where the old file is now.
  /// - Throws: `FileError`, `SQLiteError`, `SnapshotError`.
  package func replace(
    _ database: String,
    from reader: ArchiveReader,
    noting note: (CrashNote.Replaced) throws -> Void
  ) throws -> String {
    try withFinishedCopy(of: reader, beside: database) { finished in
      let replacement = Replacement(database: database, files: files)
      let replaced = try replacement.plan(finished)
      try note(replaced)
      do {
        try replacement.put(replaced)
      } catch let first as FileError {
        do { try replacement.takeBack(replaced) } catch { throw first }
        throw first
      }
      return replacement.aside(replaced)
    }
  }

  /// Writes a snapshot into a database of its own and throws it away again: for `verify --deep`.
  ///
  /// - Parameters:
  ///   - reader: The verified archive.
  ///   - path: What to name the copy after; it is made beside it.
  ///   - body: What to do with the copy, by its path.
  /// - Returns: What the body returned.
  /// - Throws: What the body threw; `FileError`, `SQLiteError`, `SnapshotError`.
  package func withCopy<Result>(
    of reader: ArchiveReader,
    beside path: String,
    _ body: (String) throws -> Result
  ) throws -> Result {
    try withFinishedCopy(of: reader, beside: path) { finished in
      let result = try body(finished)
      try removeAll(finished)
      return result
    }
  }

  func create(
    _ database: String,
    from reader: ArchiveReader,
    ownedBy ownership: FileStatus.Ownership?
  ) throws {
    try LeftoverLog.refuse(beside: database)
    try withFinishedCopy(of: reader, beside: database) { finished in
      if let ownership {
        do { try files.setOwner(of: finished, like: ownership) } catch {
          notice("\(database.shownAsPath) does not have its owner and permissions again: \(error)")
        }
      }
      try files.publish(finished, as: database)
    }
  }

  /// Makes a database of a snapshot under a temporary name, compares it, and hands it on.
  private func withFinishedCopy<Result>(
    of reader: ArchiveReader,
    beside path: String,
    _ body: (String) throws -> Result
  ) throws -> Result {
    // It is ours, and no sweep's, for as long as this lives; SQLite finds an empty file and makes a database of it.
    let place = try DurableFile(creating: path, files: files)
    defer { withExtendedLifetime(place) {} }
    let temporary = place.temporaryPath
    do {
      let fresh = try Connection(opening: temporary, mode: .readWrite, busyTimeout: busyTimeout)
      try fresh.execute("PRAGMA synchronous=EXTRA")
      try copy(reader, into: fresh)
      try fresh.close()
      let digest = try DatabaseImage.contentDigest(
        of: temporary,
        timeout: busyTimeout,
        progress: progress
      )
      guard digest == reader.manifest.image.contentSHA256 else {
        throw unequal(temporary, reader.manifest)
      }
      return try body(temporary)
    } catch let first {
      // What cannot be removed now is swept later; the first error is the one to tell.
      do { try removeAll(temporary) } catch { throw first }
      throw first
    }
  }

  private func removeAll(_ path: String) throws {
    for suffix in ["", "-wal", "-shm", "-journal"] { try files.remove(path + suffix) }
  }
}
