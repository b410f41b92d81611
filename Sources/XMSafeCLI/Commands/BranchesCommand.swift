internal import ArgumentParser
internal import XMSafe

/// `xm-safe branches`.
struct BranchesCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "branches",
    abstract: "List the revisions after which branches part.",
    discussion: exitCodes(.done, .refused)
  )

  @Flag(name: [.customShort("v"), .long], help: "Show all of each revision.")
  var verbose = false

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> [BranchRecord] {
    try facade.branches()
  }

  func text(_ result: [BranchRecord]) -> String {
    result.map { branch in
      let point = branch.point
      let blanks = String(repeating: " ", count: point.revision.count)
      let lines = branch.branches.map {
        "\(blanks) -> \(RevisionText.branchLine($0, withMessage: verbose))"
      }
      let head = verbose ? RevisionText.entry(point) : RevisionText.branchLine(point)
      return ([head] + lines).joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }
}
