package import DurableFiles

/// Who holds SQLite's locks on a database, in words: process, program, and which lock.
///
/// The places of the locks are those of "File Locking And Concurrency In SQLite Version 3" (bytes from 0x40000000 on the
/// database) and of "WAL-mode File Format", section 2.3 (bytes 120 to 127 of the -shm file).
package enum LockHolders {
  /// One process.
  package struct Holder: Hashable, Sendable {
    /// Its id; nil if it cannot be told.
    package var process: Int32?
    /// The program; nil if the process cannot be seen from here.
    package var command: String?
    /// SQLite's names of the locks: `RESERVED`, `WRITER`, ...
    package var locks: [String]

    /// The process in words: `process 4711 (python3), which holds RESERVED`.
    package var description: String {
      let who =
        process.map { id in
          "process \(id) (\(command?.shownOnOneLine ?? "of which no more can be seen"))"
        }
        ?? "a process outside this container"
      return "\(who), which holds \(locks.joined(separator: ", "))"
    }
  }

  /// The other processes that hold locks on a database.
  ///
  /// - Parameters:
  ///   - database: Its path; it is not opened, which would drop SQLite's own locks at the close.
  ///   - areIdleIncluded: Whether those count too that only have a database in WAL mode open: they are in nobody's way but of
  ///     who wants it for himself.
  /// - Returns: The holders; none where the system does not tell.
  /// - Throws: `FileError`.
  package static func of(
    _ database: String,
    areIdleIncluded: Bool = false
  ) throws(FileError) -> [Holder] {
    let log = try FileLock.held(on: database + "-shm").map { ($0, logNames($0)) }
    // In WAL mode every open connection holds SHARED.
    let isLogged = try FileStatus.ifPresent(database + "-shm") != nil
    let hidesShared = isLogged && !areIdleIncluded
    let own = try FileLock.held(on: database).map { lock in
      (lock, databaseNames(lock).filter { !hidesShared || $0 != "SHARED" })
    }
    var holders: [Holder] = []
    for (lock, names) in own + log where !names.isEmpty {
      if let index = holders.firstIndex(where: { $0.process == lock.process }) {
        holders[index].locks += names.filter { !holders[index].locks.contains($0) }
      } else {
        holders.append(
          Holder(
            process: lock.process,
            command: lock.process.flatMap(ProcessFiles.command),
            locks: names
          )
        )
      }
    }
    return holders
  }

  /// The holders as one clause for a message.
  ///
  /// - Parameter database: The database that is locked.
  /// - Returns: `held by process 4711 (python3), which holds RESERVED`, or that none can be seen.
  package static func clause(_ database: String) -> String {
    do {
      var holders = try of(database)
      if holders.isEmpty { holders = try of(database, areIdleIncluded: true) }
      guard !holders.isEmpty else {
        return
          "no process that can be seen from here holds it now: it has ended, or is outside this container or on another machine"
      }
      return "locked by " + holders.map(\.description).joined(separator: "; ")
    } catch {
      return "who holds the lock cannot be told (\(error))"
    }
  }

  static func databaseNames(_ lock: FileLock) -> [String] {
    let pending: Int64 = 0x4000_0000
    var names: [String] = []
    if lock.range.contains(pending) { names.append("PENDING") }
    if lock.range.contains(pending + 1) { names.append("RESERVED") }
    if lock.range.overlaps(pending + 2...pending + 511) {
      names.append(lock.isExclusive ? "EXCLUSIVE" : "SHARED")
    }
    return names
  }

  static func logNames(_ lock: FileLock) -> [String] {
    let names = ["WRITER", "CHECKPOINT", "RECOVER", "READ0", "READ1", "READ2", "READ3", "READ4"]
    return names.enumerated().filter { lock.range.contains(120 + Int64($0.offset)) }.map(\.element)
  }
}
