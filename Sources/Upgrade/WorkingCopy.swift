internal import DurableFiles

/// A private copy of a database to work on, in the store, readable by its owner alone.
///
/// It has the mark of what is not finished in its name, and its owner is locked as long as this object lives: if this process is
/// killed, the next run sweeps it.
final class WorkingCopy {
  /// Where it is; at first an empty file.
  let path: String
  private let owner: DurableFile
  private let files: FileSystem

  /// Creates the empty file.
  ///
  /// - Parameters:
  ///   - store: The directory of the store.
  ///   - files: The file system to use.
  /// - Throws: `FileError`.
  init(in store: String, files: FileSystem) throws(FileError) {
    self.files = files
    owner = try DurableFile(creating: store + "/rehearsal", files: files)
    // What is named after its owner goes with it.
    path = owner.temporaryPath + "-file"
    try files.createEmpty(path)
  }

  deinit {
    // What cannot be removed now is swept later.
    for suffix in Self.suffixes { _ = files.calls.unlink(path + suffix) }
  }

  /// Removes the copy and its journals; doing it twice is harmless.
  ///
  /// - Throws: `FileError`.
  func remove() throws(FileError) {
    for suffix in Self.suffixes { try files.remove(path + suffix) }
  }

  /// The bytes of the copy and its journals.
  ///
  /// - Returns: The sum.
  /// - Throws: `FileError`.
  func size() throws(FileError) -> Int64 {
    var size: Int64 = 0
    for suffix in Self.suffixes { size += try FileStatus.ifPresent(path + suffix)?.size ?? 0 }
    return size
  }

  /// The bytes of its journals alone.
  ///
  /// - Returns: The sum.
  /// - Throws: `FileError`.
  func journalSize() throws(FileError) -> Int64 {
    try size() - (FileStatus.ifPresent(path)?.size ?? 0)
  }

  private static let suffixes = ["-wal", "-shm", "-journal", ""]
}
