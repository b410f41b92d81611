/// What the commands report: values for programs, whose JSON is a contract (fields may be added, none is renamed).

/// The result of `upgrade`, `downgrade`, `stamp` and `ensure_version`.
public struct UpgradeResult: Codable, Sendable {
  /// `upgraded`, `created`, `downgraded`, `stamped`, `table-made` or `nothing-to-do`.
  public var outcome: String
  /// The absolute path of the database.
  public var database: String
  /// What ran the scripts: `native` or `alembic`.
  public var engine: String
  /// The revisions before; none at base.
  public var from: [String]
  /// The revisions now.
  public var to: [String]
  /// The revisions that were applied, or taken back, in order.
  public var applied: [String]
  /// The snapshot that was taken before; nil if there was nothing to save.
  public var snapshot: SnapshotRecord?
}

/// One snapshot, as `snapshot`, `list` and `show` report it.
public struct SnapshotRecord: Codable, Hashable, Sendable {
  /// Its id: eight hexadecimal digits.
  public var id: String
  /// Its place in the order of the store, from 1.
  public var sequence: Int64
  /// When it was taken: ISO 8601, UTC.
  public var created: String
  /// Why: `pre-upgrade`, `pre-downgrade`, `pre-stamp`, `pre-restore`, `scheduled` or `manual`.
  public var reason: String
  /// The archive's absolute path.
  public var path: String
  /// The archive's length in bytes.
  public var archiveSize: Int64
  /// The database that it was taken of: the path of a file, or the address of a server's database, without user and password.
  public var database: String
  /// The length of the database's image or dump in bytes.
  public var databaseSize: Int64
  /// `sqlite`, `postgresql`, `mariadb` or `mysql`.
  public var dialect: String
  /// The database's page size in bytes; nil for a server's database.
  public var pageSize: Int?
  /// The journal mode at the time; nil for a server's database.
  public var journalMode: String?
  /// The revisions of the database; none at base.
  public var heads: [String]
  /// The revisions that the upgrade was about to reach; of what a failed run has left, those that it put back; nil for other reasons.
  public var target: [String]?
  /// Rows per table.
  public var rowCounts: [String: Int64]
  /// SHA-256 of the image or dump: what `gunzip -c FILE | sha256sum` prints.
  public var sha256: String
  /// The version of xm-safe that made it.
  public var tool: String
  /// The version of SQLite that it was made with; nil for a server's database.
  public var sqlite: String?
  /// The version of the server, in its own words; nil for an SQLite file.
  public var server: String?
  /// The program that wrote the dump, with its version; nil for an SQLite file.
  public var client: String?
  /// Whether it is kept whatever the retention says.
  public var pinned: Bool
  /// When it was last read whole: the time it was taken, or that of a later `verify`.
  public var verified: String
  /// When `verify` or `prune` found it damaged; nil if it was not, or was found whole again since.
  public var damaged: String?
}

/// The result of `list`.
public struct ListResult: Codable, Sendable {
  /// A file that has a snapshot's name and cannot be read.
  public struct Unreadable: Codable, Hashable, Sendable {
    /// The file.
    public var path: String
    /// Why it cannot be read.
    public var reason: String
  }

  /// The absolute path of the store.
  public var store: String
  /// The snapshots, oldest first.
  public var snapshots: [SnapshotRecord]
  /// What cannot be read.
  public var unreadable: [Unreadable]
}

/// The result of `verify`.
public struct VerifyResult: Codable, Sendable {
  /// One archive.
  public struct Entry: Codable, Hashable, Sendable {
    /// The archive's path.
    public var path: String
    /// The snapshot's id; nil if the archive cannot tell.
    public var id: String?
    /// The database that it is of; nil if the archive cannot tell.
    public var database: String?
    /// What is damaged; nil if every byte is as it was written.
    public var damage: String?
    /// With `--deep`: how many rows refer to rows that are not there, which is the database's own matter.
    public var orphans: Int?
  }

  /// The archives that were read.
  public var archives: [Entry]
  /// Whether all of them are whole.
  public var isWhole: Bool { archives.allSatisfy { $0.damage == nil } }
}

/// The result of `restore`.
public struct RestoreResult: Codable, Sendable {
  /// What is in the place of the database.
  public enum Present: String, Codable, Sendable {
    /// A database, which is saved before a restore.
    case database
    /// No file.
    case nothing
    /// A file that is no sound database: a restore keeps it aside.
    case unsound
  }

  /// The snapshot that was restored.
  public var snapshot: SnapshotRecord
  /// The database that it was restored into.
  public var database: String
  /// The snapshot of what was there before; nil if there was nothing.
  public var before: SnapshotRecord?
  /// Whether the content was compared with the snapshot's and is equal; false only if another process wrote meanwhile, and
  /// with `--dry-run`.
  public var proven: Bool
  /// Whether nothing was restored, only said what would be.
  public var isDryRun = false
  /// With `--dry-run`: what a restore would find; nil otherwise.
  public var present: Present?
}

/// The result of `check`.
public struct CheckResult: Codable, Sendable {
  /// The absolute path of the database.
  public var database: String
  /// Whether the database is there; a file that is not would be made by the upgrade.
  public var exists: Bool
  /// The rows of the version table.
  public var current: [String]
  /// The heads of the scripts.
  public var latest: [String]
  /// The revisions that an upgrade to the heads would apply, in order.
  public var pending: [String]
}
