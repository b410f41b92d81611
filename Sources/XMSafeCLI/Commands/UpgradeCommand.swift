internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe upgrade`.
struct UpgradeCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "upgrade",
    abstract: "Upgrade the database, or leave it exactly as it was.",
    discussion: """
      A snapshot is taken first, restored into a private copy, and the upgrade runs there: when it fails, the database was \
      not even written to. Then each revision runs in a savepoint, with the version row moved inside it. Rows that vanish from a \
      table that a revision neither drops nor deletes from stop it. When a revision \
      or a check fails, everything is rolled back and compared with the snapshot, and restored from it if need be. A \
      database that does not exist is created.

      \(exitCodes(.done, .notFound, .locked, .outOfSpace, .failedAsBefore, .failedNotRestored, .refused, .failedOnTheWay))
      """
  )

  @Argument(
    help: "head, heads, a revision, the beginning of one, a label, +N, or branch@ before these."
  )
  var target = "head"

  @Flag(name: .customLong("no-rehearsal"), help: "Do not run it on a copy first.")
  var skipsRehearsal = false

  @Flag(
    name: .customLong("keep-completed"),
    help: "When a revision fails, upgrade to the last one before it."
  )
  var keepsCompleted = false

  /// What guards the upgrade of a server's database.
  enum Mode: String, WordChoice {
    case transaction
    case none
  }

  @Option(
    name: .customLong("tx-mode"),
    help:
      "On PostgreSQL: transaction, or none for what cannot run in one; the snapshot is then restored on failure."
  )
  var mode = Mode.transaction

  @Flag(name: .customLong("dry-run"), help: "Only run it on a copy, and show what it does: plan.")
  var isDryRun = false

  @Flag(
    name: .customLong("sql"),
    help: "Print the SQL from base, or of FROM:TO, and touch no database."
  )
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
    case offline(OfflineResult)

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .done(let result): try result.encode(to: encoder)
      case .planned(let result): try result.encode(to: encoder)
      case .offline(let result): try result.encode(to: encoder)
      }
    }
  }

  func perform(_ facade: Safeguard) throws(Failure) -> Outcome {
    if isOffline { return .offline(try facade.offlineUpgrade(target)) }
    if isDryRun { return .planned(try facade.plan(to: target, safety: safety.safety())) }
    var safety = safety.safety(rehearses: !skipsRehearsal)
    safety.keepsCompleted = keepsCompleted
    safety.isTransactional = mode == .transaction
    return .done(try facade.upgrade(to: target, safety: safety))
  }

  func validate() throws {
    guard !keepsCompleted || !skipsRehearsal else {
      throw ValidationError("--keep-completed needs the rehearsal, which --no-rehearsal leaves out")
    }
  }

  func verdict(_ result: Outcome) -> Verdict? {
    guard case .planned(let plan) = result else { return nil }
    return PlanText.verdict(plan)
  }

  func facts(_ result: Outcome) -> JobFacts {
    guard case .done(let result) = result else { return .none }
    return JobFacts(result)
  }

  func text(_ result: Outcome) -> String {
    switch result {
    case .done(let result): UpgradeText.line(result)
    case .planned(let plan): PlanText.text(plan)
    case .offline(let result): String(result.sql.dropLast())
    }
  }
}
