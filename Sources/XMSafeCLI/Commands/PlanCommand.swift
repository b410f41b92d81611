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

  @Argument(
    help: "head, heads, a revision, the beginning of one, a label, +N, or branch@ before these."
  )
  var target = "head"

  @Flag(
    name: .customLong("explain-engine"),
    help: "Only tell which engine is taken, and for each script why."
  )
  var explainsEngine = false

  @OptionGroup var safety: SafetyOptions

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  /// What the upgrade would do, or what would do it.
  enum Outcome: Encodable {
    case planned(PlanResult)
    case explained(EngineResult)

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .planned(let result): try result.encode(to: encoder)
      case .explained(let result): try result.encode(to: encoder)
      }
    }
  }

  func perform(_ facade: Safeguard) throws(Failure) -> Outcome {
    if explainsEngine { return .explained(try facade.explainEngine(to: target)) }
    return .planned(try facade.plan(to: target, safety: safety.safety()))
  }

  func text(_ result: Outcome) -> String {
    switch result {
    case .planned(let plan): PlanText.text(plan)
    case .explained(let engine): EngineText.text(engine)
    }
  }

  func verdict(_ result: Outcome) -> Verdict? {
    guard case .planned(let plan) = result else { return nil }
    return PlanText.verdict(plan)
  }
}
