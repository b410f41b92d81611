internal import AlembicScripts
internal import DatabaseURLs
internal import DurableFiles
internal import Logging
internal import Migrations
internal import PythonPackages
internal import Snapshots
internal import XManager

/// Finds the database, the scripts and the store that a command works on.
///
/// A database is `--db` or what `--xm-db-yaml-config-path` leads to, else `XM_SAFE_DB`, else what `XM_SAFE_XM_DB_YAML` leads to, else the URL
/// of the alembic.ini, else XManager's default database. Scripts are `--scripts`, else the alembic.ini of `-c`, else what
/// `XM_SAFE_SCRIPTS`, `XM_SAFE_CONFIG` or alembic's own `ALEMBIC_CONFIG` name, else those of XManager where its YAML file names the
/// database, else `./alembic.ini`, else `./pyproject.toml` with a table `[tool.alembic]`, else those of the XManager in the active
/// Python. A store is `--store`, else `XM_SAFE_STORE`, else `Backups` beside the database, and `~/.xm-safe/Backups` for one on a server.
struct Project {
  let options: Options
  let context: Context
  /// The Pythons of the user's shell.
  let python: PythonEnvironment
  private let remarks: Remarks

  init(
    _ options: Options,
    _ context: Context,
    _ python: PythonEnvironment,
    _ remarks: Remarks
  ) {
    self.options = options
    self.context = context
    self.python = python
    self.remarks = remarks
  }

  /// Warns of what was found on the way to a database: once, however often a command asks for the way.
  func warn(_ message: String) {
    guard remarks.isNew(message) else { return }
    context.logger("xm_safe.config").warning("\(message)")
  }

  /// The database that is named by itself.
  var namedDatabase: String? { options.database ?? variable("XM_SAFE_DB") }

  /// Where the database is; an SQLite path is absolute with links followed, and the file need not exist.
  func location() throws -> DatabaseLocation {
    let location = try namedLocation()
    guard case .sqlite(let path) = location else { return location }
    return .sqlite(try realPath(path))
  }

  /// The same, with the path as it is named.
  private func namedLocation() throws -> DatabaseLocation {
    guard options.database == nil || options.xmanagerYAML == nil else {
      throw Failure(
        .usage,
        "--db and --xm-db-yaml-config-path both name a database",
        next: "leave one of them out"
      )
    }
    if let yaml { return try location(yaml: yaml) }
    if let named = namedDatabase { return try location(named: named) }
    return try defaultLocation()
  }

  private func location(named: String) throws -> DatabaseLocation {
    // What is not UTF-8 reaches us with replacement characters, and would name another file.
    guard !named.unicodeScalars.contains("\u{fffd}") else {
      throw Failure(
        .notFound,
        "the name of the database is not UTF-8",
        next: "give the file a name in UTF-8, or a link to it"
      )
    }
    let location = DatabaseLocation.isURL(named) ? try DatabaseLocation(url: named) : .sqlite(named)
    if case .sqlite(let path) = location, path.isEmpty || path.hasSuffix("/") {
      throw Failure(
        .notFound,
        "\(path.shownAsPath) is no name of a database file",
        next: "name the file with --db"
      )
    }
    return location
  }

  /// The database of the alembic.ini, else XManager's default database.
  private func defaultLocation() throws -> DatabaseLocation {
    if let configuration = try namedConfiguration() {
      guard let location = try configuration.database() else {
        throw Failure(.refused, "no database is named", next: "name it with --db")
      }
      return location
    }
    guard try xmanager() != nil else {
      throw Failure(
        .refused,
        "no database is named, no alembic.ini is here, and the active Python has no XManager",
        next: "name the database with --db, or activate the environment that has XManager"
      )
    }
    return .sqlite(try xmanagerDatabase())
  }

  /// The path of the SQLite file to work on, for commands that know nothing else.
  func database() throws -> String {
    switch try location() {
    case .sqlite(let path): return path
    case .server(let address):
      throw Failure(
        .refused,
        "this command does not work on a database server yet: \(address.display)",
        next: "'xm-safe --help' lists the commands, and the README which of them work on servers"
      )
    }
  }

  /// What the snapshots of the database are known by: its path, or the identity of a server's database.
  func key() throws -> String {
    switch try location() {
    case .sqlite(let path): path
    case .server(let address): address.identity
    }
  }

  /// What the snapshots of the database were known by, also where its directory is not there any more.
  func formerKey() throws -> String {
    guard case .sqlite(let path) = try namedLocation() else { return try key() }
    return FileSystem.formerPath(absolute(path))
  }

  /// Whether a key is that of a server's database; those of files are absolute paths.
  static func isOnServer(_ key: String) -> Bool { DatabaseLocation.isURL(key) }

  /// The alembic project; nil if none is named and none is here.
  func configuration() throws -> AlembicConfiguration? {
    if let configuration = try namedConfiguration() { return configuration }
    return try xmanager().map { try AlembicConfiguration(scripts: $0.scripts) }
  }

  /// The alembic project that is named or is here; nil if none is.
  func namedConfiguration() throws -> AlembicConfiguration? {
    // What is written on the command line comes before what the environment says.
    if let scripts = options.scripts { return try configuration(scripts: scripts) }
    if let ini = options.configuration { return try configuration(ini: ini) }
    if let scripts = variable("XM_SAFE_SCRIPTS") {
      return try configuration(scripts: scripts)
    }
    if let ini = variable("XM_SAFE_CONFIG") ?? variable("ALEMBIC_CONFIG") {
      return try configuration(ini: ini)
    }
    // The database of XManager's YAML file is XManager's, whatever directory this is.
    guard yaml == nil else { return nil }
    let here = absolute("alembic.ini")
    if try FileStatus.ifPresent(here) != nil { return try configuration(ini: here) }
    let project = absolute(Self.projectFile)
    return try AlembicConfiguration.isProject(project) ? configuration(ini: project) : nil
  }

  /// The scripts of a directory, or of `package:directory` as alembic writes it.
  private func configuration(scripts: String) throws -> AlembicConfiguration {
    let isPackage =
      try !scripts.hasPrefix("/") && scripts.contains(":")
      && FileStatus.ifPresent(absolute(scripts)) == nil
    guard isPackage else { return try AlembicConfiguration(scripts: absolute(scripts)) }
    return try AlembicConfiguration(
      scripts: AlembicConfiguration.directory(inPackage: scripts, named: "--scripts", of: python)
    )
  }

  private static let projectFile = "pyproject.toml"

  /// The project of an ini file, which a pyproject.toml in the working directory completes, or of a pyproject.toml that is named, which
  /// an alembic.ini in the working directory completes: alembic's own rule.
  private func configuration(ini: String) throws -> AlembicConfiguration {
    let named = absolute(ini)
    let isProject = FileSystem.name(of: named) == Self.projectFile
    let here = absolute("alembic.ini")
    return try AlembicConfiguration(
      ini: isProject ? FileStatus.ifPresent(here).map { _ in here } : named,
      project: isProject ? named : absolute(Self.projectFile),
      workingDirectory: context.workingDirectory,
      python: python
    )
  }

  /// Whether a store is named, so that its snapshots can be listed without a database.
  var namesStore: Bool { options.store != nil || variable("XM_SAFE_STORE") != nil }

  /// Whether a database is named by itself, and not by an alembic.ini.
  var namesDatabase: Bool { namedDatabase != nil || yaml != nil }

  /// The scripts, all of them read, and the version table.
  func scripts(
    mayBeEmpty: Bool = false
  ) throws -> (directory: ScriptDirectory, versionTable: VersionTable) {
    guard let configuration = try configuration() else {
      throw Failure(
        .refused,
        yaml == nil
          ? "there are no migration scripts: no alembic.ini is here and none is named"
          : "there are no migration scripts: the active Python has no XManager",
        next: yaml == nil
          ? "name the ini file with -c, or the script directory with --scripts"
          : "activate the environment that has XManager, or name its scripts with --scripts"
      )
    }
    return (
      try ScriptDirectory(
        versions: configuration.revisions.versionDirectories,
        environment: configuration.scriptDirectory,
        isRecursive: configuration.revisions.isRecursive,
        mayBeEmpty: mayBeEmpty,
        types: MappedTypes(options.types)
      ),
      VersionTable(configuration.versionTable)
    )
  }

  /// The version table, also where there are no scripts.
  func versionTable() throws -> VersionTable {
    VersionTable(try configuration()?.versionTable ?? VersionTableOptions())
  }

  func store(for database: String) throws -> Store {
    if let named = options.store ?? variable("XM_SAFE_STORE") {
      return Store(path: absolute(named))
    }
    guard Self.isOnServer(database) else { return Store(path: Store.defaultPath(for: database)) }
    guard let home = variable("HOME"), home.hasPrefix("/") else {
      throw Failure(
        .refused,
        "there is no telling where the snapshots of a server's database go, because HOME is not set",
        next: "name a directory with --store"
      )
    }
    return Store(path: home + "/.xm-safe/Backups")
  }

  /// A path of the user made absolute.
  func absolute(_ path: String) -> String {
    var rest = path[...]
    // It is shown to the user, who need not see that it was "here".
    while rest.hasPrefix("./"), rest != "./" { rest = rest.dropFirst(2) }
    return rest.hasPrefix("/") ? path : context.workingDirectory + "/" + rest
  }

  /// The absolute path of a file to restore into, links followed; it need not exist.
  func destination(_ path: String) throws -> String {
    guard !path.isEmpty else {
      throw Failure(.usage, "no file is named to restore into", next: "name one with --to")
    }
    do {
      return try FileSystem.realPath(absolute(path))
    } catch {
      throw Failure(
        .notFound,
        "nothing can be restored into \(path.shownAsPath): \(error.reason)",
        next:
          "check the path given with --to; its directory must exist, and a link must lead to a file"
      )
    }
  }

  private func realPath(_ path: String) throws -> String {
    do {
      return try FileSystem.realPath(absolute(path))
    } catch {
      throw Failure(
        .notFound,
        "there is no database at \(path.shownAsPath): \(error.reason)",
        state: Failure.nothingMade,
        next: "check the path given with --db"
      )
    }
  }

  func variable(_ name: String) -> String? {
    context.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
