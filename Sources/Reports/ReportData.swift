package import Jobs

/// What a report is made of: plain values, gathered by somebody else.
package struct ReportData: Sendable {
  /// One snapshot.
  package struct Snapshot: Sendable {
    /// Its id.
    package var id: String
    /// When it was taken: ISO 8601, UTC.
    package var created: String
    /// Why.
    package var reason: String
    /// The revisions of the database.
    package var heads: [String]
    /// The database's length in bytes.
    package var databaseSize: Int64
    /// The archive's length in bytes.
    package var archiveSize: Int64
    /// When it was last read whole.
    package var verified: String
    /// Whether it was found damaged.
    package var isDamaged: Bool
    /// Whether it is kept whatever happens.
    package var isPinned: Bool

    /// Makes one of its parts.
    package init(
      id: String,
      created: String,
      reason: String,
      heads: [String],
      databaseSize: Int64,
      archiveSize: Int64,
      verified: String,
      isDamaged: Bool,
      isPinned: Bool
    ) {
      self.id = id
      self.created = created
      self.reason = reason
      self.heads = heads
      self.databaseSize = databaseSize
      self.archiveSize = archiveSize
      self.verified = verified
      self.isDamaged = isDamaged
      self.isPinned = isPinned
    }
  }

  /// One revision.
  package struct Revision: Sendable {
    /// Its id.
    package var id: String
    /// What it comes directly after.
    package var parents: [String]
    /// What it needs beside that.
    package var needs: [String]
    /// The labels of its branches.
    package var labels: [String]
    /// Its message.
    package var message: String
    /// Whether the database is at it.
    package var isCurrent: Bool
    /// Whether nothing comes after it.
    package var isHead: Bool

    /// Makes one of its parts.
    package init(
      id: String,
      parents: [String],
      needs: [String] = [],
      labels: [String] = [],
      message: String,
      isCurrent: Bool = false,
      isHead: Bool = false
    ) {
      self.id = id
      self.parents = parents
      self.needs = needs
      self.labels = labels
      self.message = message
      self.isCurrent = isCurrent
      self.isHead = isHead
    }
  }

  /// The database: a path, or an address without password.
  package var database: String
  /// When the report was made: ISO 8601, UTC.
  package var created: String
  /// The version of xm-safe.
  package var version: String
  /// The revisions that the database is at; nil if it could not be asked.
  package var current: [String]?
  /// How many revisions are pending; nil if that could not be told.
  package var pending: Int?
  /// The snapshots, oldest first.
  package var snapshots: [Snapshot]
  /// The runs, oldest first.
  package var runs: [RunRecord]
  /// The revisions, newest first; none if there are no scripts.
  package var revisions: [Revision]
  /// What could not be found out, in sentences.
  package var remarks: [String]

  /// Makes the data of their parts.
  package init(
    database: String,
    created: String,
    version: String,
    current: [String]?,
    pending: Int?,
    snapshots: [Snapshot],
    runs: [RunRecord],
    revisions: [Revision],
    remarks: [String] = []
  ) {
    self.database = database
    self.created = created
    self.version = version
    self.current = current
    self.pending = pending
    self.snapshots = snapshots
    self.runs = runs
    self.revisions = revisions
    self.remarks = remarks
  }
}
