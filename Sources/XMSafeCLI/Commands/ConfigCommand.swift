internal import ArgumentParser
internal import DurableFiles
internal import FoundationEssentials
internal import XMSafe

/// `xm-safe config`.
struct ConfigCommand: SafeCommand {
  static let configuration = CommandConfiguration(
    commandName: "config",
    abstract: "Show which options count, and where each comes from.",
    discussion: """
      An option of any command may be given on the command line, as a variable (--keep-daily is XM_SAFE_KEEP_DAILY), or in \
      xm-safe.toml: there for all commands, for one in a table of its name, and both for one database in [profile.NAME]. The \
      command line counts first, then the variable, the profile, the file. Without a command, the options that all commands \
      have are shown, and what is set for others. Passwords are left out.

      \(exitCodes(.done, .refused, .usage))
      """
  )

  @Argument(
    help: "The command whose options are shown.",
    completion: CommandCompletion.kind
  )
  var command: [String] = []

  @OptionGroup(title: "Options of all commands")
  var common: CommonOptions

  func perform(_ facade: Safeguard) throws(Failure) -> ConfigResult {
    guard let settings = Settings.current else {
      throw Failure(settings: "there are no settings")
    }
    let given = Dictionary(
      settings.own.filter { $0.source == .commandLine }.map { ($0.option.name, $0.values) }
    ) { first, _ in first }.merging(namesOfFile) { first, _ in first }
    let places = command.isEmpty ? facade.places() : (database: nil, store: nil)
    var result = ConfigResult(
      file: settings.file?.path,
      profile: settings.profile,
      database: places.database,
      store: places.store,
      options: []
    )
    guard command.isEmpty else {
      let declared = try declared(command)
      let own = try self.settings(command, declared, given)
      result.profile = own.profile
      result.options = declared.settable.map { entry($0, own.own) }
      return result
    }
    let common = try DeclaredCommand(Self.self).settable
    result.options = common.map { entry($0, settings.own) }
    for below in try DeclaredCommand.program().commands {
      result.options += try additions(below, [below.name], settings, given)
    }
    return result
  }

  /// What a command has beside the options of all commands, or has otherwise, if it is set.
  private func additions(
    _ command: DeclaredCommand,
    _ path: [String],
    _ settings: Settings,
    _ given: [String: [String]]
  ) throws(Failure) -> [ConfigResult.Entry] {
    var entries: [ConfigResult.Entry] = []
    for setting in try self.settings(path, command, given).own where !settings.own.contains(setting)
    {
      entries.append(entry(setting.option, [setting], of: path.joined(separator: " ")))
    }
    for below in command.commands {
      entries += try additions(below, path + [below.name], settings, given)
    }
    return entries
  }

  /// The file and the profile that the command line names.
  private var namesOfFile: [String: [String]] {
    var names: [String: [String]] = [:]
    if let named = common.settings { names["settings"] = [named] }
    if let named = common.profile { names["profile"] = [named] }
    return names
  }

  private func settings(
    _ path: [String],
    _ command: DeclaredCommand,
    _ given: [String: [String]]
  ) throws(Failure) -> Settings {
    try Settings(
      for: path,
      command.settable,
      given: given,
      .ofProcess
    )
  }

  private func declared(_ path: [String]) throws(Failure) -> DeclaredCommand {
    var command = try DeclaredCommand.program()
    for name in path {
      guard let below = command.commands.first(where: { $0.name == name }) else {
        throw Failure(
          usage:
            "there is no command '\(name.shownOnOneLine)'\(NearName.question(name, among: command.commands.map(\.name)))",
          next: "'xm-safe --help' shows the commands"
        )
      }
      command = below
    }
    return command
  }

  private func entry(
    _ option: DeclaredOption,
    _ settings: [Settings.Setting],
    of command: String? = nil
  ) -> ConfigResult.Entry {
    ConfigResult.Entry(option, settings.first { $0.option == option }, command: command)
  }

  func text(_ result: ConfigResult) -> String {
    var lines = [
      "file      \(result.file?.shownAsPath ?? "none")",
      "profile   \(result.profile?.shownOnOneLine ?? "none")",
    ]
    if command.isEmpty {
      lines.append("database  \(result.database?.shownAsPath ?? "not to be told")")
      lines.append("store     \(result.store?.shownAsPath ?? "not to be told")")
    }
    let table = TextTable(
      columns: [.init(title: "OPTION"), .init(title: "VALUE"), .init(title: "FROM")],
      rows: result.options.map { entry in
        [
          (entry.command.map { $0 + " " } ?? "") + "--" + entry.option,
          entry.values.isEmpty ? "-" : entry.values.joined(separator: ", "),
          entry.from.rawValue + (entry.place.map { " (\($0))" } ?? ""),
        ]
      }
    )
    return (lines + ["", table.text]).joined(separator: "\n")
  }
}

/// What counts, and where it comes from.
struct ConfigResult: Encodable {
  /// Where a value comes from.
  enum Source: String, Encodable {
    case commandLine = "command line"
    case environment
    case profile
    case file
    case `default`
  }

  /// One option.
  struct Entry: Encodable {
    /// The command that has it; nil for all commands, and where one was named.
    var command: String?
    /// Its long name, without the dashes.
    var option: String
    /// Its values, without passwords; none if it is not set and has no default.
    var values: [String]
    /// Where they come from.
    var from: Source
    /// The variable, or the file and its line.
    var place: String?
    /// The variable that stands for the option.
    var variable: String
  }

  /// The settings file; nil if there is none.
  var file: String?
  /// The chosen profile; nil if there is none.
  var profile: String?
  /// The database that commands work on; nil where that cannot be told, and where a command was named.
  var database: String?
  /// The store; nil where that cannot be told, and where a command was named.
  var store: String?
  /// The options, in the order of the help.
  var options: [Entry]
}

extension ConfigResult.Entry {
  fileprivate init(_ option: DeclaredOption, _ setting: Settings.Setting?, command: String?) {
    let values =
      setting?.values ?? option.defaultValue.map { [$0] } ?? (option.isFlag ? ["false"] : [])
    self.init(
      command: command,
      option: option.name,
      values: values.map(Safeguard.withoutPassword),
      from: .default,
      place: nil,
      variable: option.variables[0]
    )
    switch setting?.source {
    case nil: break
    case .commandLine: from = .commandLine
    case .environment(let name): (from, place) = (.environment, name)
    case .file(let path, let line, let profile):
      from = profile == nil ? .file : .profile
      place = "\(path):\(line)"
    }
  }
}
