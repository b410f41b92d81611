internal import DurableFiles
internal import XMSafe

/// What the jobs of a schedule are told, so that they read the settings that the command which installs them reads.
///
/// The file is named by its path, since a job runs elsewhere and names its database, and would find another one. Variables are not
/// there when a job runs, so what they say of the rules of `prune` is written out.
struct ScheduledSettings {
  /// The options of all jobs.
  private(set) var options: [String] = []
  /// The rules of `prune`; what the file says is left to the file, so that it counts as it is when the job runs.
  private(set) var keep: [String] = []
  /// The commands for which the file has hooks.
  private(set) var hooked: Set<String> = []
  /// What is to be said of it.
  private(set) var remarks: [String] = []

  private static let defaults = [
    ("keep-daily", "14"), ("keep-weekly", "8"), ("keep-monthly", "12"),
  ]
  /// The options that a schedule writes out, or that are of no use in it.
  private static let written: Set<String> = [
    "db", "xm-db-yaml-config-path", "password-file", "cloudsql-proxy", "config", "scripts", "store",
    "busy-timeout", "wait", "json", "quiet", "log-format",
  ]
  private static let within = ("keep-within", "2d")

  /// Works it out.
  ///
  /// - Parameters:
  ///   - settings: What counts for the command itself.
  ///   - rules: The rules of `prune` that it has as options, by whatever source.
  /// - Throws: `Failure` for mistakes in the environment or the file.
  init(_ settings: Settings, _ rules: [String: String]) throws(Failure) {
    if let file = settings.file { options += ["--settings", file.path] }
    if let profile = settings.profile { options += ["--profile", profile] }
    if let timeout = settings.own.first(where: { $0.option.name == "busy-timeout" }) {
      if case .file = timeout.source {} else { options += timeout.arguments }
    }
    let jobs = try Self.jobs(settings)
    remarks += Self.unseen(jobs)
    hooked = Set(jobs.filter { $0.settings.contains(where: Self.isHook) }.map(\.verb))
    // Without any setting, all that there is was typed.
    let typed = rules.filter { name, _ in
      settings.own.first { $0.option.name == name }.map { $0.source == .commandLine } ?? true
    }
    let prune = try settings.of(
      ["prune"],
      try DeclaredCommand(PruneCommand.self).settable,
      .ofProcess
    ).filter { $0.option.name.hasPrefix("keep-") }
    guard !prune.isEmpty else {
      keep = ["--" + Self.within.0, Self.within.1]
      keep += Self.words(Self.defaults.map { ($0.0, rules[$0.0] ?? $0.1) })
      return
    }
    let others = prune.filter { typed[$0.option.name] == nil }
    keep = Self.words(typed.sorted { $0.key < $1.key })
    for setting in others {
      if case .environment = setting.source {
        keep += ["--" + setting.option.name] + setting.values
      }
    }
    let told = others.map {
      "\($0.option.name) \($0.values.joined(separator: ",").shownOnOneLine) (\(Self.place($0)))"
    }
    if !told.isEmpty {
      remarks.append(
        "The job 'prune' keeps what the settings say, and not the usual: \(told.joined(separator: ", "))"
      )
    }
  }

  private static func words(_ rules: [(String, String)]) -> [String] {
    rules.flatMap { name, number in Int(number) == 0 ? [] : ["--" + name, number] }
  }

  /// What counts for the jobs' commands.
  private static func jobs(
    _ settings: Settings
  ) throws(Failure) -> [(verb: String, settings: [Settings.Setting])] {
    let commands: [(String, DeclaredCommand)] = try [
      ("snapshot", DeclaredCommand(SnapshotCommand.self)),
      ("verify", DeclaredCommand(VerifyCommand.self)),
      ("prune", DeclaredCommand(PruneCommand.self)),
    ]
    return try commands.map { name, command throws(Failure) in
      (name, try settings.of([name], command.settable, .ofProcess))
    }
  }

  /// Whether it is a hook, and a job has it.
  private static func isHook(_ setting: Settings.Setting) -> Bool {
    guard case .file = setting.source else { return false }
    return ["hook-before", "hook-after", "hook-error"].contains(setting.option.name)
  }

  /// What variables say of the jobs' commands, and the jobs do not get: it is not written out, since some of it is secret.
  private static func unseen(
    _ jobs: [(verb: String, settings: [Settings.Setting])]
  ) -> [String] {
    var names: [String] = []
    for setting in jobs.flatMap(\.settings) {
      let option = setting.option.name
      guard case .environment(let variable) = setting.source, !written.contains(option),
        !option.hasPrefix("keep-"), !names.contains(variable)
      else { continue }
      names.append(variable)
    }
    return names.map {
      "The jobs do not see the variable \($0): what it says can be written into the settings file"
    }
  }

  private static func place(_ setting: Settings.Setting) -> String {
    switch setting.source {
    case .commandLine: "the command line"
    case .environment(let name): name
    case .file(let path, let line, _): "\(path.shownOnOneLine):\(line)"
    }
  }
}
