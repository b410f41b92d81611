internal import Archive
internal import Logging
internal import Snapshots

/// Snapshots as commands report them, with what is noted beside their archives.
extension Safeguard {
  /// A snapshot for people and programs, with what is noted beside its archive.
  func record(_ snapshot: Store.Snapshot, in store: Store) throws -> SnapshotRecord {
    try records([snapshot], in: store)[0]
  }

  /// A snapshot for a result of what is done already: where what is noted of it cannot be read, it is told without, and nobody
  /// learns of a failure that was none.
  func told(_ snapshot: Store.Snapshot, in store: Store) -> SnapshotRecord {
    do {
      return try record(snapshot, in: store)
    } catch {
      context.logger("xm_safe.store").warning(
        "What is noted of snapshot \(snapshot.manifest.id) cannot be read: \(error)"
      )
      return SnapshotRecord(snapshot, SnapshotMarks.Noted())
    }
  }

  /// Snapshots for people and programs; what is noted of them is read once for all.
  func records(_ snapshots: [Store.Snapshot], in store: Store) throws -> [SnapshotRecord] {
    let noted = try SnapshotMarks(store).read()
    return snapshots.map { SnapshotRecord($0, noted) }
  }
}

extension SnapshotRecord {
  init(_ snapshot: Store.Snapshot, _ noted: SnapshotMarks.Noted) {
    let manifest = snapshot.manifest
    self.init(
      id: manifest.id,
      sequence: manifest.sequence,
      created: manifest.created,
      reason: manifest.reason.rawValue,
      path: snapshot.path,
      archiveSize: snapshot.archiveSize,
      database: manifest.database.path,
      databaseSize: manifest.image.size,
      dialect: manifest.database.dialect.rawValue,
      pageSize: manifest.database.file?.pageSize,
      journalMode: manifest.database.file?.journalMode,
      heads: manifest.heads,
      target: manifest.target,
      rowCounts: manifest.rowCounts,
      sha256: manifest.image.sha256,
      tool: manifest.tool,
      sqlite: manifest.sqlite,
      server: manifest.database.server?.version,
      client: manifest.database.server?.client,
      pinned: noted.pinned.contains(manifest.id),
      verified: noted.verified[manifest.id] ?? manifest.created,
      damaged: noted.damaged[manifest.id]
    )
  }
}
