internal import Archive
internal import DurableFiles
internal import Migrations
internal import Revisions
internal import Snapshots

/// The crash note of an upgrade.
extension UpgradeRunner {
  var journal: CrashJournal { CrashJournal(request.database, files: request.store.files) }

  /// Writes down what is about to happen; without that nothing happens.
  func writeNote(_ plan: Plan, _ snapshot: Store.Snapshot?, after digest: String? = nil) throws {
    do {
      try journal.begin(note(plan, snapshot, after: digest))
    } catch let taken as CrashJournal.Taken {
      throw UpgradeFailure(
        .locked,
        "\(taken)",
        state: UpgradeFailure.untouched,
        next: "run the same command again: it first looks what that run has left",
        cause: taken,
        snapshot: snapshot
      )
    } catch {
      let cause = (error as? NotDurable)?.cause ?? error
      let isFull = (cause as? FileError)?.isOutOfSpace ?? false
      throw UpgradeFailure(
        isFull ? .outOfSpace : .refused,
        "what is about to happen to \(request.shown) could not be noted: \(cause)",
        state: UpgradeFailure.untouched,
        next: isFull
          ? "make room, or choose another place with --store"
          : "put that right first: without the note a killed upgrade could not be told from a finished one",
        cause: cause,
        snapshot: snapshot
      )
    }
  }

  /// What is written down before the scripts run, or before what they have made of a copy is published.
  func note(_ plan: Plan, _ snapshot: Store.Snapshot?, after digest: String? = nil) -> CrashNote {
    CrashNote(
      work: .upgrade,
      store: request.store.path,
      versionTable: request.versionTable.name,
      holder: request.holder,
      snapshot: snapshot?.manifest.id,
      before: CrashNote.Content(
        sha256: snapshot?.manifest.image.contentSHA256,
        revisions: plan.rowsBefore
      ),
      after: CrashNote.Content(sha256: digest, revisions: plan.rowsAfter)
    )
  }
}
