#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// The removal of what killed runs have left.
extension FileSystem {
  /// Removes files that were being written by a run that is gone: those with the mark in their names and no owner.
  ///
  /// It may run beside others that begin such files: a file is removed with its lock held, and `DurableFile` looks whether its
  /// own is still there once it has the lock.
  ///
  /// - Parameters:
  ///   - directory: Where to look.
  ///   - path: Only what was to become this file; nil for all.
  /// - Returns: The paths of what was removed.
  /// - Throws: `FileError`.
  package func sweep(
    _ directory: String,
    for path: String? = nil
  ) throws(FileError) -> [String] {
    let beginning = path.map(Self.temporaryBeginning) ?? "."
    var removed: [String] = []
    for name in try names(in: directory)
    where name.hasPrefix(beginning) && name.contains(DurableFile.temporaryMark) {
      let found = directory + "/" + name
      // The logs of a temporary database belong to whom it belongs, and so does a file that is named after its owner.
      let owner =
        ["-journal", "-wal", "-shm", "-file"].first(where: found.hasSuffix)
        .map { String(found.dropLast($0.count)) }
      if let owner {
        guard try FileStatus.ifPresent(owner, followingLinks: false) == nil else { continue }
        try remove(found)
      } else {
        guard try removeUnowned(found) else { continue }
        for suffix in ["-journal", "-wal", "-shm"] { try remove(found + suffix) }
      }
      removed.append(found)
    }
    return removed
  }

  /// Removes a file unless its owner is alive, or it cannot be told.
  private func removeUnowned(_ path: String) throws(FileError) -> Bool {
    let opened = calls.open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC, 0)
    guard opened >= 0 else { return false }
    defer { _ = calls.close(Int32(opened)) }
    guard calls.flock(Int32(opened), LOCK_EX | LOCK_NB) >= 0 else { return false }
    try remove(path)
    return true
  }
}
