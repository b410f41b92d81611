internal import ArgumentParser
internal import XMSafe

/// `xm-safe stamp`.
struct StampCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "stamp",
    abstract: "Write where the database is, without running a script.",
    discussion: """
      For a database that has the schema of a revision already. A snapshot is taken first. Rows on the branches of the \
      revisions are replaced by them; other branches keep theirs. Where env.py is not understood, the project's own alembic \
      writes the rows, on a copy that is then published.

      \(exitCodes(.done, .notFound, .locked, .outOfSpace, .failedAsBefore, .failedNotRestored, .refused))
      """
  )

  @Argument(
    help: "head, heads, base, a revision, the beginning of one, a label; several may be given."
  )
  var revisions: [String]

  @Flag(help: "Delete all rows first, also those that no script knows.")
  var purge = false

  @Flag(
    name: .customLong("sql"),
    help: "Print the SQL from base, or of FROM:TO, and touch no database."
  )
  var isOffline = false

  @OptionGroup var engine: EngineOptions

  @OptionGroup(title: "Hooks and signs of life")
  var jobOptions: JobOptions

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  var job: JobOptions? { isOffline ? nil : jobOptions }

  /// What was done, or what would be.
  enum Outcome: Encodable {
    case done(UpgradeResult)
    case offline(OfflineResult)

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .done(let result): try result.encode(to: encoder)
      case .offline(let result): try result.encode(to: encoder)
      }
    }

    /// What was done, for those who are told.
    var facts: JobFacts {
      guard case .done(let result) = self else { return .none }
      return JobFacts(result)
    }

    /// The result for people.
    var text: String {
      switch self {
      case .done(let result): UpgradeText.line(result)
      case .offline(let result): String(result.sql.dropLast())
      }
    }
  }

  func validate() throws {
    guard !purge || !isOffline else {
      throw ValidationError("--purge deletes the rows of a database, and --sql touches none")
    }
  }

  func perform(_ facade: Safeguard) throws(Failure) -> Outcome {
    if isOffline { return .offline(try facade.offlineStamp(revisions)) }
    var safety = UpgradeSafety()
    engine.choose(&safety)
    return .done(try facade.stamp(revisions, purges: purge, safety: safety))
  }

  func facts(_ result: Outcome) -> JobFacts { result.facts }

  func text(_ result: Outcome) -> String { result.text }
}
