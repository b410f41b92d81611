import Foundation
import SQLite
import TestKit
import Testing

/// What stays of the snapshots when an upgrade fails again and again.
@Suite struct FailedAttemptsTests {
  @Test(arguments: [[], ["--no-rehearsal"]])
  func `of each content one snapshot stays, and what is the same goes`(_ options: [String]) throws {
    let project = try ScriptProject()
    try project.add("aaaa", up: ["op.execute('SELECT * FROM nosuch')"])
    try SampleDatabases.create(project.database, ["CREATE TABLE t (x)"])
    for number in 1...4 {
      try SampleDatabases.create(
        project.database,
        ["DELETE FROM t", "INSERT INTO t VALUES ('content \(number)')"]
      )
      for _ in 1...3 { try project.run(["upgrade"] + options, status: 20) }
    }
    let names = try project.scratch.names(in: "Backups").filter { $0.hasSuffix(".gz") }
    let contents = try names.map { name in
      let image = project.scratch.file("image")
      let unpacked = try Command.run([
        "sh", "-c", "gunzip -c \"$1\" > \"$2\"", "sh", project.scratch.file("Backups/" + name),
        image,
      ])
      #expect(unpacked.status == 0, "\(unpacked)")
      let connection = try Connection(opening: image, mode: .readOnly)
      defer { try? connection.close() }
      return try #require(try connection.value("SELECT x FROM t")?.textValue)
    }
    #expect(Set(contents) == Set((1...4).map { "content \($0)" }))
    // The first and the newest of the series, and what only one of the others has.
    #expect(contents.count <= 8, "\(contents)")
    #expect(contents.filter { $0 == "content 1" }.count == 1, "\(contents)")
  }
}
