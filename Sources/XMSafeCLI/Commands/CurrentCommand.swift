internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe current`.
struct CurrentCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "current",
    abstract: "Show the revisions that the database is at.",
    discussion: """
      Shown are the rows of the version table, and the last revisions of other branches that they imply by a dependency.

      \(exitCodes(.done, .notFound, .locked, .pending, .refused))
      """
  )

  @Flag(name: [.customShort("v"), .long], help: "Show all of each revision.")
  var verbose = false

  @Flag(
    name: .customLong("check-heads"),
    help: "Fail if the database is not at all heads of the scripts."
  )
  var checksHeads = false

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> CurrentResult {
    try facade.current()
  }

  func verdict(_ result: CurrentResult) -> Verdict? {
    guard checksHeads, result.isAtHeads != true else { return nil }
    return Verdict(
      exitStatus: .pending,
      message: "\(result.database.shownAsPath) is not at all heads of the scripts",
      state: "the database was only read, and is at \(RevisionText.joined(result.revisions))",
      next: "'xm-safe heads' lists them; 'xm-safe upgrade heads' goes there"
    )
  }

  func text(_ result: CurrentResult) -> String {
    // All of them are current.
    let tips = (result.tips ?? []).map { tip in
      var tip = tip
      tip.isCurrent = false
      return tip
    }
    let unknown = result.revisions.filter { id in !tips.contains { $0.revision == id } }
    let lines =
      unknown.map(\.shownOnOneLine)
      + tips.map(verbose ? RevisionText.entry : RevisionText.currentLine)
    // What is no path is a server's address without its password.
    let isPath = result.database.hasPrefix("/")
    let url = isPath ? SQLiteURL.text(result.database) : result.database.shownOnOneLine
    let title = "Current revision(s) for \(url):"
    return ((verbose ? [title] : []) + lines).joined(separator: "\n")
  }
}
