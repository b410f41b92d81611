/// The result of `doctor`.
public struct DoctorResult: Codable, Sendable {
  /// What one check found.
  public struct Check: Codable, Hashable, Sendable {
    /// The check, as a short name that does not change.
    public var check: String
    /// `ok`, `warning` or `problem`.
    public var severity: String
    /// What was found.
    public var what: String
    /// How it came to be, or why it matters; empty where that goes without saying.
    public var why: String
    /// What `--fix` does; nil if nothing is proven to be safe.
    public var repair: String?
    /// The SQL of the repair.
    public var statements: [String]
    /// What can be typed where a decision is needed.
    public var commands: [String]
  }

  /// The absolute path of the database.
  public var database: String
  /// The checks; after a repair, those that were made again.
  public var checks: [Check]
  /// What was repaired.
  public var repaired: [Check]
  /// The snapshot from before the repair; nil if none was needed.
  public var snapshot: SnapshotRecord?
  /// Whether no check found a problem; warnings are none.
  public var isHealthy: Bool
}
