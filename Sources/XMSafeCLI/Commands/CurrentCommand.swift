internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe current`.
struct CurrentCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "current",
    abstract: "Show the revisions that the database is at.",
    discussion: exitCodes(.done, .notFound, .locked, .refused)
  )

  @OptionGroup var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> CurrentResult {
    try facade.current()
  }

  func text(_ result: CurrentResult) -> String {
    let heads = result.heads ?? []
    return result.revisions.map { id in
      id.shownOnOneLine + (heads.contains(id) ? " (head)" : "")
    }.joined(separator: "\n")
  }
}
