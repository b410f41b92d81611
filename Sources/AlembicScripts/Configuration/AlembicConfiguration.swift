package import DatabaseURLs
package import DurableFiles
package import PythonPackages

/// What xm-safe needs of an alembic project: where its scripts and its database are, and which version table it uses.
package struct AlembicConfiguration: Hashable, Sendable {
  /// The versions directories.
  package var versionDirectories: [String]
  /// The version table's name, from env.py.
  package var versionTable: String
  private var url: String?
  private var workingDirectory = ""
  private var choosesDatabase = false
  private var databaseVariables: [String] = []

  /// Reads an alembic.ini and the env.py that it leads to.
  ///
  /// - Parameters:
  ///   - path: The ini file.
  ///   - workingDirectory: What relative paths in it are relative to, as for alembic.
  ///   - python: Where packages are looked for that `script_location = package:directory` names; nil for nowhere.
  ///   - files: The file system to use.
  /// - Throws: `ScriptError`.
  package init(
    ini path: String,
    workingDirectory: String,
    python: PythonEnvironment? = nil,
    files: FileSystem = FileSystem()
  ) throws {
    let bytes: [UInt8]
    do {
      bytes = try ReadableFile.contents(of: path, limit: 1 << 20, calls: files.calls)
    } catch {
      throw ScriptError(
        .configuration,
        error.description,
        hint: "name the file with -c, or the scripts with --scripts"
      )
    }
    let directory = FileSystem.directory(of: try FileSystem.realPath(path))
    let ini = try IniFile(path: path, here: directory, text: String(decoding: bytes, as: UTF8.self))
    guard ini.has(section: "alembic") else {
      throw ScriptError(
        .configuration,
        "\(path.shownAsPath) has no section [alembic]",
        hint: "name another file with -c"
      )
    }
    guard let location = try ini.value("script_location", in: "alembic") else {
      throw ScriptError(
        .configuration,
        "there is no 'script_location' in [alembic] of \(path.shownAsPath)",
        hint: "add it, or name the scripts with --scripts"
      )
    }
    let separator =
      try ini.value("path_separator", in: "alembic")
      ?? ini.value("version_path_separator", in: "alembic")
    let scripts: String
    if location.hasPrefix("/") || !location.contains(":") {
      scripts = Self.absolute(location, from: workingDirectory)
    } else {
      // Its paths are split by the newer of the two keys alone, and else at colons too.
      let prepended = try Self.split(
        ini.value("prepend_sys_path", in: "alembic") ?? "",
        by: ini.value("path_separator", in: "alembic"),
        else: [" ", "\t", "\n", "\r", ",", ":"]
      )
      scripts = try Self.directory(
        inPackage: location,
        named: "the script_location",
        of: python,
        prepending: prepended
      )
    }
    try Self.require(scripts)
    for key in ["recursive_version_locations", "sourceless"]
    where try ini.value(key, in: "alembic") == "true" {
      throw ScriptError.notRead("'\(key) = true' in \(path.shownAsPath) is not read", at: nil)
    }
    if let listed = try ini.value("version_locations", in: "alembic") {
      versionDirectories = try Self.split(
        listed,
        by: separator,
        else: [" ", "\t", "\n", "\r", ","]
      ).map {
        Self.absolute($0, from: workingDirectory)
      }
    } else {
      versionDirectories = [scripts + "/versions"]
    }
    let environment = try EnvironmentScript(directory: scripts, files: files)
    versionTable = environment.versionTable
    choosesDatabase = environment.choosesDatabase
    databaseVariables = environment.variables
    url = try ini.value("sqlalchemy.url", in: "alembic")
    self.workingDirectory = workingDirectory
  }

  /// The database that `sqlalchemy.url` names; an SQLite path is made absolute.
  ///
  /// - Returns: The database; nil if there is no URL.
  /// - Throws: `ScriptError` if env.py may choose another, `AddressError` if the URL names none that xm-safe works on.
  package func database() throws -> DatabaseLocation? {
    guard let url else { return nil }
    guard !choosesDatabase else {
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
    versionDirectories = [hasVersions ? versions : directory]
    // A versions directory that is named itself has its env.py above it.
    let isVersions = !hasVersions && FileSystem.name(of: directory) == "versions"
    let home = isVersions ? FileSystem.directory(of: directory) : directory
    versionTable = try EnvironmentScript(directory: home, files: files).versionTable
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

  /// Splits a list of paths as alembic does; without a separator it falls back to other characters.
  private static func split(
    _ list: String,
    by separator: String?,
    else legacy: Set<Character>
  ) throws(ScriptError) -> [String] {
    let isSeparator: (Character) -> Bool
    switch separator {
    case ":", "os": isSeparator = { $0 == ":" }
    case ";": isSeparator = { $0 == ";" }
    case "newline": isSeparator = { $0.isNewline }
    case "space": isSeparator = { $0.isWhitespace }
    case nil: isSeparator = legacy.contains
    case let other?:
      throw ScriptError(
        .configuration,
        "'\(other)' is not a valid path_separator",
        hint: "use ':', ';', 'space', 'newline' or 'os'"
      )
    }
    return list.split(whereSeparator: isSeparator).map { PythonText.stripped(String($0)) }
      .filter { !$0.isEmpty }
  }
}
