import Foundation
import TestKit
import Testing
import XMSafe

/// Every command that reads archives, given every archive that is made to hurt.
@Suite struct HostileArchiveTests {
  static let name = "20261122T225133Z-base-manual-0badcafe.sqlite3.gz"
  /// What a good archive of an ordinary database never needs, in a build without optimization.
  static let memoryLimitKiB = 72 << 10

  @Test(arguments: HostileArchive.all)
  func `a hostile archive costs no more than a good one, and harms nothing`(
    _ hostile: HostileArchive
  ) throws {
    let scratch = try Scratch()
    let database = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(database)
    try scratch.write("not a database", to: "other")
    #expect(try Workshop.xmSafe(["snapshot", "--db", database]).status == 0)
    let archive = scratch.file("Backups/" + Self.name)
    let forged = try ArchiveForge.write(archive, of: database, hostile.change)
    try #require(forged.status == 0, "\(forged)")
    let before = try Data(contentsOf: URL(fileURLWithPath: database))
    let around = try scratch.tree().filter { !$0.hasPrefix("Backups/") }

    let runs = try MeasuredRun.all(
      Self.commands(archive, copy: scratch.file("copy")).map { $0 + ["--db", database] }
    )
    for run in runs { check(run) }
    if let answer = hostile.answer {
      let expected = [
        answer.show, answer.show, answer.verify, answer.deep, answer.diff, answer.restore,
        answer.restore,
      ]
      for (run, status) in zip(runs, expected) {
        #expect(run.status == status, "\(run.arguments): \(run.output)\(run.errors)")
      }
      #expect(hostile.words.isEmpty || runs[0].errors.contains(hostile.words))
    }
    if runs[6].status != 0 {
      #expect(try Data(contentsOf: URL(fileURLWithPath: database)) == before)
    }
    #expect(try String(contentsOfFile: scratch.file("other"), encoding: .utf8) == "not a database")
    let made = try scratch.tree().filter { !$0.hasPrefix("Backups/") && !around.contains($0) }
    #expect(made == (runs[5].status == 0 ? ["copy"] : []))
    #expect(try scratch.names(in: "Backups").filter { $0.contains("partial") } == [])
  }

  /// The restore into the database is last: what it makes of the database may be as odd as the archive.
  private static func commands(_ archive: String, copy: String) -> [[String]] {
    [
      ["show", archive], ["show", "--json", archive], ["verify", archive],
      ["verify", "--deep", archive], ["diff", archive], ["restore", archive, "--to", copy],
      ["restore", archive], ["list"], ["list", "--json"], ["verify", "--all"],
      ["prune", "--keep-last", "1", "--dry-run"],
    ]
  }

  private func check(_ run: MeasuredRun) {
    let said = "\(run.arguments): \(run.output.prefix(2000))\(run.errors.prefix(2000))"
    #expect(ExitStatus(rawValue: run.status) != nil, "\(run.status) of \(said)")
    #expect(run.peakKiB < Self.memoryLimitKiB, "\(run.peakKiB) KiB for \(said)")
    let steering = (run.output + run.errors).unicodeScalars.filter { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator: scalar != "\n"
      default: false
      }
    }
    // The legacy schema, which `diff` prints as SQL, has no tabs.
    #expect(steering.isEmpty, "\(steering.map(\.value)) in \(said)")
  }

  @Test func `a good archive costs no more than is allowed`() throws {
    let scratch = try Scratch()
    let database = scratch.file("a.sqlite3")
    try SampleDatabases.large(database, rows: 60_000)
    let snapshot = try #require(try MeasuredRun.all([["snapshot", "--db", database]]).first)
    check(snapshot)
    let archive = try #require(try scratch.names(in: "Backups").first { $0.hasSuffix(".gz") })
    let runs = try MeasuredRun.all(
      Self.commands(scratch.file("Backups/" + archive), copy: scratch.file("copy"))
        .map { $0 + ["--db", database] }
    )
    for run in runs {
      check(run)
      #expect(run.status == 0, "\(run)")
    }
  }
}
