import Foundation
import SQLite
import TestKit
import Testing

/// `list`, `verify` and `pin`: what they cover in a shared store, and what they note beside the archives.
@Suite struct StoreCommandTests {
  private func ids(_ outcome: Command.Outcome) throws -> [String] {
    let json =
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
    let records = (json?["snapshots"] ?? json?["archives"]) as? [[String: Any]]
    return try #require(records).compactMap { $0["id"] as? String }
  }

  @Test(arguments: ["list", "verify"])
  func `a named database has its own snapshots, a named store those of all`(_ verb: String) throws {
    let scratch = try Scratch()
    let subjects = ["a", "b"].map { Subject(in: scratch, $0) }
    for subject in subjects { try SampleDatabases.legacy(subject.path) }
    let saved = try subjects.map { try $0.snapshot() }
    let command = verb == "verify" ? ["verify", "--all", "--json"] : ["list", "--json"]
    for (subject, id) in zip(subjects, saved) {
      let own = try subject.run(command)
      #expect(try ids(own) == [id])
      #expect(own.errors.contains("Left out: 1 snapshot of other databases"))
      #expect(try ids(try subject.run(command + ["--store", subject.store])) == [id])
      let all = try subject.run(command + ["--all-databases"])
      #expect(try ids(all) == saved)
      #expect(!all.errors.contains("Left out"))
    }
    let store = try Workshop.xmSafe(command + ["--store", scratch.file("Backups")], in: "/")
    #expect(try ids(store) == saved)
    let named = try Workshop.xmSafe(
      command + ["--store", scratch.file("Backups")],
      in: "/",
      environment: ["XM_SAFE_DB": scratch.file("b")]
    )
    #expect(try ids(named) == [saved[1]])
    // There, nobody can tell whose latest is meant.
    let latest = try Workshop.xmSafe(
      ["show", "latest", "--store", scratch.file("Backups")],
      in: "/"
    )
    #expect(latest.status == 24, "\(latest)")
    #expect(latest.errors.contains("no database is named"))
  }

  @Test func `what is damaged is named by its id and its database`() throws {
    let first = try Subject()
    let second = Subject(in: first.scratch, "b.sqlite3")
    try SampleDatabases.create(second.path, ["CREATE TABLE t (n)"])
    var ids: [String] = []
    for _ in 1...3 { ids.append(try first.snapshot()) }
    let other = try second.snapshot()
    for id in ids.prefix(2) { try first.damage(id) }
    let (a, b) = ("'\(first.path)'", "'\(second.path)'")
    func verify(_ arguments: String...) throws -> String {
      try first.run(["verify"] + arguments, status: 22).errors
    }
    let some = "xm-safe: 2 of 3 snapshots of \(a) are damaged: \(ids[0]), \(ids[1])\n"
    #expect(try verify("--all").contains(some))
    #expect(try verify("--all", "--quiet").hasPrefix(some))
    #expect(try verify(ids[0]).contains("xm-safe: snapshot \(ids[0]) of \(a) is damaged\n"))
    try first.damage(other)
    #expect(
      try verify("--all-databases").contains(
        "3 of 4 snapshots are damaged: \(ids[0]) of \(a), \(ids[1]) of \(a), \(other) of \(b)\n"
      )
    )
    let json = try first.run(["verify", "--all", "--json"], status: 22).output
    #expect(json.contains("\"database\""))
  }

  @Test func `a snapshot that was found damaged is listed so until it is found whole`() throws {
    let subject = try Subject()
    let id = try subject.snapshot()
    let other = try subject.snapshot()
    let archive = URL(fileURLWithPath: try subject.archive(id))
    let whole = try Data(contentsOf: archive)
    try subject.run(["verify", id])
    try subject.damage(id)
    try subject.run(["verify", id], status: 22)
    #expect(try subject.marks() == [".damaged-\(id)"])
    let lines = try subject.run(["list"]).output.split(separator: "\n")
    #expect(lines.filter { $0.contains("DAMAGED") }.map { $0.prefix(8) } == [id.prefix(8)])
    #expect(lines.contains { $0.hasPrefix(other) && !$0.contains("DAMAGED") })
    #expect(try subject.run(["show", id]).output.contains("verified  DAMAGED, found at 20"))
    #expect(try subject.snapshots().map { $0["damaged"] is String } == [true, false])
    try subject.run(["verify", "--all", "--deep"], status: 22)
    try whole.write(to: archive)
    try subject.run(["verify", "--all"])
    #expect(try subject.marks().sorted() == [".verified-\(id)", ".verified-\(other)"].sorted())
    #expect(!(try subject.run(["list"]).output.contains("DAMAGED")))
  }

  struct Mistake: CustomTestStringConvertible, Sendable {
    var arguments: [String]
    var status: Int32
    var words: String
    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let mistakes = [
    Mistake(arguments: ["pin", "/"], status: 10, words: "is a directory, not a snapshot"),
    Mistake(arguments: ["show", "/dev/null"], status: 10, words: "is a character device, not"),
    Mistake(arguments: ["verify", "./none"], status: 10, words: "there is no snapshot"),
    Mistake(arguments: ["verify", "none.sqlite3.gz"], status: 10, words: "there is no snapshot"),
    Mistake(arguments: ["prune"], status: 24, words: "no policy was specified"),
    Mistake(
      arguments: ["prune", "--keep-last", "-1"],
      status: 64,
      words: "\"-1\" is no number of snapshots"
    ),
    Mistake(
      arguments: ["prune", "--keep-yearly", "many"],
      status: 64,
      words: "\"many\" is no number of snapshots"
    ),
    Mistake(
      arguments: ["prune", "--keep-within", "-3d"],
      status: 64,
      words: "\"-3d\" is no duration"
    ),
    Mistake(
      arguments: ["prune", "--keep-within-daily", "7"],
      status: 64,
      words: "\"7\" is no duration"
    ),
    Mistake(arguments: ["snapshot", "--level", "-1"], status: 64, words: "from 0 to 9"),
    Mistake(arguments: ["list", "--busy-timeout", "-1"], status: 64, words: "from 0 to 86400"),
    Mistake(arguments: ["list", "--store", ""], status: 64, words: "--store is given without"),
    Mistake(
      arguments: ["check", "--scripts", ""],
      status: 64,
      words: "--scripts is given without"
    ),
    Mistake(arguments: ["check", "-c", ""], status: 64, words: "--config is given without"),
    Mistake(arguments: ["restore", "latest", "--to", ""], status: 64, words: "--to is given"),
  ]

  @Test(arguments: mistakes)
  func `a mistake on the command line has its own code and words`(_ mistake: Mistake) throws {
    let subject = try Subject()
    let id = try subject.snapshot()
    let outcome = try subject.run(mistake.arguments, status: mistake.status)
    #expect(outcome.errors.contains(mistake.words), "\(outcome)")
    #expect(try subject.ids() == [id])
  }

  @Test func `an empty name of a database is a mistake too`() throws {
    let outcome = try Workshop.xmSafe(["list", "--db", ""])
    #expect(outcome.status == 64, "\(outcome)")
  }

  @Test func `only what is in the store can be pinned`() throws {
    let subject = try Subject()
    let id = try subject.snapshot()
    let elsewhere = subject.scratch.file("copy.sqlite3.gz")
    try FileManager.default.copyItem(atPath: try subject.archive(id), toPath: elsewhere)
    try subject.run(["pin", elsewhere])
    #expect(try subject.marks() == [".pinned-\(id)"])
    try subject.run(["unpin", try subject.archive(id)])
    try FileManager.default.removeItem(atPath: try subject.archive(id))
    let refused = try subject.run(["pin", elsewhere], status: 24)
    #expect(refused.errors.contains("is not in the store"))
    #expect(try subject.marks() == [])
  }
}
