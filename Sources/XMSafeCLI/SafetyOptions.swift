internal import ArgumentParser
internal import XMSafe

/// The options of the commands that run migrations: what the data-loss guard compares.
struct SafetyOptions: ParsableArguments {
  /// What is compared.
  enum Guarding: String, ExpressibleByArgument, CaseIterable {
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

  /// The choice.
  func safety(rehearses: Bool = true) -> UpgradeSafety {
    UpgradeSafety(rehearses: rehearses, guarding: guarding.choice, allowedLosses: allowedLosses)
  }
}
