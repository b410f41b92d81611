import Foundation
import SQLite
import TestKit
import Testing

/// The commands around snapshots, asked of the program itself.
@Suite struct SnapshotCommandTests {
  static let scripts = Workshop.xmanagerScripts

  private func run(
    _ arguments: [String],
    _ database: String,
    status: Int32 = 0
  ) throws -> Command.Outcome {
    let outcome = try Workshop.xmSafe(arguments + ["--db", database])
    #expect(outcome.status == status, "\(arguments): \(outcome)")
    return outcome
  }

  private func snapshots(_ database: String) throws -> [[String: Any]] {
    let list = try run(["list", "--json"], database)
    let json = try JSONSerialization.jsonObject(with: Data(list.output.utf8)) as? [String: Any]
    return try #require(json?["snapshots"] as? [[String: Any]])
  }

  private func execute(_ database: String, _ statements: String...) throws {
    try SampleDatabases.create(database, statements)
  }

  @Test(arguments: ["0", "1", "6", "9"])
  func `every level gives an archive that gunzip reads`(_ level: String) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.large(path, rows: 3000)
    _ = try run(["snapshot", "--level", level], path)
    let entry = try #require(try snapshots(path).first)
    let archive = try #require(entry["path"] as? String)
    let sum = try Command.run(["sh", "-c", "gunzip -c \"$1\" | sha256sum", "sh", archive])
    #expect(sum.output.hasPrefix(try #require(entry["sha256"] as? String)))
    _ = try run(["verify", "--deep"], path)
    _ = try run(["snapshot", "--level", "10"], path, status: 64)
  }

  @Test func `three rounds of undo and redo are identical`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    _ = try run(["undo"], path, status: 10)
    let before = try DatabaseDump.text(path)
    _ = try run(["upgrade", "--scripts", Self.scripts], path)
    let after = try DatabaseDump.text(path)
    for _ in 1...3 {
      _ = try run(["undo"], path)
      #expect(try DatabaseDump.text(path) == before)
      _ = try run(["undo"], path)
      #expect(try DatabaseDump.text(path) == after)
    }
  }

  @Test func `restoring elsewhere refuses what exists, and a dry run does nothing`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    _ = try run(["snapshot"], path)
    let dump = try DatabaseDump.text(path)
    let copy = scratch.file("copy.sqlite3")
    _ = try run(["restore", "latest", "--to", copy], path)
    #expect(try DatabaseDump.text(copy) == dump)
    try execute(copy, "DELETE FROM Job")
    _ = try run(["restore", "latest", "--to", copy], path, status: 24)
    _ = try run(["restore", "latest", "--to", copy, "--force"], path)
    #expect(try DatabaseDump.text(copy) == dump)
    try execute(path, "DELETE FROM Job")
    let changed = try DatabaseDump.text(path)
    let dry = try run(["restore", "latest", "--dry-run"], path)
    #expect(dry.output.hasPrefix("would restore"))
    #expect(try DatabaseDump.text(path) == changed)
  }

  @Test func `a snapshot with a revision that the scripts do not have is restored only by force`()
    throws
  {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try execute(
      path,
      "CREATE TABLE alembic_version (version_num VARCHAR(32))",
      "INSERT INTO alembic_version VALUES ('dead')"
    )
    _ = try run(["snapshot"], path)
    let refused = try run(["restore", "latest", "--scripts", Self.scripts], path, status: 24)
    #expect(refused.errors.contains("is at revision 'dead', which these scripts do not have"))
    _ = try run(["restore", "latest", "--scripts", Self.scripts, "--force"], path)
  }

  @Test func `a symbolic link to the database stays one`() throws {
    let scratch = try Scratch()
    let path = scratch.file("real.sqlite3")
    try SampleDatabases.legacy(path)
    chmod(path, 0o600)
    let link = scratch.file("link.sqlite3")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real.sqlite3")
    _ = try run(["snapshot"], link)
    try execute(path, "DELETE FROM Job")
    _ = try run(["restore", "latest"], link)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "real.sqlite3")
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let connection = try Connection(opening: path, mode: .readWrite)
    #expect(try connection.value("SELECT count(*) FROM Job") == .integer(4))
    try connection.close()
  }

  @Test func `an upgrade that failed is not undone a second time`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path, hasTitle: false)
    _ = try run(["upgrade", "--scripts", Self.scripts], path, status: 20)
    try execute(path, "INSERT INTO Experiment VALUES (777)")
    _ = try run(["undo"], path, status: 10)
    let connection = try Connection(opening: path, mode: .readWrite)
    #expect(try connection.value("SELECT count(*) FROM Experiment WHERE Id = 777") == .integer(1))
    try connection.close()
  }

  @Test func `a damaged archive never stands for another one`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    func damage(_ archive: String) throws {
      var data = try Data(contentsOf: URL(fileURLWithPath: archive))
      data[120] ^= 1
      try data.write(to: URL(fileURLWithPath: archive))
    }
    try SampleDatabases.legacy(path, hasTitle: false)
    _ = try run(["snapshot"], path)
    try damage(try #require(try snapshots(path).first?["path"] as? String))
    #expect(try run(["snapshot", "--if-changed"], path).output.hasPrefix("saved"))
  }

  @Test func `nothing is restored into the store, and leftovers go with the next run`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    _ = try run(["snapshot"], path)
    let archive = try #require(try snapshots(path).first?["path"] as? String)
    _ = try run(["restore", "latest", "--to", archive, "--force"], path, status: 24)
    _ = try run(["verify"], path)
    try scratch.write("left by a killed run", to: "Backups/.x.xm-safe-partial-1")
    _ = try run(["snapshot"], path)
    #expect(try scratch.names(in: "Backups").filter { $0.contains("partial") } == [])
  }

  @Test func `a deep verification restores, checks and compares`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try execute(
      path,
      "CREATE TABLE p (id INTEGER PRIMARY KEY)",
      "CREATE TABLE c (p REFERENCES p (id))",
      "INSERT INTO c VALUES (7)"
    )
    _ = try run(["snapshot"], path)
    let verified = try run(["verify", "--deep", "--all"], path)
    #expect(verified.output.contains("1 reference to rows that are not there, as in the database"))
    #expect(try scratch.names(in: "Backups").filter { $0.contains("deep") } == [])
    #expect(try run(["list"], path).output.contains("VERIFIED"))
  }
}
