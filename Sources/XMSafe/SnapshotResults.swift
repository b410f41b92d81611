/// What the commands on snapshots report.

/// The result of `snapshot`.
public struct SnapshotResult: Codable, Sendable {
  /// `saved`; `unchanged` with `--if-changed` and `--if-pending`, `nothing-pending` with `--if-pending`.
  public var outcome: String
  /// The snapshot that was taken, or the one that holds the same content; nil if nothing is pending.
  public var snapshot: SnapshotRecord?
  /// With `--if-pending`: the revisions that an upgrade would apply, in order; nil otherwise.
  public var pending: [String]?
  /// For how many seconds at a time nobody could commit to the database because it was read; 0 in WAL mode, where nobody waits.
  public var lockedSeconds: Double
  /// For how many of these seconds a writer was seen that had begun and could not commit; never much over `--busy-timeout`,
  /// because the snapshot is then given up.
  public var waitedSeconds: Double
}

/// The result of `prune`.
public struct PruneResult: Codable, Sendable {
  /// A snapshot that stays.
  public struct Kept: Codable, Hashable, Sendable {
    /// The snapshot.
    public var snapshot: SnapshotRecord
    /// The rules and protections that keep it.
    public var reasons: [String]
  }

  /// Whether nothing was removed, only decided.
  public var isDryRun: Bool
  /// What stays, newest first.
  public var kept: [Kept]
  /// What was removed, or would be.
  public var removed: [SnapshotRecord]
}

/// The result of `diff`.
public struct DiffResult: Codable, Sendable {
  /// The rows of one table on both sides; nil where the table is not there.
  public struct Rows: Codable, Hashable, Sendable {
    /// The table.
    public var table: String
    /// Rows before.
    public var before: Int64?
    /// Rows after.
    public var after: Int64?
  }

  /// What is compared, by id; `live` for the database.
  public var before: String
  /// With what.
  public var after: String
  /// SQL that leads from the one schema to the other: drops of what is gone or changed, then creations.
  ///
  /// A table that differs loses its rows; its indexes and triggers are created again.
  public var schema: [String]
  /// The tables whose row counts differ.
  public var rows: [Rows]
}
