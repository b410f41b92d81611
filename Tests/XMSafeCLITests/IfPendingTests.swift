import Foundation
import TestKit
import Testing

/// `snapshot --if-pending`: what a job that looks every few minutes saves, and what it leaves.
@Suite struct IfPendingTests {
  private struct World {
    let subject: Subject

    init() throws {
      subject = Subject(in: try Scratch(), "a.sqlite3")
      try SampleDatabases.create(subject.path, AlembicProjectFixture.database)
      try install("r1", after: nil)
    }

    func install(_ id: String, after down: String?) throws {
      try subject.scratch.write(
        "revision = '\(id)'\ndown_revision = \(down.map { "'\($0)'" } ?? "None")\n\ndef upgrade():\n    pass\n",
        to: "scripts/versions/\(id).py"
      )
    }

    func look(_ options: String..., status: Int32 = 0) throws -> Command.Outcome {
      try subject.run(
        ["snapshot", "--if-pending", "--scripts", subject.scratch.file("scripts")] + options,
        status: status
      )
    }
  }

  @Test func `the database is saved once for each state, from when scripts are installed`() throws {
    let world = try World()
    let subject = world.subject
    let nothing = try world.look()
    #expect(nothing.output == "no snapshot: no revision is pending\n")
    #expect(try !subject.scratch.names().contains("Backups"))

    try world.install("r2", after: "r1")
    let saved = try world.look("--scheduled")
    #expect(saved.output.hasPrefix("saved "))
    #expect(try subject.snapshots().map { $0["reason"] as? String } == ["scheduled"])
    for _ in 0..<3 { #expect(try world.look().output.hasPrefix("unchanged: ")) }
    #expect(try subject.ids().count == 1)

    // Another script is pending, and what is to be saved is saved already.
    try world.install("r3", after: "r2")
    #expect(try world.look().output.hasPrefix("unchanged: "))
    try subject.execute("UPDATE other SET value = 'b' WHERE id = 1")
    #expect(try world.look().output.hasPrefix("saved "))
    // Back to what was saved first, which is not the latest.
    try subject.execute("UPDATE other SET value = 'a' WHERE id = 1")
    #expect(try world.look().output.hasPrefix("unchanged: "))
    #expect(try subject.ids().count == 2)

    try subject.run(["upgrade", "--scripts", subject.scratch.file("scripts")])
    #expect(try world.look().output == nothing.output)
  }

  @Test func `a damaged snapshot is no reason to take none`() throws {
    let world = try World()
    try world.install("r2", after: "r1")
    _ = try world.look()
    try world.subject.damage(try #require(try world.subject.ids().first))
    #expect(try world.look().output.hasPrefix("saved "))
  }

  @Test func `a quiet job says nothing when there is nothing to do`() throws {
    let world = try World()
    let nothing = try world.look("-q")
    #expect(nothing.output.isEmpty && nothing.errors.isEmpty, "\(nothing)")
    try world.install("r2", after: "r1")
    #expect(try world.look("-q").output.hasPrefix("saved "))
    let again = try world.look("-q")
    #expect(again.output.isEmpty && again.errors.isEmpty, "\(again)")
  }

  @Test func `programs learn what is pending`() throws {
    let world = try World()
    func pending() throws -> [String]? {
      let json = try JSONSerialization.jsonObject(with: Data(world.look("--json").output.utf8))
      return (json as? [String: Any])?["pending"] as? [String]
    }
    #expect(try pending() == [])
    try world.install("r2", after: "r1")
    #expect(try pending() == ["r2"])
  }

  @Test func `what cannot be told is a failure in three lines`() throws {
    let world = try World()
    try world.subject.execute("UPDATE alembic_version SET version_num = 'zz'")
    let unknown = try world.look("-q", status: 24)
    #expect(unknown.errors.split(separator: "\n").count == 3, "\(unknown)")
    let without = try world.subject.run(["snapshot", "--if-pending"], status: 24)
    #expect(without.errors.contains("there are no migration scripts"))
    try world.subject.run(["snapshot", "--if-pending", "--if-changed"], status: 64)
  }
}
