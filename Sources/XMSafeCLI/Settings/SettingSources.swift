internal import DurableFiles
internal import FoundationEssentials
internal import XMSafe

/// The places that settings come from, in their order.
struct SettingSources {
  /// The level of the command line.
  static let commandLine = 0
  /// The level of the environment; the tables of the file follow.
  static let environment = 1

  private let given: [String: [String]]
  private let surroundings: Settings.Surroundings
  private let home: String?
  private var settings: (file: SettingsFile, layers: [SettingsFile.Layer])?

  init(given: [String: [String]], _ surroundings: Settings.Surroundings) {
    self.given = given
    self.surroundings = surroundings
    home = HomeDirectory.path(surroundings.environment)
  }

  /// Whether a variable is set that stands for a name, be it one of an option or not.
  func hasVariable(_ name: String) -> Bool { variable(DeclaredOption.variable(name)) != nil }

  private func variable(_ name: String) -> String? {
    surroundings.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  private func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : surroundings.workingDirectory + "/" + path
  }

  /// What is said of an option on the command line or in the environment.
  private func named(_ name: String) -> String? {
    given[name]?.last ?? variable(DeclaredOption.variable(name))
  }

  /// The sources with the tables of a file.
  func layered(
    for command: [String],
    _ file: SettingsFile?,
    _ profile: String?
  ) -> SettingSources {
    var sources = self
    sources.settings = file.map { ($0, $0.layers(for: command, profile: profile)) }
    return sources
  }

  /// The first source that has an option.
  func first(_ option: DeclaredOption) throws(Failure) -> (level: Int, setting: Settings.Setting)? {
    if let values = given[option.name] {
      return (
        Self.commandLine, Settings.Setting(option: option, values: values, source: .commandLine)
      )
    }
    for name in option.variables {
      guard let text = variable(name) else { continue }
      return (
        Self.environment,
        Settings.Setting(
          option: option,
          values: try Self.values(of: option, in: text, name),
          source: .environment(name)
        )
      )
    }
    guard let settings else { return nil }
    for (index, layer) in settings.layers.enumerated() {
      guard let values = try settings.file.values(of: option, in: layer, home: home) else {
        continue
      }
      let source = Settings.Source.file(
        path: settings.file.path,
        line: settings.file.line(of: layer.keys + [option.name]),
        profile: layer.profile
      )
      return (
        Self.environment + 1 + index,
        Settings.Setting(option: option, values: values, source: source)
      )
    }
    return nil
  }

  /// What a variable says of an option.
  private static func values(
    of option: DeclaredOption,
    in text: String,
    _ name: String
  ) throws(Failure) -> [String] {
    if option.isFlag {
      switch text.lowercased() {
      case "1", "true", "yes", "on": return ["true"]
      case "0", "false", "no", "off": return ["false"]
      default:
        throw Failure(
          usage: "the variable \(name) must be true or false",
          next: "set it to one of them, or unset it"
        )
      }
    }
    return option.isRepeating ? text.split(separator: ",").map(String.init) : [text]
  }

  // MARK: - The file

  /// The settings file: the one that is named, else the one beside the store or the database, else the user's own.
  func file() throws(Failure) -> SettingsFile? {
    guard let path = filePath else { return nil }
    return try SettingsFile(reading: path)
  }

  /// Where that file is; nil if there is none.
  var filePath: String? {
    if let named = named("settings") { return absolute(named) }
    for directory in directories {
      let path = directory + "/" + SettingsFile.name
      do {
        guard try FileStatus.ifPresent(path) != nil else { continue }
      } catch {
        // Another user's directory; where the settings could not be read, the database cannot either.
        continue
      }
      return path
    }
    return nil
  }

  private var directories: [String] {
    var directories: [String] = []
    if let store = named("store") {
      directories.append(FileSystem.directory(of: absolute(store)))
    } else if let database = named("db"), let path = Safeguard.path(ofDatabase: database) {
      directories.append(FileSystem.directory(of: absolute(path)))
    } else {
      directories.append(surroundings.workingDirectory)
    }
    let own = variable("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
    if let own = own ?? home.map({ $0 + "/.config" }) { directories.append(own + "/xm-safe") }
    return directories
  }

  /// The profile: the one that is named, else the one of the database that is named.
  func profile(in file: SettingsFile) throws(Failure) -> String? {
    let profiles = file.profileNames
    if let named = named("profile") {
      guard profiles.contains(named) else {
        throw Failure(
          settings:
            "there is no profile '\(named.shownOnOneLine)' in \(file.path.shownAsPath)\(NearName.question(named, among: profiles))",
          next: profiles.isEmpty
            ? "write a table [profile.\(named.shownOnOneLine)] into it"
            : "its profiles are: \(profiles.joined(separator: ", ").shownOnOneLine)"
        )
      }
      return named
    }
    var matching: [String] = []
    for key in ["db", "xm-db-yaml-config-path"] where matching.isEmpty {
      guard let named = named(key) else { continue }
      let option = DeclaredOption(
        name: key,
        letters: [],
        isFlag: false,
        isRepeating: false,
        isPath: true
      )
      for profile in profiles {
        let layer = file.layers(for: [], profile: profile)[0]
        guard let value = try file.values(of: option, in: layer, home: home)?.first else {
          continue
        }
        let isSame =
          value == named
          || FileSystem.isSameFile(absolute(path(value)), absolute(path(named)))
        if isSame { matching.append(profile) }
      }
    }
    guard matching.count < 2 else {
      throw file.mistake(
        "several profiles are of this database: \(matching.joined(separator: ", ")); name one with --profile",
        at: ["profile", matching[1]]
      )
    }
    return matching.first
  }

  private func path(_ database: String) -> String {
    Safeguard.path(ofDatabase: database) ?? database
  }
}
