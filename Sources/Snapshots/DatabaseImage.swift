internal import Archive
package import SQLite

/// The image of a database: streamed page by page, and digested to compare two databases.
package enum DatabaseImage {
  /// Streams the image of a database through the backup API.
  ///
  /// - Parameters:
  ///   - source: The database, with a read transaction open, so that other writers cannot restart the copy.
  ///   - timeout: How long to wait for the locks of others.
  ///   - activity: What to call this in the progress report.
  ///   - progress: Told how far it is.
  ///   - take: Called with page 2 and all that follow, in order.
  /// - Returns: Page 1.
  /// - Throws: `SQLiteError`; what `take` and `progress` throw.
  package static func stream(
    _ source: Connection,
    timeout: Duration,
    activity: String = "snapshot",
    progress: ProgressReport,
    into take: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) throws -> [UInt8] {
    let pageSize = try source.pragma("page_size")
    let stream = unsafe ImageStream(take)
    let destination = try VirtualDatabase(stream)
    let pageCount: Int
    do {
      pageCount = try OnlineBackup.copy(
        from: source,
        to: destination.connection,
        timeout: timeout,
        progress: { step in
          let done = Int64(step.copied) * pageSize
          try progress(Progress(activity, done: done, total: Int64(step.total) * pageSize))
        }
      )
    } catch {
      // A full disk under the archive is for SQLite only "disk I/O error".
      throw destination.failure ?? error
    }
    try destination.connection.close()
    let size = Int64(pageCount) * pageSize
    try progress(Progress(activity, done: size, total: size))
    return try stream.finish(pageCount: pageCount)
  }

  /// The digest of a database's committed content, equal to that of a snapshot with the same content.
  ///
  /// - Parameters:
  ///   - path: The database.
  ///   - timeout: How long to wait for the locks of others.
  ///   - patience: How long a writer may wait for this; nil for as long as it takes.
  ///   - progress: Told how far it is.
  ///   - released: Told what it has cost writers.
  /// - Returns: The digest as in a manifest's `contentSHA256`.
  /// - Throws: `SQLiteError`; `SnapshotError` with `.locked` when the patience is over; what `progress` throws.
  package static func contentDigest(
    of path: String,
    timeout: Duration,
    patience: Duration? = nil,
    progress: ProgressReport,
    released: (ReadLock.Hold) -> Void = { _ in }
  ) throws -> String {
    let source = try Connection(opening: path, mode: .readWrite, busyTimeout: timeout)
    let lock = try ReadLock(on: source, patience: patience)
    // What was restored may name a page cache of any size in its header; a stream needs none.
    try source.execute("PRAGMA cache_size=-2000")
    let content = ContentDigest()
    let firstPage = try unsafe stream(
      source,
      timeout: timeout,
      activity: "compare",
      progress: { step in
        try lock.check()
        try progress(step)
      },
      into: { bytes in unsafe content.update(bytes) }
    )
    try lock.release()
    released(lock.hold)
    try source.close()
    return content.finish(firstPage: firstPage)
  }
}
