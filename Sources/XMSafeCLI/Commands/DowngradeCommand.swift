internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe downgrade`.
struct DowngradeCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "downgrade",
    abstract: "Take revisions back, or leave the database exactly as it was.",
    discussion: """
      Runs the scripts' downgrade() with every guard of an upgrade: snapshot, rehearsal on a copy, savepoints, checks, \
      restore. A downgrade brings back no rows: what it drops, and what the upgrade had dropped, is in snapshots only. \
      --to-snapshot runs no script, and puts back the snapshot that was taken before the revisions were applied; what was \
      written since is then only in the snapshot that is taken of it first, and 'undo' leads back.

      \(exitCodes(.done, .notFound, .locked, .outOfSpace, .failedAsBefore, .failedNotRestored, .refused))
      """
  )

  @Argument(
    parsing: .allUnrecognized,
    help:
      "What is left: base, a revision, the beginning of one, a label, -N, or branch@ before these.",
    completion: .list(["base"])
  )
  var targets: [String] = []

  @Flag(
    name: .customLong("to-snapshot"),
    help: "Restore the snapshot from before the revisions were applied, instead of running scripts."
  )
  var restoresSnapshot = false

  @Flag(name: .customLong("no-rehearsal"), help: "Do not run it on a copy first.")
  var skipsRehearsal = false

  @Flag(name: .customLong("dry-run"), help: "Only run it on a copy, and show what it does.")
  var isDryRun = false

  @Flag(name: .customLong("sql"), help: "Print the SQL of FROM:TO, and touch no database.")
  var isOffline = false

  @OptionGroup var safety: SafetyOptions

  @OptionGroup(title: "Hooks and signs of life")
  var jobOptions: JobOptions

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  var job: JobOptions? { isDryRun || isOffline ? nil : jobOptions }

  /// What was done, or what would be.
  enum Outcome: Encodable {
    case done(UpgradeResult)
    case planned(PlanResult)
    case restored(RestoreResult)
    case offline(OfflineResult)

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .done(let result): try result.encode(to: encoder)
      case .planned(let result): try result.encode(to: encoder)
      case .restored(let result): try result.encode(to: encoder)
      case .offline(let result): try result.encode(to: encoder)
      }
    }
  }

  func validate() throws {
    guard targets.count == 1, !(targets[0].hasPrefix("-") && Int(targets[0]) == nil) else {
      throw ValidationError(
        targets.isEmpty
          ? "name what is to be left: base, a revision, or -N"
          : "one target is taken, and no other option: \(targets.joined(separator: " "))"
      )
    }
  }

  func perform(_ facade: Safeguard) throws(Failure) -> Outcome {
    let target = targets[0]
    if isOffline { return .offline(try facade.offlineDowngrade(target)) }
    if restoresSnapshot {
      return .restored(try facade.downgradeToSnapshot(of: target, isDryRun: isDryRun))
    }
    if isDryRun { return .planned(try facade.downgradePlan(to: target, safety: safety.safety())) }
    return .done(
      try facade.downgrade(to: target, safety: safety.safety(rehearses: !skipsRehearsal))
    )
  }

  func verdict(_ result: Outcome) -> Verdict? {
    guard case .planned(let plan) = result else { return nil }
    return PlanText.verdict(plan)
  }

  func facts(_ result: Outcome) -> JobFacts {
    switch result {
    case .done(let result): JobFacts(result)
    case .restored(let result): JobFacts(result)
    case .planned, .offline: .none
    }
  }

  func text(_ result: Outcome) -> String {
    switch result {
    case .done(let result): UpgradeText.line(result)
    case .planned(let plan): PlanText.text(plan)
    case .restored(let result): RestoreText.line(result)
    case .offline(let result): String(result.sql.dropLast())
    }
  }
}
