internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe doctor`.
struct DoctorCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look for what would make an upgrade fail, and repair it.",
    discussion: """
      Among other things it knows what a failed upgrade with alembic leaves behind: tables named _alembic_tmp_..., \
      revisions that are applied by half, and XManager databases that XManager can no longer open. With --fix it takes a \
      snapshot, repairs in one transaction what is proven to lose no row, and checks again; what needs a decision it \
      explains, with the commands.

      \(exitCodes(.done, .notFound, .locked, .outOfSpace, .failedAsBefore, .refused, .problemsFound))
      """
  )

  @Flag(help: "Repair what is proven to be safe, after a snapshot.")
  var fix = false

  @OptionGroup(title: "Hooks and signs of life")
  var jobOptions: JobOptions

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  var job: JobOptions? { jobOptions }

  var isOfCommands: Bool { true }

  func perform(_ facade: Safeguard) throws(Failure) -> DoctorResult {
    try facade.doctor(fix: fix)
  }

  func facts(_ result: DoctorResult) -> JobFacts {
    JobFacts(database: result.database, snapshot: result.snapshot?.id)
  }

  func text(_ result: DoctorResult) -> String {
    var lines = result.repaired.map { "repaired  \($0.check): \($0.what.shownOnOneLine)" }
    if let snapshot = result.snapshot {
      lines.append("          snapshot \(snapshot.id) holds what was before")
    }
    for check in result.checks {
      let severity =
        check.severity + String(repeating: " ", count: max(0, 10 - check.severity.count))
      lines.append("\(severity)\(check.check): \(check.what.shownOnOneLine)")
      if !check.why.isEmpty { lines.append("          why: \(check.why.shownOnOneLine)") }
      if let repair = check.repair { lines.append("          --fix: \(repair.shownOnOneLine)") }
      lines += check.commands.map { "          $ \($0.shownOnOneLine)" }
    }
    return (lines + [Self.summary(result)]).joined(separator: "\n")
  }

  private static func summary(_ result: DoctorResult) -> String {
    let problems = result.checks.filter { $0.severity == "problem" }
    let database = result.database.shownAsPath
    guard !problems.isEmpty else { return "\(database) is healthy" }
    let mendable = problems.filter { $0.repair != nil }.count
    return
      "\(database) has \(problems.count.shown(as: "problem")), of which --fix repairs \(mendable)"
  }

  func verdict(_ result: DoctorResult) -> Verdict? {
    guard !result.isHealthy else { return nil }
    let problems = result.checks.filter { $0.severity == "problem" }
    let saved = result.snapshot.map { "; snapshot \($0.id) holds what was before" } ?? ""
    let next =
      if problems.contains(where: { $0.repair != nil }) {
        "'xm-safe doctor --fix' repairs what is proven to lose no row, after a snapshot"
      } else if problems.contains(where: { !$0.commands.isEmpty }) {
        "the lines above that begin with $ are commands to choose from"
      } else {
        "put right what is named above, then run the same command again"
      }
    return Verdict(
      exitStatus: .problemsFound,
      message: Self.summary(result),
      state: result.repaired.isEmpty
        ? "the database was only read"
        : "the database was repaired in part\(saved)",
      next: next
    )
  }
}
