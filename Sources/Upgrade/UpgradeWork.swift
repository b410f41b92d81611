package import Archive
package import Migrations
package import Revisions

/// What is to be done to a database's revisions: go up, go down, or only write where it is.
package enum UpgradeWork: Hashable, Sendable {
  /// Runs the scripts' `upgrade()`.
  case upgrade(to: Target)
  /// Runs the scripts' `downgrade()`.
  case downgrade(to: Target)
  /// Runs no script: writes the version rows.
  case stamp([String], purges: Bool)
  /// Runs no script, and writes no row: makes the version table.
  case ensureVersion

  /// Decides what that means for a database.
  ///
  /// - Parameters:
  ///   - graph: The revisions.
  ///   - table: The version table.
  /// - Returns: The plan.
  /// - Throws: `RevisionError`.
  package func plan(
    _ graph: RevisionGraph,
    _ table: VersionTable.Content
  ) throws(RevisionError) -> Plan {
    let rows = table.rows
    return switch self {
    case .upgrade(let target): try graph.upgradePlan(to: target, rows: rows)
    case .downgrade(let target): try graph.downgradePlan(to: target, rows: rows)
    case .stamp(let targets, let purges):
      try graph.stampPlan(to: targets, rows: rows, purges: purges)
    case .ensureVersion: Plan.versionTable(rows: rows, isThere: table.isThere)
    }
  }

  /// Whether it makes a database that is not there.
  var mayCreate: Bool {
    switch self {
    case .upgrade, .ensureVersion: true
    case .downgrade, .stamp: false
    }
  }

  /// What alembic is told to do the same.
  package var alembicArguments: [String] {
    switch self {
    case .upgrade(let target), .downgrade(let target): [noun, target.text]
    case .stamp(let targets, let purges): [noun] + (purges ? ["--purge"] : []) + targets
    case .ensureVersion: [noun]
    }
  }

  /// What is said before a downgrade runs.
  package static let warningOfDowngrades =
    "A downgrade brings back no rows: what it drops, and what the upgrade dropped, is in snapshots only"

  /// What it is called.
  package var noun: String {
    switch self {
    case .upgrade: "upgrade"
    case .downgrade: "downgrade"
    case .stamp: "stamp"
    case .ensureVersion: "ensure_version"
    }
  }

  /// Why the snapshot before it is taken.
  package var reason: Manifest.Reason {
    switch self {
    case .upgrade: .preUpgrade
    case .downgrade: .preDowngrade
    case .stamp, .ensureVersion: .preStamp
    }
  }

  /// What was done, as a sentence.
  ///
  /// - Parameters:
  ///   - plan: What was planned.
  ///   - database: The database as messages show it.
  /// - Returns: The sentence.
  package func done(_ plan: Plan, _ database: String) -> String {
    let verb: String
    switch self {
    case .upgrade: verb = "Upgraded"
    case .downgrade: verb = "Downgraded"
    case .stamp: verb = "Stamped"
    case .ensureVersion: return "Made the version table of \(database)"
    }
    return
      "\(verb) \(database) from \(UpgradeReport.shown(plan.rowsBefore)) to \(UpgradeReport.shown(plan.rowsAfter))"
  }

  /// What became of the database.
  package var outcome: UpgradeReport.Outcome {
    switch self {
    case .upgrade: .upgraded
    case .downgrade: .downgraded
    case .stamp: .stamped
    case .ensureVersion: .tableMade
    }
  }
}
