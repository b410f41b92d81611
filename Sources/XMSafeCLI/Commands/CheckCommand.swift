internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe check`.
struct CheckCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Tell whether upgrades are pending.",
    discussion: exitCodes(.done, .notFound, .pending, .refused)
  )

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> CheckResult {
    try facade.check()
  }

  func text(_ result: CheckResult) -> String {
    let current = RevisionText.joined(result.current)
    if result.pending.isEmpty { return "up to date: current=\(current)" }
    return
      "\(Self.pending(result)): current=\(current), latest=\(RevisionText.joined(result.latest))"
  }

  func verdict(_ result: CheckResult) -> Verdict? {
    guard !result.pending.isEmpty else { return nil }
    return Verdict(
      exitStatus: .pending,
      message: "\(Self.pending(result)) for \(result.database.shownAsPath)",
      state: "the database was only read, and is at \(RevisionText.joined(result.current))",
      next: "'xm-safe plan' shows what the upgrade would do; 'xm-safe upgrade' does it"
    )
  }

  private static func pending(_ result: CheckResult) -> String {
    let count = result.pending.count
    return count == 1 ? "1 revision is pending" : "\(count) revisions are pending"
  }
}
