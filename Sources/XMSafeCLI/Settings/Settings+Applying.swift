internal import ArgumentParser
internal import FoundationEssentials
internal import XMSafe

/// Putting settings in force: they are added to the command line, so that the parser judges them as if they were typed.
extension Settings {
  /// The settings of the command that runs.
  @TaskLocal static var current: Settings?

  /// The arguments that stand for what is not on the command line.
  var arguments: [String] {
    own.filter { $0.source != .commandLine }.flatMap(\.arguments)
  }

  /// Variables for what only other commands have as options.
  var environment: [String: String] {
    Dictionary(
      others.filter { !$0.isOff }.map {
        (DeclaredOption.variable($0.option.name), $0.values.joined(separator: ","))
      }
    ) { first, _ in first }
  }

  /// Parses a command line, with the settings that it leaves open.
  ///
  /// - Parameters:
  ///   - arguments: The command line, without the program's name.
  ///   - surroundings: The environment.
  /// - Returns: The command, and the settings; none for what is no command.
  /// - Throws: What the parser throws for the command line alone; `Failure` for the settings.
  static func parse(
    _ arguments: [String],
    _ surroundings: Surroundings
  ) throws -> (command: any ParsableCommand, settings: Settings?) {
    // By itself first: a mistake that is typed is told as one.
    let command = try XMSafeCommand.parseAsRoot(arguments)
    let (path, type) = DeclaredCommand.named(by: arguments)
    guard !path.isEmpty else { return (command, nil) }
    if isAllTyped(command, surroundings) { return (command, Settings()) }
    let rest = Array(arguments.dropFirst(path.count))
    let declared = try DeclaredCommand(type)
    var settings = try Settings(
      for: path,
      declared.settable,
      given: GivenOptions.find(declared.options, in: rest),
      surroundings
    )
    settings.warnings = try UnknownVariables.warnings(surroundings.environment, declared)
    guard !settings.arguments.isEmpty else { return (command, settings) }
    do {
      return (try XMSafeCommand.parseAsRoot(path + settings.arguments + rest), settings)
    } catch {
      throw settings.failure(error, path, rest)
    }
  }

  /// Whether nothing but the command line says anything: there is no variable of ours, and no settings file.
  ///
  /// Nearly every run is like that, and the parser takes longer to tell what it declares than to parse.
  private static func isAllTyped(
    _ command: any ParsableCommand,
    _ surroundings: Surroundings
  ) -> Bool {
    guard !(command is ConfigCommand), let common = (command as? any SafeCommand)?.common,
      common.profile == nil,
      !surroundings.environment.keys.contains(where: DeclaredOption.mayBeVariable)
    else { return false }
    let places = [
      "settings": common.settings, "store": common.store, "db": common.database,
      "xm-db-yaml-config-path": common.xmanagerYAML, "config": common.configuration,
      "scripts": common.scripts,
    ]
    let given = places.compactMapValues { $0.map { [$0] } }
    return SettingSources(given: given, surroundings).filePath == nil
  }

  /// Which setting the parser does not take.
  private func failure(_ error: any Error, _ path: [String], _ rest: [String]) -> Failure {
    for setting in own where setting.source != .commandLine {
      do {
        _ = try XMSafeCommand.parseAsRoot(path + setting.arguments + rest)
      } catch {
        return setting.failure(UsageFailure.sentence(XMSafeCommand.message(for: error)))
      }
    }
    return Failure(
      usage:
        "the settings do not go together: \(UsageFailure.sentence(XMSafeCommand.message(for: error)))",
      next: "'xm-safe config \(path.joined(separator: " "))' shows where each comes from"
    )
  }
}

extension Settings.Setting {
  /// How it would be typed.
  var arguments: [String] {
    guard option.isFlag else { return values.map { "--\(option.name)=\($0)" } }
    return isOff ? [] : ["--\(option.name)"]
  }

  /// A value that the parser does not take.
  fileprivate func failure(_ message: String) -> Failure {
    switch source {
    case .file(let path, let line, _): Failure(settings: message, at: path, line: line)
    case .environment(let name):
      Failure(usage: "\(message), from the variable \(name)", next: "correct it, or unset it")
    case .commandLine: Failure(usage: message, next: "'xm-safe --help' shows how it is called")
    }
  }
}
