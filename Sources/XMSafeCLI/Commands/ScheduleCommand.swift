internal import ArgumentParser
internal import DurableFiles
internal import FoundationEssentials
internal import XMSafe

/// `xm-safe schedule`: three commands of nearly the same options.
struct ScheduleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule",
    abstract: "Have snapshots, checks and removals done regularly.",
    discussion: """
      The jobs are: snapshot (daily, if something has changed), pending (a snapshot as soon as new scripts are installed, looked \
      for every ten minutes), verify (all snapshots, weekly), drill (the latest one restored into a database of its own and \
      checked, monthly), and prune (daily). They say nothing unless something fails. They read the settings that this command \
      reads, and what prune keeps by the settings is kept by the job.

      \(exitCodes(.done, .notFound, .locked, .refused, .usage))
      """,
    subcommands: [Print.self, Install.self, Remove.self]
  )

  /// What runs the jobs.
  enum Kind: String, EnumerableFlag {
    case cron
    case systemd
    case launchd

    static func help(for value: Kind) -> ArgumentHelp? {
      switch value {
      case .cron: "The user's crontab."
      case .systemd: "Timers of the user's own systemd."
      case .launchd: "Agents of the user's launchd."
      }
    }

    var scheduler: Safeguard.Scheduler {
      switch self {
      case .cron: .cron
      case .systemd: .systemd
      case .launchd: .launchd
      }
    }
  }

  /// What the three have in common.
  struct Choice: ParsableArguments {
    /// Not required by the parser, which would not wait for what a variable or the settings file says.
    @Flag(exclusivity: .exclusive)
    var kind: Kind?

    @Option(
      help: ArgumentHelp(
        "Only these jobs, with commas between. [default: all]",
        valueName: "names"
      ),
      completion: .list(Safeguard.jobs)
    )
    var jobs: String?

    func schedule(
      _ facade: Safeguard,
      _ scheduling: Safeguard.Scheduling,
      _ common: CommonOptions,
      _ keeping: Keeping? = nil
    ) throws(Failure) -> ScheduleResult {
      guard let kind else {
        throw Failure(
          usage: "nothing is named that is to run the jobs",
          next: "name it with --cron, --systemd or --launchd"
        )
      }
      let settings = try keeping.map { keeping throws(Failure) in
        try ScheduledSettings(.current ?? Settings(), keeping.rules)
      }
      return try facade.schedule(
        scheduling,
        kind.scheduler,
        Safeguard.ScheduleRequest(
          program: Self.program,
          jobs: jobs?.split(separator: ",", omittingEmptySubsequences: false).map(String.init),
          keep: settings?.keep ?? [],
          wait: common.wait.duration > .zero ? common.wait.description : "10m",
          options: settings?.options ?? [],
          hooked: settings?.hooked ?? [],
          remarks: settings?.remarks ?? []
        )
      )
    }

    /// The path of this program; a link that leads to it stays one, since an update may change where it leads.
    private static var program: String {
      let named = CommandLine.arguments.first ?? "xm-safe"
      let here = FileManager.default.currentDirectoryPath
      if named.contains("/") { return named.hasPrefix("/") ? named : here + "/" + named }
      let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
      for directory in path.split(separator: ":", omittingEmptySubsequences: false) {
        let candidate = (directory.isEmpty ? here : String(directory)) + "/" + named
        guard FileManager.default.isExecutableFile(atPath: candidate) else { continue }
        return candidate.hasPrefix("/") ? candidate : here + "/" + candidate
      }
      return named
    }

    static func text(_ result: ScheduleResult) -> String {
      if let text = result.text { return text.hasSuffix("\n") ? String(text.dropLast()) : text }
      let database = result.database.shownAsPath
      var lines: [String]
      switch result.outcome {
      case "installed": lines = ["installed in \(result.kind) for \(database):"]
      case "unchanged": lines = ["\(result.kind) has it already, for \(database):"]
      case "removed": lines = ["removed from \(result.kind): the jobs of \(database)"]
      default: lines = ["nothing to remove: \(result.kind) has no jobs of \(database)"]
      }
      lines += result.jobs.map { job in
        "  \(job.job)\(String(repeating: " ", count: max(0, 10 - job.job.count)))\(job.when)"
      }
      if !result.commands.isEmpty {
        lines.append("still to be typed:")
        lines += result.commands.map { "  \($0.shownOnOneLine)" }
      }
      return lines.joined(separator: "\n")
    }
  }

  /// What the job that removes snapshots keeps.
  struct Keeping: ParsableArguments {
    @Option(
      name: .customLong("keep-daily"),
      parsing: .unconditional,
      help: ArgumentHelp(
        "What prune keeps where no settings say it: the last of each of N days. [default: 14]",
        valueName: "n"
      )
    )
    var daily: String?

    @Option(
      name: .customLong("keep-weekly"),
      parsing: .unconditional,
      help: ArgumentHelp("The last of each of N weeks. [default: 8]", valueName: "n")
    )
    var weekly: String?

    @Option(
      name: .customLong("keep-monthly"),
      parsing: .unconditional,
      help: ArgumentHelp("The last of each of N months. [default: 12]", valueName: "n")
    )
    var monthly: String?

    func validate() throws {
      func isNumber(_ text: String?, from least: Int) -> Bool {
        guard let text, text != "unlimited" else { return true }
        return Int(text).map { $0 >= least } ?? false
      }
      guard isNumber(daily, from: 1), isNumber(weekly, from: 0), isNumber(monthly, from: 0) else {
        throw ValidationError(
          "--keep-daily takes a number from 1, the other two from 0; or 'unlimited'"
        )
      }
    }

    /// The rules that are given.
    var rules: [String: String] {
      ["keep-daily": daily, "keep-weekly": weekly, "keep-monthly": monthly].compactMapValues(\.self)
    }
  }

  private static func usage(_ name: String) -> String {
    "xm-safe schedule \(name) [OPTIONS] --cron | --systemd | --launchd"
  }

  /// `xm-safe schedule print`.
  struct Print: SafeCommand {
    static let configuration = CommandConfiguration(
      commandName: "print",
      abstract: "Show what would be installed.",
      usage: usage("print"),
      discussion: exitCodes(.done, .notFound, .refused, .usage)
    )

    @OptionGroup var choice: Choice
    @OptionGroup var keeping: Keeping

    @OptionGroup(title: "Options of all commands")
    var common: CommonOptions

    func perform(_ facade: Safeguard) throws(Failure) -> ScheduleResult {
      try choice.schedule(facade, .print, common, keeping)
    }

    func text(_ result: ScheduleResult) -> String { Choice.text(result) }
  }

  /// `xm-safe schedule install`.
  struct Install: SafeCommand {
    static let configuration = CommandConfiguration(
      commandName: "install",
      abstract: "Install the jobs, or bring them up to date.",
      usage: usage("install"),
      discussion: """
        The lines of others in a crontab are kept byte for byte. Doing it twice changes nothing.

        \(exitCodes(.done, .notFound, .locked, .refused, .usage))
        """
    )

    @OptionGroup var choice: Choice
    @OptionGroup var keeping: Keeping

    @OptionGroup(title: "Options of all commands")
    var common: CommonOptions

    func perform(_ facade: Safeguard) throws(Failure) -> ScheduleResult {
      try choice.schedule(facade, .install, common, keeping)
    }

    func text(_ result: ScheduleResult) -> String { Choice.text(result) }
  }

  /// `xm-safe schedule remove`.
  struct Remove: SafeCommand {
    static let configuration = CommandConfiguration(
      commandName: "remove",
      abstract: "Take the jobs of the database away.",
      usage: usage("remove"),
      discussion: exitCodes(.done, .locked, .refused, .usage)
    )

    @OptionGroup var choice: Choice

    @OptionGroup(title: "Options of all commands")
    var common: CommonOptions

    func perform(_ facade: Safeguard) throws(Failure) -> ScheduleResult {
      try choice.schedule(facade, .remove, common)
    }

    func text(_ result: ScheduleResult) -> String { Choice.text(result) }
  }
}
