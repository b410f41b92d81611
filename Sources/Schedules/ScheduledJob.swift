/// One of the things that are done regularly for a database: what, how often, and by which command.
package enum ScheduledJob: String, Hashable, Sendable, CaseIterable {
  /// A snapshot each day, if something has changed.
  case snapshot
  /// A snapshot as soon as revisions are pending, looked for every ten minutes.
  case pending
  /// All snapshots read, each week.
  case verify
  /// The latest one restored into a database of its own and checked, each month.
  case drill
  /// What no rule keeps removed, each day.
  case prune

  /// What it does, as a clause for people.
  package var purpose: String {
    switch self {
    case .snapshot: "daily snapshot, if something has changed"
    case .pending: "snapshot as soon as an upgrade is pending"
    case .verify: "weekly reading of all snapshots"
    case .drill: "monthly restore drill"
    case .prune: "removal of old snapshots"
    }
  }

  /// The command of xm-safe that does it.
  package var verb: String {
    switch self {
    case .snapshot, .pending: "snapshot"
    case .verify, .drill: "verify"
    case .prune: "prune"
    }
  }

  /// The arguments of xm-safe for it, without those that name the database.
  ///
  /// - Parameter keep: The rules of `prune`.
  /// - Returns: The arguments.
  func arguments(keep: [String]) -> [String] {
    switch self {
    case .snapshot: [verb, "--if-changed", "--scheduled"]
    case .pending: [verb, "--if-pending", "--scheduled"]
    case .verify: [verb, "--all"]
    case .drill: [verb, "--deep"]
    case .prune: [verb] + keep
    }
  }
}
