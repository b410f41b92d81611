internal import ArgumentParser
internal import XMSafe

/// `xm-safe merge`.
struct MergeCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Write the script of a revision that joins branches.",
    discussion: exitCodes(.done, .refused)
  )

  @Argument(help: "The revisions to join, or heads for all.")
  var revisions: [String]

  @Option(name: [.customShort("m"), .long], parsing: .unconditional, help: "What it does.")
  var message: String?

  @Option(name: .customLong("rev-id"), help: "Its id. [default: twelve random digits]")
  var id: String?

  @Option(name: .customLong("branch-label"), help: "The name of the branch that begins with it.")
  var branchLabel: String?

  @Flag(help: "Let it come after revisions that are no heads.")
  var splice = false

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> NewRevisionResult {
    try facade.revision(
      Safeguard.RevisionRequest(
        message: message,
        id: id,
        heads: revisions,
        splices: splice,
        branchLabels: branchLabel.map { [$0] } ?? []
      )
    )
  }

  func text(_ result: NewRevisionResult) -> String { NewRevisionText.text(result) }
}
