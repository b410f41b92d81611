internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe check`.
struct CheckCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Tell whether upgrades are pending.",
    discussion: exitCodes(.done, .notFound, .locked, .pending, .refused)
  )

  @Flag(help: "Refused: 'alembic check' does it, with the project's models.")
  var autogenerate = false

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> CheckResult {
    if autogenerate { try facade.autogenerate(by: "check") }
    return try facade.check()
  }

  func text(_ result: CheckResult) -> String {
    let current = RevisionText.joined(result.current)
    if result.pending.isEmpty { return "up to date: current=\(current)" }
    let missing = result.exists ? "" : "\(Self.missing(result)): "
    return
      "\(missing)\(Self.pending(result)): current=\(current), latest=\(RevisionText.joined(result.latest))"
  }

  func verdict(_ result: CheckResult) -> Verdict? {
    guard !result.pending.isEmpty else { return nil }
    guard result.exists else {
      return Verdict(
        exitStatus: .pending,
        message: "\(Self.missing(result)), and \(Self.pending(result))",
        state: "there is no file, and none was made",
        next: "check the path (--db); if it is right, 'xm-safe upgrade' makes the database"
      )
    }
    return Verdict(
      exitStatus: .pending,
      message: "\(Self.pending(result)) for \(result.database.shownAsPath)",
      state: "the database was only read, and is at \(RevisionText.joined(result.current))",
      next: "'xm-safe plan' shows what the upgrade would do; 'xm-safe upgrade' does it"
    )
  }

  private static func missing(_ result: CheckResult) -> String {
    "there is no database yet at \(result.database.shownAsPath)"
  }

  private static func pending(_ result: CheckResult) -> String {
    let count = result.pending.count
    return count == 1 ? "1 revision is pending" : "\(count) revisions are pending"
  }
}
