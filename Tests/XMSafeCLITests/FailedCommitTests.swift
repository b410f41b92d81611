import Foundation
import SQLite
import TestKit
import Testing

/// The real program on a database in WAL mode whose log cannot be synced: what it says must be true, also after a power cut.
@Suite struct FailedCommitTests {
  struct Case: CustomTestStringConvertible, Sendable {
    var verb: String
    var lasts: Bool
    var testDescription: String { "\(verb), \(lasts ? "for good" : "once")" }
  }

  static let cases = [
    Case(verb: "upgrade", lasts: false),
    Case(verb: "upgrade", lasts: true),
    Case(verb: "undo", lasts: false),
    Case(verb: "undo", lasts: true),
  ]

  @Test(arguments: cases)
  func `a commit whose sync fails is as before, or not said to be`(_ test: Case) throws {
    var statuses: Set<Int32> = []
    var number = 0
    while !statuses.contains(0) {
      number += 1
      let scratch = try Scratch()
      let path = scratch.file("a.sqlite3")
      try SampleDatabases.legacy(path)
      try SampleDatabases.create(path, ["PRAGMA journal_mode=wal"])
      let scripts = ["--db", path, "--scripts", Workshop.xmanagerScripts]
      if test.verb == "undo" { #expect(try Workshop.xmSafe(["upgrade"] + scripts).status == 0) }
      // An application that keeps the database open, so that nobody clears the log away.
      let application = try Connection(opening: path, mode: .readWrite)
      _ = try application.value("SELECT count(*) FROM sqlite_schema")
      let before = try DatabaseDump.text(path)
      let outcome = try Command.run(
        [
          "strace", "-f", "-qq", "-o", scratch.file("trace"), "-e", "trace=fdatasync", "-P",
          path + "-wal",
          "-e", "inject=fdatasync:error=EIO:when=\(number)\(test.lasts ? "+" : "")",
          Workshop.program, test.verb,
        ] + (test.verb == "upgrade" ? scripts : ["--db", path])
      )
      statuses.insert(outcome.status)
      guard outcome.status != 0, outcome.status != 21 else { continue }
      // What a power cut leaves: the file and its log, without the index in memory.
      let copy = scratch.file("after the cut")
      for suffix in ["", "-wal"] {
        try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
      }
      #expect(try DatabaseDump.text(copy) == before, "\(outcome)")
      try application.close()
    }
    #expect(number > 1, "no sync was failed")
    #expect(statuses.contains(test.lasts ? 21 : test.verb == "upgrade" ? 20 : 1), "\(statuses)")
  }
}
