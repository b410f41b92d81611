internal import DurableFiles

/// Small files beside the archives that say something of a snapshot which the archive, written once, cannot: that it is
/// pinned, and when it was last verified.
package struct SnapshotMarks: Sendable {
  private let store: Store

  /// Makes the marks of a store.
  ///
  /// - Parameter store: The store.
  package init(_ store: Store) {
    self.store = store
  }

  /// The ids of the pinned snapshots.
  ///
  /// - Returns: The ids.
  /// - Throws: `FileError`.
  package func pinned() throws -> Set<String> {
    let prefix = Self.pinPrefix
    return Set(
      try store.files.names(in: store.path).filter { $0.hasPrefix(prefix) }
        .map { String($0.dropFirst(prefix.count)) }
    )
  }

  /// Pins a snapshot, or takes the pin away; doing it twice is harmless.
  ///
  /// - Parameters:
  ///   - id: The snapshot.
  ///   - isPinned: Whether it is to be pinned.
  /// - Throws: `FileError`.
  package func setPinned(_ id: String, _ isPinned: Bool) throws {
    let path = store.path + "/" + Self.pinPrefix + id
    guard isPinned else {
      try store.files.remove(path)
      try store.files.sync(directory: store.path)
      return
    }
    guard try FileStatus.ifPresent(path) == nil else { return }
    try DurableFile(creating: path, files: store.files).publish()
  }

  /// When snapshots were last read whole after they were taken.
  ///
  /// - Returns: The times, ISO 8601, by id.
  /// - Throws: `FileError`.
  package func verified() throws -> [String: String] {
    let prefix = Self.verifiedPrefix
    var times: [String: String] = [:]
    for name in try store.files.names(in: store.path) where name.hasPrefix(prefix) {
      let bytes = try ReadableFile.contents(
        of: store.path + "/" + name,
        limit: 64,
        calls: store.files.calls
      )
      times[String(name.dropFirst(prefix.count))] =
        String(decoding: bytes, as: UTF8.self).shownOnOneLine
    }
    return times
  }

  /// Notes that a snapshot was read whole, or that it no longer can be.
  ///
  /// - Parameters:
  ///   - id: The snapshot.
  ///   - time: When; nil takes the note away.
  /// - Throws: `FileError`.
  package func setVerified(_ id: String, at time: String?) throws {
    let path = store.path + "/" + Self.verifiedPrefix + id
    try store.files.remove(path)
    guard let time else { return }
    let file = try DurableFile(creating: path, files: store.files)
    try file.append(Array(time.utf8))
    try file.publish()
  }

  /// Forgets a snapshot that was removed.
  ///
  /// - Parameter id: The snapshot.
  /// - Throws: `FileError`.
  package func forget(_ id: String) throws {
    try store.files.remove(store.path + "/" + Self.pinPrefix + id)
    try store.files.remove(store.path + "/" + Self.verifiedPrefix + id)
  }

  private static let pinPrefix = ".pinned-"
  private static let verifiedPrefix = ".verified-"
}
