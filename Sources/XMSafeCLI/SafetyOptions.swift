internal import ArgumentParser
internal import XMSafe

/// The options of the commands that run migrations: what the data-loss guard compares, and what runs the scripts.
struct SafetyOptions: ParsableArguments {
  /// What is compared.
  enum Guarding: String, WordChoice {
    case rows
    case digest
    case off

    var choice: UpgradeSafety.Guarding {
      switch self {
      case .rows: .rows
      case .digest: .digest
      case .off: .off
      }
    }
  }

  @Option(
    name: .customLong("guard"),
    help:
      "What is compared before and after each revision: rows, digest (the values of untouched columns too) or off."
  )
  var guarding: Guarding = .rows

  @Option(
    name: .customLong("allow-row-loss"),
    help: ArgumentHelp(
      "A table that may lose rows or values; may be given several times.",
      valueName: "table"
    )
  )
  var allowedLosses: [String] = []

  @Flag(
    name: .customLong("keep-what-alembic-loses"),
    help:
      "Keep what batch_alter_table drops from a table without a word: triggers, AUTOINCREMENT, COLLATE, ..."
  )
  var keepsWhatAlembicLoses = false

  @OptionGroup var engine: EngineOptions

  /// The choice.
  func safety(rehearses: Bool = true) -> UpgradeSafety {
    var safety = UpgradeSafety(
      rehearses: rehearses,
      guarding: guarding.choice,
      allowedLosses: allowedLosses
    )
    safety.keepsWhatAlembicLoses = keepsWhatAlembicLoses
    engine.choose(&safety)
    return safety
  }
}
