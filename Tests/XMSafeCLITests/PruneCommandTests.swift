import Foundation
import SQLite
import TestKit
import Testing

/// `prune`, asked of the program itself.
@Suite struct PruneCommandTests {
  @Test func `prune keeps what the rules, the pins and the protections keep`() throws {
    let subject = try Subject()
    for number in 1...6 {
      _ = try subject.snapshot()
      try subject.execute("INSERT INTO Experiment VALUES (\(number), 'x')")
    }
    let ids = try subject.ids()
    try subject.run(["prune"], status: 24)
    try subject.run(["pin", ids[0]])
    let dry = try subject.run(["prune", "--keep-last", "2", "--dry-run"])
    #expect(dry.output.contains("would remove \(ids[1])"))
    #expect(try subject.ids().count == 6)
    try subject.scratch.write("left by a killed run", to: "Backups/.x.xm-safe-partial-1")
    let pruned = try subject.run(["prune", "--keep-last", "2"])
    #expect(pruned.output.contains("pinned"))
    #expect(pruned.output.contains("last snapshot"))
    #expect(try subject.scratch.names(in: "Backups").filter { $0.contains("partial") } == [])
    #expect(try subject.ids() == [ids[0], ids[4], ids[5]])
    try subject.run(["unpin", ids[0]])
    let json = try subject.run(["prune", "--keep-last", "1", "--json"])
    let result = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect((result?["removed"] as? [Any])?.count == 2)
    #expect(try subject.ids() == [ids[5]])
  }

  @Test func `the newest snapshot that is whole outlives those that are newer and damaged`() throws
  {
    let subject = try Subject()
    var ids: [String] = []
    for number in 1...4 {
      ids.append(try subject.snapshot())
      try subject.execute("INSERT INTO Experiment VALUES (\(number), 'x')")
    }
    try subject.damage(ids[2])
    try subject.damage(ids[3])
    let dry = try subject.run(["prune", "--keep-last", "1", "--dry-run"])
    #expect(dry.output.contains("keep   \(ids[1])"))
    #expect(!(try subject.run(["list"]).output.contains("DAMAGED")), "a dry run notes nothing")
    let pruned = try subject.run(["prune", "--keep-last", "1"])
    #expect(pruned.output.contains("newest verified snapshot"))
    #expect(pruned.errors.contains("Snapshot \(ids[3]) stands for no other"))
    #expect(try subject.ids() == [ids[1], ids[3]])
    #expect(try subject.run(["list"]).output.components(separatedBy: "DAMAGED").count == 2)
  }

  @Test func `a hundred failing upgrades leave the good snapshot and at most one more`() throws {
    let subject = try Subject(hasTitle: false)
    let before = try subject.dump()
    var first: String?
    for number in 1...100 {
      try subject.run(["upgrade", "-q", "--scripts", Workshop.xmanagerScripts], status: 20)
      let ids = try subject.ids()
      first = first ?? ids.first
      #expect(ids.count <= 2)
      #expect(ids.first == first)
      if number > 1 { #expect(ids.count == 2) }
      if number == 2 { try subject.run(["verify", "--all"]) }
    }
    #expect(try subject.dump() == before)
    // What was noted of the others went with them.
    #expect(try subject.marks() == [".verified-\(first ?? "")"])
    // Nor does the strictest rule take the good one away.
    try subject.run(["prune", "--keep-last", "1"])
    #expect(try subject.ids().first == first)
  }

  @Test func `a damaged snapshot of a first attempt protects nothing, the next whole one is kept`()
    throws
  {
    let subject = try Subject(hasTitle: false)
    func fail(_ number: Int) throws {
      if number < 3 { try subject.execute("INSERT INTO Experiment VALUES (\(number))") }
      try subject.run(["upgrade", "-q", "--scripts", Workshop.xmanagerScripts], status: 20)
    }
    try fail(1)
    try fail(2)
    let ids = try subject.ids()
    #expect(ids.count == 2)
    try subject.damage(ids[0])
    for number in 3...5 { try fail(number) }
    // The second stands for those that are gone and had its content; the damaged one is nobody's to remove but the user's.
    #expect(try Array(subject.ids().prefix(2)) == ids)
    #expect(try subject.ids().count == 3)
    let newest = try #require(try subject.ids().last)
    let pruned = try subject.run(["prune", "--keep-last", "1"])
    #expect(try subject.ids() == [ids[1], newest])
    #expect(pruned.output.contains("upgrade not yet succeeded"))
    #expect(pruned.output.contains("removed \(ids[0])"))
    try subject.run(["verify", "--all"])
  }

  @Test func `what the last restore replaced is kept for undo`() throws {
    let subject = try Subject()
    let first = try subject.snapshot()
    try subject.execute("INSERT INTO Experiment VALUES (1, 'only before the restore')")
    let replaced = try subject.dump()
    try subject.run(["restore", first])
    // Doing it twice saves what is there once more: that is not what undo needs.
    try subject.run(["restore", first])
    let saved = try subject.ids()[1]
    let newest = try subject.snapshot()
    let pruned = try subject.run(["prune", "--keep-last", "1"])
    #expect(pruned.output.contains("saved before the last restore"))
    #expect(try subject.ids() == [saved, newest])
    try subject.run(["undo"])
    #expect(try subject.dump() == replaced)
  }

  @Test func `a database that is gone keeps its snapshots, and none is created for it`() throws {
    let subject = try Subject()
    _ = try subject.snapshot()
    _ = try subject.snapshot()
    try FileManager.default.removeItem(atPath: subject.path)
    let refused = try subject.run(["prune", "--keep-last", "1"], status: 10)
    #expect(refused.errors.contains("there is no database at"))
    #expect(try subject.ids().count == 2)
    let nowhere = Subject(in: try Scratch(), "none.sqlite3")
    try nowhere.run(["prune", "--keep-last", "1"], status: 10)
    #expect(try nowhere.scratch.names() == [])
  }

  @Test func `marks without an archive go, and the pin of what cannot be read stays`() throws {
    let subject = try Subject()
    let ids = [try subject.snapshot(), try subject.snapshot()]
    try subject.run(["pin", ids[0]])
    let handle = try #require(FileHandle(forWritingAtPath: try subject.archive(ids[0])))
    try handle.truncate(atOffset: 500)
    try handle.close()
    for mark in [".pinned-", ".verified-", ".damaged-"] {
      try subject.scratch.write("2026-11-22T22:51:33Z", to: "Backups/\(mark)0badc0de")
    }
    try subject.run(["prune", "--keep-last", "1", "--dry-run"])
    #expect(try subject.marks().count == 4)
    try subject.run(["prune", "--keep-last", "1"])
    #expect(try subject.marks() == [".pinned-\(ids[0])"])
  }

  @Test func `whenever prune is killed, the next one leaves no mark without an archive`() throws {
    let subject = try Subject()
    for number in 1...6 {
      _ = try subject.snapshot()
      try subject.execute("INSERT INTO Experiment VALUES (\(number), 'x')")
    }
    try subject.run(["verify", "--all"])
    #expect(try subject.marks().count == 6)
    let newest = try #require(try subject.ids().last)
    func orphans() throws -> [String] {
      let ids = try subject.ids()
      return try subject.marks().filter { mark in !ids.contains { mark.hasSuffix($0) } }
    }
    var seen = 0
    for call in [1, 2, 3, 4, 2] {
      let killed = try Command.run([
        "strace", "-f", "-o", subject.scratch.file("trace"), "-e", "trace=unlink,unlinkat", "-e",
        "inject=unlink,unlinkat:signal=KILL:when=\(call)", Workshop.program, "prune", "--db",
        subject.path, "--keep-last", "1",
      ])
      #expect(killed.status == 128 + 9, "\(killed)")
      seen += try orphans().count
      #expect(try subject.ids().last == newest)
      try subject.run(["verify", newest])
    }
    #expect(seen > 0, "a run was killed between an archive and its marks")
    try subject.run(["prune", "--keep-last", "1"])
    #expect(try subject.ids() == [newest])
    #expect(try subject.marks() == [".verified-\(newest)"])
  }
}

extension Subject {
  /// The marks beside the archives.
  func marks() throws -> [String] {
    try scratch.names(in: "Backups").filter { name in
      [".pinned-", ".verified-", ".damaged-"].contains { name.hasPrefix($0) }
    }
  }

  @Test
  func
    `of a database that is damaged no snapshot is removed, since the newest may hold the damage`()
    throws
  {
    let subject = try Subject()
    let good = try subject.snapshot()
    let connection = try Connection(opening: subject.path, mode: .readOnly)
    let page = try connection.value("SELECT rootpage FROM sqlite_schema WHERE name = 'Job'")
    try connection.close()
    // The rows are counted in the index, which is whole: the damage goes into a snapshot unseen.
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: subject.path))
    try handle.seek(toOffset: UInt64(((page?.integerValue ?? 1) - 1) * 4096))
    try handle.write(contentsOf: Data(repeating: 0xff, count: 4096))
    try handle.close()
    let bad = try subject.snapshot()
    for arguments in [["--keep-last", "1"], ["--keep-last", "1", "--dry-run"]] {
      let refused = try subject.run(["prune"] + arguments, status: 24)
      #expect(refused.errors.contains("is damaged"), "\(refused)")
      #expect(refused.errors.contains("none was removed"))
    }
    #expect(try subject.ids() == [good, bad])
    // Where nothing would go there is nothing to refuse.
    try subject.run(["prune", "--keep-last", "2"])
    try subject.run(["restore", good])
    try subject.run(["prune", "--keep-last", "1"])
    #expect(try !subject.ids().contains(good))
  }
}
