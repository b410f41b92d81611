internal import Archive
internal import Migrations
internal import Revisions
internal import Snapshots

/// The crash note of an upgrade.
extension UpgradeRunner {
  var journal: CrashJournal { CrashJournal(request.store, database: request.database) }

  /// What is written down before the scripts run.
  func note(_ plan: Plan, _ snapshot: Store.Snapshot?) -> CrashNote {
    CrashNote(
      work: .upgrade,
      database: request.database,
      versionTable: request.versionTable.name,
      holder: request.holder,
      snapshot: snapshot?.manifest.id,
      before: CrashNote.Content(
        sha256: snapshot?.manifest.image.contentSHA256,
        revisions: plan.rowsBefore
      ),
      after: CrashNote.Content(sha256: nil, revisions: plan.rowsAfter)
    )
  }
}
