internal import Archive
internal import DurableFiles
internal import Migrations
internal import SQLite
internal import Snapshots

/// What the preflight measures.
extension UpgradeRunner {
  func diskFacts(_ live: Connection, isOnlyPlanned: Bool) throws -> DiskNeed.Facts {
    let pageSize = try live.pragma("page_size")
    let image = try live.pragma("page_count") * pageSize
    let table = try largestTable(live)
    let latest = try request.store.catalogue().snapshots.last {
      request.store.isOf(request.database, $0)
    }
    return DiskNeed.Facts(
      image: image,
      pageSize: pageSize,
      isLogged: try live.journalMode() == "wal",
      log: try unmovedLog(image),
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

  /// What the rehearsal has shown that changing the database needs beside it.
  func measuredNeed(_ live: Connection, _ report: RehearsalReport) throws -> [DiskNeed.Part] {
    let image = try live.pragma("page_count") * (try live.pragma("page_size"))
    let growth = max(0, report.finalSize - image)
    // A publication writes every page, whatever has changed on the copy.
    let isLogged = try live.journalMode() == "wal"
    let published = isLogged ? report.finalSize : min(image, report.finalSize)
    return [
      DiskNeed.Part("what it grows by", growth + (try unmovedLog(image))),
      DiskNeed.Part("its journal", request.engine.isAlembic ? published : report.peakJournal),
    ]
  }

  /// What a checkpoint moves from the WAL may make the file longer: by what it lacks of the pages that the database has.
  private func unmovedLog(_ image: Int64) throws -> Int64 {
    guard try FileStatus.ifPresent(request.database + "-wal")?.size ?? 0 > 0 else { return 0 }
    return max(0, image - (try FileStatus.ifPresent(request.database)?.size ?? 0))
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
