internal import DurableFiles
internal import Logging
internal import Processes
internal import Schedules

/// The files of systemd and launchd in the user's own directories.
extension Safeguard {
  /// Where they are.
  func scheduleDirectory(_ scheduler: Scheduler) throws -> String {
    guard let home = project.variable("HOME"), home.hasPrefix("/") else {
      throw Failure(
        .refused,
        "there is no home directory for the schedule's files",
        next: "set HOME"
      )
    }
    if scheduler == .launchd { return home + "/Library/LaunchAgents" }
    let configuration = project.variable("XDG_CONFIG_HOME") ?? home + "/.config"
    return configuration + "/systemd/user"
  }

  func installFiles(_ schedule: Schedule, _ scheduler: Scheduler) throws -> ScheduleResult {
    let directory = try scheduleDirectory(scheduler)
    let system = FileSystem()
    let wanted = try files(schedule, scheduler)
    var changed = try wanted.filter {
      try present(directory + "/" + $0.name) != Array($0.text.utf8)
    }
    let unwanted = try names(scheduler, schedule.key).filter { name in
      try !wanted.contains { $0.name == name } && present(directory + "/" + name) != nil
    }
    let timers = wanted.map(\.name).filter { $0.hasSuffix(".timer") }
    let stopped = try leave(unwanted, scheduler, directory)
    _ = try system.makeDirectories(directory)
    // The timers come last: none of them has no service.
    changed.sort { !$0.name.hasSuffix(".timer") && $1.name.hasSuffix(".timer") }
    for file in changed {
      let durable = try DurableFile(
        creating: directory + "/" + file.name,
        isPrivate: false,
        files: system
      )
      try durable.append(Array(file.text.utf8))
      try durable.replace()
    }
    let paths = wanted.map { directory + "/" + $0.name }
    let commands =
      scheduler == .launchd
      ? paths.map { "launchctl bootstrap gui/$(id -u) \(Self.quoted($0))" }
      : systemctl([["daemon-reload"], ["enable", "--now"] + timers])
    return ScheduleResult(
      outcome: changed.isEmpty && unwanted.isEmpty ? "unchanged" : "installed",
      kind: scheduler.rawValue,
      database: schedule.database,
      jobs: jobs(schedule, scheduler),
      files: paths,
      text: nil,
      commands: stopped + commands
    )
  }

  func removeFiles(
    _ scheduler: Scheduler,
    key: String,
    _ database: String
  ) throws -> ScheduleResult {
    let directory = try scheduleDirectory(scheduler)
    var own = try names(scheduler, key).filter { try present(directory + "/" + $0) != nil }
    let isEmpty = own.isEmpty
    var commands = try leave(own, scheduler, directory)
    if scheduler == .systemd, !isEmpty {
      // What all databases share goes with the last one.
      let shared = "xm-safe-failed@.service"
      let others = try FileSystem().names(in: directory).filter {
        $0.hasPrefix("xm-safe-") && $0 != shared
      }
      if others.isEmpty, try present(directory + "/" + shared) != nil {
        try FileSystem().remove(directory + "/" + shared)
        try FileSystem().sync(directory: directory)
        own.append(shared)
      }
      commands += systemctl([["daemon-reload"]])
    }
    return ScheduleResult(
      outcome: isEmpty ? "nothing-to-remove" : "removed",
      kind: scheduler.rawValue,
      database: database,
      jobs: [],
      files: own.map { directory + "/" + $0 },
      text: nil,
      commands: commands
    )
  }

  private func names(_ scheduler: Scheduler, _ key: String) -> [String] {
    scheduler == .launchd ? LaunchAgents.names(key) : SystemdUnits.names(key)
  }

  /// The bytes of one of our files; nil if it is not there.
  private func present(_ path: String) throws -> [UInt8]? {
    guard try FileStatus.ifPresent(path) != nil else { return nil }
    let bytes = try ReadableFile.contents(of: path, limit: 1 << 20)
    guard String(decoding: bytes, as: UTF8.self).contains(ScheduleFile.mark) else {
      throw Failure(
        .refused,
        "\(path.shownAsPath) was not written by xm-safe",
        state: "it is as it was, and nothing was scheduled",
        next: "move it away, then run the same command again"
      )
    }
    return bytes
  }

  /// Ends what files stand for, and removes them; returns the commands that are left to the user.
  private func leave(
    _ names: [String],
    _ scheduler: Scheduler,
    _ directory: String
  ) throws -> [String] {
    guard !names.isEmpty else { return [] }
    let timers = names.filter { $0.hasSuffix(".timer") }
    let commands =
      scheduler == .launchd
      ? names.map { "launchctl bootout gui/$(id -u)/\(Self.quoted(String($0.dropLast(6))))" }
      : timers.isEmpty ? [] : systemctl([["disable", "--now"] + timers])
    for name in names { try FileSystem().remove(directory + "/" + name) }
    try FileSystem().sync(directory: directory)
    return commands
  }

  /// Tells the user's service manager; returns the commands that it could not be told.
  private func systemctl(_ calls: [[String]]) -> [String] {
    let shown = calls.map {
      (["systemctl", "--user"] + $0).map(Self.quoted).joined(separator: " ")
    }
    let path = project.variable("PATH") ?? ""
    guard let program = Program.find("systemctl", on: path, from: context.workingDirectory) else {
      return shown
    }
    for (index, call) in calls.enumerated() {
      do {
        let result = try ChildProcess.run(
          Program(project.absolute(program), ["--user"] + call, environment: context.environment),
          until: .now + .seconds(60)
        )
        guard !result.ending.isSuccess else { continue }
        context.logger("xm_safe.schedule").warning(
          "'systemctl --user \(call[0])' \(result.ending)\(Self.said(result.errors.text))"
        )
      } catch {
        context.logger("xm_safe.schedule").warning("\(String(describing: error).shownOnOneLine)")
      }
      return Array(shown[index...])
    }
    return []
  }

  /// A word as one types it in a shell.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
        || "/._-+:,@=".utf8.contains(byte)
    }
    guard !isPlain else { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }
}
