import Archive
import SQLite
import Snapshots
import TestKit
import Testing

/// A restore that fails after it has left WAL mode for another page size.
@Suite struct WALPauseTests {
  private final class Witness {
    var sentences: [String] = []
    var reader: Connection?
  }

  private func request(_ database: String) -> SnapshotTaker.Request {
    SnapshotTaker.Request(
      database: database,
      reason: .manual,
      created: "2026-11-22T22:51:33Z",
      tool: "test",
      busyTimeout: .zero,
      heads: { _ in [] }
    )
  }

  /// A snapshot with pages of 512 bytes, and a live database in WAL mode with pages of 4096.
  private func prepared(_ scratch: Scratch) throws -> (archive: String, live: String) {
    let store = Store(path: scratch.file("Backups"))
    try SampleDatabases.large(scratch.file("a"), rows: 3, pageSize: 512)
    let snapshot = try SnapshotTaker(store: store).take(request(scratch.file("a")))
    try SampleDatabases.large(scratch.file("b"), rows: 5, pageSize: 4096)
    try SampleDatabases.create(scratch.file("b"), ["PRAGMA journal_mode=WAL"])
    return (snapshot.path, scratch.file("b"))
  }

  private func journalMode(_ path: String) throws -> String {
    let connection = try Connection(opening: path, mode: .readWrite)
    let mode = try connection.journalMode()
    try connection.close()
    return mode
  }

  @Test func `the database is in WAL mode again when what is there cannot be saved`() throws {
    struct NoRoom: Error {}
    let scratch = try Scratch()
    let (archive, live) = try prepared(scratch)
    let before = try DatabaseDump.text(live)
    let witness = Witness()
    let restorer = Restorer(
      busyTimeout: .zero,
      notice: { witness.sentences.append($0) }
    )
    #expect(throws: NoRoom.self) {
      let saving = Restorer.Saving(
        begin: {
          #expect(try journalMode(live) == "delete")
          throw NoRoom()
        },
        published: { _ in }
      )
      return try restorer.restore(try restorer.verify(archive), into: live, saving: saving)
    }
    #expect(witness.sentences == [])
    #expect(try journalMode(live) == "wal")
    #expect(try DatabaseDump.text(live) == before)
  }

  @Test func `who prevents the copy and the way back into WAL mode is not kept silent`() throws {
    let scratch = try Scratch()
    let (archive, live) = try prepared(scratch)
    let before = try DatabaseDump.text(live)
    let witness = Witness()
    let restorer = Restorer(
      busyTimeout: .zero,
      notice: { witness.sentences.append($0) }
    )
    let taker = SnapshotTaker(store: Store(path: scratch.file("Backups")))
    #expect(throws: SQLiteError.self) {
      let saving = Restorer.Saving(
        begin: {
          let other = try Connection(opening: live, mode: .readWrite)
          try other.beginReading()
          witness.reader = other
          return try taker.begin(request(live))
        },
        published: { _ in }
      )
      return try restorer.restore(try restorer.verify(archive), into: live, saving: saving)
    }
    #expect(witness.sentences.count == 1)
    #expect(witness.sentences[0].contains("was in WAL mode and is in rollback mode now"))
    #expect(witness.sentences[0].hasSuffix("'PRAGMA journal_mode=WAL' changes it back"))
    try witness.reader?.close()
    #expect(try journalMode(live) == "delete")
    #expect(try DatabaseDump.text(live) == before)
  }
}
