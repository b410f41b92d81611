internal import AlembicScripts
internal import Credentials
internal import DatabaseURLs
internal import DurableFiles
internal import Logging
internal import PythonPackages
internal import XManager

/// Finding XManager's scripts and databases, and passwords.
extension Project {
  /// The YAML file of XManager that is named: by the option, or by the variable where the option does not name another database.
  var yaml: String? {
    if let named = options.xmanagerYAML { return absolute(named) }
    guard options.database == nil, variable("XM_SAFE_DB") == nil else { return nil }
    return variable("XM_SAFE_XM_DB_YAML").map(absolute)
  }

  /// XManager's default database.
  func xmanagerDatabase() throws -> String {
    guard let home = HomeDirectory.path(context.environment) else {
      throw Failure(
        .refused,
        "there is no home directory to look for XManager's database in",
        next: "set HOME, or name the database with --db"
      )
    }
    return absolute(XManagerInstallation.defaultDatabase(home: home))
  }

  /// The XManager of the active Python, where it is meant: nothing else is named but its own database.
  func xmanager() throws -> XManagerInstallation? {
    guard try namedConfiguration() == nil else { return nil }
    if yaml == nil, let named = namedDatabase {
      guard !DatabaseLocation.isURL(named),
        FileSystem.isSameFile(absolute(named), try xmanagerDatabase())
      else { return nil }
    }
    return try XManagerInstallation.find(in: python)
  }

  /// Where the database of XManager's YAML file is.
  func location(yaml path: String) throws -> DatabaseLocation {
    let database = try XManagerDatabase(yaml: path)
    for warning in database.warnings { warn(warning) }
    return try expanded(database.location)
  }

  /// A path with a tilde, which XManager takes as it is written, where no file is there that XManager could mean.
  private func expanded(_ location: DatabaseLocation) throws -> DatabaseLocation {
    guard case .sqlite(let path) = location, path.hasPrefix("~/"),
      let home = HomeDirectory.path(context.environment),
      try FileStatus.ifPresent(absolute(path)) == nil
    else { return location }
    let expanded = home + path.dropFirst()
    warn("There is no such file: the one in the home directory is taken, \(expanded.shownAsPath)")
    return .sqlite(expanded)
  }

  /// An address with the password that is to be used.
  func completed(_ address: ServerAddress) throws -> ServerAddress {
    let search = PasswordSearch(
      environment: context.environment,
      passwordFile: options.passwordFile.map(absolute),
      home: HomeDirectory.path(context.environment)
    )
    let finding = try search.complete(address)
    for warning in finding.warnings { warn(warning) }
    return finding.address
  }

  /// The way to an address on Cloud SQL; nil for any other.
  func proxy(to address: ServerAddress) throws -> CloudSQLProxy? {
    guard address.instance != nil else { return nil }
    let named = options.cloudProxy ?? variable("XM_SAFE_CLOUDSQL_PROXY")
    return try CloudSQLProxy(to: address, through: named, environment: context.environment)
  }
}
