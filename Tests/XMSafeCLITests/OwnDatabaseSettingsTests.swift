import Foundation
import TestKit
import Testing

/// Settings that are found by a database which nobody names: that of an alembic.ini, of a link, or XManager's own.
@Suite struct OwnDatabaseSettingsTests {
  /// A project in the working directory, whose alembic.ini leads to a database elsewhere.
  private func project() throws -> SettingsWorld {
    let world = try SettingsWorld()
    try world.run(["init", "migrations"])
    let path = world.scratch.file("work/alembic.ini")
    let ini = try String(contentsOfFile: path, encoding: .utf8)
      .replacingOccurrences(of: "%(here)s/database.sqlite3", with: "%(here)s/../data/x.db")
    try world.scratch.write(ini, to: "work/alembic.ini")
    try world.scratch.write("", to: "data/README")
    try SampleDatabases.legacy(world.scratch.file("data/x.db"), hasTitle: true)
    return world
  }

  @Test func `settings beside the database count, whoever names the database`() throws {
    let world = try project()
    try world.scratch.write("wait = 4\n", to: "data/xm-safe.toml")
    #expect(try world.report().line("wait") == "4 from file")
    try world.scratch.write("wait = soon\n", to: "data/xm-safe.toml")
    // Also where nothing else speaks of settings.
    try world.run(["list"], status: 24)
    try world.scratch.write("wait = 4\n", to: "data/xm-safe.toml")
    #expect(try world.report(["-c", "alembic.ini"]).line("wait") == "4 from file")
    try world.settings("wait = 3\n")
    #expect(try world.report().line("wait") == "3 from file")
  }

  @Test func `settings beside XManager's own database count`() throws {
    let world = try XManagerWorld()
    try world.scratch.write("wait = 4\n", to: "home/.xmanager/xm-safe.toml")
    #expect(try world.run(["config"]).output.contains("--wait                    4"))
    #expect(!world.wasImported)
  }

  @Test func `a link to the database leads to the settings beside the file itself`() throws {
    let world = try SettingsWorld()
    try world.scratch.write("wait = 4\n", to: "data/xm-safe.toml")
    try SampleDatabases.legacy(world.scratch.file("data/x.db"), hasTitle: true)
    let link = world.scratch.file("work/link.db")
    try FileManager.default.createSymbolicLink(
      atPath: link,
      withDestinationPath: world.scratch.file("data/x.db")
    )
    let report = try world.report(["--db", link])
    #expect(report.line("wait") == "4 from file")
    #expect(report.store == world.scratch.file("data/Backups"))
  }

  @Test func `the profile of a database that nobody names is found by the database`() throws {
    let world = try project()
    try world.settings(
      """
      [profile.other]
      db = "../data/other.db"
      wait = 1
      [profile.own]
      db = "../data/x.db"
      wait = 2
      """
    )
    #expect(try world.report().line("wait") == "2 from profile")
    try world.settings(
      """
      db = "../data/other.db"
      [profile.other]
      db = "../data/other.db"
      wait = 1
      [profile.own]
      db = "../data/x.db"
      wait = 2
      """
    )
    #expect(try world.report().line("wait") == "1 from profile")
    #expect(
      try world.report(["--db", "../data/x.db", "--settings", "xm-safe.toml"]).line("wait")
        == "2 from profile"
    )
  }
}
