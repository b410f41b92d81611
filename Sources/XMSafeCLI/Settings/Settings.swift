internal import DurableFiles
internal import FoundationEssentials
internal import XMSafe

/// What counts for the options of one command: the command line, else the environment, else the settings file, the chosen profile's part
/// of it first.
struct Settings: Sendable {
  /// Where a value comes from.
  enum Source: Hashable, Sendable {
    case commandLine
    /// A variable.
    case environment(String)
    /// A line of the settings file, in a profile or not.
    case file(path: String, line: Int, profile: String?)
  }

  /// The values of one option.
  struct Setting: Hashable, Sendable {
    var option: DeclaredOption
    var values: [String]
    var source: Source

    /// Whether it is an option that stands alone, and is not wanted.
    var isOff: Bool { option.isFlag && values == ["false"] }
  }

  /// Everything from outside that settings depend on.
  struct Surroundings {
    var environment: [String: String]
    var workingDirectory: String

    /// Those of this process.
    static var ofProcess: Surroundings {
      Surroundings(
        environment: ProcessInfo.processInfo.environment,
        workingDirectory: FileManager.default.currentDirectoryPath
      )
    }
  }

  /// The settings file; nil if there is none.
  var file: SettingsFile?
  /// The chosen profile.
  var profile: String?
  /// The command's options that are set, in the order of its help.
  var own: [Setting] = []
  /// What the file says of options that only other commands have; the library reads some of them as variables.
  var others: [Setting] = []
  /// What is to be said of it in the log.
  var warnings: [String] = []

  /// Options that answer one question: where a higher source has one of them, a lower one is not asked for the other.
  private static let alternatives = [
    ["db", "xm-db-yaml-config-path"], ["scripts", "config"], ["password", "password-file"],
    ["graph", "mermaid", "dot"], ["cron", "systemd", "launchd"],
  ]

  /// Where nothing counts but what is typed.
  init() {}

  /// Finds out what counts.
  ///
  /// - Parameters:
  ///   - command: The command's names.
  ///   - options: Its options.
  ///   - given: What is on the command line, with `settings` and `profile`.
  ///   - surroundings: The environment.
  /// - Throws: `Failure` for mistakes in the environment or the file.
  init(
    for command: [String],
    _ options: [DeclaredOption],
    given: [String: [String]],
    _ surroundings: Surroundings
  ) throws(Failure) {
    let sources = SettingSources(given: given, surroundings)
    file = try sources.file()
    if let file {
      let program = try DeclaredCommand.program()
      try file.check(against: program)
      profile = try sources.profile(in: file)
      others = try resolve(
        program.allOptions.filter { other in !options.contains { $0.name == other.name } },
        sources.layered(for: command, file, profile)
      ).filter { if case .file = $0.source { true } else { false } }
    }
    if file == nil { try sources.refuseProfile() }
    own = try resolve(options, sources.layered(for: command, file, profile))
  }

  /// What counts for another command, by the same file and profile, as far as it is not on a command line.
  ///
  /// - Parameters:
  ///   - command: Its names.
  ///   - options: Its options.
  ///   - surroundings: The environment.
  /// - Returns: Its options that are set.
  /// - Throws: `Failure` for mistakes in the environment or the file.
  func of(
    _ command: [String],
    _ options: [DeclaredOption],
    _ surroundings: Surroundings
  ) throws(Failure) -> [Setting] {
    let sources = SettingSources(given: [:], surroundings)
    return try resolve(options, sources.layered(for: command, file, profile))
  }

  private func resolve(
    _ options: [DeclaredOption],
    _ sources: SettingSources
  ) throws(Failure) -> [Setting] {
    var found: [(level: Int, setting: Setting)] = []
    for option in options {
      if let first = try sources.first(option) { found.append(first) }
    }
    for group in Self.alternatives {
      let members = group.compactMap { name in found.first { $0.setting.option.name == name } }
      // A name that only a variable has, such as the password's.
      let isVariable = !options.contains { $0.name == group[0] } && sources.hasVariable(group[0])
      guard let answer = members.map(\.level).min() else { continue }
      let dropped = members.filter { member in
        if isVariable { return member.level >= SettingSources.environment }
        if member.level > answer { return true }
        // Both on the command line are for the command itself to judge.
        return answer == SettingSources.environment && member.setting != members[0].setting
          && members[0].level == answer
      }
      found.removeAll { one in dropped.contains { $0.setting == one.setting } }
      let rest = members.filter { one in !dropped.contains { $0.setting == one.setting } }
      guard rest.count > 1, case .file(let path, let line, _) = rest[1].setting.source else {
        continue
      }
      throw Failure(
        settings: "'\(group[0])' and '\(group[1])' are two answers to one question",
        at: path,
        line: line,
        next: "leave one of them out"
      )
    }
    return found.map(\.setting)
  }
}
