internal import DurableFiles
internal import SQLite
internal import Snapshots
internal import Stopping
internal import Upgrade

/// Repairing what is proven to be safe to repair.
extension Doctor {
  /// Repairs in one transaction, after a snapshot; what is found is found again under the write lock.
  ///
  /// The caller holds the lock of the store, which has swept it.
  ///
  /// - Parameter save: Takes the snapshot.
  /// - Returns: What was repaired; nothing that needs a decision.
  /// - Throws: `UpgradeFailure`, with the database as it was.
  package func repair(saving save: () throws -> Void) throws -> [Finding] {
    let live: Connection
    let mendable: [Finding]
    do {
      live = try Connection(opening: database, mode: .readWrite, busyTimeout: busyTimeout)
      // A table that is dropped must not take the rows of others with it.
      try live.execute("PRAGMA foreign_keys=OFF")
      try live.execute("PRAGMA synchronous=EXTRA")
      try live.beginImmediate()
      mendable = try examine(live).filter { !$0.statements.isEmpty }
    } catch let error as SQLiteError {
      throw DatabaseFile.failure(error, path: database)
    }
    do {
      if !mendable.isEmpty {
        try save()
        try perform(mendable, on: live)
        try StopSwitch.check()
        try live.commit()
      }
    } catch {
      live.shield()
      throw undone(live, after: error)
    }
    try StopSwitch.shielded {
      try live.rollback()
      try live.close()
      try store.files.sync(directory: FileSystem.directory(of: database))
    }
    return mendable
  }

  private func perform(_ findings: [Finding], on live: Connection) throws {
    let before = try violations(live)
    for statement in findings.flatMap(\.statements) { try live.execute(statement) }
    if let damage = try live.quickCheck().first {
      throw RepairFailure(description: "quick_check finds: \(damage)")
    }
    if let before, let after = try violations(live), !after.worse(than: before).isEmpty {
      throw RepairFailure(description: "rows would refer to rows that are not there")
    }
  }

  private func violations(_ live: Connection) throws -> ForeignKeyReport? {
    do {
      return try live.foreignKeyCheck()
    } catch {
      // A key that cannot be checked was so before.
      guard error.code == .error else { throw error }
      return nil
    }
  }

  private func undone(_ live: Connection, after error: any Error) -> UpgradeFailure {
    var state = "the database is as it was before (rolled back by SQLite)"
    do {
      try live.rollback()
      try live.close()
    } catch {
      state = "SQLite could not roll back (\(error)), and does so when the database is next opened"
    }
    if let busy = error.rootCause as? SQLiteError, busy.isBusy {
      // It says who holds the lock.
      var failure = DatabaseFile.failure(busy, path: database)
      failure.state = state
      return failure
    }
    return UpgradeFailure(
      .asBefore,
      "the repair of \(database.shownAsPath) failed: \(error)",
      state: state,
      next: "'xm-safe doctor' shows what there is to repair",
      cause: error
    )
  }
}

/// A repair that would have made something worse.
struct RepairFailure: Error, CustomStringConvertible {
  var description: String
}
