import Foundation
import TestKit
import Testing

/// `xm-safe schedule`, with the real `crontab`, cron daemon and `systemd-analyze`.
@Suite struct ScheduleCommandTests {
  /// A database with scripts, and a home of its own.
  private struct World {
    let subject: Subject
    var environment: [String: String]

    init() throws {
      let scratch = try Scratch()
      try scratch.write("", to: "it's/README")
      subject = Subject(in: scratch, "it's/a.sqlite3")
      try SampleDatabases.create(subject.path, AlembicProjectFixture.database)
      try scratch.write(
        "revision = 'r1'\ndown_revision = None\n\ndef upgrade():\n    pass\n",
        to: "scripts/versions/r1.py"
      )
      try scratch.write("", to: "home/README")
      try scratch.write("", to: "bin/README")
      environment = [
        "HOME": scratch.file("home"), "PATH": scratch.file("bin") + ":/usr/bin:/bin",
        "XDG_CONFIG_HOME": "", "VIRTUAL_ENV": "", "CONDA_PREFIX": "",
      ]
    }

    var scratch: Scratch { subject.scratch }

    /// A program of the world's own, which stands for the machine's.
    func program(_ name: String, _ script: String) throws {
      try scratch.writeProgram("#!/bin/sh\n" + script, to: "bin/\(name)")
    }

    /// Keeps a crontab in a file, as the real one does; `denied` beside it makes it fail.
    func fakeCrontab() throws {
      try program(
        "crontab",
        """
        file='\(scratch.file("crontab").replacing("'", with: "'\\''"))'
        [ ! -e "$file.denied" ] || { echo 'you are not allowed to use this program' >&2; exit 1; }
        case $1 in
        -l) [ -e "$file" ] || { echo 'no crontab for ada' >&2; exit 1; }; cat "$file" ;;
        -r) rm "$file" ;;
        -) cat > "$file.new"; [ ! -e "$file.full" ] || { echo 'no space' >&2; exit 1; }; mv "$file.new" "$file" ;;
        esac
        """
      )
    }

    @discardableResult
    func schedule(_ words: String..., status: Int32 = 0) throws -> Command.Outcome {
      let outcome = try Workshop.xmSafe(
        ["schedule"] + words
          + ["--db", subject.path, "--scripts", scratch.file("scripts")],
        in: scratch.path,
        environment: environment
      )
      #expect(outcome.status == status, "\(words): \(outcome)")
      return outcome
    }

    func crontab() throws -> String {
      try String(contentsOfFile: scratch.file("crontab"), encoding: .utf8)
    }
  }

  // MARK: - crontab

  @Test func `what others have in the crontab stays, byte for byte`() throws {
    let world = try World()
    try world.fakeCrontab()
    let others = "MAILTO=ada\n\n*/5 * * * * date +\\%s # \u{e9}\n"
    try world.scratch.write(others, to: "crontab")
    let installed = try world.schedule("install", "--cron")
    #expect(installed.output.contains("installed in cron for"))
    let text = try world.crontab()
    #expect(text.hasPrefix(others + "# BEGIN xm-safe "))
    let printed = try world.schedule("print", "--cron")
    #expect(text == others + printed.output)
    #expect(try world.schedule("install", "--cron").output.contains("cron has it already"))
    #expect(try world.crontab() == text)
    // Fewer jobs, in the same place.
    try world.scratch.write(text + "1 1 * * * last\n", to: "crontab")
    try world.schedule("install", "--cron", "--jobs", "verify,snapshot", "--wait", "1h")
    let fewer = try world.crontab()
    #expect(fewer.hasPrefix(others) && fewer.hasSuffix("\n1 1 * * * last\n"))
    #expect(!fewer.contains("--if-pending") && fewer.contains("--wait 1h"))
    try world.schedule("remove", "--cron")
    #expect(try world.crontab() == others + "1 1 * * * last\n")
    #expect(try world.schedule("remove", "--cron").output.contains("nothing to remove"))
  }

  @Test func `a crontab that was not there is not there again`() throws {
    let world = try World()
    try world.fakeCrontab()
    try world.schedule("install", "--cron")
    try world.schedule("remove", "--cron")
    #expect(try !world.scratch.names().contains("crontab"))
  }

  @Test func `a crontab that cannot be read or written is left alone`() throws {
    let world = try World()
    try world.fakeCrontab()
    try world.scratch.write("1 1 * * * mine\n", to: "crontab")
    try world.scratch.write("", to: "crontab.denied")
    let denied = try world.schedule("install", "--cron", status: 24)
    #expect(denied.errors.contains("(you are not allowed to use this program)"))
    try world.schedule("remove", "--cron", status: 24)
    try FileManager.default.removeItem(atPath: world.scratch.file("crontab.denied"))
    try world.scratch.write("", to: "crontab.full")
    let full = try world.schedule("install", "--cron", status: 24)
    #expect(full.errors.contains("state: the crontab is as it was"))
    #expect(try world.crontab() == "1 1 * * * mine\n")
    try world.scratch.write("# BEGIN xm-safe \(try Self.key(world)): x\n", to: "crontab")
    let broken = try world.schedule("install", "--cron", status: 24)
    #expect(broken.errors.contains("a marker is missing"))
  }

  private static func key(_ world: World) throws -> String {
    let text = try world.schedule("print", "--cron").output
    return String(try #require(text.firstMatch(of: #/BEGIN xm-safe ([0-9a-f]{12}):/#)).1)
  }

  @Test func `without cron, or with names that it cannot hold, nothing is installed`() throws {
    let world = try World()
    var bare = world
    bare.environment["PATH"] = world.scratch.file("bin")
    try bare.schedule("install", "--cron", status: 24)
    try world.fakeCrontab()
    let path = world.scratch.file("a\nb.sqlite3")
    try SampleDatabases.create(path, ["CREATE TABLE t (n)"])
    let outcome = try Workshop.xmSafe(
      ["schedule", "install", "--cron", "--db", path],
      environment: world.environment
    )
    #expect(outcome.status == 24, "\(outcome)")
    #expect(try !world.scratch.names().contains("crontab"))
    try world.schedule("install", status: 64)
    try world.schedule("install", "--cron", "--systemd", status: 64)
    try world.schedule("install", "--cron", "--jobs", "nosuch", status: 64)
    try world.schedule("install", "--cron", "--keep-daily", "0", status: 64)
    let missing = try Workshop.xmSafe(
      ["schedule", "install", "--cron", "--db", world.scratch.file("missing")],
      environment: world.environment
    )
    #expect(missing.status == 10, "\(missing)")
  }

  @Test func `a password is not written where everybody can read it`() throws {
    let world = try World()
    let outcome = try Workshop.xmSafe(
      ["schedule", "print", "--cron", "--db", "postgresql://ada:s3cret@localhost/x"],
      environment: world.environment
    )
    #expect(outcome.status == 24, "\(outcome)")
    #expect(!(outcome.output + outcome.errors).contains("s3cret"))
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
