import Foundation
import SQLite
import TestKit
import Testing

/// `restore` and `undo`: which snapshot is meant, and what is there before.
@Suite struct RestoreCommandTests {
  @Test func `restoring the latest twice is restoring it once, and undo is the way back`() throws {
    let subject = try Subject()
    let saved = try subject.dump()
    let id = try subject.snapshot()
    try subject.execute("DELETE FROM Job")
    let changed = try subject.dump()
    for _ in 1...3 {
      let restored = try subject.run(["restore", "latest"])
      #expect(restored.output.contains("from snapshot \(id)"))
      #expect(try subject.dump() == saved)
    }
    // The other commands mean the same one.
    #expect(try subject.run(["show", "latest"]).output.contains(id))
    #expect(try subject.run(["verify"]).output.contains(id))
    #expect(try subject.run(["diff", "latest"]).output.contains("between \(id) and live"))
    #expect(try subject.run(["pin", "latest"]).output.contains("pinned \(id)"))
    try subject.run(["undo"])
    #expect(try subject.dump() == changed)
  }

  @Test func `where all there is was taken before a restore, latest names none`() throws {
    let subject = try Subject()
    let id = try subject.snapshot()
    let elsewhere = subject.scratch.file("kept.sqlite3.gz")
    try FileManager.default.moveItem(atPath: try subject.archive(id), toPath: elsewhere)
    try subject.execute("DELETE FROM Job")
    try subject.run(["restore", elsewhere])
    let refused = try subject.run(["restore", "latest"], status: 10)
    #expect(refused.errors.contains("were taken before a restore"))
    // One that cannot be read, and by its name is of that kind, is no latest either.
    let only = try #require(try subject.ids().first)
    let handle = try #require(FileHandle(forWritingAtPath: try subject.archive(only)))
    try handle.truncate(atOffset: 500)
    try handle.close()
    let taken = try subject.snapshot()
    try FileManager.default.moveItem(
      atPath: try subject.archive(only),
      toPath: subject.store + "/20991231T000000Z-base-pre-restore-\(only).sqlite3.gz"
    )
    #expect(try subject.run(["show", "latest"]).output.contains(taken))
  }

  @Test(arguments: ["garbage", "half of it"])
  func `undo of a file that is no sound database names what brings it back`(_ kind: String) throws {
    let subject = try Subject()
    try subject.run(["upgrade", "--scripts", Workshop.xmanagerScripts])
    let dump = try subject.dump()
    let newest = try subject.snapshot()
    let url = URL(fileURLWithPath: subject.path)
    let whole = try Data(contentsOf: url)
    let content =
      kind == "garbage"
      ? Data(String(repeating: "no database ", count: 900).utf8) : whole.prefix(9000)
    try content.write(to: url)
    let refused = try subject.run(["undo"], status: kind == "garbage" ? 10 : 24)
    #expect(refused.errors.contains("state: the database was not touched"))
    #expect(refused.plainErrors.contains("next:  'xm-safe restore \(newest)'"))
    #expect(try Data(contentsOf: url) == content)
    try subject.run(["restore", newest])
    #expect(try subject.dump() == dump)
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: subject.path + ".replaced-1")) == content
    )
  }

  @Test func `undo of a database that is locked says so`() throws {
    let subject = try Subject()
    let other = try Connection(opening: subject.path, mode: .readWrite)
    try other.execute("PRAGMA locking_mode=EXCLUSIVE")
    try other.beginImmediate()
    try other.execute("DELETE FROM Job")
    try other.commit()
    try subject.run(["undo", "--busy-timeout", "0.05"], status: 11)
    try other.close()
  }

  struct Place: CustomTestStringConvertible, Sendable {
    var name: String
    var content: Data?
    /// What a dry run says, and the real one does.
    var words: String
    var isSaved: Bool
    var testDescription: String { name }
  }

  static let places = [
    Place(
      name: "nothing",
      content: nil,
      words: "which is whole; nothing is there now",
      isSaved: false
    ),
    Place(
      name: "an empty file, which is a database for SQLite",
      content: Data(),
      words: "after a snapshot of what is there now",
      isSaved: true
    ),
    Place(
      name: "garbage",
      content: Data(String(repeating: "no database ", count: 900).utf8),
      words: "keep aside the file that is there now",
      isSaved: false
    ),
  ]

  @Test(arguments: places)
  func `a dry run promises what the restore then does`(_ place: Place) throws {
    let subject = try Subject()
    let id = try subject.snapshot()
    try FileManager.default.removeItem(atPath: subject.path)
    if let content = place.content { try content.write(to: URL(fileURLWithPath: subject.path)) }
    let dry = try subject.run(["restore", id, "--dry-run"])
    #expect(dry.output.contains(place.words), "\(dry)")
    #expect(FileManager.default.contents(atPath: subject.path) == place.content)
    let real = try subject.run(["restore", id])
    #expect(real.output.contains("holds what was before") == place.isSaved, "\(real)")
    #expect(try subject.ids().count == (place.isSaved ? 2 : 1))
  }

  @Test func `places that cannot be restored into are refused with their own code`() throws {
    let subject = try Subject()
    let id = try subject.snapshot()
    try FileManager.default.createSymbolicLink(
      atPath: subject.scratch.file("dangling"),
      withDestinationPath: "/nonexistent/x"
    )
    let missing = subject.scratch.file("missing/copy")
    for place in [missing, subject.scratch.file("dangling")] {
      let refused = try subject.run(["restore", id, "--to", place], status: 10)
      #expect(refused.errors.contains("nothing can be restored into"), "\(refused)")
    }
    try subject.run(["restore", id, "--to", ""], status: 64)
    try subject.run(["restore", id, "--to", subject.scratch.path], status: 24)
  }

  @Test func `an archive is found by its bare name, here and in the store`() throws {
    let subject = try Subject()
    let id = try subject.snapshot()
    let name = URL(fileURLWithPath: try subject.archive(id)).lastPathComponent
    try subject.scratch.write("", to: "here/x")
    let here = subject.scratch.file("here")
    for verb in ["show", "verify", "restore", "diff"] {
      #expect(try subject.run([verb, name], in: here).status == 0)
    }
    try FileManager.default.moveItem(atPath: try subject.archive(id), toPath: here + "/saved.gz")
    for verb in ["show", "verify", "restore", "diff"] {
      #expect(try subject.run([verb, "saved.gz"], in: here).status == 0)
      try subject.run([verb, name], status: 10, in: here)
    }
    // What may begin an id is one, whatever file is there.
    try FileManager.default.moveItem(atPath: here + "/saved.gz", toPath: here + "/abc")
    try subject.run(["show", "abc"], status: 10, in: here)
    try subject.run(["show", "./abc"], in: here)
  }
}
