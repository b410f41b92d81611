package import DurableFiles

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
    /// An upgrade or a command failed, and its snapshot was being put back in the place of the wreck.
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

  /// A file that is no sound database and is about to be replaced; the names are those of files beside it.
  package struct Replaced: Codable, Hashable, Sendable {
    /// The finished file, which gets the database's name.
    package var finished: String
    /// The name under which the old file, and its logs, are kept.
    package var aside: String
    /// The SHA-256 of the old file's bytes: while the database has them, it has not been replaced.
    package var old: String

    /// Makes a record of its parts.
    package init(finished: String, aside: String, old: String) {
      self.finished = finished
      self.aside = aside
      self.old = old
    }
  }

  /// What was found when a snapshot was about to be put back: only that may be overwritten by a later run that nobody has asked.
  package enum Wreck: Codable, Hashable, Sendable {
    /// A database, with the digest of its content as in a manifest's `contentSHA256`.
    case content(String)
    /// A file that is no sound database, with the SHA-256 of its bytes.
    case file(String)
    /// No file.
    case nothing
  }

  /// What the run was doing.
  package var work: Work
  /// How far it was.
  package var phase = Phase.begun
  /// The directory of the store that its snapshots are in.
  package var store: String
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
  /// What the snapshot replaces, in the phase `restoring`.
  package var wreck: Wreck?
  /// Who owned the database, and its permissions: a file that is gone is made anew with them.
  package var ownership: FileStatus.Ownership?
  /// The note of an earlier run, which this restore is to settle; one at most.
  ///
  /// It stands again if nothing comes of the restore.
  package var unsettled: [CrashNote] = []

  /// Whether it is of a run that has left something half done, which a restore or somebody's decision has to settle.
  package var isUnsettledByItself: Bool { work == .command || phase == .restoring }
  /// Whether that holds for it or for what it was to settle.
  package var isUnsettled: Bool { isUnsettledByItself || !unsettled.isEmpty }
  /// It, and the notes of earlier runs in it.
  package var withEarlier: [CrashNote] { [self] + unsettled.flatMap(\.withEarlier) }
  /// The snapshots that it names, those of earlier runs as well: they hold what was there before.
  package var snapshots: [String] { withEarlier.compactMap(\.snapshot) }

  /// Makes a note.
  package init(
    work: Work,
    store: String,
    versionTable: String,
    holder: String,
    snapshot: String?,
    restored: String? = nil,
    before: Content?,
    after: Content
  ) {
    self.work = work
    self.store = store
    self.versionTable = versionTable
    self.holder = holder
    self.snapshot = snapshot
    self.restored = restored
    self.before = before
    self.after = after
  }
}
