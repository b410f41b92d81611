internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe upgrade`.
struct UpgradeCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "upgrade",
    abstract: "Upgrade the database, or leave it exactly as it was.",
    discussion: """
      A snapshot is taken first. Each revision runs in a savepoint, with the version row moved inside it. When a revision \
      or a check fails, everything is rolled back and compared with the snapshot, and restored from it if need be. A \
      database that does not exist is created.

      \(exitCodes(.done, .notFound, .locked, .outOfSpace, .failedAsBefore, .failedNotRestored, .refused))
      """
  )

  @Argument(help: "head, heads, a revision, the beginning of one, or +N.")
  var target = "head"

  @OptionGroup var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> UpgradeResult {
    try facade.upgrade(to: target)
  }

  func text(_ result: UpgradeResult) -> String {
    let revisions = RevisionText.joined(result.to)
    let database = result.database.shownAsPath
    switch result.outcome {
    case "nothing-to-do": return "nothing to do: \(database) is at \(revisions)"
    case "created": return "created \(database) at \(revisions)"
    default:
      let saved = result.snapshot.map { "; snapshot \($0.id) holds what was before" } ?? ""
      return "upgraded \(database) from \(RevisionText.joined(result.from)) to \(revisions)\(saved)"
    }
  }
}
