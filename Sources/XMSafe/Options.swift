/// What a user chose: which database, which scripts, which store.
///
/// What is nil is found by the rules of `Project`.
public struct Options: Sendable {
  /// The database: a path, or a URL as SQLAlchemy writes it.
  public var database: String?
  /// The YAML file that XManager reads its database's place from, instead of a database.
  public var xmanagerYAML: String?
  /// A file with the database's password in its first line.
  public var passwordFile: String?
  /// The running Cloud SQL Auth Proxy, as `HOST:PORT`.
  public var cloudProxy: String?
  /// The alembic.ini.
  public var configuration: String?
  /// The script directory, instead of an alembic.ini.
  public var scripts: String?
  /// What types of other packages are on SQLite, each as `package.module.Name=SQL`.
  public var types: [String] = []
  /// The directory of the snapshots.
  public var store: String?
  /// How long to wait for the locks of others, and how long `snapshot` lets the writers of a database wait that is not in WAL
  /// mode.
  public var busyTimeout: Duration
  /// How long to wait for another xm-safe, and at least for the locks of others.
  public var wait: Duration

  /// Makes options of their parts.
  public init(
    database: String? = nil,
    configuration: String? = nil,
    scripts: String? = nil,
    store: String? = nil,
    busyTimeout: Duration = .seconds(5),
    wait: Duration = .zero,
    xmanagerYAML: String? = nil,
    passwordFile: String? = nil,
    cloudProxy: String? = nil
  ) {
    self.database = database
    self.xmanagerYAML = xmanagerYAML
    self.passwordFile = passwordFile
    self.cloudProxy = cloudProxy
    self.configuration = configuration
    self.scripts = scripts
    self.store = store
    self.busyTimeout = max(busyTimeout, wait)
    self.wait = wait
  }
}
