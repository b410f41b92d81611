internal import Archive
internal import Logging
internal import Revisions
internal import SQLite
internal import Snapshots

/// The part of an upgrade with the project's own alembic that brings the upgraded copy into the database.
extension UpgradeRunner {
  func publication(of copy: WorkingCopy, into live: Connection) throws -> Publication {
    do {
      return try Publication(request, of: copy, into: live)
    } catch let error as VerificationFailure {
      throw rehearsalFailure(error, nil)
    } catch let error as SQLiteError {
      throw failure(error)
    }
  }

  /// Compares the database with the copy, after the publication: it is new, whatever comes of this.
  func prove(
    _ publication: Publication,
    _ live: Connection,
    _ plan: Plan,
    _ snapshot: Store.Snapshot?
  ) throws {
    let logger = request.logger("xm_safe.verify")
    do {
      if let doubt = try publication.prove(live) {
        logger.warning("\(doubt)")
      } else {
        logger.info(
          "Verified: at \(UpgradeReport.shown(plan.rowsAfter)), and equal to the copy that was checked"
        )
      }
    } catch let error as VerificationFailure {
      throw UpgradeFailure(
        .notRestored,
        "the copy that was checked was published into \(request.shown), and \(error)",
        state: "the database is neither as before nor as the copy",
        next: "'xm-safe restore \(snapshot?.manifest.id ?? "latest")' puts back what was before",
        cause: error,
        snapshot: snapshot
      )
    } catch {
      logger.warning("What was published could not be compared: \(error)")
    }
  }
}
