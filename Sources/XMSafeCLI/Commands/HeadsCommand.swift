internal import ArgumentParser
internal import XMSafe

/// `xm-safe heads`.
struct HeadsCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "heads",
    abstract: "List the revisions of the scripts that none comes after.",
    discussion: exitCodes(.done, .refused)
  )

  @Flag(name: [.customShort("v"), .long], help: "Show all of each revision.")
  var verbose = false

  @Flag(
    name: .customLong("resolve-dependencies"),
    help: "Leave those out that another revision depends on."
  )
  var resolvesDependencies = false

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> [RevisionRecord] {
    try facade.heads(resolvesDependencies: resolvesDependencies)
  }

  func text(_ result: [RevisionRecord]) -> String {
    result.map(verbose ? RevisionText.entry : RevisionText.headLine).joined(separator: "\n")
  }
}
