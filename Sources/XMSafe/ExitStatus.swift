/// How a command ends, as a number for programs: one table, which the README prints.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  /// Done, or nothing to do.
  case done = 0
  /// An error that nobody expected; the database was not touched.
  case unexpected = 1
  /// There is no such database, or no such snapshot.
  case notFound = 10
  /// Another process holds the lock.
  case locked = 11
  /// There is not enough room.
  case outOfSpace = 12
  /// The upgrade failed, and the database is as it was before; or it would fail (`plan`).
  case failedAsBefore = 20
  /// The upgrade or the restore failed, and the database is not as it was; or it is, and may not survive a power cut.
  case failedNotRestored = 21
  /// A snapshot is damaged.
  case damagedSnapshot = 22
  /// Upgrades are pending (`check`), or the database is not at all heads (`current --check-heads`).
  case pending = 23
  /// Refused before anything was touched: scripts, heads, configuration.
  case refused = 24
  /// There are problems that were not repaired (`doctor`).
  case problemsFound = 25
  /// An upgrade failed on the way, and the database is at the last revision before (`upgrade --keep-completed`).
  case failedOnTheWay = 26
  /// The command line was wrong.
  case usage = 64
  /// The command cannot be executed (`run`).
  case notExecutable = 126
  /// There is no such command (`run`).
  case commandNotFound = 127
  /// Ended by SIGHUP, with the database as it was.
  case hungUp = 129
  /// Ended by SIGINT, or by the program that embeds xm-safe, with the database as it was.
  case interrupted = 130
  /// Ended by SIGTERM, with the database as it was.
  case terminated = 143

  /// What the code means, in a few words.
  public var meaning: String {
    switch self {
    case .done: "done, or nothing to do"
    case .unexpected: "unexpected error, database untouched"
    case .notFound: "no such database or snapshot"
    case .locked: "locked by another process"
    case .outOfSpace: "not enough space"
    case .failedAsBefore: "upgrade failed, database as before (proven); it would fail (plan)"
    case .failedNotRestored: "failed, database not as before; or done, and a power cut may undo it"
    case .damagedSnapshot: "a snapshot is damaged"
    case .pending: "upgrades are pending (check, current --check-heads)"
    case .refused: "refused before anything was touched (scripts, heads, configuration)"
    case .problemsFound: "problems remain (doctor)"
    case .failedOnTheWay: "upgrade failed, revisions before kept (--keep-completed)"
    case .usage: "wrong usage"
    case .notExecutable: "the command cannot be executed (run)"
    case .commandNotFound: "no such command (run)"
    case .hungUp: "interrupted by SIGHUP, database as before"
    case .interrupted: "interrupted by SIGINT, database as before"
    case .terminated: "interrupted by SIGTERM, database as before"
    }
  }

  /// The codes that every command has.
  public static let general: [ExitStatus] = [
    .unexpected, .usage, .hungUp, .interrupted, .terminated,
  ]
}
