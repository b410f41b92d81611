internal import Archive
internal import DurableFiles

/// How one snapshot of a store is found by what a user calls it.
extension Store {
  /// Finds one snapshot.
  ///
  /// - Parameters:
  ///   - reference: `latest`, the beginning of an id, or a path (which has a slash, or ends as archives do). The latest is
  ///     the newest that was not taken before a restore: what a restore replaced is for `undo`, and restoring the latest
  ///     twice must not bring back what the first time took away.
  ///   - database: The absolute path of the database that `latest` is meant for.
  /// - Returns: The snapshot.
  /// - Throws: `SnapshotError` if there is none or more than one; `ArchiveError` if the file cannot be read.
  package func find(_ reference: String, database: String) throws -> Snapshot {
    if reference.contains("/") || Self.isArchiveName(reference) {
      guard let status = try FileStatus.ifPresent(reference) else {
        throw SnapshotError(.noSuchSnapshot, "there is no snapshot \(reference.shownAsPath)")
      }
      guard status.kind == .file else {
        throw SnapshotError(
          .noSuchSnapshot,
          "\(reference.shownAsPath) is \(status.kind.rawValue), not a snapshot"
        )
      }
      let reader = try ArchiveReader(opening: reference, files: files)
      return Snapshot(path: reference, archiveSize: reader.size, manifest: reader.manifest)
    }
    let catalogue = try catalogue()
    let hint = "'xm-safe list' shows what there is"
    if reference == "latest" { return try latest(of: database, in: catalogue, hint) }
    let matches = catalogue.snapshots.filter { snapshot in
      !reference.isEmpty && snapshot.manifest.id.hasPrefix(reference)
    }
    // A copy of an archive inside the store is the same snapshot.
    if Set(matches.map(\.manifest)).count == 1, let match = matches.first { return match }
    let shown = reference.shownOnOneLine
    guard matches.isEmpty else {
      let ids = matches.map(\.manifest.id).joined(separator: ", ")
      throw SnapshotError(.noSuchSnapshot, "'\(shown)' begins more than one id: \(ids)", hint: hint)
    }
    // A damaged archive cannot tell its id, but its name has it.
    if let damaged = catalogue.unreadable.first(where: {
      FileSystem.name(of: $0.path).contains("-" + reference)
    }),
      !reference.isEmpty
    {
      _ = try ArchiveReader(opening: damaged.path, files: files)
    }
    throw SnapshotError(
      .noSuchSnapshot,
      "there is no snapshot '\(shown)' in \(path.shownAsPath)",
      hint: hint
    )
  }

  private func latest(
    of database: String,
    in catalogue: Catalogue,
    _ hint: String
  ) throws -> Snapshot {
    let own = catalogue.snapshots.filter { isOf(database, $0) }
    let latest = own.last { $0.manifest.reason != .preRestore }
    // One that cannot be read may be later than the latest that can: the user decides, not we.
    let name = latest.map { FileSystem.name(of: $0.path) } ?? ""
    let beforeRestore = "-\(Manifest.Reason.preRestore.rawValue)-"
    let doubt = catalogue.unreadable.map(\.path).first { path in
      FileSystem.name(of: path) > name && !FileSystem.name(of: path).contains(beforeRestore)
    }
    if let doubt {
      throw ArchiveError(
        .damaged,
        doubt,
        "it may be the latest snapshot, and cannot be read; name the one you mean by its id"
      )
    }
    if let latest { return latest }
    guard own.isEmpty else {
      throw SnapshotError(
        .noSuchSnapshot,
        "all snapshots of \(database.shownAsPath) were taken before a restore, and 'latest' is none of these",
        hint: "name one by its id; \(hint)"
      )
    }
    throw SnapshotError(
      .noSuchSnapshot,
      "there is no snapshot of \(database.shownAsPath) in \(path.shownAsPath)",
      hint: catalogue.snapshots.isEmpty ? "'xm-safe snapshot' takes one" : hint
    )
  }
}
