internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe prune`.
struct PruneCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Remove snapshots that no rule keeps.",
    discussion: """
      The rules and their meaning are those of restic's forget: a snapshot stays if any of them keeps it. N may be \
      'unlimited'. Never removed are pinned snapshots, the newest one that is whole, the first whole one before an upgrade \
      that has not succeeded yet, and what was saved before the last restore, if 'undo' would put it back. Without any rule \
      nothing is removed, nor when the database is gone.

      \(exitCodes(.done, .notFound, .locked, .refused, .usage))
      """
  )

  @Option(name: .customLong("keep-last"), parsing: .unconditional, help: "Keep the last N.")
  var last: String?

  @Option(
    name: .customLong("keep-hourly"),
    parsing: .unconditional,
    help: "Keep the last of each of N hours."
  )
  var hourly: String?

  @Option(
    name: .customLong("keep-daily"),
    parsing: .unconditional,
    help: "Keep the last of each of N days."
  )
  var daily: String?

  @Option(
    name: .customLong("keep-weekly"),
    parsing: .unconditional,
    help: "Keep the last of each of N weeks."
  )
  var weekly: String?

  @Option(
    name: .customLong("keep-monthly"),
    parsing: .unconditional,
    help: "Keep the last of each of N months."
  )
  var monthly: String?

  @Option(
    name: .customLong("keep-yearly"),
    parsing: .unconditional,
    help: "Keep the last of each of N years."
  )
  var yearly: String?

  @Option(
    name: .customLong("keep-within"),
    parsing: .unconditional,
    help: "Keep all within a duration of the latest, like 1y5m7d2h."
  )
  var within: String?

  @Option(
    name: .customLong("keep-within-hourly"),
    parsing: .unconditional,
    help: "Keep hourly ones within a duration."
  )
  var withinHourly: String?

  @Option(
    name: .customLong("keep-within-daily"),
    parsing: .unconditional,
    help: "Keep daily ones within a duration."
  )
  var withinDaily: String?

  @Option(
    name: .customLong("keep-within-weekly"),
    parsing: .unconditional,
    help: "Keep weekly ones within a duration."
  )
  var withinWeekly: String?

  @Option(
    name: .customLong("keep-within-monthly"),
    parsing: .unconditional,
    help: "Keep monthly ones within a duration."
  )
  var withinMonthly: String?

  @Option(
    name: .customLong("keep-within-yearly"),
    parsing: .unconditional,
    help: "Keep yearly ones within a duration."
  )
  var withinYearly: String?

  @Flag(name: .customLong("dry-run"), help: "Only say what would be removed.")
  var isDryRun = false

  @OptionGroup(title: "Hooks and signs of life")
  var jobOptions: JobOptions

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  var job: JobOptions? { isDryRun ? nil : jobOptions }

  func validate() throws {
    // Here, so that one that stands in a file is refused with its line.
    if let mistake = rules.mistake { throw ValidationError(mistake) }
  }

  private var rules: RetentionRules {
    var rules = RetentionRules()
    rules.last = last
    rules.hourly = hourly
    rules.daily = daily
    rules.weekly = weekly
    rules.monthly = monthly
    rules.yearly = yearly
    rules.within = within
    rules.withinHourly = withinHourly
    rules.withinDaily = withinDaily
    rules.withinWeekly = withinWeekly
    rules.withinMonthly = withinMonthly
    rules.withinYearly = withinYearly
    return rules
  }

  func perform(_ facade: Safeguard) throws(Failure) -> PruneResult {
    try facade.prune(rules, isDryRun: isDryRun)
  }

  func text(_ result: PruneResult) -> String {
    let kept = result.kept.map {
      "keep   \($0.snapshot.id)  \($0.snapshot.created.shownOnOneLine)  \($0.reasons.joined(separator: ", "))"
    }
    let verb = result.isDryRun ? "would remove" : "removed"
    let removed = result.removed.map { "\(verb) \($0.id)  \($0.created.shownOnOneLine)" }
    return (kept + removed).joined(separator: "\n")
  }
}
