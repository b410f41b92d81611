internal import Archive
internal import DurableFiles
internal import Logging
internal import Snapshots

/// What the commands on snapshots share: whose store is meant, and which snapshots of it.
extension Safeguard {
  /// The database whose store is meant, by its path or its identity; with a store named, none is needed.
  func databaseForStore() throws -> String {
    guard project.namesStore, !project.namesDatabase else { return try project.key() }
    do {
      return try project.key()
    } catch let failure as Failure
      where failure.exitStatus == .refused || failure.exitStatus == .notFound
    {
      return ""
    }
  }

  func find(
    _ reference: String,
    _ database: String,
    in store: Store
  ) throws -> Store.Snapshot {
    if reference == "latest", database.isEmpty {
      throw Failure(
        .refused,
        "no database is named, so that there is no telling which snapshot is the latest",
        next: "name the database with --db, or the snapshot by its id"
      )
    }
    return try store.find(try located(reference, in: store), database: database)
  }

  /// A reference that is a path, made absolute; others as they are.
  ///
  /// A path has a slash, or is the name of a file that is here, or of an archive in the store. What may begin an id is one,
  /// whatever is here.
  private func located(_ reference: String, in store: Store) throws -> String {
    if reference.contains("/") { return project.absolute(reference) }
    let isID =
      reference.utf8.count <= 8 && reference.allSatisfy { $0.isASCII && $0.isHexDigit }
    guard reference != "latest", !isID else { return reference }
    for path in [project.absolute(reference), store.path + "/" + reference]
    where try FileStatus.ifPresent(path)?.kind == .file {
      return path
    }
    return reference
  }

  /// The snapshots that a command on all of them covers: those of the database, or of all databases if that is asked for or
  /// a store is named (`--store`, `XM_SAFE_STORE`) and no database (`--db`, `XM_SAFE_DB`).
  func covered(
    _ catalogue: Store.Catalogue,
    _ database: String,
    _ store: Store,
    allDatabases: Bool
  ) -> [Store.Snapshot] {
    guard !allDatabases, project.namesDatabase || !project.namesStore else {
      return catalogue.snapshots
    }
    let own = catalogue.snapshots.filter { store.isOf(database, $0) }
    let others = catalogue.snapshots.count - own.count
    if others > 0 {
      context.logger("xm_safe.snapshot").info(
        "Left out: \(others) \(others == 1 ? "snapshot" : "snapshots") of other databases in \(store.path.shownAsPath) (--all-databases)"
      )
    }
    return own
  }
}
