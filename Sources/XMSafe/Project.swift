internal import AlembicScripts
internal import DatabaseURLs
internal import DurableFiles
internal import Migrations
internal import Snapshots

/// Finds the database, the scripts and the store that a command works on.
///
/// A database is `--db`, else `XM_SAFE_DB`, else the URL of the alembic.ini; scripts are `--scripts`, else the
/// alembic.ini of `-c`, else what `XM_SAFE_SCRIPTS`, `XM_SAFE_CONFIG` or alembic's own `ALEMBIC_CONFIG` name, else `./alembic.ini`; a store is `--store`, else `XM_SAFE_STORE`, else `Backups` beside the
/// database.
struct Project {
  private let options: Options
  private let context: Context

  init(_ options: Options, _ context: Context) {
    self.options = options
    self.context = context
  }

  /// Where the database is; an SQLite path is absolute with links followed, and the file need not exist.
  func location() throws -> DatabaseLocation {
    let named = options.database ?? variable("XM_SAFE_DB")
    if let named {
      // What is not UTF-8 reaches us with replacement characters, and would name another file.
      guard !named.unicodeScalars.contains("\u{fffd}") else {
        throw Failure(
          .notFound,
          "the name of the database is not UTF-8",
          next: "give the file a name in UTF-8, or a link to it"
        )
      }
      let location =
        DatabaseLocation.isURL(named) ? try DatabaseLocation(url: named) : .sqlite(named)
      guard case .sqlite(let path) = location else { return location }
      guard !path.isEmpty, !path.hasSuffix("/") else {
        throw Failure(
          .notFound,
          "\(path.shownAsPath) is no name of a database file",
          next: "name the file with --db"
        )
      }
      return .sqlite(try realPath(path))
    }
    guard let location = try configuration()?.database() else {
      throw Failure(.refused, "no database is named", next: "name it with --db")
    }
    guard case .sqlite(let path) = location else { return location }
    return .sqlite(try realPath(path))
  }

  /// The path of the SQLite file to work on, for commands that know nothing else.
  func database() throws -> String {
    switch try location() {
    case .sqlite(let path): return path
    case .server(let address):
      throw Failure(
        .refused,
        "this command does not work on a database server yet: \(address.display)",
        next: "use the server's own backup before the upgrade"
      )
    }
  }

  /// The alembic project; nil if none is named and none is here.
  func configuration() throws -> AlembicConfiguration? {
    // What is written on the command line comes before what the environment says.
    if let scripts = options.scripts { return try AlembicConfiguration(scripts: absolute(scripts)) }
    if let ini = options.configuration { return try configuration(ini: ini) }
    if let scripts = variable("XM_SAFE_SCRIPTS") {
      return try AlembicConfiguration(scripts: absolute(scripts))
    }
    if let ini = variable("XM_SAFE_CONFIG") ?? variable("ALEMBIC_CONFIG") {
      return try configuration(ini: ini)
    }
    let here = absolute("alembic.ini")
    guard try FileStatus.ifPresent(here) != nil else { return nil }
    return try AlembicConfiguration(ini: here, workingDirectory: context.workingDirectory)
  }

  private func configuration(ini: String) throws -> AlembicConfiguration {
    try AlembicConfiguration(ini: absolute(ini), workingDirectory: context.workingDirectory)
  }

  /// Whether a store is named, so that its snapshots can be listed without a database.
  var namesStore: Bool { options.store != nil || variable("XM_SAFE_STORE") != nil }

  /// Whether a database is named by itself, and not by an alembic.ini.
  var namesDatabase: Bool { options.database != nil || variable("XM_SAFE_DB") != nil }

  /// The scripts, all of them read, and the version table.
  func scripts() throws -> (directory: ScriptDirectory, versionTable: VersionTable) {
    guard let configuration = try configuration() else {
      throw Failure(
        .refused,
        "there are no migration scripts: no alembic.ini is here and none is named",
        next: "name the ini file with -c, or the script directory with --scripts"
      )
    }
    return (
      try ScriptDirectory(versions: configuration.versionDirectories),
      VersionTable(name: configuration.versionTable)
    )
  }

  /// The version table, also where there are no scripts.
  func versionTable() throws -> VersionTable {
    VersionTable(name: try configuration()?.versionTable ?? "alembic_version")
  }

  func store(for database: String) throws -> Store {
    guard let named = options.store ?? variable("XM_SAFE_STORE") else {
      return Store(path: Store.defaultPath(for: database))
    }
    return Store(path: absolute(named))
  }

  /// A path of the user made absolute.
  func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : context.workingDirectory + "/" + path
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
        next: "check the path given with --db"
      )
    }
  }

  private func variable(_ name: String) -> String? {
    context.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
