/// The result of `plan` and `upgrade --dry-run`: what an upgrade did on a copy.
public struct PlanResult: Codable, Sendable {
  /// The rows of one table.
  public struct Rows: Codable, Hashable, Sendable {
    /// The table.
    public var table: String
    /// How many rows it had; nil if it was not there.
    public var before: Int64?
    /// How many it has; nil if it is gone.
    public var after: Int64?
  }

  /// Something that the rebuild of a table loses, which the real alembic does in silence.
  public struct Warning: Codable, Hashable, Sendable {
    /// The table.
    public var table: String
    /// What is lost.
    public var message: String
    /// What brings it back, its parts separated by semicolons:
    /// `op.batch_alter_table(...)` shows arguments of the batch, `batch_op...` is a
    /// directive within it, all else SQL to execute after it; nil where nothing can.
    public var remedy: String?
  }

  /// One revision.
  public struct Step: Codable, Hashable, Sendable {
    /// Its id.
    public var revision: String
    /// The revisions that it comes directly after.
    public var downRevisions: [String]
    /// Its message.
    public var message: String
    /// The SQL as it was executed, the change of the version table last.
    public var statements: [String]
    /// The tables that it touched.
    public var tables: [Rows]
    /// What its rebuilds lose.
    public var warnings: [Warning]
    /// How long it took.
    public var seconds: Double
  }

  /// Why the upgrade would fail.
  public struct Reason: Codable, Hashable, Sendable {
    /// What happened, as one sentence in lower case.
    public var message: String
    /// Where in a script; nil where there is no place.
    public var location: Failure.Location?
    /// What to do.
    public var next: String
  }

  /// What was changed in the database itself meanwhile, as a sentence; nil if nothing was, and of an SQLite file.
  public var liveChange: String?
  /// `would-upgrade`, `would-downgrade`, `would-create`, `would-fail` or `nothing-to-do`.
  public var outcome: String
  /// `upgrade` or `downgrade`.
  public var direction: String
  /// The absolute path of the database; of one on a server its URL without a password.
  public var database: String
  /// What ran the scripts: `native` or `alembic`.
  public var engine: String
  /// The revisions now; none at base.
  public var from: [String]
  /// The revisions after the upgrade.
  public var to: [String]
  /// The revisions that ran on the copy, in order; of a failing upgrade the last one is that which failed.
  public var revisions: [Step]
  /// The difference between before and after, as SQL; empty if the upgrade would fail.
  ///
  /// Of a server's database: the statements that only the new schema has, and in comments those that only the old one had.
  public var schema: [String]
  /// The tables whose row counts differ between before and after; empty if the upgrade would fail.
  public var rows: [Rows]
  /// What the guard compares: `rows`, `digest` or `off`.
  public var guarding: String
  /// The tables that may lose rows.
  public var allowedLosses: [String]
  /// How long it took, the copy included.
  public var seconds: Double
  /// The most bytes that the copy and its journal took; on a server, what the server says of the copy.
  public var peakDisk: Int64
  /// Why the upgrade would fail; nil if it would not.
  public var failure: Reason?
}
