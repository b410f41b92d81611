import Foundation
import TestKit
import Testing

/// `xm-safe schedule`, with the real `crontab`, cron daemon and `systemd-analyze`.
@Suite struct ScheduleCommandTests {
  private typealias World = ScheduleWorld

  // MARK: - Settings

  /// The line of a job in a crontab.
  private func line(_ job: String, _ outcome: Command.Outcome) throws -> String {
    let lines = outcome.output.split(separator: "\n").map(String.init)
    let line = try #require(lines.first { !$0.hasPrefix("#") && $0.contains(job) })
    return line.replacing("\\%", with: "%")
  }

  @Test func `what prune keeps by the settings, the job keeps`() throws {
    var world = try World()
    let usual = "prune --keep-within 2d --keep-daily 14 --keep-weekly 8 --keep-monthly 12 --quiet"
    #expect(try line("xm-safe prune", world.schedule("print", "--cron")).contains(usual))
    try world.scratch.write("[prune]\nkeep-yearly = 9\nkeep-daily = 90\n", to: "it's/xm-safe.toml")
    let printed = try world.schedule("print", "--cron")
    #expect(try line("xm-safe prune", printed).contains("xm-safe prune --quiet"))
    #expect(
      printed.errors.contains("The job 'prune' keeps what the settings say, and not the usual: ")
    )
    #expect(printed.errors.contains("xm-safe.toml:3)"))
    // What is typed is written, and what is set is not taken away by it.
    let typed = try world.schedule("print", "--cron", "--keep-weekly", "3")
    #expect(try line("xm-safe prune", typed).contains("xm-safe prune --keep-weekly 3 --quiet"))
    // No variable is there when the job runs.
    world.environment["XM_SAFE_KEEP_LAST"] = "unlimited"
    world.environment["XM_SAFE_PING_URL"] = "https://hc.example/s3cret"
    let variables = try world.schedule("print", "--cron")
    #expect(
      try line("xm-safe prune", variables).contains("xm-safe prune --keep-last unlimited --quiet")
    )
    #expect(variables.errors.contains("The jobs do not see the variable XM_SAFE_PING_URL"))
    #expect(!(variables.output + variables.errors).contains("s3cret"))
  }

  @Test func `the job that prunes removes no snapshot that the settings keep`() throws {
    let world = try World()
    try world.scratch.write("[prune]\nkeep-last = 100\n", to: "it's/xm-safe.toml")
    for _ in 1...4 { try world.subject.run(["snapshot"]) }
    let printed = try world.schedule("print", "--cron", "--jobs", "prune")
    let command = try line("prune", printed).split(separator: " ", maxSplits: 5)[5]
    let outcome = try Command.run(
      [
        "env", "-i", "HOME=/", "PATH=/usr/bin:/bin", "/bin/sh", "-c",
        String(command),
      ],
      in: "/"
    )
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome)")
    #expect(try world.subject.ids().count == 4)
  }

  @Test func `who runs the jobs may be said by a variable or in the settings file`() throws {
    var world = try World()
    let none = try world.schedule("print", status: 64)
    #expect(none.errors.contains("next:  name it with --cron, --systemd or --launchd"), "\(none)")
    try world.scratch.write("[schedule.print]\ncron = true\n", to: "it's/xm-safe.toml")
    #expect(try world.schedule("print").output.hasPrefix("# BEGIN xm-safe "))
    world.environment["XM_SAFE_LAUNCHD"] = "1"
    #expect(try world.schedule("print").output.contains("<plist "))
    #expect(try world.schedule("print", "--systemd").output.contains("[Timer]"))
  }

  @Test func `the jobs read the settings that the command reads`() throws {
    var world = try World()
    let database = world.subject.path
    let file = try world.scratch.write(
      "[profile.p]\nbusy-timeout = 7\n",
      to: "home/my settings.toml"
    )
    let named = try world.schedule(
      "print",
      "--cron",
      "--settings",
      "home/my settings.toml",
      "--profile",
      "p"
    )
    let options = "--settings '\(file)' --profile p"
    for job in ["snapshot", "verify", "prune"] {
      #expect(try line("xm-safe \(job)", named).contains(options), "\(named)")
    }
    // Those of the working directory, which a job that names its database would not find.
    let here = try world.scratch.write("wait = 7\n", to: "xm-safe.toml")
    world.environment["XM_SAFE_STORE"] = world.scratch.file("Backups")
    let moved = try line("xm-safe verify", world.schedule("print", "--cron"))
    #expect(moved.contains("--settings '\(here)'"), "\(moved)")
    let timeout = try world.schedule("print", "--cron", "--busy-timeout", "9.5").output
    #expect(timeout.contains("--busy-timeout=9.5"))
    #expect(FileManager.default.fileExists(atPath: database))
  }

  // MARK: - The jobs themselves

  @Test
  func `each line does its work in cron's own surroundings, and says nothing unless it fails`()
    throws
  {
    let world = try World()
    try world.scratch.write(
      "revision = 'r2'\ndown_revision = 'r1'\n\ndef upgrade():\n    pass\n",
      to: "scripts/versions/r2.py"
    )
    let printed = try world.schedule("print", "--cron").output
    let commands = printed.split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
      String($0.split(separator: " ", maxSplits: 5)[5]).replacing("\\%", with: "%")
    }
    #expect(commands.count == 5)
    func run(_ command: String) throws -> Command.Outcome {
      try Command.run(
        [
          "env", "-i", "HOME=/", "PATH=/usr/bin:/bin", "SHELL=/bin/sh", "/bin/sh", "-c", command,
        ],
        in: "/"
      )
    }
    for command in commands + commands {
      let outcome = try run(command)
      #expect(outcome.status == 0, "\(command): \(outcome)")
      #expect(outcome.output.isEmpty && outcome.errors.isEmpty, "\(command): \(outcome)")
    }
    // The daily one, and no second one for what is pending.
    #expect(try world.scratch.names(in: "it's/Backups").filter { $0.hasSuffix(".gz") }.count == 1)
    try FileManager.default.removeItem(atPath: world.subject.path)
    for command in commands where !command.contains("verify") {
      let outcome = try run(command)
      #expect(outcome.status == 10)
      let lines = outcome.errors.split(separator: "\n")
      #expect(lines.count == 3 && lines[0].hasPrefix("xm-safe: "), "\(outcome)")
    }
  }

  /// cron reads only `/var/spool/cron/crontabs`: the daemon and `crontab` get one of their own there, and a `/run` of their own, which
  /// nobody else sees.
  @Test func `a real cron daemon takes the lines and runs them`() throws {
    let world = try World()
    // The very line of a job, but each minute.
    let printed = try world.schedule("print", "--cron", "--jobs", "snapshot").output
    let line = try #require(printed.split(separator: "\n").first { !$0.hasPrefix("#") })
    let fields = line.split(separator: " ", maxSplits: 5)
    try world.scratch.write("* * * * * \(fields[5])\n", to: "minute")
    try world.scratch.write(
      """
      set -e
      for place in spool run; do mkdir -p "$1/$place"; done
      mount --bind "$1/spool" /var/spool/cron
      mount --bind "$1/run" /run
      mkdir -p /var/spool/cron/crontabs
      chmod 1730 /var/spool/cron/crontabs
      crontab "$1/minute"
      "$2" schedule install --cron --db "$3" --scripts "$4" >&2
      crontab -l > "$1/listed"
      exec cron -f
      """,
      to: "start"
    )
    let daemon = try Command.started(
      [
        "unshare", "--mount", "sh", world.scratch.file("start"), world.scratch.path,
        Workshop.program, world.subject.path, world.scratch.file("scripts"),
      ],
      in: world.scratch.path,
      environment: ["HOME": world.scratch.file("home"), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
    )
    defer { daemon.send(SIGKILL) }
    try daemon.wait(for: "a snapshot by cron") {
      let backups = world.scratch.file("it's/Backups")
      return try FileManager.default.fileExists(atPath: backups)
        && world.scratch.names(in: "it's/Backups").contains {
          $0.contains("-scheduled-") && $0.hasSuffix(".gz")
        }
    }
    let listed = try String(contentsOfFile: world.scratch.file("listed"), encoding: .utf8)
    #expect(listed.hasPrefix("* * * * * "))
    #expect(listed.contains("\n# BEGIN xm-safe ") && listed.contains("\n# END xm-safe "))
    let records = try world.subject.snapshots()
    #expect(records.map { $0["reason"] as? String } == ["scheduled"])
  }

  // MARK: - systemd

  @Test func `systemd has no word against the units`() throws {
    let world = try World()
    let installed = try world.schedule("install", "--systemd")
    let directory = world.scratch.file("home/.config/systemd/user")
    let names = try world.scratch.names(in: "home/.config/systemd/user")
    #expect(names.count == 11)
    // Nobody runs a service manager for this home.
    #expect(installed.output.contains("still to be typed:\n  systemctl --user daemon-reload"))
    for name in names {
      let text = try String(contentsOfFile: directory + "/" + name, encoding: .utf8)
      #expect(text.hasPrefix("# Written by 'xm-safe schedule install --systemd'"))
    }
    for name in names where !name.contains("@") {
      let outcome = try Command.run(
        ["systemd-analyze", "verify", "--user", "--recursive-errors=yes", directory + "/" + name],
        environment: ["SYSTEMD_UNIT_PATH": directory + ":", "XDG_RUNTIME_DIR": world.scratch.path]
      )
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(name): \(outcome)")
    }
    // systemd reads the times.
    for name in names where name.hasSuffix(".timer") {
      let text = try String(contentsOfFile: directory + "/" + name, encoding: .utf8)
      let calendar = try #require(text.firstMatch(of: #/OnCalendar=(.*)\n/#)).1
      let outcome = try Command.run(["systemd-analyze", "calendar", String(calendar)])
      #expect(outcome.status == 0, "\(outcome)")
    }
    #expect(try world.schedule("install", "--systemd").output.contains("systemd has it already"))
    try world.schedule("remove", "--systemd")
    #expect(try world.scratch.names(in: "home/.config/systemd/user").isEmpty)
  }

  @Test func `a job with a hook keeps what sudo and mail need, and the others do not`() throws {
    let world = try World()
    try world.scratch.write("[verify]\nhook-error = 'sudo true'\n", to: "it's/xm-safe.toml")
    try world.schedule("install", "--systemd")
    let directory = "home/.config/systemd/user"
    for name in try world.scratch.names(in: directory)
    where name.hasSuffix(".service") && !name.contains("@") {
      let path = world.scratch.file("\(directory)/\(name)")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let isHooked = name.contains("verify") || name.contains("drill")
      // For the user's own manager each of them takes what a program with its owner's rights gets.
      for setting in [
        "NoNewPrivileges", "LockPersonality", "RestrictRealtime", "RestrictSUIDSGID",
        "RestrictNamespaces", "SystemCallArchitectures", "SystemCallFilter",
      ] {
        #expect(text.contains("\n\(setting)=") == !isHooked, "\(name): \(text)")
      }
      let outcome = try Command.run(
        ["systemd-analyze", "verify", "--user", "--recursive-errors=yes", path],
        environment: [
          "SYSTEMD_UNIT_PATH": world.scratch.file(directory) + ":",
          "XDG_RUNTIME_DIR": world.scratch.path,
        ]
      )
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(name): \(outcome)")
    }
  }

  @Test func `the service manager is told, and units of others are not touched`() throws {
    let world = try World()
    try world.program("systemctl", "echo \"$@\" >> '\(world.scratch.file("home"))/told'\n")
    let installed = try world.schedule("install", "--systemd", "--jobs", "snapshot")
    #expect(!installed.output.contains("still to be typed"))
    let told = try String(contentsOfFile: world.scratch.file("home/told"), encoding: .utf8)
    #expect(told.hasPrefix("--user daemon-reload\n--user enable --now xm-safe-snapshot-"))
    let name = try #require(
      try world.scratch.names(in: "home/.config/systemd/user").first {
        $0.hasSuffix(".service") && !$0.contains("@")
      }
    )
    try world.scratch.write("[Service]\n", to: "home/.config/systemd/user/\(name)")
    let refused = try world.schedule("install", "--systemd", status: 24)
    #expect(refused.errors.contains("was not written by xm-safe"))
    try world.schedule("remove", "--systemd", status: 24)
    #expect(try world.scratch.names(in: "home/.config/systemd/user").count == 3)
  }

  @Test func `launchd's agents are written, and the commands said`() throws {
    let world = try World()
    let installed = try world.schedule("install", "--launchd", "--jobs", "drill")
    #expect(installed.output.contains("launchctl bootstrap gui/$(id -u) "))
    #expect(try world.scratch.names(in: "home/Library/LaunchAgents").count == 1)
    let removed = try world.schedule("remove", "--launchd")
    #expect(removed.output.contains("launchctl bootout gui/$(id -u)/xm-safe.drill."))
    #expect(try world.scratch.names(in: "home/Library/LaunchAgents").isEmpty)
  }
}
