import Archive
import DurableFiles
import Foundation
import SQLite
import Snapshots
import TestKit
import Testing

@Suite struct SnapshotTests {
  func request(_ database: String, _ reason: Manifest.Reason = .manual) -> SnapshotTaker.Request {
    SnapshotTaker.Request(
      database: database,
      reason: reason,
      created: "2026-11-22T22:51:33Z",
      tool: "test",
      busyTimeout: .milliseconds(50),
      heads: { _ in ["f45829405692"] }
    )
  }

  func take(
    _ database: String,
    in store: Store,
    reason: Manifest.Reason = .manual
  ) throws -> Store.Snapshot {
    try SnapshotTaker(store: store).take(request(database, reason))
  }

  let restorer = Restorer(busyTimeout: .milliseconds(50))

  @Test func `the archive and its store are the owner's alone, and nothing else is left`() throws {
    let scratch = try Scratch()
    try SampleDatabases.legacy(scratch.file("a.sqlite3"))
    let store = Store(path: scratch.file("Backups"))
    let snapshot = try take(scratch.file("a.sqlite3"), in: store)
    let name = FileSystem.name(of: snapshot.path)
    #expect(try scratch.names(in: "Backups") == [name])
    #expect(name == "20261122T225133Z-f45829405692-manual-\(snapshot.manifest.id).sqlite3.gz")
    #expect(try FileStatus(of: snapshot.path).mode == 0o600)
    #expect(try FileStatus(of: store.path).mode == 0o700)
    #expect(
      snapshot.manifest.rowCounts == [
        "VersionHistory": 1, "Experiment": 2, "WorkUnit": 3, "Job": 4,
      ]
    )
  }

  @Test(arguments: ["delete", "wal"])
  func `a restore into a database that others have open gives them the snapshot`(
    _ mode: String
  ) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(
      path,
      ["PRAGMA journal_mode=\(mode)", "CREATE TABLE t (a)", "INSERT INTO t VALUES ('before')"]
    )
    let before = try DatabaseDump.text(path)
    let snapshot = try take(path, in: Store(path: scratch.file("Backups")))
    let other = try Connection(opening: path, mode: .readWrite)
    try other.execute("INSERT INTO t VALUES ('after')")
    try other.execute("CREATE TABLE u (b)")
    let outcome = try restorer.restore(try restorer.verify(snapshot.path), into: path)
    #expect(outcome == .proven)
    #expect(try other.query("SELECT a FROM t") == [[.text("before")]])
    try other.execute("INSERT INTO t VALUES ('still works')")
    try other.execute("DELETE FROM t WHERE a = 'still works'")
    try other.close()
    #expect(try DatabaseDump.text(path) == before)
    #expect(try Connection(opening: path, mode: .readWrite).journalMode() == mode)
  }

  @Test func `a restore into a locked database is refused and changes nothing`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.create(path, ["CREATE TABLE t (a)"])
    let snapshot = try take(path, in: Store(path: scratch.file("Backups")))
    let other = try Connection(opening: path, mode: .readWrite)
    try other.execute("INSERT INTO t VALUES (1)")
    try other.beginImmediate()
    let error = try #require(throws: SQLiteError.self) {
      try restorer.restore(try restorer.verify(snapshot.path), into: path)
    }
    #expect(error.isBusy)
    #expect(try other.query("SELECT a FROM t") == [[.integer(1)]])
    try other.rollback()
  }

  @Test(arguments: ["delete", "wal"])
  func `nothing that others commit around a restore is in neither the database nor what was saved`(
    _ mode: String
  ) throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.large(path, rows: 3000)
    try SampleDatabases.create(path, ["PRAGMA journal_mode=\(mode)", "CREATE TABLE w (n INTEGER)"])
    let store = Store(path: scratch.file("Backups"))
    let snapshot = try take(path, in: store)
    // Says what is committed only after it is.
    let program = """
      import sqlite3, sys
      db = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
      done = open(sys.argv[2], "w")
      n = 0
      while True:
          n += 1
          db.execute("INSERT INTO w VALUES (?)", (n,))
          print(n, file=done, flush=True)
      """
    let writer = try Command.started([Workshop.python, "-c", program, path, scratch.file("done")])
    let watching = try Connection(opening: path, mode: .readWrite, busyTimeout: .seconds(60))
    while try watching.value("SELECT count(*) FROM w") == .integer(0) {}
    var saved: [Store.Snapshot] = []
    let patient = Restorer(busyTimeout: .seconds(60))
    let archive = try patient.verify(snapshot.path)
    let saving = Restorer.Saving {
      let second = try Connection(opening: path, mode: .readWrite, busyTimeout: .zero)
      #expect(throws: SQLiteError.self, "others wait") { try second.beginImmediate() }
      return try SnapshotTaker(store: store).begin(request(path, .preRestore))
    } published: {
      saved.append($0)
    }
    _ = try patient.restore(archive, into: path, saving: saving)
    kill(writer.id, SIGKILL)
    _ = try writer.finish()
    let before = scratch.file("before")
    let last = try #require(saved.last)
    _ = try restorer.restore(try restorer.verify(last.path), into: before)
    var kept: Set<Int64> = []
    for file in [path, before] {
      let connection = try Connection(opening: file, mode: .readWrite, busyTimeout: .seconds(5))
      for row in try connection.query("SELECT n FROM w") { kept.insert(row[0].integerValue ?? 0) }
      try connection.close()
    }
    let done = try String(contentsOfFile: scratch.file("done"), encoding: .utf8)
    let acknowledged = done.split(separator: "\n").dropLast().compactMap { Int64($0) }
    #expect(acknowledged.filter { !kept.contains($0) } == [])
    #expect(!acknowledged.isEmpty)
    try watching.close()
  }

  @Test func `a file that is no database is replaced, and kept aside with its log`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let dump = try DatabaseDump.text(path)
    let snapshot = try take(path, in: Store(path: scratch.file("Backups")))
    try scratch.write(String(repeating: "garbage ", count: 1000), to: "a.sqlite3")
    try scratch.write("a log", to: "a.sqlite3-wal")
    chmod(path, 0o640)
    let archive = try restorer.verify(snapshot.path)
    let aside = try restorer.replace(path, from: archive) { _ in }
    #expect(try DatabaseDump.text(path) == dump)
    #expect(try FileStatus(of: path).mode == 0o640)
    #expect(try ReadableFile.contents(of: aside, limit: 1 << 20).count == 8000)
    #expect(try ReadableFile.contents(of: aside + "-wal", limit: 100) == Array("a log".utf8))
    #expect(try scratch.names().count == 4, "database, aside, its log, store")
  }

  @Test func `what a killed run has left is swept, and what is being written is not`() throws {
    let scratch = try Scratch()
    let files = FileSystem()
    let name = ".x\(DurableFile.temporaryMark)-1"
    try scratch.write("left", to: name)
    let file = try DurableFile(creating: scratch.file("mine"), files: files)
    #expect(try files.sweep(scratch.path) == [scratch.file(name)])
    try file.publish()
    #expect(try scratch.names() == ["mine"])
  }

  @Test func `a log left by another database stops a restore to a new file`() throws {
    let scratch = try Scratch()
    try SampleDatabases.legacy(scratch.file("a"))
    let snapshot = try take(scratch.file("a"), in: Store(path: scratch.file("Backups")))
    try scratch.write("stale", to: "b-wal")
    #expect(throws: SnapshotError.self) {
      try restorer.restore(try restorer.verify(snapshot.path), into: scratch.file("b"))
    }
    #expect(try scratch.names() == ["Backups", "a", "b-wal"])
  }

  @Test func `a damaged archive is refused before the database is touched`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a")
    try SampleDatabases.large(path, rows: 3000)
    let snapshot = try take(path, in: Store(path: scratch.file("Backups")))
    var data = try Data(contentsOf: URL(fileURLWithPath: snapshot.path))
    data[data.count / 2] ^= 1
    try data.write(to: URL(fileURLWithPath: snapshot.path))
    #expect(throws: ArchiveError.self) { try restorer.verify(snapshot.path) }
    // Even a member that goes bad between the verification and the copy leaves the database as it was.
    let before = try DatabaseDump.text(path)
    let reader = try ArchiveReader(opening: snapshot.path)
    #expect(throws: ArchiveError.self) { try restorer.restore(reader, into: path) }
    #expect(try DatabaseDump.text(path) == before)
  }

  @Test(arguments: [ENOSPC, EIO])
  func `whichever call fails, a snapshot is whole or not there`(_ code: Int32) throws {
    let original = try Scratch()
    try SampleDatabases.legacy(original.file("a"))
    let dump = try DatabaseDump.text(original.file("a"))
    var number = 0
    while true {
      number += 1
      let scratch = try Scratch()
      let failing = FailingCalls(at: number, code: code)
      let store = Store(path: scratch.file("Backups"), files: FileSystem(calls: failing.calls))
      do {
        _ = try take(original.file("a"), in: store)
      } catch {
        #expect(error is FileError || error is ArchiveError || error is NotDurable, "\(error)")
      }
      guard failing.failed != nil else { break }
      let catalogue = try Store(path: scratch.file("Backups")).catalogue()
      #expect(catalogue.unreadable.isEmpty)
      let leftovers = try scratch.tree().filter { $0.contains(DurableFile.temporaryMark) }
      #expect(leftovers == [])
    }
    #expect(number > 15)
    #expect(try DatabaseDump.text(original.file("a")) == dump)
  }
}

@Suite struct StoreTests {
  private func snapshot(_ database: String, in store: Store) throws -> Store.Snapshot {
    let request = SnapshotTaker.Request(
      database: database,
      reason: .manual,
      created: "2026-11-22T22:51:33Z",
      tool: "test",
      busyTimeout: .zero,
      heads: { _ in [] }
    )
    return try SnapshotTaker(store: store).take(request)
  }

  @Test func `the latest is the one with the highest sequence, whatever the clock said`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a")
    try SampleDatabases.legacy(path)
    let store = Store(path: Store.defaultPath(for: path))
    let ids = try (0..<5).map { _ in try snapshot(path, in: store).manifest.id }
    #expect(try store.catalogue().snapshots.map(\.manifest.id) == ids)
    #expect(try store.find("latest", database: path).manifest.id == ids[4])
    #expect(try store.find(String(ids[2].prefix(7)), database: path).manifest.id == ids[2])
  }

  @Test func `the latest of a database is never one of another`() throws {
    let scratch = try Scratch()
    for name in ["a", "b"] { try SampleDatabases.legacy(scratch.file(name)) }
    let store = Store(path: scratch.file("Backups"))
    let first = try snapshot(scratch.file("a"), in: store)
    _ = try snapshot(scratch.file("b"), in: store)
    #expect(try store.find("latest", database: scratch.file("a")).manifest.id == first.manifest.id)
    #expect(throws: SnapshotError.self) { try store.find("latest", database: scratch.file("c")) }
  }

  @Test func `what is not there, or not unique, is said in words`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a")
    try SampleDatabases.legacy(path)
    let store = Store(path: scratch.file("Backups"))
    for reference in ["latest", "zzzz", "", "Backups/none.sqlite3.gz"] {
      let error = try #require(throws: SnapshotError.self) {
        try store.find(reference, database: path)
      }
      #expect(error.code == .noSuchSnapshot)
    }
  }

  @Test func `a damaged archive is listed as what cannot be read`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a")
    try SampleDatabases.legacy(path)
    let store = Store(path: scratch.file("Backups"))
    _ = try snapshot(path, in: store)
    try scratch.write("garbage", to: "Backups/20200101T000000Z-base-manual-00000000.sqlite3.gz")
    try scratch.write("not ours", to: "Backups/notes.txt")
    let catalogue = try store.catalogue()
    #expect(catalogue.snapshots.count == 1)
    #expect(catalogue.unreadable.count == 1)
    #expect(throws: ArchiveError.self) { try store.find("00000000", database: path) }
    #expect(
      try store.find("latest", database: path).manifest.id == catalogue.snapshots[0].manifest.id
    )
    try scratch.write("garbage", to: "Backups/20990101T000000Z-base-manual-00000001.sqlite3.gz")
    #expect(throws: ArchiveError.self, "it may be the latest") {
      try store.find("latest", database: path)
    }
  }

  @Test func `a file name is safe whatever the revisions are called`() {
    let name = Store.fileName(
      created: "2026-11-22T22:51:33Z",
      heads: ["a b/../$(x)\n", "ü"],
      reason: .preUpgrade,
      id: "01234567"
    )
    #expect(
      name == "20261122T225133Z-a_b______x____-pre-upgrade-01234567.sqlite3.gz"
        || !name.contains("/")
    )
    #expect(name.allSatisfy { $0.isASCII && !$0.isWhitespace && !"$()/".contains($0) })
  }
}
