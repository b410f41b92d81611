internal import Archive
internal import DurableFiles
internal import Logging
internal import Migrations
internal import SQLite
internal import Snapshots

/// What happens when an upgrade fails: roll back, prove, and restore from the archive if the proof fails.
struct Undoing {
  private let request: UpgradeRequest
  private let live: Connection
  /// `PRAGMA data_version` from when the write lock was held: it changes when another process commits.
  private let version: Int64
  private let snapshot: Store.Snapshot?

  init(_ request: UpgradeRequest, live: Connection, version: Int64, snapshot: Store.Snapshot?) {
    self.request = request
    self.live = live
    self.version = version
    self.snapshot = snapshot
  }

  /// Brings the database back to what it was before.
  ///
  /// - Parameter error: Why the upgrade failed.
  /// - Returns: The failure to throw, which says how the database is now.
  func undo(_ error: any Error) -> UpgradeFailure {
    let logger = request.logger("xm_safe.upgrade")
    logger.error("\(String(describing: error).shownOnOneLine)")
    do {
      try live.rollback()
      switch try proof() {
      case .equal(let how):
        logger.info("Rolled back, and proven to be as before: \(how)")
        return failure(
          .asBefore,
          error,
          state: "the database is exactly as it was before (rolled back; \(how))"
        )
      case .writtenSince:
        logger.warning(
          "Rolled back; another process has written since, so there is nothing left to compare"
        )
        return failure(
          .asBefore,
          error,
          state: "the upgrade was rolled back; another process has written to the database since"
        )
      case .different:
        logger.error("Rolled back, and the content is not the snapshot's: restoring it")
        return restore(after: error)
      }
    } catch let second {
      logger.error("Rolling back failed: \(String(describing: second).shownOnOneLine)")
      return restore(after: error)
    }
  }

  private enum Proof {
    case equal(String)
    case different
    case writtenSince
  }

  private func proof() throws -> Proof {
    guard let snapshot else {
      let count = try live.value("SELECT count(*) FROM sqlite_schema")?.integerValue
      return count == 0 ? .equal("it is empty again") : .different
    }
    // With the write lock nobody can change what is compared; the transaction itself writes nothing.
    try live.beginImmediate()
    guard try live.pragma("data_version") == version else {
      try live.rollback()
      return .writtenSince
    }
    let digest = try DatabaseImage.contentDigest(
      of: request.database,
      timeout: request.busyTimeout,
      progress: request.progress
    )
    try live.rollback()
    let isEqual = digest == snapshot.manifest.image.contentSHA256
    return isEqual
      ? .equal("its content has the digest of snapshot \(snapshot.manifest.id)") : .different
  }

  private func restore(after error: any Error) -> UpgradeFailure {
    guard let snapshot else {
      return failure(.notRestored, error, state: "the database was empty before, and is not now")
    }
    do {
      try live.close()
      let restorer = Restorer(
        busyTimeout: request.busyTimeout,
        files: request.store.files,
        progress: request.progress
      )
      _ = try restorer.restore(try restorer.verify(snapshot.path), into: request.database)
      request.logger("xm_safe.restore").info(
        "Restored \(request.shown) from snapshot \(snapshot.manifest.id)"
      )
      return failure(
        .asBefore,
        error,
        state:
          "the database is as it was before (restored from snapshot \(snapshot.manifest.id), and compared)"
      )
    } catch let second {
      request.logger("xm_safe.restore").error(
        "Restoring failed: \(String(describing: second).shownOnOneLine)"
      )
      var failure = failure(
        .notRestored,
        error,
        state:
          "the database could not be put back (\(second)); the snapshot \(snapshot.path.shownAsPath) is whole"
      )
      failure.next =
        "put right what prevents it, then run 'xm-safe restore \(snapshot.manifest.id)'"
      return failure
    }
  }

  private func failure(
    _ code: UpgradeFailure.Code,
    _ error: any Error,
    state: String
  ) -> UpgradeFailure {
    UpgradeFailure(
      code,
      "the upgrade of \(request.shown) failed: \(error)",
      state: state,
      next: "correct the cause, then run the same command again",
      cause: error,
      snapshot: snapshot
    )
  }
}
