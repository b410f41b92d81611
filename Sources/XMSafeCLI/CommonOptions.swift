internal import ArgumentParser
internal import Jobs
internal import Logging
internal import XMSafe

/// The options that every command takes.
struct CommonOptions: ParsableArguments {
  /// How the log looks.
  enum LogFormat: String, WordChoice {
    case text
    case json
  }

  @Option(
    name: .customLong("db"),
    help: ArgumentHelp(
      "The database: a path, or a URL as SQLAlchemy writes it.",
      valueName: "path|url"
    ),
    completion: .file()
  )
  var database: String?

  @Option(
    name: .customLong("xm-db-yaml-config-path"),
    help: ArgumentHelp(
      "The YAML file that XManager finds its database with.",
      valueName: "file"
    ),
    completion: .file()
  )
  var xmanagerYAML: String?

  @Option(
    name: .customLong("password-file"),
    help: ArgumentHelp(
      "A file whose first line is the database's password.",
      valueName: "file"
    ),
    completion: .file()
  )
  var passwordFile: String?

  @Option(
    name: .customLong("cloudsql-proxy"),
    help: ArgumentHelp("The running Cloud SQL Auth Proxy.", valueName: "host:port")
  )
  var cloudProxy: String?

  @Option(
    name: [.customShort("c"), .customLong("config")],
    help: ArgumentHelp("The alembic.ini. [default: ./alembic.ini]", valueName: "file"),
    completion: .file()
  )
  var configuration: String?

  @Option(
    help: ArgumentHelp(
      "The script directory, or package:directory, instead of an alembic.ini.",
      valueName: "directory"
    ),
    completion: .directory
  )
  var scripts: String?

  @Option(
    name: .customLong("type"),
    help: ArgumentHelp(
      "What a column type of another package is on SQLite; may be given several times.",
      valueName: "package.module.name=sql"
    )
  )
  var types: [String] = []

  @Option(
    help: ArgumentHelp(
      "Where snapshots are. [default: Backups beside the database]",
      valueName: "directory"
    ),
    completion: .directory
  )
  var store: String?

  @Option(
    name: .customLong("busy-timeout"),
    parsing: .unconditional,
    help: ArgumentHelp(
      "How long to wait for the locks of others, and to let writers wait for a snapshot.",
      valueName: "seconds"
    )
  )
  var busyTimeout: Double = 5

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How long to wait for another xm-safe, and for locks: 30s, 5m, 1h.",
      valueName: "duration"
    )
  )
  var wait = WaitDuration.none

  @Option(
    help: ArgumentHelp(
      "The file of settings: all options here may stand in it. [default: xm-safe.toml beside the store or the database; where neither is named, in this directory or beside the database; or in ~/.config/xm-safe]",
      valueName: "file"
    ),
    completion: .file()
  )
  var settings: String?

  @Option(
    help: ArgumentHelp("The profile in it. [default: that of the database]", valueName: "name")
  )
  var profile: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  @Flag(name: [.customShort("q"), .long], help: "Log warnings and errors only.")
  var quiet = false

  @Option(
    name: .customLong("log-format"),
    help: ArgumentHelp("How the log looks.", valueName: "format")
  )
  var logFormat: LogFormat = .text

  func validate() throws {
    // An empty path would be taken for the working directory: a variable of a script that is not set.
    for (name, value) in [
      ("--db", database), ("--xm-db-yaml-config-path", xmanagerYAML), ("--config", configuration),
      ("--scripts", scripts), ("--store", store), ("--password-file", passwordFile),
      ("--cloudsql-proxy", cloudProxy),
    ] where value?.isEmpty == true {
      throw ValidationError("\(name) is given without a name")
    }
    guard busyTimeout >= 0, busyTimeout <= 86_400 else {
      throw ValidationError("--busy-timeout takes a number of seconds from 0 to 86400")
    }
  }

  /// What completes the commands that are printed.
  var nextCommands: NextCommands { NextCommands(self, Settings.current) }

  /// Everything from outside, for these options.
  ///
  /// - Parameter tape: What keeps the log.
  /// - Returns: The context.
  func context(_ tape: RunTape) -> Context {
    let context = Context.live(
      isQuiet: quiet,
      isForPrograms: json,
      logFormat: logFormat,
      nextCommands: nextCommands,
      tape: tape
    )
    let logger = Logger(label: "xm_safe.config", factory: context.logHandler)
    for warning in Settings.current?.warnings ?? [] { logger.warning("\(warning)") }
    return context
  }

  /// The facade for these options.
  ///
  /// - Parameter context: Everything from outside.
  /// - Returns: The facade.
  func facade(_ context: Context) -> Safeguard {
    var options = Options(
      database: database,
      configuration: configuration,
      scripts: scripts,
      store: store,
      busyTimeout: .milliseconds(Int64(busyTimeout * 1000)),
      wait: wait.duration,
      xmanagerYAML: xmanagerYAML,
      passwordFile: passwordFile,
      cloudProxy: cloudProxy
    )
    options.types = types
    return Safeguard(options: options, context: context)
  }
}
