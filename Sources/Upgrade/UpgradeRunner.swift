internal import AlembicScripts
internal import DurableFiles
internal import Logging
internal import Migrations
internal import Revisions
internal import SQLite
internal import Snapshots

/// Upgrades a database so that it is afterwards entirely new or entirely as it was.
///
/// Lock, snapshot, migrate in savepoints, verify, commit; on any failure roll back, prove that the content is the
/// snapshot's, and restore from the archive if it is not. `UpgradeMachine` decides the order, `UpgradeRun` keeps it; what
/// each effect does is here.
package struct UpgradeRunner {
  let request: UpgradeRequest

  /// Makes a runner for one upgrade.
  ///
  /// - Parameter request: What is to be done.
  package init(_ request: UpgradeRequest) {
    self.request = request
  }

  /// Runs the upgrade.
  ///
  /// - Returns: What was done.
  /// - Throws: `UpgradeFailure`, which says what the database is like now; `RevisionError` and `ScriptError` before the
  ///   database was opened for writing.
  package func run() throws -> UpgradeReport {
    guard let status = try FileStatus.ifPresent(request.database) else {
      guard request.work.mayCreate else { throw nothingThere }
      return try FreshDatabase(request).create()
    }
    try DatabaseFile.check(status, path: request.database)
    for _ in 1...5 {
      do {
        return try UpgradeRun(self).run()
      } catch var failure as UpgradeFailure {
        failure.work = request.work.noun
        throw failure
      } catch is StalePublication {
        request.logger("xm_safe.upgrade").info(
          "Another process has written in the moment before the upgraded copy was published: nothing was changed, beginning again"
        )
      }
    }
    throw UpgradeFailure(
      .locked,
      "other programs keep writing to \(request.shown), and what they write must not be lost",
      state: UpgradeFailure.untouched,
      next: "stop them, then run the same command again"
    )
  }

  /// Only an upgrade makes a database.
  var nothingThere: UpgradeFailure {
    UpgradeFailure(
      .noSuchDatabase,
      "there is no database at \(request.shown)",
      state: UpgradeFailure.untouched,
      next: "check the path given with --db; 'xm-safe upgrade' creates a database"
    )
  }

  /// What there is to do, found out without writing: a plan that is refused writes nothing.
  func foreseenPlan() throws -> Plan { try checkedPlan(try foreseenTable()) }

  /// The version table, read without writing.
  func foreseenTable() throws -> VersionTable.Content {
    do {
      let reader = try Connection(
        opening: request.database,
        mode: .readOnly,
        busyTimeout: request.busyTimeout
      )
      // One view: somebody else may upgrade between the look for the table and the look at its rows.
      try reader.beginReading()
      let table = try request.versionTable.content(in: reader)
      try reader.rollback()
      try reader.close()
      return table
    } catch let error as SQLiteError {
      // A hot journal, or a WAL without its index, needs a connection that may write before it can be read.
      guard error.code == .readOnly || error.code == .cannotOpen else { throw failure(error) }
      let writer = try openLive()
      do {
        let table = try request.versionTable.content(in: writer)
        try writer.close()
        return table
      } catch let error as SQLiteError {
        throw failure(error)
      }
    }
  }

  func plan(on live: Connection) throws -> Plan {
    try checkedPlan(try request.versionTable.content(in: live))
  }

  func checkedPlan(_ table: VersionTable.Content) throws -> Plan {
    let plan = try request.work.plan(request.scripts.graph, table)
    if !request.engine.isAlembic { try request.scripts.check(plan) }
    return plan
  }

  func nothingToDo(_ plan: Plan) -> UpgradeReport {
    sayContext()
    request.logger("xm_safe.upgrade").info(
      "Nothing to do: \(request.shown) is at \(UpgradeReport.shown(plan.rowsBefore))"
    )
    return UpgradeReport(
      outcome: .nothingToDo,
      database: request.database,
      from: plan.rowsBefore,
      to: plan.rowsBefore,
      applied: []
    )
  }

  func takeLock() throws -> KernelLock {
    do {
      let lock = try request.store.lock(
        for: request.database,
        holder: request.holder,
        waiting: request.lockWait
      ) { held in
        request.logger("xm_safe.lock").info("Waiting for \(held.who)")
      }
      request.logger("xm_safe.lock").info("Locked \(request.shown)")
      return lock
    } catch let held as KernelLock.Held {
      throw UpgradeFailure(
        .locked,
        "another xm-safe is working on \(request.shown): \(held.who)",
        state: UpgradeFailure.untouched,
        next: "run the same command again when it has ended; --wait 5m waits for it",
        cause: held
      )
    }
  }

  func openLive() throws -> Connection {
    do {
      return try Connection(
        opening: request.database,
        mode: .readWrite,
        busyTimeout: request.busyTimeout
      )
    } catch {
      throw failure(error)
    }
  }

  func begin(_ live: Connection) throws {
    guard FileSystem().isWritable(request.database) else {
      throw UpgradeFailure(
        .refused,
        "\(request.shown) is read-only",
        state: UpgradeFailure.untouched,
        next: "make the file and its directory writable for this user"
      )
    }
    do {
      // Inside a transaction this has no effect, and a table that is rebuilt would take its children's rows with it
      // (https://www.sqlite.org/pragma.html#pragma_foreign_keys).
      try live.execute("PRAGMA foreign_keys=OFF")
      // In rollback mode only EXTRA makes a commit survive a power cut (https://www.sqlite.org/pragma.html#pragma_synchronous).
      try live.execute("PRAGMA synchronous=EXTRA")
      try live.beginImmediate()
    } catch {
      throw failure(error)
    }
  }

  /// Says what alembic says when it has connected; here the second line is true, since every revision runs in a savepoint.
  func sayContext() {
    let logger = request.logger("alembic.runtime.migration")
    logger.info("Context impl SQLiteImpl.")
    logger.info("Will assume transactional DDL.")
  }

  func failure(_ error: SQLiteError) -> UpgradeFailure {
    DatabaseFile.failure(error, path: request.database)
  }
}
