import Foundation
import Schedules
import TestKit
import Testing

@Suite struct ScheduleTests {
  static let nasty = [
    "/plain/a.sqlite3", "/with space/a.db", "/it's/\"quoted\"/a.db", "/100%/%h%%/a.db",
    "/back\\slash/a\\\\b/\\%/a.db", "/dollar$HOME/`x`/$(y)/a.db", "/-dash/--db/a.db",
    "/Ünïcode/é/a.db",
    "/amp&<less>/a.db", "/trailing\\", "/star*?[a]/~/#hash;|/a.db",
  ]

  static func schedule(
    _ database: String,
    program: String = "/usr/bin/xm-safe",
    directory: String = "/"
  ) throws -> Schedule {
    try Schedule(
      program: program,
      database: database,
      key: "0123456789ab",
      options: ["--db", database],
      keep: ["--keep-daily", "7"],
      wait: "10m",
      jobs: ScheduledJob.allCases,
      environment: [
        Schedule.Variable("PATH", "/usr/bin:/bin"), Schedule.Variable("HOME", "/home/o'hara 100%"),
      ],
      directory: directory
    )
  }

  // MARK: - Times

  @Test func `minutes are odd, apart from one another, and the same each time`() throws {
    var minutes: Set<Int> = []
    for number in 0..<500 {
      let database = "/data/\(number).sqlite3"
      let times = ScheduledJob.allCases.map { ScheduledTime($0, database: database) }
      #expect(times == ScheduledJob.allCases.map { ScheduledTime($0, database: database) })
      for time in times {
        #expect((0..<60).contains(time.minute) && time.minute % 2 == 1)
        #expect(time.hour.map { (1...6).contains($0) } ?? true)
        #expect(time.weekday.map { (0...6).contains($0) } ?? true)
        #expect(time.day.map { (1...28).contains($0) } ?? true)
      }
      // Those that do not come every ten minutes.
      #expect(Set(times.filter { $0.hour != nil }.map(\.minute)).count == 4)
      minutes.insert(times[0].minute)
    }
    #expect(minutes.count == 30)
  }

  @Test func `a time is written as each program reads it`() {
    var time = ScheduledTime(.drill, database: "x")
    (time.minute, time.hour, time.day) = (7, 6, 3)
    #expect(time.cron == "7 6 3 * *")
    #expect(time.systemd == "*-*-03 06:07:00")
    var weekly = ScheduledTime(.verify, database: "x")
    (weekly.minute, weekly.hour, weekly.weekday) = (31, 4, 0)
    #expect(weekly.cron == "31 4 * * 0")
    #expect(weekly.systemd == "Sun *-*-* 04:31:00")
    var often = ScheduledTime(.pending, database: "x")
    often.minute = 3
    #expect(often.cron == "3-59/10 * * * *")
    #expect(often.systemd == "*-*-* *:03/10:00")
  }

  // MARK: - Quoting

  /// What cron makes of a command: Debian's takes a backslash before a percent sign away, others also one before a backslash.
  private func unescaped(_ command: String, alsoBackslashes: Bool) -> String {
    var result = ""
    var isEscaped = false
    for scalar in command.unicodeScalars {
      if isEscaped {
        if scalar == "%" || (alsoBackslashes && scalar == "\\") {
          result.unicodeScalars.removeLast()
        }
        result.unicodeScalars.append(scalar)
        isEscaped = false
        continue
      }
      #expect(scalar != "%", "cron would end the command here")
      result.unicodeScalars.append(scalar)
      isEscaped = scalar == "\\"
    }
    return result
  }

  @Test(arguments: nasty, [false, true])
  func `cron and a shell read every word back`(_ path: String, _ alsoBackslashes: Bool) throws {
    let scratch = try Scratch()
    let program = try scratch.writeProgram(
      "#!/bin/sh\nfor word in \"$PATH\" \"$HOME\" \"$PWD\" \"$@\"; do printf '%s\\n' \"$word\" >&2; done\n",
      to: "pro'gram % 1"
    )
    let schedule = try Self.schedule(path, program: program, directory: scratch.path)
    let lines = try CrontabBlock(schedule).text.split(separator: "\n").filter {
      !$0.hasPrefix("#")
    }
    #expect(lines.count == ScheduledJob.allCases.count)
    for (line, job) in zip(lines, ScheduledJob.allCases) {
      let command = line.split(separator: " ", maxSplits: 5)[5]
      let outcome = try Command.run([
        "/bin/sh", "-c", unescaped(String(command), alsoBackslashes: alsoBackslashes),
      ])
      let words =
        ["/usr/bin:/bin", "/home/o'hara 100%", scratch.path] + schedule.command(job).dropFirst()
      #expect(outcome.errors.split(separator: "\n").map(String.init) == words)
      #expect(outcome.output.isEmpty)
    }
  }

  @Test(arguments: nasty) func `launchd's property lists say the same`(_ path: String) throws {
    let scratch = try Scratch()
    let schedule = try Self.schedule(path)
    for (file, job) in zip(LaunchAgents.files(schedule), schedule.jobs) {
      #expect(file.name == "xm-safe.\(job.rawValue).0123456789ab.plist")
      try scratch.write(file.text, to: "a.plist")
      let outcome = try Command.run([
        Workshop.python, "-c",
        """
        import json, plistlib, sys
        with open(sys.argv[1], "rb") as file:
            print(json.dumps(plistlib.load(file)))
        """, scratch.file("a.plist"),
      ])
      let plist = try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
      )
      #expect(plist["ProgramArguments"] as? [String] == schedule.command(job))
      #expect(plist["Label"] as? String == "xm-safe.\(job.rawValue).0123456789ab")
      let variables = plist["EnvironmentVariables"] as? [String: String]
      #expect(variables == ["PATH": "/usr/bin:/bin", "HOME": "/home/o'hara 100%"])
      let isFrequent = job == .pending
      #expect((plist["StartInterval"] as? Int == 600) == isFrequent)
      #expect((plist["StartCalendarInterval"] != nil) == !isFrequent)
    }
  }

  @Test(arguments: ["/a\nb", "/a\u{7f}", "/a\u{1b}[m", "/a\rb", "/\u{fffd}"])
  func `what no schedule can hold is refused`(_ path: String) {
    #expect(throws: Schedule.Unwritable.self) { try Self.schedule(path) }
  }

  @Test func `a line that cron would not read is refused`() throws {
    let long = try Self.schedule("/" + String(repeating: "a", count: 900))
    #expect(throws: Schedule.Unwritable.self) { try CrontabBlock(long) }
  }

  // MARK: - The crontab

  struct Case: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var before: [UInt8]
    init(_ name: String, _ before: String, _ bytes: [UInt8] = []) {
      testDescription = name
      self.before = Array(before.utf8) + bytes
    }
  }

  static let crontabs = [
    Case("none", ""),
    Case("of others", "MAILTO=ada\n# m h dom mon dow command\n*/5 * * * * date +\\%s\n"),
    Case("of others, with blank lines at the end", "1 2 * * * true\n\n\n"),
    Case("not UTF-8", "# caf", [0xe9, 0x0a, 0xff, 0x0a]),
    Case("with CRLF", "1 2 * * * true\r\n"),
    Case(
      "of another database",
      "# BEGIN xm-safe ffffffffffff: /x\n1 2 * * * x\n# END xm-safe ffffffffffff\n"
    ),
    Case(
      "with markers in the middle of lines",
      "1 2 * * * echo '# BEGIN xm-safe 0123456789ab: /x'\n"
    ),
  ]

  @Test(arguments: crontabs)
  func `lines are added once, brought up to date in their place, and taken away without a trace`(
    _ one: Case
  ) throws {
    let block = try CrontabBlock(Self.schedule("/a/b.sqlite3"))
    let installed = try block.installed(in: one.before)
    #expect(installed == one.before + Array(block.text.utf8))
    #expect(try block.installed(in: installed) == installed)
    let later = Array("7 7 * * * later\n".utf8)
    let other = try CrontabBlock(Self.schedule("/a/other.sqlite3"))
    let updated = try other.installed(in: installed + later)
    #expect(updated == one.before + Array(other.text.utf8) + later)
    #expect(try CrontabBlock.removed("0123456789ab", from: updated) == one.before + later)
    #expect(try CrontabBlock.removed("0123456789ab", from: one.before) == one.before)
  }

  @Test(arguments: [
    "MAILTO=ada", "5 5 * * * true >/dev/null", "# a note of mine", "@daily xm-safe verify --all",
    // Ours, and switched off by its owner.
    "# 3 1 * * * cd / && xm-safe verify --all --quiet --wait 10m --db x >/dev/null",
    "3 1 * * * cd / && xm-safe verify --all --quiet --wait 10m --db x",
  ])
  func `a line between the markers that is none of ours is told of, and left there`(
    _ line: String
  ) throws {
    let block = try CrontabBlock(Self.schedule("/a/b.sqlite3"))
    let marker = "# END xm-safe"
    let crontab = Array(block.text.replacing(marker, with: line + "\n" + marker).utf8)
    #expect(throws: CrontabBlock.Broken(lines: [line])) { try block.installed(in: crontab) }
    #expect(throws: CrontabBlock.Broken(lines: [line])) {
      try CrontabBlock.removed("0123456789ab", from: crontab)
    }
  }

  @Test(arguments: nasty)
  func `every line of ours is known again, whatever the names in it`(_ path: String) throws {
    for keep in [[], ["--keep-last", "3"]] {
      var schedule = try Self.schedule(path, program: path, directory: path)
      schedule.keep = keep
      let crontab = Array(try CrontabBlock(schedule).text.utf8)
      #expect(try CrontabBlock.removed("0123456789ab", from: crontab).isEmpty)
    }
  }

  @Test func `a last line without its end gets one, since cron would not read it`() throws {
    let block = try CrontabBlock(Self.schedule("/a/b.sqlite3"))
    let installed = try block.installed(in: Array("1 2 * * * true".utf8))
    #expect(installed == Array(("1 2 * * * true\n" + block.text).utf8))
  }

  @Test(arguments: [
    "# BEGIN xm-safe 0123456789ab: /x\n1 2 * * * x\n", "# END xm-safe 0123456789ab\n",
    "# BEGIN xm-safe 0123456789ab: /x\n# BEGIN xm-safe 0123456789ab: /x\n# END xm-safe 0123456789ab\n",
    "# END xm-safe 0123456789ab\n# BEGIN xm-safe 0123456789ab: /x\n",
  ])
  func `markers that do not fit are left to their owner`(_ crontab: String) throws {
    let block = try CrontabBlock(Self.schedule("/a/b.sqlite3"))
    #expect(throws: CrontabBlock.Broken.self) { try block.installed(in: Array(crontab.utf8)) }
    #expect(throws: CrontabBlock.Broken.self) {
      try CrontabBlock.removed("0123456789ab", from: Array(crontab.utf8))
    }
  }
}
