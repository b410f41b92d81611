internal import CSQLite

/// A connection to a `VirtualFile`: the far end of a snapshot or the near end of a restore.
package final class VirtualDatabase {
  /// The connection, for `OnlineBackup`.
  package let connection: Connection
  private let box: StreamingVFS.OpenableFile
  private let name: String

  /// Opens a database whose pages are taken or given by an object.
  ///
  /// - Parameter file: The object.
  /// - Throws: `SQLiteError`, or what the file threw when SQLite first read it.
  package init(_ file: any VirtualFile) throws {
    let box = StreamingVFS.OpenableFile(file)
    let name = try StreamingVFS.register(box)
    do {
      connection = try Connection(
        name: name,
        path: name,
        mode: file.isReadOnly ? .readOnly : .create,
        fileSystem: StreamingVFS.name,
        busyTimeout: .zero
      )
      if !file.isReadOnly {
        // No journal and a small cache: pages leave in order as the cache overflows, and memory stays constant.
        try connection.execute("PRAGMA journal_mode=OFF")
        try connection.execute("PRAGMA synchronous=OFF")
        try connection.execute("PRAGMA cache_size=16")
      }
    } catch {
      StreamingVFS.forget(name)
      throw box.failure ?? error
    }
    self.box = box
    self.name = name
  }

  deinit {
    StreamingVFS.forget(name)
  }

  /// The first error that the file threw, if any: SQLite only knows that there was one.
  package var failure: (any Error)? { box.failure }
}
