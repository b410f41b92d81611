internal import ArgumentParser
internal import XMSafe

/// The options of the commands that may run the project's own alembic.
struct EngineOptions: ParsableArguments {
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

  /// Writes the choice down.
  func choose(_ safety: inout UpgradeSafety) {
    safety.engine = engine?.choice
    safety.python = python
    safety.timeout = timeout?.duration
  }
}
