internal import Archive
internal import DurableFiles
internal import Snapshots

/// The command that compares snapshots.
extension Safeguard {
  /// What differs between two snapshots, or between one and the database.
  ///
  /// - Parameters:
  ///   - before: `latest`, the beginning of an id, or a path.
  ///   - after: The same, or `live` for the database.
  /// - Returns: The differences.
  /// - Throws: `Failure`.
  public func diff(_ before: String, _ after: String = "live") throws(Failure) -> DiffResult {
    try failing {
      let database = try databaseForStore()
      if Project.isOnServer(database), let work = try serverWork() {
        _ = try look(database) { work }
        return try diff(work, before, after)
      }
      let store = try store(for: database)
      let restorer = Restorer(
        busyTimeout: options.busyTimeout,
        files: store.files,
        progress: progress
      )
      func side(_ reference: String) throws -> (String, SchemaDifference.Side) {
        if reference == "live" {
          try progress(Progress("count rows"))
          return ("live", try reading(database) { try SchemaDifference.Side($0) })
        }
        let snapshot = try find(reference, database, in: store)
        return (snapshot.manifest.id, try SchemaDifference.Side(try restorer.verify(snapshot.path)))
      }
      let (oldName, old) = try side(before)
      let (newName, new) = try side(after)
      let difference = SchemaDifference(from: old, to: new)
      return DiffResult(
        before: oldName,
        after: newName,
        schema: difference.schema,
        rows: difference.rows.map {
          DiffResult.Rows(table: $0.table, before: $0.before, after: $0.after)
        }
      )
    }
  }
}
