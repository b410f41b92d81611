internal import ArgumentParser
internal import XMSafe

/// `xm-safe history`.
struct HistoryCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "List the revisions of the scripts, newest first.",
    discussion: """
      With a range only what lies between its ends, both included: a revision, the beginning of one, a label, head, base, \
      +N, -N, current, or nothing for the very end.

      \(exitCodes(.done, .refused, .usage))
      """
  )

  @Option(
    name: [.customShort("r"), .customLong("rev-range")],
    parsing: .unconditional,
    help: ArgumentHelp("Only these revisions.", valueName: "start:end")
  )
  var range: String?

  @Flag(name: [.customShort("v"), .long], help: "Show all of each revision.")
  var verbose = false

  @Flag(
    name: [.customShort("i"), .customLong("indicate-current")],
    help: "Mark the revisions that the database is at."
  )
  var showsCurrent = false

  @OptionGroup var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> [RevisionRecord] {
    try facade.history(range: range, showsCurrent: showsCurrent)
  }

  func text(_ result: [RevisionRecord]) -> String {
    result.map(verbose ? RevisionText.entry : RevisionText.historyLine).joined(separator: "\n")
  }
}
