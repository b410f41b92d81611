package import AlembicScripts
internal import DurableFiles
internal import Logging
package import Migrations
internal import Revisions
internal import SQLite
package import Snapshots
internal import Upgrade

/// Examines a database with everything around it: each check finds something, or says that all is well.
package struct Doctor {
  let database: String
  let store: Store
  /// The scripts, all of them read; nil if there are none.
  let scripts: ScriptDirectory?
  let versionTable: VersionTable
  let busyTimeout: Duration

  /// Prepares an examination.
  ///
  /// - Parameters:
  ///   - database: The absolute path of the database, which exists.
  ///   - store: Where its snapshots are.
  ///   - scripts: The scripts; nil if there are none, and what needs them is not checked.
  ///   - versionTable: Where the heads are kept.
  ///   - busyTimeout: How long to wait for the locks of others.
  package init(
    database: String,
    store: Store,
    scripts: ScriptDirectory?,
    versionTable: VersionTable,
    busyTimeout: Duration
  ) {
    self.database = database
    self.store = store
    self.scripts = scripts
    self.versionTable = versionTable
    self.busyTimeout = busyTimeout
  }

  /// Runs all checks.
  ///
  /// - Returns: What each found.
  /// - Throws: `SQLiteError` if the database cannot be opened; `FileError`.
  package func examine() throws -> [Finding] {
    let around = try FileChecks(database: database, store: store).findings()
    // Opening the database would replay it.
    guard try DatabaseFile.foreignLog(database) == nil else { return around }
    let connection = try Connection(
      opening: database,
      mode: .readWrite,
      busyTimeout: busyTimeout
    )
    let within = try examineInside(connection)
    try connection.close()
    return within + around
  }

  private func examineInside(_ connection: Connection) throws -> [Finding] {
    do {
      try connection.distrustSchema()
      try connection.beginReading()
      let findings = try examine(connection)
      try connection.rollback()
      return findings
    } catch let error as SQLiteError where error.code == .corrupt || error.code == .notADatabase {
      // So damaged that not even the check can run.
      guard error.code == .notADatabase else { return [damaged(error.message)] }
      return [
        Finding(
          "integrity",
          .problem,
          "the file is not an SQLite database, or it is encrypted",
          why: "its beginning was overwritten, or it never was one",
          commands: ["xm-safe doctor --db FILE", "xm-safe list", "xm-safe restore SNAPSHOT"]
        )
      ]
    }
  }

  /// The checks of what is in the database.
  ///
  /// - Parameter connection: The database, with a transaction open.
  /// - Returns: What each found.
  /// - Throws: `SQLiteError`.
  func examine(_ connection: Connection) throws -> [Finding] {
    let damage = try connection.integrityCheck()
    if let first = damage.first {
      return [damaged(first)]
    }
    var findings = [Finding("integrity", .ok, "integrity_check finds nothing")]
    findings.append(try foreignKeys(connection))
    findings.append(try journal(connection))
    findings += try LeftoverTables(connection: connection, database: database).findings()
    if let bricked = try BrickedXManager(connection: connection, versionTable: versionTable.name)
      .finding()
    {
      return findings + [bricked]
    }
    return findings + (try versionFindings(connection))
  }

  private func damaged(_ damage: String) -> Finding {
    Finding(
      "integrity",
      .problem,
      "the database is damaged: \(damage.shownOnOneLine)",
      why:
        "what is read from a damaged database cannot be trusted, so nothing else in it was checked",
      commands: ["xm-safe list", "xm-safe restore SNAPSHOT"]
    )
  }

  private func versionFindings(_ connection: Connection) throws -> [Finding] {
    let rows: [String]
    do {
      rows = try versionTable.rows(in: connection)
    } catch let error as RevisionError {
      return [Finding("version-rows", .problem, error.message, why: error.hint)]
    }
    guard let scripts else {
      return [
        Finding(
          "version-rows",
          .warning,
          "the version was not compared: there are no migration scripts here",
          commands: ["xm-safe doctor -c alembic.ini"]
        )
      ]
    }
    let silent = Logger(label: "xm_safe.doctor", factory: { _ in SwiftLogNoOpLogHandler() })
    let runner = MigrationRunner(
      scripts: scripts,
      versionTable: versionTable,
      migrationLogger: silent,
      logger: silent
    )
    let findings = try VersionRows(
      connection: connection,
      scripts: scripts,
      versionTable: versionTable,
      runner: runner,
      database: database
    ).findings(rows)
    guard findings.allSatisfy({ $0.severity == .ok }) else { return findings }
    let plan = try scripts.graph.upgradePlan(to: .heads, rows: rows)
    do {
      return findings
        + (try HalfAppliedRevision(connection: connection, database: database, runner: runner)
          .findings(plan))
    } catch let error as SQLiteError where error.code == .error {
      // A schema that cannot be made again here, for example for want of a virtual table's module.
      return findings + [
        Finding("half-applied", .warning, "not checked: the schema cannot be copied (\(error))")
      ]
    }
  }

  private func foreignKeys(_ connection: Connection) throws -> Finding {
    let report: ForeignKeyReport
    do {
      report = try connection.foreignKeyCheck()
    } catch {
      // A key that cannot be checked ("foreign key mismatch"); anything else is no finding.
      guard error.code == .error else { throw error }
      return Finding("foreign-keys", .warning, "cannot be checked: \(error.message)")
    }
    guard let (key, count) = report.violations.min(by: { $0.key < $1.key }) else {
      return Finding("foreign-keys", .ok, "every reference is met")
    }
    let sum = report.violations.values.reduce(0, +)
    return Finding(
      "foreign-keys",
      .warning,
      "\(sum.shown(as: "reference")) to rows that are not there, \(count) of them from \(key.table.shownAsPath) to \(key.parent.shownAsPath)",
      why: "an upgrade compares this, and lets it be no worse",
      commands: [ShellCommand.sqlite(database, "PRAGMA foreign_key_check")]
    )
  }

  private func journal(_ connection: Connection) throws -> Finding {
    let mode = try connection.journalMode()
    let detail =
      mode == "wal"
      ? "" : "; other programs need PRAGMA synchronous=EXTRA for a commit to survive a power cut"
    return Finding("journal-mode", .ok, "\(mode)\(detail)")
  }
}
