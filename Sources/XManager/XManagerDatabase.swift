internal import AlembicScripts
package import DatabaseURLs
package import DurableFiles
internal import Revisions
internal import YAML

/// The database that XManager's YAML file names, read by XManager's own rules.
///
/// What XManager takes is taken, and leads to the same database; what it ends with a traceback for is refused in one sentence, with
/// its place.
package struct XManagerDatabase: Hashable, Sendable {
  /// Where the database is; an SQLite path may be relative.
  package var location: DatabaseLocation
  /// What the user should know, for the log.
  package var warnings: [String]

  /// Reads a YAML file.
  ///
  /// - Parameters:
  ///   - path: The file, as XManager's `--xm_db_yaml_config_path` names it; absolute.
  ///   - files: The file system to use.
  /// - Throws: `ScriptError` with the place in the file, `AddressError` for a database that xm-safe does not work on.
  package init(yaml path: String, files: FileSystem = FileSystem()) throws {
    let bytes: [UInt8]
    do {
      bytes = try ReadableFile.contents(of: path, limit: 1 << 20, calls: files.calls)
    } catch {
      throw ScriptError(
        .configuration,
        "XManager's YAML file cannot be read: \(error.description)",
        hint: "check the path given with --xm-db-yaml-config-path"
      )
    }
    let reader = SettingsReader(path: path)
    let settings: (connector: Connector, values: DatabaseSettings)
    do {
      settings = try reader.settings(try YAMLParser.document(bytes))
    } catch let error as YAMLError {
      throw reader.error(error.message, error.line, error.column)
    }
    location = try settings.values.location(settings.connector)
    warnings = settings.values.warnings(settings.connector)
  }
}

/// How XManager connects.
enum Connector: String, CaseIterable {
  case sqlite
  case generic
  case cloudsql
}
