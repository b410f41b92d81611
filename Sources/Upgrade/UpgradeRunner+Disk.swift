internal import Archive
internal import DurableFiles
internal import Migrations
internal import SQLite
internal import Snapshots

/// What the preflight measures.
extension UpgradeRunner {
  func diskFacts(_ live: Connection, isOnlyPlanned: Bool) throws -> DiskNeed.Facts {
    let image = try live.pragma("page_count") * (try live.pragma("page_size"))
    let table = try largestTable(live)
    let latest = try request.store.catalogue().snapshots.last {
      request.store.isOf(request.database, $0)
    }
    return DiskNeed.Facts(
      image: image,
      log: try FileStatus.ifPresent(request.database + "-wal")?.size ?? 0,
      largestTable: table ?? image,
      isTableEstimated: table == nil,
      latest: latest.map {
        DiskNeed.Latest(archive: $0.archiveSize, image: $0.manifest.image.size)
      },
      isRehearsed: request.rehearses,
      isPublished: request.engine.isAlembic,
      isOnlyPlanned: isOnlyPlanned
    )
  }

  /// The bytes of the largest table with its indexes; nil if this SQLite is built without dbstat.
  private func largestTable(_ live: Connection) throws -> Int64? {
    do {
      return try live.value(
        """
        SELECT coalesce(max(size), 0) FROM (
          SELECT sum(pgsize) AS size FROM dbstat('main', 1) AS stat
          LEFT JOIN sqlite_schema AS entry ON entry.name = stat.name
          GROUP BY coalesce(entry.tbl_name, stat.name)
        )
        """
      )?.integerValue
    } catch  where error.code == .error {
      return nil
    }
  }
}
