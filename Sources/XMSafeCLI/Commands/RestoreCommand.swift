internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe restore`.
struct RestoreCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a snapshot back into the database.",
    discussion: """
      The whole archive is verified first, and a snapshot of the present content is taken. The copy is one transaction of \
      SQLite: the database is as it was or as the snapshot, whatever happens, and other connections may stay open.

      \(exitCodes(.done, .notFound, .locked, .outOfSpace, .failedNotRestored, .damagedSnapshot, .refused))
      """
  )

  @Argument(help: "latest, the beginning of an id, or a path.")
  var snapshot: String

  @Flag(help: "Restore a snapshot of another database.")
  var force = false

  @OptionGroup var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> RestoreResult {
    try facade.restore(snapshot, force: force)
  }

  func text(_ result: RestoreResult) -> String {
    let before = result.before.map { "; snapshot \($0.id) holds what was before" } ?? ""
    let doubt = result.proven ? "" : " (another process has written since)"
    return
      "restored \(result.database.shownAsPath) from snapshot \(result.snapshot.id)\(doubt)\(before)"
  }
}
