internal import ArgumentParser
internal import XMSafe

/// The options that every command takes.
struct CommonOptions: ParsableArguments {
  /// How the log looks.
  enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
  }

  @Option(
    name: .customLong("db"),
    help: "The database: a path, or a URL as SQLAlchemy writes it. [env: XM_SAFE_DB]"
  )
  var database: String?

  @Option(
    name: .customLong("xm-db-yaml-config-path"),
    help: "The YAML file that XManager finds its database with. [env: XM_SAFE_XM_DB_YAML]"
  )
  var xmanagerYAML: String?

  @Option(
    name: .customLong("password-file"),
    help: "A file whose first line is the database's password. [env: XM_SAFE_PASSWORD_FILE]"
  )
  var passwordFile: String?

  @Option(
    name: .customLong("cloudsql-proxy"),
    help: "The running Cloud SQL Auth Proxy, as HOST:PORT. [env: XM_SAFE_CLOUDSQL_PROXY]"
  )
  var cloudProxy: String?

  @Option(
    name: [.customShort("c"), .customLong("config")],
    help: "The alembic.ini. [env: XM_SAFE_CONFIG; default: ./alembic.ini]"
  )
  var configuration: String?

  @Option(
    help:
      "The script directory, or package:directory, instead of an alembic.ini. [env: XM_SAFE_SCRIPTS]"
  )
  var scripts: String?

  @Option(help: "Where snapshots are. [env: XM_SAFE_STORE; default: Backups beside the database]")
  var store: String?

  @Option(
    name: .customLong("busy-timeout"),
    parsing: .unconditional,
    help:
      "How many seconds to wait for the locks of others, and to let writers wait for a snapshot. [default: 5]"
  )
  var busyTimeout: Double = 5

  @Option(help: "How long to wait for another xm-safe, and for locks: 30s, 5m, 1h. [default: 0s]")
  var wait = WaitDuration.none

  @Flag(help: "Print the result as JSON.")
  var json = false

  @Flag(name: [.customShort("q"), .long], help: "Log warnings and errors only.")
  var quiet = false

  @Option(name: .customLong("log-format"), help: "How the log looks.")
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

  /// The facade for these options.
  var facade: Safeguard {
    Safeguard(
      options: Options(
        database: database,
        configuration: configuration,
        scripts: scripts,
        store: store,
        busyTimeout: .milliseconds(Int64(busyTimeout * 1000)),
        wait: wait.duration,
        xmanagerYAML: xmanagerYAML,
        passwordFile: passwordFile,
        cloudProxy: cloudProxy
      ),
      context: .live(isQuiet: quiet, isForPrograms: json, logFormat: logFormat)
    )
  }
}
