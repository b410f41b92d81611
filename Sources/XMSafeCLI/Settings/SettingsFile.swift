internal import DurableFiles
internal import TOML
internal import XMSafe

/// An `xm-safe.toml`: options for all commands, for one command in a table of its name, and both for one database in
/// `[profile.NAME]`.
struct SettingsFile: Sendable {
  /// A table of options, with what it is for.
  struct Layer: Sendable {
    /// The profile that it belongs to.
    var profile: String?
    /// The keys that lead to it.
    var keys: [String]
    /// Its values.
    var values: [String: TOMLValue]
  }

  /// The name of the file where it is looked for.
  static let name = "xm-safe.toml"
  /// The key of the profiles.
  private static let profiles = "profile"

  /// The file's absolute path.
  let path: String
  private let root: [String: TOMLValue]
  private let lines: [[String]: Int]

  /// Reads a file; one that is not there is an error.
  ///
  /// It may name programs to run, so that nobody else may have written it.
  init(reading path: String) throws(Failure) {
    self.path = path
    do {
      let status = try FileStatus(of: path)
      guard status.isTrustworthy else {
        throw Failure(
          settings:
            "\(path.shownAsPath) may be changed by other users, and it may name commands to run",
          next: "make it your own, and writable for you alone: chown and chmod go-w"
        )
      }
      let bytes = try ReadableFile.contents(of: path, limit: 1 << 18)
      (root, lines) = try TOMLParser.located(bytes)
    } catch let error as Failure {
      throw error
    } catch let error as TOMLError {
      throw Failure(settings: "this is no TOML: \(error.message)", at: path, line: error.line)
    } catch {
      throw Failure(
        settings: "the settings cannot be read: \(error)",
        next: "check the path, or leave --settings out"
      )
    }
  }

  /// The line of some keys; that of what they are in where they stand in braces.
  func line(of keys: [String]) -> Int {
    var keys = keys
    while !keys.isEmpty {
      if let line = lines[keys] { return line }
      keys.removeLast()
    }
    return 1
  }

  /// A mistake at some keys.
  func mistake(_ message: String, at keys: [String]) -> Failure {
    Failure(settings: message, at: path, line: line(of: keys))
  }

  /// The names of the profiles, in the order of the file.
  var profileNames: [String] {
    guard case .table(let profiles) = root[Self.profiles] else { return [] }
    return profiles.keys.sorted { line(of: [Self.profiles, $0]) < line(of: [Self.profiles, $1]) }
  }

  /// The tables that are for a command, the one that counts most first.
  ///
  /// - Parameters:
  ///   - command: The command's names.
  ///   - profile: The profile that is chosen.
  /// - Returns: The tables.
  func layers(for command: [String], profile: String?) -> [Layer] {
    var layers: [Layer] = []
    if let profile, case .table(let profiles) = root[Self.profiles],
      case .table(let table) = profiles[profile]
    {
      layers += Self.layers(in: table, [Self.profiles, profile], for: command, profile)
    }
    return layers + Self.layers(in: root, [], for: command, nil)
  }

  private static func layers(
    in table: [String: TOMLValue],
    _ keys: [String],
    for command: [String],
    _ profile: String?
  ) -> [Layer] {
    var layers = [Layer(profile: profile, keys: keys, values: table)]
    var (table, keys) = (table, keys)
    for name in command {
      guard case .table(let inner) = table[name] else { break }
      (table, keys) = (inner, keys + [name])
      layers.insert(Layer(profile: profile, keys: keys, values: table), at: 0)
    }
    return layers
  }

  // MARK: - Checking

  /// Refuses what no command knows.
  func check(against program: DeclaredCommand) throws(Failure) {
    for (key, value) in root where key == Self.profiles {
      guard case .table(let profiles) = value else {
        throw mistake("a profile is a table of its own: [profile.NAME]", at: [key])
      }
      for (name, profile) in profiles {
        guard case .table(let table) = profile else {
          throw mistake("a profile is a table of its own: [profile.NAME]", at: [key, name])
        }
        try check(table, [key, name], program)
      }
    }
    try check(root.filter { $0.key != Self.profiles }, [], program)
  }

  private func check(
    _ table: [String: TOMLValue],
    _ keys: [String],
    _ command: DeclaredCommand
  ) throws(Failure) {
    let options = command.allOptions.map(\.name)
    for key in table.keys.sorted(by: { line(of: keys + [$0]) < line(of: keys + [$1]) }) {
      let place = keys + [key]
      if case .table(let inner) = table[key] {
        guard let below = command.commands.first(where: { $0.name == key }) else {
          throw unknown(
            "there is no command '\(key)'",
            key,
            command.commands.map(\.name) + [Self.profiles],
            place
          )
        }
        try check(inner, place, below)
      } else if !options.contains(key) {
        let isOfFile = DeclaredOption.unsettable.contains(key)
        let whose = keys.isEmpty || keys.first == Self.profiles ? "" : " of '\(command.name)'"
        throw unknown(
          isOfFile
            ? "'\(key)' cannot be set in a file"
            : "there is no option '\(key.shownOnOneLine)'\(whose)",
          key,
          options,
          place
        )
      }
    }
  }

  private func unknown(
    _ message: String,
    _ key: String,
    _ known: [String],
    _ place: [String]
  ) -> Failure {
    mistake(message + NearName.question(key, among: known), at: place)
  }
}
