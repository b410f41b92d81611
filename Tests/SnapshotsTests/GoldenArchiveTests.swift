import Archive
import DurableFiles
import Foundation
import Snapshots
import TestKit
import Testing

/// The archive of format 1 that is kept for ever in Backups/, with its content as text beside it.
///
/// `RECORD_GOLDEN=1` makes both anew, and fails: a format is written once.
@Suite struct GoldenArchiveTests {
  static let archive = Workshop.root + "/Backups/golden-format-1.sqlite3.gz"
  static let content = Workshop.root + "/Backups/golden-format-1.txt"

  @Test func `an archive of format 1 is read for ever, by us, by gunzip, and by Python`() throws {
    let scratch = try Scratch()
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] != nil {
      try record(in: scratch)
      Issue.record("the golden archive was recorded anew")
    }
    let expected = try String(contentsOfFile: Self.content, encoding: .utf8)
    let restorer = Restorer(busyTimeout: .zero)
    let reader = try restorer.verify(Self.archive)
    let ours = scratch.file("ours")
    #expect(try restorer.restore(reader, into: ours) == .proven)
    #expect(try DatabaseDump.text(ours) + "\n" == expected)

    let gunzip = "gunzip -c \"$1\" > \"$2\" && sha256sum < \"$2\""
    let first = try Command.run(["sh", "-c", gunzip, "sh", Self.archive, scratch.file("gunzip")])
    #expect(first.output.hasPrefix(reader.manifest.image.sha256))
    #expect(try DatabaseDump.text(scratch.file("gunzip")) + "\n" == expected)

    let python = "import gzip, sys; open(sys.argv[2], 'wb').write(gzip.open(sys.argv[1]).read())"
    let second = try Command.run([
      Workshop.python, "-c", python, Self.archive, scratch.file("python"),
    ])
    #expect(second.status == 0, "\(second)")
    #expect(try DatabaseDump.text(scratch.file("python")) + "\n" == expected)
  }

  private func record(in scratch: Scratch) throws {
    let path = scratch.file("golden.sqlite3")
    try SampleDatabases.legacy(path)
    // Pages that are free, so that the image has several members, and the text beside it stays small.
    try SampleDatabases.create(
      path,
      [
        "CREATE TABLE big (a)", "INSERT INTO big VALUES (zeroblob(1500000))", "DELETE FROM big",
        "PRAGMA user_version=42",
      ]
    )
    let snapshot = try SnapshotTaker(store: Store(path: scratch.file("Backups"))).take(
      SnapshotTaker.Request(
        database: path,
        reason: .manual,
        created: "2026-11-23T00:00:00Z",
        tool: "0.1.0",
        busyTimeout: .zero,
        heads: { _ in [] }
      )
    )
    try FileManager.default.removeItem(atPath: Self.archive)
    try FileManager.default.copyItem(atPath: snapshot.path, toPath: Self.archive)
    try (DatabaseDump.text(path) + "\n").write(
      toFile: Self.content,
      atomically: false,
      encoding: .utf8
    )
  }
}
