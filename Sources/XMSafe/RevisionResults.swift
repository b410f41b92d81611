/// What the commands on revisions report: values for programs, whose JSON is a contract (fields may be added, none is
/// renamed).

/// One revision, as `history`, `heads`, `branches`, `current` and `show` report it.
public struct RevisionRecord: Codable, Hashable, Sendable {
  /// Its id.
  public var revision: String
  /// The revisions that it comes directly after.
  public var downRevisions: [String]
  /// What else must be applied before it.
  public var dependsOn: [String]
  /// The revisions that come directly after it.
  public var nextRevisions: [String]
  /// The labels of the branches that it is on.
  public var branchLabels: [String]
  /// Its message.
  public var message: String
  /// The whole docstring of its script.
  public var documentation: String
  /// Its script's path.
  public var path: String
  /// Whether no revision comes after it.
  public var isHead: Bool
  /// Whether it is a head that another revision depends on.
  public var isEffectiveHead: Bool
  /// Whether several revisions come after it.
  public var isBranchPoint: Bool
  /// Whether it comes after several revisions.
  public var isMergePoint: Bool
  /// Whether the database is at it; false also where that was not asked for.
  public var isCurrent: Bool
}

/// The result of `current`.
public struct CurrentResult: Codable, Sendable {
  /// The absolute path of the database.
  public var database: String
  /// The rows of the version table.
  public var revisions: [String]
  /// Those of them that are heads of the scripts; nil if there are no scripts to know.
  public var heads: [String]?
  /// The last revisions of all branches that are applied, also those that only a dependency implies; nil if there are no scripts.
  public var tips: [RevisionRecord]?
  /// Whether the database is at all heads of the scripts; nil if there are no scripts.
  public var isAtHeads: Bool?
}

/// One point where branches part, as `branches` reports it.
public struct BranchRecord: Codable, Sendable {
  /// The revision.
  public var point: RevisionRecord
  /// The revisions that come after it.
  public var branches: [RevisionRecord]
}

/// The result of `upgrade --sql`, `downgrade --sql`, `stamp --sql` and `ensure_version --sql`.
public struct OfflineResult: Codable, Sendable {
  /// Where the SQL begins; none for base.
  public var from: [String]
  /// Where it leads.
  public var to: [String]
  /// The revisions whose scripts it is made of, in order; none for a stamp.
  public var revisions: [String]
  /// The SQL.
  public var sql: String
}

/// The result of `revision` and `merge`.
public struct NewRevisionResult: Codable, Sendable {
  /// The revision.
  public var revision: RevisionRecord
  /// Directories that were made for its file.
  public var directories: [String]
}

/// One template of `init`, as `list_templates` reports it.
public struct TemplateRecord: Codable, Hashable, Sendable {
  /// Its name.
  public var name: String
  /// What it is for.
  public var synopsis: String
}

/// The result of `init`.
public struct InitResult: Codable, Sendable {
  /// One thing that was made, or was there.
  public struct Made: Codable, Hashable, Sendable {
    /// What was made of it.
    public enum Kind: String, Codable, Sendable {
      /// A directory.
      case directory
      /// A file.
      case file
      /// A file that makes the directory a Python package.
      case package
      /// A file that was there, and was left as it was.
      case present
    }

    /// What was made of it.
    public var kind: Kind
    /// The absolute path.
    public var path: String
  }

  /// What was made, in order.
  public var made: [Made]
  /// The alembic.ini.
  public var configuration: String
}
