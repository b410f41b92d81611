internal import DurableFiles

/// What is in the place of a store and is none, in words.
extension Store {
  /// Refuses a store that is no directory, or that this user may not look into: what cannot be looked at must not pass for
  /// empty.
  ///
  /// - Throws: `SnapshotError` with `.refused`; `FileError`. Not if nothing is there: the first snapshot makes it.
  package func requireUsable() throws {
    guard let status = try followed() else {
      guard try FileStatus.ifPresent(path, followingLinks: false) == nil else {
        throw obstacle(
          "is a link that leads to nothing",
          "make or mount the directory that it leads to, or " + Self.elsewhere
        )
      }
      return
    }
    guard status.kind == .directory else {
      throw obstacle("is \(status.kind.rawValue), not a directory", Self.elsewhere)
    }
    guard files.isSearchable(path) else {
      throw obstacle("cannot be looked into by this user", Self.permission)
    }
  }

  /// Refuses a store that this user may only read.
  ///
  /// - Throws: `SnapshotError` with `.refused`.
  package func requireWritable() throws {
    guard files.isWritable(path) else {
      throw obstacle("cannot be written to by this user", Self.permission)
    }
  }

  /// What the path leads to; nil if that is nothing.
  private func followed() throws -> FileStatus? {
    do {
      return try FileStatus.ifPresent(path)
    } catch {
      guard error.isNotRegular else { throw error }
      throw obstacle("is a link that leads to itself", Self.elsewhere)
    }
  }

  private static let elsewhere = "name a directory with --store"
  private static let permission =
    "run the command as the owner of the store, or name another one with --store"

  private func obstacle(_ what: String, _ hint: String) -> SnapshotError {
    SnapshotError(.refused, "the store \(path.shownAsPath) \(what)", hint: hint)
  }
}
