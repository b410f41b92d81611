internal import ArgumentParser
internal import XMSafe

/// The options of the commands that run migrations: what the data-loss guard compares.
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

  /// What runs the scripts.
  enum Engine: String, WordChoice {
    case auto
    case native
    case alembic

    var choice: UpgradeSafety.Engine {
      switch self {
      case .auto: .auto
      case .native: .native
      case .alembic: .alembic
      }
    }
  }

  @Option(
    help:
      "What runs the scripts: native (xm-safe, without Python), alembic (the project's own), or auto: native if it understands them all. [default: auto]"
  )
  var engine: Engine?

  @Option(
    help:
      "The Python that has the project's alembic. [default: that of VIRTUAL_ENV, else the one beside alembic on PATH, else python3]",
    completion: .file()
  )
  var python: String?

  @Option(help: "How long the project's own alembic may take: 30s, 5m, 1h. [default: no limit]")
  var timeout: WaitDuration?

  func validate() throws {
    guard python?.isEmpty != true else {
      throw ValidationError("--python is given without a name")
    }
    guard timeout.map({ $0.duration > .zero }) != false else {
      throw ValidationError("--timeout takes a time longer than none")
    }
  }

  /// The choice.
  func safety(rehearses: Bool = true) -> UpgradeSafety {
    var safety = UpgradeSafety(
      rehearses: rehearses,
      guarding: guarding.choice,
      allowedLosses: allowedLosses
    )
    safety.keepsWhatAlembicLoses = keepsWhatAlembicLoses
    safety.engine = engine?.choice
    safety.python = python
    safety.timeout = timeout?.duration
    return safety
  }
}
