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
  /// The database that a command finds by itself, where none is named; looked for at most once.
  private let ownDatabase: OwnDatabase
  private var settings: (file: SettingsFile, layers: [SettingsFile.Layer])?

  init(given: [String: [String]], _ surroundings: Settings.Surroundings) {
    self.given = given
    self.surroundings = surroundings
    home = HomeDirectory.path(surroundings.environment)
    ownDatabase = OwnDatabase(surroundings)
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
    given[name]?.last ?? DeclaredOption.variables(of: name).lazy.compactMap(variable).first
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
    for place in places {
      guard let directory = place() else { continue }
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

  /// The directories that may have it, in their order; the later ones are worked out only if the earlier ones have none.
  private var places: [() -> String?] {
    [
      {
        if let store = named("store") { return FileSystem.directory(of: absolute(store)) }
        guard let database = named("db"), let path = Safeguard.path(ofDatabase: database) else {
          return surroundings.workingDirectory
        }
        return besideFile(path)
      },
      {
        guard named("store") == nil, named("db") == nil else { return nil }
        var names: [String: String] = [:]
        for name in OwnDatabase.names { names[name] = given[name]?.last }
        return ownDatabase.name(names).flatMap { Safeguard.path(ofDatabase: $0) }.map(besideFile)
      },
      {
        let own = variable("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (own ?? home.map { $0 + "/.config" }).map { $0 + "/xm-safe" }
      },
    ]
  }

  /// The directory of a database's file, where its store is too: a link is followed.
  private func besideFile(_ path: String) -> String {
    do {
      return FileSystem.directory(of: try FileSystem.realPath(absolute(path)))
    } catch {
      // Nothing is there that could be followed; the command itself says so.
      return FileSystem.directory(of: absolute(path))
    }
  }

  /// Refuses a profile that is named where no file has any.
  func refuseProfile() throws(Failure) {
    guard let named = named("profile") else { return }
    throw Failure(
      settings: "there is no settings file that could have a profile '\(named.shownOnOneLine)'",
      next: "name the file with --settings, or leave the profile out (--profile, XM_SAFE_PROFILE)"
    )
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
    let matching = try profilesOfDatabase(profiles, in: file)
    guard matching.count < 2 else {
      throw file.mistake(
        "several profiles are of this database: \(matching.joined(separator: ", ")); name one with --profile",
        at: ["profile", matching[1]]
      )
    }
    return matching.first
  }

  /// The profiles that name the database which the command works on: by the same words, or by others that lead to it.
  private func profilesOfDatabase(
    _ profiles: [String],
    in file: SettingsFile
  ) throws(Failure) -> [String] {
    guard !profiles.isEmpty else { return [] }
    let names = try namesOfDatabase(with: file.layers(for: [], profile: nil)[0], of: file)
    func matching(_ key: String, _ wanted: String?) throws(Failure) -> [String] {
      guard let wanted else { return [] }
      var found: [String] = []
      for profile in profiles {
        let layer = file.layers(for: [], profile: profile)[0]
        guard let value = try value(key, in: layer, of: file) else { continue }
        if isSame(value, wanted) { found.append(profile) }
      }
      return found
    }
    if let named = names["db"] { return try matching("db", named) }
    let yaml = "xm-db-yaml-config-path"
    let direct = try matching(yaml, names[yaml])
    guard direct.isEmpty else { return direct }
    return try matching("db", ownDatabase.name(names))
  }

  /// What leads to the database: on the command line, in the environment, or at the top of the file.
  private func namesOfDatabase(
    with root: SettingsFile.Layer,
    of file: SettingsFile
  ) throws(Failure) -> [String: String] {
    var names: [String: String] = [:]
    for pair in [["db", "xm-db-yaml-config-path"], ["scripts", "config"]] {
      // Two answers to one question: the command line's comes before the environment's, and that before the file's.
      for key in pair { names[key] = given[key]?.last }
      guard !pair.contains(where: { names[$0] != nil }) else { continue }
      for key in pair { names[key] = named(key) }
      guard !pair.contains(where: { names[$0] != nil }) else { continue }
      for key in pair { names[key] = try value(key, in: root, of: file) }
    }
    return names
  }

  private func value(
    _ key: String,
    in layer: SettingsFile.Layer,
    of file: SettingsFile
  ) throws(Failure) -> String? {
    let option = DeclaredOption(
      name: key,
      letters: [],
      isFlag: false,
      isRepeating: false,
      isPath: true
    )
    return try file.values(of: option, in: layer, home: home)?.first
  }

  private func isSame(_ one: String, _ other: String) -> Bool {
    if one == other { return true }
    if let server = Safeguard.identity(ofServerDatabase: one) {
      return server == Safeguard.identity(ofServerDatabase: other)
    }
    return FileSystem.isSameFile(absolute(path(one)), absolute(path(other)))
  }

  private func path(_ database: String) -> String {
    Safeguard.path(ofDatabase: database) ?? database
  }
}
