/// The result of `schedule`: a value for programs, whose JSON is a contract (fields may be added, none is renamed).
public struct ScheduleResult: Codable, Sendable {
  /// One job.
  public struct Job: Codable, Hashable, Sendable {
    /// `snapshot`, `pending`, `verify`, `drill` or `prune`.
    public var job: String
    /// When it runs, as the program that runs it writes it: the five fields of a crontab, or systemd's calendar.
    public var when: String
    /// The program and its arguments.
    public var command: [String]
  }

  /// `printed`, `installed`, `unchanged`, `removed` or `nothing-to-remove`.
  public var outcome: String
  /// `cron`, `systemd` or `launchd`.
  public var kind: String
  /// The database.
  public var database: String
  /// The jobs; none after a removal.
  public var jobs: [Job]
  /// The files, with `systemd` and `launchd`.
  public var files: [String]
  /// What is written, with `print`; nil otherwise.
  public var text: String?
  /// The commands that are still to be typed, where xm-safe cannot or does not.
  public var commands: [String]
}
