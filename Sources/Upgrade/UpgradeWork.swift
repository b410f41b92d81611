internal import Archive
package import Revisions

/// What is to be done to a database's revisions: go up, go down, or only write where it is.
package enum UpgradeWork: Hashable, Sendable {
  /// Runs the scripts' `upgrade()`.
  case upgrade(to: Target)
  /// Runs the scripts' `downgrade()`.
  case downgrade(to: Target)
  /// Runs no script: writes the version rows.
  case stamp([String], purges: Bool)

  /// Decides what that means for a database.
  ///
  /// - Parameters:
  ///   - graph: The revisions.
  ///   - rows: The rows of the version table.
  /// - Returns: The plan.
  /// - Throws: `RevisionError`.
  func plan(_ graph: RevisionGraph, rows: [String]) throws(RevisionError) -> Plan {
    switch self {
    case .upgrade(let target): try graph.upgradePlan(to: target, rows: rows)
    case .downgrade(let target): try graph.downgradePlan(to: target, rows: rows)
    case .stamp(let targets, let purges):
      try graph.stampPlan(to: targets, rows: rows, purges: purges)
    }
  }

  /// The target as it is written.
  var target: String {
    switch self {
    case .upgrade(let target), .downgrade(let target): target.text
    case .stamp(let targets, _): targets.joined(separator: " ")
    }
  }

  /// What it is called.
  package var noun: String {
    switch self {
    case .upgrade: "upgrade"
    case .downgrade: "downgrade"
    case .stamp: "stamp"
    }
  }

  /// Why the snapshot before it is taken.
  var reason: Manifest.Reason {
    switch self {
    case .upgrade: .preUpgrade
    case .downgrade: .preDowngrade
    case .stamp: .preStamp
    }
  }

  /// What was done, at the beginning of a sentence.
  var done: String {
    switch self {
    case .upgrade: "Upgraded"
    case .downgrade: "Downgraded"
    case .stamp: "Stamped"
    }
  }

  /// What became of the database.
  var outcome: UpgradeReport.Outcome {
    switch self {
    case .upgrade: .upgraded
    case .downgrade: .downgraded
    case .stamp: .stamped
    }
  }
}
