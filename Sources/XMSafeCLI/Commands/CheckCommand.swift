internal import ArgumentParser
internal import XMSafe

/// `xm-safe check`.
struct CheckCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Tell whether upgrades are pending.",
    discussion: exitCodes(.done, .notFound, .pending, .refused)
  )

  @OptionGroup var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> CheckResult {
    try facade.check()
  }

  func text(_ result: CheckResult) -> String {
    let current = RevisionText.joined(result.current)
    if result.pending.isEmpty { return "up to date: current=\(current)" }
    let count =
      result.pending.count == 1 ? "1 revision is" : "\(result.pending.count) revisions are"
    return "\(count) pending: current=\(current), latest=\(RevisionText.joined(result.latest))"
  }

  func exitStatus(_ result: CheckResult) -> ExitStatus {
    result.pending.isEmpty ? .done : .pending
  }
}
