internal import DurableFiles
internal import Processes
internal import Schedules

/// The user's crontab, which only the program `crontab` reads and writes.
extension Safeguard {
  func installCron(_ schedule: Schedule) throws -> ScheduleResult {
    let block = try CrontabBlock(schedule)
    let isChanged = try editCrontab { try block.installed(in: $0) }
    return ScheduleResult(
      outcome: isChanged ? "installed" : "unchanged",
      kind: Scheduler.cron.rawValue,
      database: schedule.database,
      jobs: jobs(schedule, .cron),
      files: [],
      text: nil,
      commands: []
    )
  }

  func removeCron(key: String, _ database: String) throws -> ScheduleResult {
    let isChanged = try editCrontab { try CrontabBlock.removed(key, from: $0) }
    return ScheduleResult(
      outcome: isChanged ? "removed" : "nothing-to-remove",
      kind: Scheduler.cron.rawValue,
      database: database,
      jobs: [],
      files: [],
      text: nil,
      commands: []
    )
  }

  private static let asItWas = "the crontab is as it was"

  /// Changes the crontab, and reads it back; returns whether there was anything to change.
  private func editCrontab(_ edit: ([UInt8]) throws -> [UInt8]) throws -> Bool {
    let path = project.variable("PATH") ?? ""
    guard let program = Program.find("crontab", on: path, from: context.workingDirectory) else {
      throw Failure(
        .refused,
        "there is no program 'crontab' on PATH",
        state: "nothing is scheduled by cron",
        next: "install cron, or use --systemd"
      )
    }
    let before = try crontab(program)
    let after: [UInt8]
    do {
      after = try edit(before)
    } catch let broken as CrontabBlock.Broken {
      throw Self.failure(broken)
    }
    guard after != before else { return false }
    // Whatever was written meanwhile by somebody else is not overwritten.
    guard try crontab(program) == before else {
      throw Failure(
        .locked,
        "somebody else is changing the crontab",
        state: "the crontab is as he has left it",
        next: "run the same command again"
      )
    }
    var call = Program(
      project.absolute(program),
      [after.isEmpty ? "-r" : "-"],
      environment: context.environment
    )
    call.input = .nothing
    var rest: [UInt8]? = after.isEmpty ? nil : after
    let result = try ChildProcess.run(
      call,
      until: .now + .seconds(60),
      feeding: after.isEmpty
        ? nil
        : {
          defer { rest = nil }
          return rest
        }
    )
    let now = try crontab(program)
    guard result.ending.isSuccess, now == after else {
      throw Failure(
        result.ending.isSuccess ? .unexpected : .refused,
        "'crontab' did not take the lines: it \(result.ending)\(Self.said(result.errors.text))",
        state: now == before
          ? Self.asItWas : "the crontab is neither as before nor as it was to be",
        next: now == before
          ? "put that right, then run the same command again" : "look at it with 'crontab -l'"
      )
    }
    return true
  }

  /// What somebody has edited between the markers is his, and neither replaced nor moved to where it may mean something else.
  private static func failure(_ broken: CrontabBlock.Broken) -> Failure {
    guard !broken.lines.isEmpty else {
      return Failure(
        .refused,
        "the lines of xm-safe in the crontab are not as they were written: a marker is missing, or there twice",
        state: asItWas,
        next: "take what is between '# BEGIN xm-safe' and '# END xm-safe' away with 'crontab -e'"
      )
    }
    let shown = broken.lines.prefix(3).map { "'\(String($0.prefix(120)).shownOnOneLine)'" }
    let more = broken.lines.count > 3 ? " and \(broken.lines.count - 3) more" : ""
    return Failure(
      .refused,
      "between the markers of xm-safe the crontab has \(broken.lines.count.shown(as: "line")) that xm-safe has not written: \(shown.joined(separator: ", "))\(more)",
      state: asItWas,
      next:
        "with 'crontab -e', move what is to stay above '# BEGIN xm-safe' or below '# END xm-safe', and remove the rest; then run the same command again"
    )
  }

  /// The bytes of the crontab; none if there is no crontab.
  private func crontab(_ program: String) throws -> [UInt8] {
    var environment = context.environment
    // The one message that is read is not to be translated.
    environment["LC_ALL"] = "C"
    var bytes: [UInt8] = []
    let result = try ChildProcess.run(
      Program(project.absolute(program), ["-l"], environment: environment),
      until: .now + .seconds(60),
      receiving: { bytes += $0 }
    )
    if result.ending.isSuccess { return bytes }
    let words = result.errors.text
    guard result.ending == .exited(1), words.contains("no crontab for"), bytes.isEmpty else {
      throw Failure(
        .refused,
        "the crontab cannot be read: 'crontab -l' \(result.ending)\(Self.said(words))",
        state: Self.asItWas,
        next: "put that right first: what is in it must not be lost"
      )
    }
    return []
  }

  /// What a program said, as the end of a sentence.
  static func said(_ errors: String) -> String {
    let words = errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.isEmpty ? "" : " (\(words.prefix(300)))".shownOnOneLine
  }
}
