internal import Archive
internal import DurableFiles

/// Small files beside the archives that say something of a snapshot which the archive, written once, cannot: that it is
/// pinned, when it was last verified, and that it was found damaged.
package struct SnapshotMarks: Sendable {
  /// What is noted in a store, by snapshot id.
  package struct Noted: Sendable {
    /// The pinned snapshots.
    package var pinned: Set<String> = []
    /// When snapshots were last read whole after they were taken, ISO 8601.
    package var verified: [String: String] = [:]
    /// When snapshots were found damaged, ISO 8601.
    package var damaged: [String: String] = [:]

    /// Nothing is noted.
    package init() {}

    /// All snapshots of which something is noted.
    package var ids: Set<String> {
      pinned.union(verified.keys).union(damaged.keys)
    }
  }

  private enum Kind: String, CaseIterable {
    case pinned = ".pinned-"
    case verified = ".verified-"
    case damaged = ".damaged-"
  }

  private let store: Store

  /// Makes the marks of a store.
  ///
  /// - Parameter store: The store.
  package init(_ store: Store) {
    self.store = store
  }

  /// Reads all marks.
  ///
  /// - Returns: What is noted.
  /// - Throws: `FileError`.
  package func read() throws -> Noted {
    var noted = Noted()
    for name in try store.files.names(in: store.path) {
      guard let kind = Kind.allCases.first(where: { name.hasPrefix($0.rawValue) }) else { continue }
      let id = String(name.dropFirst(kind.rawValue.count))
      switch kind {
      case .pinned: noted.pinned.insert(id)
      case .verified: noted.verified[id] = try time(name)
      case .damaged: noted.damaged[id] = try time(name)
      }
    }
    return noted
  }

  /// Pins a snapshot, or takes the pin away; doing it twice is harmless.
  ///
  /// - Parameters:
  ///   - id: The snapshot.
  ///   - isPinned: Whether it is to be pinned.
  /// - Throws: `FileError`.
  package func setPinned(_ id: String, _ isPinned: Bool) throws {
    try store.requireWritable()
    let path = path(.pinned, id)
    guard isPinned else {
      try store.files.remove(path)
      try store.files.sync(directory: store.path)
      return
    }
    guard try FileStatus.ifPresent(path) == nil else { return }
    try DurableFile(creating: path, files: store.files).publish()
  }

  /// Notes what reading a snapshot has shown.
  ///
  /// Killed half-way, it leaves the old note, both, or none: never a wrong "whole".
  ///
  /// - Parameters:
  ///   - id: The snapshot.
  ///   - isWhole: Whether every byte was as it was written.
  ///   - time: When, ISO 8601.
  /// - Throws: `FileError`.
  package func note(_ id: String, isWhole: Bool, at time: String) throws {
    if !isWhole { try write(.damaged, id, time) }
    try store.files.remove(path(.verified, id))
    if isWhole {
      try store.files.remove(path(.damaged, id))
      try write(.verified, id, time)
    }
  }

  /// Forgets a snapshot that was removed.
  ///
  /// - Parameter id: The snapshot.
  /// - Throws: `FileError`.
  package func forget(_ id: String) throws {
    for kind in Kind.allCases { try store.files.remove(path(kind, id)) }
  }

  /// Removes the marks of snapshots that are gone: what a run leaves that is killed after it removed an archive.
  ///
  /// - Parameters:
  ///   - noted: What `read` returned before the catalogue was read, so that each mark's archive must be in it.
  ///   - catalogue: Everything in the store.
  /// - Throws: `FileError`.
  package func sweep(_ noted: Noted, sparing catalogue: Store.Catalogue) throws {
    var spared = Set(catalogue.snapshots.map(\.manifest.id))
    for unreadable in catalogue.unreadable {
      // It may be pinned, and only its name says whose pin that is; if not even that, no pin is taken for nobody's.
      guard let id = Store.id(inName: FileSystem.name(of: unreadable.path)) else { return }
      spared.insert(id)
    }
    for id in noted.ids.subtracting(spared) { try forget(id) }
  }

  private func path(_ kind: Kind, _ id: String) -> String {
    store.path + "/" + kind.rawValue + id
  }

  private func write(_ kind: Kind, _ id: String, _ time: String) throws {
    let path = path(kind, id)
    guard try FileStatus.ifPresent(path) == nil else { return }
    let file = try DurableFile(creating: path, files: store.files)
    try file.append(Array(time.utf8))
    do {
      try file.publish()
    } catch let error as FileError where error.isNameTaken {
      // Another run has just noted the same.
      return
    }
  }

  /// The time in a mark; nil if it is gone meanwhile, or no file.
  private func time(_ name: String) throws(FileError) -> String? {
    do {
      let path = store.path + "/" + name
      let bytes = try ReadableFile.contents(of: path, limit: 64, calls: store.files.calls)
      return String(decoding: bytes, as: UTF8.self).shownOnOneLine
    } catch  where error.isNotFound || error.isNotRegular {
      return nil
    }
  }
}
