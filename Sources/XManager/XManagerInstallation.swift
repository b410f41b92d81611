internal import AlembicScripts
internal import DurableFiles
package import PythonPackages

/// XManager as a Python has it: its scripts, and the database that it uses by default.
package struct XManagerInstallation: Hashable, Sendable {
  /// XManager's own directory.
  package var directory: String
  /// Its version, as far as the directory beside it tells.
  package var version: String?
  /// Its script directory.
  package var scripts: String { directory + "/xm_local/storage/alembic" }

  /// Finds the XManager of the active Python.
  ///
  /// - Parameter python: The Pythons.
  /// - Returns: The installation; nil if no Python has it.
  /// - Throws: `ScriptError` for one without migration scripts, `FileError`, `Stopped`.
  package static func find(in python: PythonEnvironment) throws -> XManagerInstallation? {
    guard let package = try python.package("xmanager") else { return nil }
    let version = try version(beside: package.directory)
    let found = XManagerInstallation(directory: package.directory, version: version)
    guard try FileStatus.ifPresent(found.scripts)?.kind == .directory else {
      throw ScriptError(
        .configuration,
        "\(found.name) in \(found.directory.shownAsPath) has no migration scripts",
        hint: "XManager has them since 0.3.0; name others with -c or --scripts"
      )
    }
    return found
  }

  /// `XManager 0.8.5.post1`.
  package var name: String { version.map { "XManager \($0)" } ?? "XManager" }

  /// XManager's default database, `~/.xmanager/experiments.sqlite3`.
  ///
  /// - Parameter home: The user's home directory.
  /// - Returns: The path.
  package static func defaultDatabase(home: String) -> String {
    (home.hasSuffix("/") ? String(home.dropLast()) : home) + "/.xmanager/experiments.sqlite3"
  }

  /// The version in the name of `xmanager-VERSION.dist-info`.
  private static func version(beside directory: String) throws -> String? {
    let names = try FileSystem().names(in: FileSystem.directory(of: directory))
    let prefix = "xmanager-"
    let suffix = ".dist-info"
    let name = names.first { $0.hasPrefix(prefix) && $0.hasSuffix(suffix) }
    return name.map { String($0.dropFirst(prefix.count).dropLast(suffix.count)) }
  }
}
