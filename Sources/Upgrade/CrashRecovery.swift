internal import Archive
internal import DurableFiles
internal import Migrations
internal import SQLite
package import Snapshots

/// Finds out how a run that was killed has left its database, and brings it to exactly before or exactly after.
///
/// Opening the database lets SQLite replay its own journals; after that the file is one or the other. What SQLite does not
/// know of is put right here.
package struct CrashRecovery {
  /// What was found.
  package struct Report: Hashable, Sendable {
    /// What the killed run had noted.
    package var note: CrashNote
    /// How it has left the database.
    package var verdict: CrashVerdict
    /// The rows of the version table now.
    package var revisions: [String]
    /// The files beside it that belong to one which was being replaced.
    package var kept: [String] = []
    /// Whether there is no file.
    package var isGone = false
    /// The journal mode in which the database had to stay, because others have it open; nil if it has the one it is to have.
    package var strangeMode: String?
  }

  private let store: Store
  private let database: String
  private let busyTimeout: Duration
  private let progress: ProgressReport

  /// Prepares the recovery of a database; the caller holds the store's lock.
  ///
  /// - Parameters:
  ///   - store: The store with the note.
  ///   - database: The absolute path of the database.
  ///   - busyTimeout: How long to wait for the locks of others.
  ///   - progress: Told how far the comparison is.
  package init(
    store: Store,
    database: String,
    busyTimeout: Duration,
    progress: @escaping ProgressReport
  ) {
    self.store = store
    self.database = database
    self.busyTimeout = busyTimeout
    self.progress = progress
  }

  /// Looks, puts right, and takes the note away; the note of a run that is not settled by that stays.
  ///
  /// - Returns: What was found; nil if no run was killed.
  /// - Throws: `CrashJournal.Unreadable`, `FileError`, `SQLiteError`, `ArchiveError`: the note then stays for the next try.
  package func run() throws -> Report? {
    let journal = CrashJournal(database, files: store.files)
    guard var note = try journal.read() else { return nil }
    while true {
      let report = try judge(note)
      guard report.verdict != .after, let earlier = note.unsettled.first else {
        if report.verdict.isSettled { try journal.clear() }
        return try withKept(report)
      }
      // As far as can be told the restore has not taken effect: what it was to settle is open again.
      try journal.write(earlier)
      note = earlier
    }
  }

  private func withKept(_ report: Report) throws -> Report {
    guard let replaced = report.note.replaced else { return report }
    var report = report
    let replacement = Replacement(database: database, files: store.files)
    report.kept = try replacement.kept(replaced)
    return report
  }

  private func judge(_ note: CrashNote) throws -> Report {
    let status = try FileStatus.ifPresent(database)
    if let replaced = note.replaced, status?.kind == .file {
      let replacement = Replacement(database: database, files: store.files)
      if try replacement.digest() == replaced.old {
        try replacement.takeBack(replaced)
        let verdict = CrashVerdict(note, found: .file(replaced.old))
        return Report(
          note: note,
          // A restore that had not given its file the name has changed nothing.
          verdict: note.isUnsettledByItself ? verdict : .before,
          revisions: note.before?.revisions ?? []
        )
      }
    }
    guard let status else {
      var report = Report(note: note, verdict: CrashVerdict(note, found: .nothing), revisions: [])
      report.isGone = true
      return report
    }
    do {
      return try look(note)
    } catch let error as SQLiteError where note.isUnsettledByItself && error.isUnsound {
      try DatabaseFile.checkKind(status, path: database)
      let digest = try Replacement(database: database, files: store.files).digest()
      return Report(note: note, verdict: CrashVerdict(note, found: .file(digest)), revisions: [])
    }
  }

  private func look(_ note: CrashNote) throws -> Report {
    let connection = try Connection(
      opening: database,
      mode: .readWrite,
      busyTimeout: busyTimeout
    )
    try connection.distrustSchema()
    // Nobody writes while this is compared, and with the lock a hot journal has been replayed.
    try connection.beginImmediate()
    let revisions = try VersionTable(name: note.versionTable).rows(in: connection)
    let digest = try DatabaseImage.contentDigest(
      of: database,
      timeout: busyTimeout,
      progress: progress
    )
    let verdict = CrashVerdict(
      note,
      found: .database(
        CrashVerdict.Content(
          equalsBefore: try equalsBefore(note, connection, digest),
          sha256: digest,
          revisions: revisions
        )
      )
    )
    try connection.rollback()
    var report = Report(note: note, verdict: verdict, revisions: revisions)
    report.strangeMode = try modeTakenBack(note, connection)
    try connection.close()
    try store.files.sync(directory: FileSystem.directory(of: database))
    return report
  }

  /// Brings the journal mode back that the run has changed, or was about to; returns the one in which it had to stay.
  private func modeTakenBack(_ note: CrashNote, _ connection: Connection) throws -> String? {
    guard let mode = note.journalMode else { return nil }
    do {
      let now = try connection.takeJournalMode(mode)
      return (now == "wal") == (mode == "wal") ? nil : now
    } catch {
      // That can wait; what the rows are cannot.
      guard error.isBusy else { throw error }
      return try connection.journalMode()
    }
  }

  private func equalsBefore(
    _ note: CrashNote,
    _ connection: Connection,
    _ digest: String
  ) throws -> Bool {
    if let sha256 = note.before?.sha256, digest == sha256 { return true }
    guard note.work != .restore else { return false }
    guard let id = note.snapshot else {
      return try connection.value("SELECT count(*) FROM sqlite_schema")?.integerValue == 0
    }
    guard
      let snapshot = try store.catalogue().snapshots.first(where: { $0.manifest.id == id })
    else { return false }
    let how = try ContentProof.equality(
      of: connection,
      and: snapshot,
      in: store,
      digest: digest,
      progress: progress
    )
    return how != nil
  }
}
