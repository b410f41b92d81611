internal import ArgumentParser
internal import XMSafe

/// `xm-safe plan`.
struct PlanCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Run an upgrade on a copy, and show what it does.",
    discussion: """
      The database is only read. Shown are the SQL of every revision, the difference of the schema, rows before and after, \
      what rebuilds lose and what brings it back, time and disk. Ends with the code that the upgrade would end with.

      \(exitCodes(.done, .notFound, .locked, .outOfSpace, .failedAsBefore, .refused))
      """
  )

  @Argument(help: "head, heads, a revision, the beginning of one, or +N.")
  var target = "head"

  @OptionGroup var safety: SafetyOptions

  @OptionGroup var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> PlanResult {
    try facade.plan(to: target, safety: safety.safety())
  }

  func text(_ result: PlanResult) -> String { PlanText.text(result) }

  func exitStatus(_ result: PlanResult) -> ExitStatus {
    result.failure == nil ? .done : .failedAsBefore
  }
}
