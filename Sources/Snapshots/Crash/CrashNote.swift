/// What a run writes down before it changes a database, so that the next one can tell how a killed run ended.
///
/// SQLite's own journals bring the file back to before or after; the note says which of the two it is, and puts right what
/// SQLite does not know of: the journal mode, and a file that is about to be replaced.
package struct CrashNote: Codable, Hashable, Sendable {
  /// What the run was doing.
  package enum Work: String, Codable, Hashable, Sendable {
    /// An upgrade.
    case upgrade
    /// A restore, or an undo.
    case restore
    /// A command of the user's that was guarded: what it was to make of the database is not known.
    case command
  }

  /// How far it was.
  package enum Phase: String, Codable, Hashable, Sendable {
    /// The transaction has begun, and all of it can still be rolled back.
    case begun
    /// SQLite was told to commit, or a copy is being committed.
    case committing
    /// An upgrade or a command failed, and its snapshot was being put back.
    case restoring
  }

  /// What a database holds.
  package struct Content: Codable, Hashable, Sendable {
    /// Its digest, as in a manifest's `contentSHA256`; nil where it is not known beforehand.
    package var sha256: String?
    /// The rows of its version table.
    package var revisions: [String]

    /// Makes a record of its parts.
    package init(sha256: String?, revisions: [String]) {
      self.sha256 = sha256
      self.revisions = revisions
    }
  }

  /// A file that is no sound database and is about to be replaced.
  package struct Replaced: Codable, Hashable, Sendable {
    /// The finished file, which gets the database's name; while it is there, it has not got it.
    package var finished: String
    /// The name under which the old file, and its logs, are kept.
    package var aside: String

    /// Makes a record of its parts.
    package init(finished: String, aside: String) {
      self.finished = finished
      self.aside = aside
    }
  }

  /// What the run was doing.
  package var work: Work
  /// How far it was.
  package var phase = Phase.begun
  /// The absolute path of the database.
  package var database: String
  /// The name of the version table.
  package var versionTable: String
  /// What to say of the run: its process and when it began.
  package var holder: String
  /// The id of the snapshot that holds what was there before; nil if that was nothing, or is not saved yet.
  package var snapshot: String?
  /// The id of the snapshot that is being restored.
  package var restored: String?
  /// What was there before; nil where only the copy itself can tell.
  package var before: Content?
  /// What is there if the run succeeds.
  package var after: Content
  /// The journal mode that the database is to have again; nil if it was not touched.
  package var journalMode: String?
  /// The file that is about to be replaced; nil in all but that case.
  package var replaced: Replaced?

  /// Makes a note.
  package init(
    work: Work,
    database: String,
    versionTable: String,
    holder: String,
    snapshot: String?,
    restored: String? = nil,
    before: Content?,
    after: Content
  ) {
    self.work = work
    self.database = database
    self.versionTable = versionTable
    self.holder = holder
    self.snapshot = snapshot
    self.restored = restored
    self.before = before
    self.after = after
  }
}
