internal import Logging
internal import XMSafe

/// The database that a command finds where none is named: that of the alembic.ini, of XManager's YAML file, or XManager's own.
///
/// Finding it reads the configuration, and no revision script. It is looked for only where it decides which settings count: no
/// settings are in the working directory, or those that are have profiles.
final class OwnDatabase {
  /// The options that lead to it.
  static let names = ["db", "xm-db-yaml-config-path", "config", "scripts"]

  private let surroundings: Settings.Surroundings
  private var found: [[String: String]: String?] = [:]

  init(_ surroundings: Settings.Surroundings) {
    self.surroundings = surroundings
  }

  /// Its path, or its URL without a password; nil if there is none, of which the command itself says why.
  ///
  /// - Parameter options: What is said of the options.
  /// - Returns: The name.
  func name(_ options: [String: String]) -> String? {
    if let known = found[options] { return known }
    let context = Context(
      workingDirectory: surroundings.workingDirectory,
      environment: surroundings.environment,
      processID: 0,
      now: { "" },
      logHandler: { _ in SwiftLogNoOpLogHandler() },
      progress: { _, _, _ in }
    )
    let name = Safeguard(
      options: Options(
        database: options["db"],
        configuration: options["config"],
        scripts: options["scripts"],
        xmanagerYAML: options["xm-db-yaml-config-path"]
      ),
      context: context
    ).places().database
    found[options] = .some(name)
    return name
  }
}
