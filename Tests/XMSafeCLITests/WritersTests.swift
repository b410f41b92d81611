import Foundation
import SQLite
import TestKit
import Testing

/// Snapshots of a database that other processes write to all the time.
///
/// A snapshot that the program gives out was read in one pass: a copy that SQLite begins again writes page 2 a second time,
/// and such a stream is refused as out of order.
@Suite(.serialized) struct WritersTests {
  private func database(_ scratch: Scratch, mode: String, rows: Int) throws -> String {
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.large(path, rows: rows)
    try SampleDatabases.create(
      path,
      ["PRAGMA journal_mode=\(mode)", "CREATE TABLE w (writer INTEGER, n INTEGER)"]
    )
    return path
  }

  private struct Saved {
    var archive: String
    var lockedSeconds: Double
    var waitedSeconds: Double
    var errors: String
  }

  private func snapshot(_ path: String, _ arguments: String...) throws -> Saved {
    let outcome = try Workshop.xmSafe(["snapshot", "--db", path, "--json"] + arguments)
    #expect(outcome.status == 0, "\(outcome)")
    let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    let record = try #require(json?["snapshot"] as? [String: Any])
    return Saved(
      archive: try #require(record["path"] as? String),
      lockedSeconds: try #require(json?["lockedSeconds"] as? Double),
      waitedSeconds: try #require(json?["waitedSeconds"] as? Double),
      errors: outcome.errors
    )
  }

  /// How many rows of each writer an archive has, after looking that they are 1 to k and the image is sound.
  private func rows(_ archive: String, _ scratch: Scratch, of transaction: Int) throws -> [Int: Int]
  {
    let image = scratch.file("image-\(UUID().uuidString)")
    let outcome = try Command.run([
      "sh", "-c", "gunzip -c \"$1\" > \"$2\"", "sh", archive, image,
    ])
    #expect(outcome.status == 0, "\(outcome)")
    let connection = try Connection(opening: image, mode: .readWrite)
    #expect(try connection.integrityCheck() == [])
    var counts: [Int: Int] = [:]
    for row in try connection.query(
      "SELECT writer, count(*), count(DISTINCT n), min(n), max(n) FROM w GROUP BY writer"
    ) {
      let numbers = row.compactMap { $0.integerValue.map(Int.init) }
      #expect(numbers[1] == numbers[2] && numbers[3] == 1 && numbers[4] == numbers[1], "\(numbers)")
      #expect(numbers[1].isMultiple(of: transaction), "half a transaction: \(numbers)")
      counts[numbers[0]] = numbers[1]
    }
    try connection.close()
    return counts
  }

  @Test(arguments: ["delete", "wal"])
  func `with several writers a snapshot is one state that existed`(_ mode: String) throws {
    let scratch = try Scratch()
    let path = try database(scratch, mode: mode, rows: 8000)
    let writers = try (0..<3).map {
      try Writer(path, number: $0, rows: 3, timeout: 60, scratch: scratch)
    }
    for writer in writers { try writer.waitForProgress() }
    for _ in 1...2 {
      let before = try writers.map { try $0.committed() }
      let saved = try snapshot(path, "--busy-timeout", "60")
      let counts = try rows(saved.archive, scratch, of: 3)
      for (number, writer) in writers.enumerated() {
        let count = try #require(counts[number])
        #expect(count >= before[number], "what was committed before is in it")
        #expect(count <= (try writer.committed()) + 3, "what is in it was committed")
      }
      #expect(mode == "delete" || saved.lockedSeconds == 0)
    }
    for writer in writers { #expect(try writer.stop() == "") }
  }

  @Test
  func
    `under a thousand commits a second in WAL mode no writer ever waits, and the snapshot is one pass`()
    throws
  {
    let scratch = try Scratch()
    let path = try database(scratch, mode: "wal", rows: 20_000)
    // With a timeout of 0 the first SQLITE_BUSY ends the writer; being alone, it can only meet the snapshot.
    let writer = try Writer(path, number: 0, rows: 1, timeout: 0, scratch: scratch)
    try writer.waitForProgress()
    var rates: [Int] = []
    // The machine may be busy with other things: what counts is a snapshot that did have such company.
    while rates.allSatisfy({ $0 < 1000 }), rates.count < 20 {
      let before = try writer.committed()
      let began = ContinuousClock.now
      let saved = try snapshot(path)
      let seconds = (ContinuousClock.now - began) / .seconds(1)
      rates.append(Int(Double(try writer.committed() - before) / seconds))
      #expect(try rows(saved.archive, scratch, of: 1)[0] ?? 0 >= before)
      #expect(saved.lockedSeconds == 0 && saved.waitedSeconds == 0)
      #expect(!saved.errors.contains("Nobody could commit"))
    }
    #expect(rates.contains { $0 >= 1000 }, "commits a second: \(rates)")
    print(
      "commits a second during the snapshots: \(rates); the longest took \(try writer.longest())"
    )
    #expect(try writer.stop() == "")
  }

  @Test
  func `in rollback mode a writer waits no longer than the timeout, then the snapshot is given up`()
    throws
  {
    let scratch = try Scratch()
    // Level 9 takes several times the timeout for rows that do not compress, on any number of cores.
    let cores = min(16, ProcessInfo.processInfo.activeProcessorCount)
    let path = try database(scratch, mode: "delete", rows: 20_000 * cores)
    let writer = try Writer(path, number: 0, rows: 1, timeout: 60, scratch: scratch)
    try writer.waitForProgress()
    let hasty = ["snapshot", "--db", path, "--level", "9", "--busy-timeout", "0.2"]
    var outcome = try Workshop.xmSafe(hasty)
    // On a machine that is busy with other things the writer may get no turn to begin in.
    var tries = 1
    while outcome.status == 0, tries < 20 {
      for name in try scratch.names(in: "Backups") where name.contains("sqlite3") {
        try FileManager.default.removeItem(atPath: scratch.file("Backups/" + name))
      }
      outcome = try Workshop.xmSafe(hasty)
      tries += 1
    }
    try writer.waitForProgress()
    #expect(outcome.status == 11, "\(outcome)")
    #expect(outcome.errors.contains("a program that writes to"))
    #expect(outcome.errors.contains("state: the database was not touched"))
    #expect(outcome.errors.contains("--busy-timeout; in WAL mode nobody waits"))
    #expect(try scratch.names(in: "Backups").filter { $0.contains("sqlite3") } == [])
    let longest = try writer.longest()
    #expect(longest < .seconds(2), "the writer waited for \(longest)")
    print("with --busy-timeout 0.2 the writer waited for at most \(longest)")
    // With time enough the snapshot is taken, and says what it has cost.
    let saved = try snapshot(path, "--level", "9", "--busy-timeout", "60")
    _ = try rows(saved.archive, scratch, of: 1)
    #expect(saved.waitedSeconds > 0.2 && saved.waitedSeconds <= saved.lockedSeconds)
    if saved.lockedSeconds >= 1 {
      #expect(saved.errors.contains("Nobody could commit to"))
      #expect(saved.errors.contains("because it is not in WAL mode; a writer waited for"))
    }
    #expect(try writer.stop() == "")
  }

  @Test func `an open transaction counts as a writer that waits in rollback mode only`() throws {
    for (mode, status) in [("delete", Int32(11)), ("wal", 0)] {
      let scratch = try Scratch()
      let path = try database(scratch, mode: mode, rows: 8000)
      let quiet = try snapshot(path)
      #expect(quiet.waitedSeconds == 0 && (quiet.lockedSeconds > 0) == (mode == "delete"))
      let other = try Connection(opening: path, mode: .readWrite)
      try other.beginImmediate()
      try other.execute("INSERT INTO w VALUES (7, 1)")
      for arguments in [["snapshot"], ["snapshot", "--if-changed"]] {
        let outcome = try Workshop.xmSafe(arguments + ["--db", path, "--busy-timeout", "0"])
        #expect(outcome.status == status, "\(outcome)")
      }
      let patient = try snapshot(path)
      #expect((patient.waitedSeconds > 0) == (mode == "delete"))
      #expect(try rows(patient.archive, scratch, of: 1) == [:])
      try other.commit()
      try other.close()
    }
  }
}
