package import DatabaseURLs
package import DurableFiles
package import PythonPackages

/// What xm-safe needs of an alembic project: where its scripts and its database are, and which version table it uses.
package struct AlembicConfiguration: Sendable {
  /// Where the scripts are, and how new ones are named.
  package var revisions: RevisionSettings
  /// The version table, from env.py.
  package var versionTable: VersionTableOptions
  /// Whether that is certain: env.py may take it from a variable, or leave it to another module.
  package var isVersionTableKnown: Bool
  /// Why the native engine cannot stand for what env.py configures; nil if it can.
  package var environmentRefusal: ScriptError?
  /// The ini file; nil if there is none.
  package var ini: String?
  /// The script directory, which holds env.py.
  package var scriptDirectory: String
  private var url: String?
  private var workingDirectory = ""
  private var choosesDatabase = false
  private var databaseVariables: [String] = []

  /// Reads an alembic.ini, or a pyproject.toml, or both, and the env.py that they lead to.
  ///
  /// - Parameters:
  ///   - path: The ini file; nil for none.
  ///   - project: The pyproject.toml, which need not be there or say anything of alembic if there is an ini file; nil for none.
  ///   - workingDirectory: What relative paths in them are relative to, as for alembic.
  ///   - python: Where packages are looked for that `script_location = package:directory` names; nil for nowhere.
  ///   - files: The file system to use.
  /// - Throws: `ScriptError`.
  package init(
    ini path: String?,
    project: String? = nil,
    workingDirectory: String,
    python: PythonEnvironment? = nil,
    files: FileSystem = FileSystem()
  ) throws {
    let settings = try AlembicSettings(ini: path, project: project, files: files)
    guard let location = try settings.text("script_location") else {
      throw ScriptError(
        .configuration,
        "there is no 'script_location' in [alembic] of \(settings.name)",
        hint: "add it, or name the scripts with --scripts"
      )
    }
    let scripts: String
    if location.hasPrefix("/") || !location.contains(":") {
      scripts = Self.absolute(location, from: workingDirectory)
    } else {
      scripts = try Self.directory(
        inPackage: location,
        named: "the script_location",
        of: python,
        prepending: try settings.prependedPaths()
      )
    }
    try Self.require(scripts)
    if try settings.flag("sourceless") {
      throw ScriptError.notRead("'sourceless = true' in \(settings.name) is not read", at: nil)
    }
    let directories = (try settings.versionLocations() ?? [scripts + "/versions"]).map {
      Self.absolute($0, from: workingDirectory)
    }
    revisions = RevisionSettings(directory: scripts, versionDirectories: directories)
    try revisions.read(settings)
    let environment = try EnvironmentScript(directory: scripts, files: files)
    versionTable = environment.versionTable
    isVersionTableKnown = environment.isVersionTableKnown
    environmentRefusal = environment.refusal
    self.ini = path
    scriptDirectory = scripts
    choosesDatabase = environment.choosesDatabase
    databaseVariables = environment.variables
    url = try settings.iniText("sqlalchemy.url")
    self.workingDirectory = workingDirectory
  }

  /// Whether a pyproject.toml says anything of alembic.
  ///
  /// - Parameters:
  ///   - path: The file, which need not be there.
  ///   - files: The file system to use.
  /// - Returns: Whether it has a table `[tool.alembic]`.
  /// - Throws: `ScriptError` if it is no TOML, `FileError`.
  package static func isProject(_ path: String, files: FileSystem = FileSystem()) throws -> Bool {
    try ProjectFile(path, files: files) != nil
  }

  /// The database that `sqlalchemy.url` names; an SQLite path is made absolute.
  ///
  /// - Returns: The database; nil if there is no URL.
  /// - Throws: `ScriptError` if env.py may choose another, `AddressError` if the URL names none that xm-safe works on.
  package func database() throws -> DatabaseLocation? {
    guard url != nil || choosesDatabase else { return nil }
    guard let url, !choosesDatabase else {
      let variables = databaseVariables.map { "'" + $0.shownOnOneLine + "'" }
      throw ScriptError(
        .notRead,
        variables.isEmpty
          ? "env.py chooses the database itself, so the URL of the ini file may not be it"
          : "env.py chooses the database itself, perhaps by the environment's \(variables.joined(separator: ", "))",
        hint: "name the database with --db"
      )
    }
    let location = try DatabaseLocation(url: url)
    guard case .sqlite(let path) = location else { return location }
    return .sqlite(Self.absolute(path, from: workingDirectory))
  }

  /// Takes a script directory without an ini file: one with `versions` in it, or a versions directory itself.
  ///
  /// - Parameters:
  ///   - directory: The directory.
  ///   - files: The file system to use.
  /// - Throws: `ScriptError` if it is not there.
  package init(scripts directory: String, files: FileSystem = FileSystem()) throws {
    try Self.require(directory)
    let versions = directory + "/versions"
    let hasVersions = try FileStatus.ifPresent(versions)?.kind == .directory
    // A versions directory that is named itself has its env.py above it.
    let isVersions = !hasVersions && FileSystem.name(of: directory) == "versions"
    let home = isVersions ? FileSystem.directory(of: directory) : directory
    let environment = try EnvironmentScript(directory: home, files: files)
    versionTable = environment.versionTable
    isVersionTableKnown = environment.isVersionTableKnown
    environmentRefusal = environment.refusal
    scriptDirectory = home
    revisions = RevisionSettings(
      directory: home,
      versionDirectories: [hasVersions ? versions : directory]
    )
  }

  /// Refuses a script directory that is not there: without scripts every database would look up to date.
  private static func require(_ directory: String) throws {
    guard try FileStatus.ifPresent(directory)?.kind == .directory else {
      throw ScriptError(
        .configuration,
        "there is no script directory \(directory.shownAsPath)",
        hint: "name the directory that holds 'versions' with --scripts"
      )
    }
  }

  /// A path made absolute.
  static func absolute(_ path: String, from directory: String) -> String {
    path.hasPrefix("/") ? path : directory + "/" + path
  }

  /// The directory that `package:directory` names, in a package that is not imported for it.
  ///
  /// - Parameters:
  ///   - location: The package and the directory.
  ///   - title: What the user calls it.
  ///   - python: The Pythons to look in; nil for none.
  ///   - directories: What comes before the Pythons' own directories.
  /// - Returns: The directory, which need not be there.
  /// - Throws: `ScriptError` if no Python has the package.
  package static func directory(
    inPackage location: String,
    named title: String,
    of python: PythonEnvironment?,
    prepending directories: [String] = []
  ) throws -> String {
    let parts = location.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let name = parts.first ?? ""
    guard let package = try python?.package(name, prepending: directories) else {
      throw ScriptError(
        .configuration,
        "\(title) \(location.shownAsPath) is in a package that the active Python does not have",
        hint:
          "activate the environment that has '\(name.shownOnOneLine)', or name the directory with --scripts"
      )
    }
    return ([package.directory] + parts.dropFirst()).joined(separator: "/")
  }
}
