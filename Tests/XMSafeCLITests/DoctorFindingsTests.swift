import Foundation
import SQLite
import TestKit
import Testing

/// What `doctor` tells of versions, files and locks.
@Suite struct DoctorFindingsTests {
  struct Rows: CustomTestStringConvertible, Sendable {
    var name: String
    var rows: [String]
    var words: String
    var testDescription: String { name }

    static let all = [
      Rows(name: "unknown", rows: ["zzzz"], words: "which these scripts do not have"),
      Rows(name: "two applications", rows: ["rev1", "zzzz"], words: "two applications"),
      Rows(name: "overlapping", rows: ["rev1", "rev2"], words: "overlaps"),
    ]
  }

  @Test(arguments: Rows.all) func `version rows that cannot be are explained`(_ rows: Rows) throws {
    let world = try DoctorWorld()
    let scratch = world.scratch
    try world.script("rev1", after: nil, ["pass"])
    try world.script("rev2", after: "rev1", ["pass"])
    try SampleDatabases.create(
      scratch.file("a.sqlite3"),
      ["CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"]
        + rows.rows.map { "INSERT INTO alembic_version VALUES ('\($0)')" }
    )
    let found = try world.doctor(["--fix"], status: 25).problems("version-rows")
    #expect(found.count == 1)
    #expect(found.first?.what.contains(rows.words) == true)
    #expect(found.first?.commands.isEmpty == false)
  }

  @Test func `a schema without a version is recognised, and the command for it works`() throws {
    let world = try DoctorWorld()
    let scratch = world.scratch
    try world.script("rev1", after: nil, ["op.create_table('t1', sa.Column('id', sa.Integer))"])
    try world.script(
      "rev2",
      after: "rev1",
      ["op.add_column('t1', sa.Column('x', sa.Integer))"]
    )
    try world.script("rev3", after: "rev2", ["op.drop_table('t1')"])
    try SampleDatabases.create(
      scratch.file("a.sqlite3"),
      ["CREATE TABLE t1 (x INTEGER, id INTEGER)"]
    )
    let found = try world.doctor(status: 25).problems("version-rows")
    #expect(found.first?.what.contains("are those of revision rev2") == true)
    let command = try #require(found.first?.commands.last)
    #expect(try Command.run(["sh", "-c", command]).status == 0)
    #expect(try world.doctor(status: 0).isHealthy)
    #expect(try Workshop.xmSafe(["current"] + world.options).output == "rev2\n")
  }

  @Test func `damage, damaged archives and what is left in the store are told`() throws {
    let world = try DoctorWorld()
    let scratch = world.scratch
    try world.script("rev1", after: nil, ["op.create_table('t1', sa.Column('id', sa.Integer))"])
    #expect(try Workshop.xmSafe(["upgrade"] + world.options).status == 0)
    try scratch.write("killed", to: "Backups/.x.xm-safe-partial-1")
    let mended = try world.doctor(["--fix"], status: 0)
    #expect(mended.repaired.map(\.check) == ["store"])
    #expect(try !scratch.names(in: "Backups").contains(".x.xm-safe-partial-1"))
    try scratch.write("no archive", to: "Backups/20260101T000000Z-base-manual-00000000.sqlite3.gz")
    #expect(try world.doctor(status: 25).problems("snapshots").count == 1)
    try SampleDatabases.large(scratch.file("b.sqlite3"), rows: 100)
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: scratch.file("b.sqlite3")))
    try file.seek(toOffset: 8192)
    try file.write(contentsOf: Data(repeating: 0xff, count: 4096))
    try file.close()
    let damaged = try Workshop.xmSafe(["doctor", "--db", scratch.file("b.sqlite3")])
    #expect(damaged.status == 25, "\(damaged)")
    #expect(damaged.output.contains("problem   integrity: the database is damaged"))
  }

  @Test func `who holds a lock, and who may read the file, is told`() throws {
    let world = try DoctorWorld()
    let scratch = world.scratch
    try SampleDatabases.large(scratch.file("a.sqlite3"), rows: 10)
    #expect(chmod(scratch.file("a.sqlite3"), 0o644) == 0)
    let writer = try Connection(opening: scratch.file("a.sqlite3"), mode: .readWrite)
    try writer.beginImmediate()
    let outcome = try Workshop.xmSafe(["doctor", "--db", scratch.file("a.sqlite3")])
    try writer.rollback()
    try writer.close()
    #expect(outcome.status == 0, "\(outcome)")
    let id = ProcessInfo.processInfo.processIdentifier
    #expect(outcome.output.contains("warning   locks: process \(id) ("))
    #expect(outcome.output.contains("chmod go-rwx"))
    #expect(outcome.output.hasSuffix("is healthy\n"))
  }
}
