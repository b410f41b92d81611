import Foundation
import TestKit
import Testing

/// What `xm-safe schedule` makes of a crontab, and leaves alone in it.
@Suite struct ScheduledCrontabTests {
  private typealias World = ScheduleWorld

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

  @Test func `two that are installed at once are both there, and no third one waits for ever`()
    throws
  {
    let world = try World()
    try world.fakeCrontab()
    func install(_ name: String) throws -> Command.Running {
      let path = world.scratch.file(name)
      try SampleDatabases.create(path, AlembicProjectFixture.database)
      return try Command.started(
        [Workshop.program, "schedule", "install", "--cron", "--db", path],
        in: world.scratch.path,
        environment: world.environment
      )
    }
    try world.scratch.write("", to: "crontab.gate")
    let first = try install("first.sqlite3")
    try first.wait(for: "its crontab to be written") {
      FileManager.default.fileExists(atPath: world.scratch.file("crontab.entered"))
    }
    let third = try install("third.sqlite3").finish()
    #expect(third.status == 11, "\(third)")
    #expect(third.errors.contains("another xm-safe is changing what is scheduled for this user"))
    let second = try install("second.sqlite3")
    try second.waitForErrors(
      containing: "Waiting for process \(first.id) (xm-safe schedule install"
    )
    try FileManager.default.removeItem(atPath: world.scratch.file("crontab.gate"))
    for outcome in [try first.finish(), try second.finish()] {
      #expect(outcome.status == 0, "\(outcome)")
    }
    let text = try world.crontab()
    #expect(text.contains("/first.sqlite3\n") && text.contains("/second.sqlite3\n"), "\(text)")
    #expect(!text.contains("third"))
  }

  @Test func `without a home directory for a lock, cron's lines are installed, and it is said`()
    throws
  {
    var world = try World()
    try world.fakeCrontab()
    world.environment["HOME"] = world.scratch.file("no/home")
    let installed = try world.schedule("install", "--cron")
    #expect(installed.errors.contains("Nothing keeps another 'xm-safe schedule' from"))
    #expect(try world.crontab().contains("# END xm-safe "))
  }

  @Test func `what somebody has put between the markers is neither replaced nor removed`() throws {
    let world = try World()
    try world.fakeCrontab()
    try world.schedule("install", "--cron")
    let text = try world.crontab()
    let end = try #require(text.range(of: "# END xm-safe"))
    let edited = text.replacingCharacters(
      in: end.lowerBound..<end.lowerBound,
      with: "MAILTO=ada\n5 5 * * * own\n"
    )
    try world.scratch.write(edited, to: "crontab")
    for verb in ["install", "remove"] {
      let refused = try world.schedule(verb, "--cron", status: 24)
      #expect(
        refused.errors.contains("2 lines that xm-safe has not written: 'MAILTO=ada', '5 5 * * *")
      )
      #expect(refused.errors.contains("state: the crontab is as it was"))
      #expect(try world.crontab() == edited)
    }
    try world.scratch.write(text + "MAILTO=ada\n", to: "crontab")
    try world.schedule("remove", "--cron")
    #expect(try world.crontab() == "MAILTO=ada\n")
  }

  @Test(arguments: ["--cron", "--systemd", "--launchd"])
  func `the jobs of a database whose directory is gone can be removed`(_ kind: String) throws {
    let world = try World()
    try world.fakeCrontab()
    // Through a link, whose end is what the database is known by.
    try FileManager.default.createSymbolicLink(
      atPath: world.scratch.file("link"),
      withDestinationPath: world.scratch.path
    )
    try world.scratch.write("", to: "deep/er/README")
    let path = world.scratch.file("link/deep/er/b.sqlite3")
    try SampleDatabases.create(path, AlembicProjectFixture.database)
    func schedule(_ verb: String) throws -> Command.Outcome {
      try Workshop.xmSafe(
        ["schedule", verb, kind, "--db", path],
        in: world.scratch.path,
        environment: world.environment
      )
    }
    #expect(try schedule("install").status == 0)
    try FileManager.default.removeItem(atPath: world.scratch.file("deep"))
    let removed = try schedule("remove")
    #expect(removed.status == 0 && removed.output.hasPrefix("removed from "), "\(removed)")
    #expect(try schedule("remove").output.contains("nothing to remove"))
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

  @Test(arguments: ["sslpassword", "ssl_key_password", "SSLPassword", "ssl%70assword", "passwd"])
  func `no secret of a URL's query is written where everybody can read it`(_ key: String) throws {
    let world = try World()
    let outcome = try Workshop.xmSafe(
      ["schedule", "print", "--cron", "--db", "postgresql://ada@localhost/x?\(key)=s3cret&a=b"],
      environment: world.environment
    )
    #expect(outcome.status == 24, "\(outcome)")
    #expect(!(outcome.output + outcome.errors).contains("s3cret"))
  }

  @Test func `what is no database is not scheduled`() throws {
    let world = try World()
    for path in ["missing.sqlite3", "it's"] {
      for verb in ["print", "install"] {
        let outcome = try Workshop.xmSafe(
          ["schedule", verb, "--cron", "--db", world.scratch.file(path)],
          environment: world.environment
        )
        #expect(outcome.status == 10, "\(outcome)")
        #expect(outcome.output.isEmpty)
      }
    }
  }
}
