#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// What xm-safe does to directories and names: create, publish, remove, list, sync, measure.
package struct FileSystem: Sendable {
  /// The system calls it is made of.
  package var calls: SystemCalls

  /// Makes a file system of the kernel's calls, or of others in a test.
  ///
  /// - Parameter calls: The system calls to use.
  package init(calls: SystemCalls = .live) {
    self.calls = calls
  }

  /// Gives a finished, synced and closed file its name, never replacing another file, and syncs the directory.
  ///
  /// - Parameters:
  ///   - temporary: The finished file.
  ///   - path: The name it gets, in the same directory.
  /// - Throws: `FileError`; EEXIST if the name is taken. `NotDurable` if the file has its name, and only what makes the name
  ///   survive a power cut failed.
  package func publish(_ temporary: String, as path: String) throws {
    // link(2) never replaces what is there; rename(2) would.
    let linked = calls.link(temporary, path)
    switch Int32(-linked) {
    case _ where linked >= 0:
      try NotDurable.wrap { () throws(FileError) in try remove(temporary) }
    case EPERM, EOPNOTSUPP, EMLINK, ENOSYS:
      // A file system without hard links.
      if try FileStatus.ifPresent(path, followingLinks: false) != nil {
        throw FileError("create", path, code: EEXIST)
      }
      try rename(temporary, to: path)
    case let code:
      throw FileError("create", path, code: code)
    }
    try NotDurable.wrap { () throws(FileError) in
      try sync(directory: Self.directory(of: path))
    }
  }

  /// Gives a file a second name, never replacing another file; the caller syncs the directory.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - other: The second name, on the same file system.
  /// - Throws: `FileError`; EEXIST if the name is taken.
  package func link(_ path: String, to other: String) throws(FileError) {
    let result = calls.link(path, other)
    guard result >= 0 else {
      throw FileError("link \(path.shownAsPath) to", other, code: Int32(-result))
    }
  }

  /// Gives a file an owner and permissions.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - status: Who is to own it, and the permissions.
  /// - Throws: `FileError`, for example when this user may not give files away.
  package func setOwner(of path: String, like status: FileStatus.Ownership) throws(FileError) {
    let own = try FileStatus(of: path)
    if own.owner != status.owner || own.group != status.group {
      guard chown(path, status.owner, status.group) == 0 else {
        throw FileError("change the owner of", path, code: errno)
      }
    }
    guard chmod(path, mode_t(status.mode)) == 0 else {
      throw FileError("change the permissions of", path, code: errno)
    }
  }

  /// Renames a file over whatever has the name; the caller syncs the directory.
  ///
  /// - Parameters:
  ///   - old: The file.
  ///   - new: Its new name.
  /// - Throws: `FileError`.
  package func rename(_ old: String, to new: String) throws(FileError) {
    let result = calls.rename(old, new)
    guard result >= 0 else {
      throw FileError("rename \(old.shownAsPath) to", new, code: Int32(-result))
    }
  }

  /// Creates an empty file, readable by its owner alone, for SQLite to fill.
  ///
  /// - Parameter path: The file.
  /// - Throws: `FileError`; EEXIST if the name is taken.
  package func createEmpty(_ path: String) throws(FileError) {
    let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    let opened = calls.open(path, flags, 0o600)
    guard opened >= 0 else { throw FileError("create", path, code: Int32(-opened)) }
    let closed = calls.close(Int32(opened))
    guard closed >= 0 else { throw FileError("close", path, code: Int32(-closed)) }
  }

  /// Removes a file.
  ///
  /// - Parameter path: The file.
  /// - Throws: `FileError`; not if it does not exist.
  package func remove(_ path: String) throws(FileError) {
    let result = calls.unlink(path)
    guard result >= 0 || Int32(-result) == ENOENT else {
      throw FileError("remove", path, code: Int32(-result))
    }
  }

  /// Makes the names in a directory durable: created, renamed and removed ones.
  ///
  /// SQLite's own commit in rollback mode leaves the removal of the journal unsynced, unless synchronous is EXTRA
  /// (https://www.sqlite.org/pragma.html#pragma_synchronous).
  ///
  /// - Parameter path: The directory.
  /// - Throws: `FileError`.
  package func sync(directory path: String) throws(FileError) {
    let opened = calls.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0)
    guard opened >= 0 else { throw FileError("open the directory", path, code: Int32(-opened)) }
    let synced = calls.fsync(Int32(opened))
    let closed = calls.close(Int32(opened))
    guard synced >= 0 else { throw FileError("sync the directory", path, code: Int32(-synced)) }
    guard closed >= 0 else { throw FileError("close the directory", path, code: Int32(-closed)) }
  }

  /// Creates a directory if it is not there; its parent must be.
  ///
  /// - Parameters:
  ///   - path: The directory.
  ///   - isPrivate: Whether it is readable by its owner alone; else by whom the umask lets.
  /// - Throws: `FileError`; ENOTDIR if something else has the name.
  package func makeDirectory(_ path: String, isPrivate: Bool = true) throws(FileError) {
    let result = calls.mkdir(path, isPrivate ? 0o700 : 0o777)
    if result >= 0 {
      try sync(directory: Self.directory(of: path))
      return
    }
    guard Int32(-result) == EEXIST else {
      throw FileError("create the directory", path, code: Int32(-result))
    }
    guard try FileStatus(of: path).kind == .directory else {
      throw FileError("create the directory", path, code: ENOTDIR)
    }
  }

  /// The names in a directory, sorted, without `.` and `..`.
  ///
  /// - Parameter path: The directory.
  /// - Returns: The names; none if the directory does not exist.
  /// - Throws: `FileError` for any other reason.
  package func names(in path: String) throws(FileError) -> [String] {
    guard let stream = opendir(path) else {
      let error = FileError("list", path, code: errno)
      if error.code == ENOENT { return [] }
      throw error
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw FileError("list", path, code: errno) }
        return names.sorted()
      }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }

  /// How many bytes this user may still write to the file system that holds the path.
  ///
  /// - Parameter path: A file or directory on it.
  /// - Returns: The free bytes.
  /// - Throws: `FileError`.
  package func freeSpace(at path: String) throws(FileError) -> Int64 {
    var buffer = statvfs()
    guard statvfs(path, &buffer) == 0 else {
      throw FileError("measure the free space at", path, code: errno)
    }
    return Int64(
      clamping: UInt64(buffer.f_bavail).multipliedReportingOverflow(by: UInt64(buffer.f_frsize))
        .partialValue
    )
  }

  /// Whether this process may write to the file, as the system sees it.
  ///
  /// - Parameter path: The file.
  /// - Returns: Whether access(2) grants writing.
  package func isWritable(_ path: String) -> Bool {
    access(path, W_OK) == 0
  }

  /// Whether this process may list a directory and reach what is in it, as the system sees it.
  ///
  /// - Parameter path: The directory.
  /// - Returns: Whether access(2) grants both.
  package func isSearchable(_ path: String) -> Bool {
    access(path, R_OK | X_OK) == 0
  }

  /// The absolute path with all symbolic links followed; the last part need not exist.
  ///
  /// - Parameter path: Any path.
  /// - Returns: The real path.
  /// - Throws: `FileError` if its directory does not exist or a link cannot be followed.
  package static func realPath(_ path: String) throws(FileError) -> String {
    if let resolved = realpath(path, nil) {
      defer { free(resolved) }
      return String(cString: resolved)
    }
    let code = errno
    let isDangling = (try FileStatus.ifPresent(path, followingLinks: false)) != nil
    guard code == ENOENT, !isDangling, let resolved = realpath(directory(of: path), nil) else {
      throw FileError("find", path, code: code)
    }
    defer { free(resolved) }
    let parent = String(cString: resolved)
    return (parent == "/" ? "" : parent) + "/" + name(of: path)
  }

  /// The absolute path that a file had, with links followed as far as there is anything left of it.
  ///
  /// - Parameter path: An absolute path, of which neither the file nor its directories need exist.
  /// - Returns: The path.
  package static func formerPath(_ path: String) -> String {
    do {
      return try realPath(path)
    } catch {
      let directory = directory(of: path)
      guard directory != path else { return path }
      let (above, name) = (formerPath(directory), name(of: path))
      switch name {
      case "", ".": return above
      case "..": return Self.directory(of: above)
      default: return (above == "/" ? "" : above) + "/" + name
      }
    }
  }

  /// Whether two paths lead to one file, which need not exist.
  ///
  /// - Parameters:
  ///   - path: A path.
  ///   - other: Another one.
  /// - Returns: Whether they are the same when all links are followed; not if one cannot be followed, or looked at.
  package static func isSameFile(_ path: String, _ other: String) -> Bool {
    do {
      return try realPath(path) == realPath(other)
    } catch {
      return false
    }
  }

  /// The directory part of a path: "." for a bare name.
  ///
  /// - Parameter path: A path.
  /// - Returns: Everything before the last slash.
  package static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The last part of a path.
  ///
  /// - Parameter path: A path.
  /// - Returns: Everything after the last slash.
  package static func name(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return path }
    return String(path[path.index(after: slash)...])
  }

  /// A name beside the path that nobody else uses, for a file that is not finished.
  ///
  /// - Parameter path: The final path.
  /// - Returns: A hidden name in the same directory, with `DurableFile.temporaryMark` in it.
  package static func temporaryPath(for path: String) -> String {
    let random = String(UInt64.random(in: .min ... .max), radix: 36)
    return directory(of: path) + "/" + temporaryBeginning(path) + "-" + random
  }

  /// Whether a name is one of those that `temporaryPath` makes for a path.
  ///
  /// - Parameters:
  ///   - name: A name, without its directory.
  ///   - path: The path.
  /// - Returns: Whether it is.
  package static func isTemporaryName(_ name: String, for path: String) -> Bool {
    let beginning = temporaryBeginning(path) + "-"
    guard name.hasPrefix(beginning) else { return false }
    return name.utf8.dropFirst(beginning.utf8.count).allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
    }
  }

  /// What the temporary names for a path have in common.
  static func temporaryBeginning(_ path: String) -> String {
    // The final name may be as long as the system allows (255 bytes); the temporary one needs room for more.
    "." + String(decoding: name(of: path).utf8.prefix(200), as: UTF8.self)
      + DurableFile.temporaryMark
  }
}
