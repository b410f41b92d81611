internal import ArgumentParser
internal import XMSafe

/// `xm-safe stamp`.
struct StampCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "stamp",
    abstract: "Write where the database is, without running a script.",
    discussion: """
      For a database that has the schema of a revision already. A snapshot is taken first. Rows on the branches of the \
      revisions are replaced by them; other branches keep theirs.

      \(exitCodes(.done, .notFound, .locked, .outOfSpace, .failedAsBefore, .failedNotRestored, .refused))
      """
  )

  @Argument(
    help: "head, heads, base, a revision, the beginning of one, a label; several may be given."
  )
  var revisions: [String]

  @Flag(help: "Delete all rows first, also those that no script knows.")
  var purge = false

  @OptionGroup(title: "Hooks and signs of life")
  var jobOptions: JobOptions

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  var job: JobOptions? { jobOptions }

  func perform(_ facade: Safeguard) throws(Failure) -> UpgradeResult {
    try facade.stamp(revisions, purges: purge)
  }

  func facts(_ result: UpgradeResult) -> JobFacts { JobFacts(result) }

  func text(_ result: UpgradeResult) -> String { UpgradeText.line(result) }
}
