internal import ArgumentParser
internal import XMSafe

/// `xm-safe history`.
struct HistoryCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "List the revisions of the scripts, newest first.",
    discussion: exitCodes(.done, .refused)
  )

  @OptionGroup var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> [RevisionRecord] {
    try facade.history()
  }

  func text(_ result: [RevisionRecord]) -> String {
    result.map(RevisionText.historyLine).joined(separator: "\n")
  }
}

/// `xm-safe heads`.
struct HeadsCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "heads",
    abstract: "List the revisions that no other comes after.",
    discussion: exitCodes(.done, .refused)
  )

  @OptionGroup var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> [RevisionRecord] {
    try facade.heads()
  }

  func text(_ result: [RevisionRecord]) -> String {
    result.map(RevisionText.headLine).joined(separator: "\n")
  }
}
