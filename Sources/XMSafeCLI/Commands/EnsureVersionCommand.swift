internal import ArgumentParser
internal import XMSafe

/// `xm-safe ensure_version`.
struct EnsureVersionCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "ensure_version",
    abstract: "Make alembic's version table if there is none, and nothing else.",
    discussion: """
      A snapshot is taken first; a database that does not exist is created. Where env.py is not understood, the project's \
      own alembic makes the table, on a copy that is then published.

      \(exitCodes(.done, .notFound, .locked, .outOfSpace, .failedAsBefore, .failedNotRestored, .refused))
      """,
    aliases: ["ensure-version"]
  )

  @Flag(name: .customLong("sql"), help: "Print the SQL, and touch no database.")
  var isOffline = false

  @OptionGroup var engine: EngineOptions

  @OptionGroup(title: "Hooks and signs of life")
  var jobOptions: JobOptions

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  var job: JobOptions? { isOffline ? nil : jobOptions }

  func perform(_ facade: Safeguard) throws(Failure) -> StampCommand.Outcome {
    if isOffline { return .offline(try facade.offlineVersionTable()) }
    var safety = UpgradeSafety()
    engine.choose(&safety)
    return .done(try facade.ensureVersion(safety: safety))
  }

  func facts(_ result: StampCommand.Outcome) -> JobFacts { result.facts }

  func text(_ result: StampCommand.Outcome) -> String { result.text }
}
