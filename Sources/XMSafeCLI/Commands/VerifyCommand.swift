internal import ArgumentParser
internal import DurableFiles
internal import XMSafe

/// `xm-safe verify`.
struct VerifyCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Read every byte of a snapshot and compare it with what it must be.",
    discussion: """
      What is found is noted beside the archive, and 'list' shows it. \(AllDatabases.rule)

      \(exitCodes(.done, .notFound, .damagedSnapshot, .refused))
      """
  )

  @Argument(help: SnapshotReference.help, completion: SnapshotCompletion.kind)
  var snapshot = "latest"

  @Flag(help: "Verify all snapshots of the database.")
  var all = false

  @Flag(name: .customLong("all-databases"), help: "Verify all snapshots in the store.")
  var allDatabases = false

  @Flag(help: "Also restore into a temporary database, check it, and compare it with the manifest.")
  var deep = false

  @OptionGroup(title: "Hooks and signs of life")
  var jobOptions: JobOptions

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  var job: JobOptions? { jobOptions }

  func perform(_ facade: Safeguard) throws(Failure) -> VerifyResult {
    try facade.verify(
      all || allDatabases ? nil : snapshot,
      allDatabases: allDatabases,
      isDeep: deep
    )
  }

  func facts(_ result: VerifyResult) -> JobFacts { JobFacts(isDrill: deep) }

  func text(_ result: VerifyResult) -> String {
    result.archives.map { entry in
      entry.damage.map { "damaged: \($0.shownOnOneLine)" }
        ?? "whole: \(entry.id.map { $0.shownOnOneLine + " " } ?? "")\(entry.path.shownAsPath)\(Self.orphans(entry))"
    }.joined(separator: "\n")
  }

  private static func orphans(_ entry: VerifyResult.Entry) -> String {
    guard let count = entry.orphans, count > 0 else { return "" }
    return " (\(count.shown(as: "reference")) to rows that are not there, as in the database)"
  }

  func verdict(_ result: VerifyResult) -> Verdict? {
    guard !result.isWhole else { return nil }
    let whole = result.archives.compactMap { $0.damage == nil ? $0.id : nil }.last
    let rest =
      if let whole {
        "; the newest that is whole is \(whole.shownOnOneLine)"
      } else {
        all || allDatabases ? "" : "; 'xm-safe verify --all' tells which others are whole"
      }
    return Verdict(
      exitStatus: .damagedSnapshot,
      message: Self.message(result),
      state: "the database was not touched",
      next: deep
        ? "'xm-safe doctor' tells whether the database itself is damaged, before 'xm-safe snapshot' saves it anew\(rest)"
        : "'xm-safe snapshot' saves the database anew\(rest)"
    )
  }

  /// Which snapshots are damaged, and of which database: under cron, this is all that its reader gets.
  private static func message(_ result: VerifyResult) -> String {
    let damaged = result.archives.filter { $0.damage != nil }
    let databases = Set(result.archives.compactMap(\.database))
    func name(_ entry: VerifyResult.Entry) -> String {
      let name = entry.id?.shownOnOneLine ?? entry.path.shownAsPath
      guard databases.count > 1, let database = entry.database else { return name }
      return "\(name) of \(database.shownAsPath)"
    }
    let only = databases.count == 1 ? databases.first.map { " of \($0.shownAsPath)" } ?? "" : ""
    guard result.archives.count > 1 else {
      return "snapshot \(damaged.map(name).joined())\(only) is damaged"
    }
    let more = damaged.count > 5 ? " and \(damaged.count - 5) more" : ""
    return
      "\(damaged.count) of \(result.archives.count) snapshots\(only) \(damaged.count == 1 ? "is" : "are") damaged: \(damaged.prefix(5).map(name).joined(separator: ", "))\(more)"
  }
}
