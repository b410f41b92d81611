import Foundation
import Jobs
import TestKit
import Testing

/// Numbers for Prometheus.
@Suite struct MetricsTests {
  static let promtool = Workshop.root + "/.cache/promtool/usr/bin/promtool"

  /// Lets Prometheus' own program judge.
  private func expectGood(_ text: String) throws {
    let outcome = try Command.run([Self.promtool, "check", "metrics"], input: Data(text.utf8))
    #expect(outcome.status == 0, "\(outcome)\n\(text)")
    #expect((outcome.output + outcome.errors).isEmpty, "\(outcome)")
  }

  /// The value of a sample.
  private func value(_ name: String, _ label: String, in text: String) -> Double? {
    text.split(separator: "\n").first { $0.hasPrefix(name + "{") && $0.contains(label) }
      .flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
  }

  @Test func `each job writes its numbers, and promtool finds them good`() throws {
    let subject = try Subject()
    let file = subject.scratch.file("node/xm-safe.prom")
    try subject.scratch.write("", to: "node/other.prom")
    func text() throws -> String { try String(contentsOfFile: file, encoding: .utf8) }
    let begun = Date.now.timeIntervalSince1970.rounded(.down)
    for arguments in [
      ["snapshot"], ["upgrade", "--scripts", Workshop.xmanagerScripts], ["verify", "--all"],
      ["verify", "--deep"],
    ] {
      try subject.run(arguments + ["--metrics-file", file])
      try expectGood(try text())
    }
    let numbers = try text()
    for verb in ["snapshot", "upgrade", "verify"] {
      let time = value("xm_safe_last_success_timestamp_seconds", "verb=\"\(verb)\"", in: numbers)
      #expect(try #require(time) >= begun)
      #expect(value("xm_safe_last_run_exit_code", "verb=\"\(verb)\"", in: numbers) == 0)
    }
    for name in ["verify", "drill"] {
      let time = value("xm_safe_last_\(name)_timestamp_seconds", "database", in: numbers)
      #expect(try #require(time) >= begun)
    }
    #expect(value("xm_safe_snapshots", "database", in: numbers) == 2)
    #expect(value("xm_safe_damaged_snapshots", "database", in: numbers) == 0)
    let bytes = try subject.snapshots().compactMap { $0["archiveSize"] as? Double }.reduce(0, +)
    #expect(value("xm_safe_archives_bytes", "database", in: numbers) == bytes)
    #expect(try subject.scratch.names(in: "node") == ["other.prom", "xm-safe.prom"])
    // Bad news come through, and the last good one stays.
    try subject.damage(try subject.ids()[0])
    try subject.run(["verify", "--all", "--metrics-file", file], status: 22)
    let bad = try text()
    try expectGood(bad)
    #expect(value("xm_safe_last_run_exit_code", "verb=\"verify\"", in: bad) == 22)
    #expect(value("xm_safe_damaged_snapshots", "database", in: bad) == 1)
    let verified = "xm_safe_last_verify_timestamp_seconds"
    #expect(value(verified, "database", in: bad) == value(verified, "database", in: numbers))
  }

  @Test func `a name that is not made for it does not break the format`() throws {
    let name = "a\"b\\c\n\u{1b}[31m{}#é"
    let text = Metrics(
      runs: [
        RunRecord(
          verb: "snapshot",
          database: name,
          started: "2026-11-24T10:00:00Z",
          ended: "2026-11-24T10:00:01Z",
          seconds: 0.25,
          exitCode: 0,
          tool: "0"
        )
      ],
      snapshots: [
        .init(
          database: name,
          created: "2026-11-24T10:00:00Z",
          archiveSize: 1,
          databaseSize: 2,
          isDamaged: false
        )
      ],
      version: "0.1.0"
    ).text
    try expectGood(text)
    #expect(value("xm_safe_last_success_timestamp_seconds", "a", in: text) == 1_795_514_401)
    #expect(value("xm_safe_last_run_duration_seconds", "a", in: text) == 0.25)
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }

  @Test func `a file of somebody else's is not replaced by numbers, and nothing else is done`()
    throws
  {
    let subject = try Subject()
    let before = try subject.dump()
    let other = try subject.scratch.write("# HELP node_x x\nnode_x 1\n", to: "other.prom")
    let link = subject.scratch.file("link.prom")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: other)
    let tree = try subject.scratch.tree()
    for path in [subject.path, other, link, "/dev/null"] {
      let outcome = try subject.run(
        ["upgrade", "--scripts", Workshop.xmanagerScripts, "--metrics-file", path],
        status: 24
      )
      #expect(outcome.errors.contains("next:  name another file with --metrics-file"), "\(outcome)")
      #expect(!outcome.errors.contains("WARNI"))
    }
    #expect(try subject.dump() == before)
    #expect(try subject.scratch.tree() == tree)
    // Nor is one that the command itself makes.
    let new = Subject(in: subject.scratch, "new.sqlite3")
    let made = try new.run(
      ["upgrade", "--scripts", Workshop.xmanagerScripts, "--metrics-file", new.path]
    )
    #expect(made.errors.contains("The numbers for Prometheus are not written: "), "\(made)")
    try new.run(["check", "--scripts", Workshop.xmanagerScripts])
    // An empty one holds nothing.
    let empty = try subject.scratch.write("", to: "empty.prom")
    for _ in 1...2 { try subject.run(["snapshot", "--metrics-file", empty]) }
  }

  @Test func `whoever collects the numbers may read them, whatever the umask`() throws {
    let subject = try Subject()
    let file = subject.scratch.file("xm-safe.prom")
    func mode() throws -> Int? {
      try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    }
    func snapshot(umask: String) throws {
      let outcome = try Command.run(
        [
          "sh", "-c", "umask \(umask); exec \"$@\"", "sh", Workshop.program, "snapshot", "--db",
          subject.path, "--metrics-file", file,
        ]
      )
      #expect(outcome.status == 0 && !outcome.errors.contains("WARN"), "\(outcome)")
    }
    try snapshot(umask: "077")
    #expect(try mode() == 0o644)
    // What its owner has chosen stays.
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
    try snapshot(umask: "000")
    #expect(try mode() == 0o640)
  }

  @Test func `one file for two stores is warned of, since each takes the other's numbers away`()
    throws
  {
    let first = try Subject()
    let second = Subject(in: try Scratch(), "it's \"b\\.sqlite3")
    try SampleDatabases.create(second.path, ["CREATE TABLE t (n)"])
    let file = first.scratch.file("xm-safe.prom")
    func warned(_ subject: Subject, of other: Subject) throws -> Bool {
      let outcome = try subject.run(["snapshot", "--metrics-file", file])
      let words = "which this store knows nothing of: they are replaced"
      let name = other.path.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
      #expect(
        outcome.errors.contains(words)
          == outcome.errors.contains("had numbers of '\(name)', \(words)"),
        "\(outcome)"
      )
      return outcome.errors.contains(words)
    }
    #expect(try !warned(first, of: second))
    #expect(try !warned(first, of: second))
    #expect(try warned(second, of: first))
    #expect(try warned(first, of: second))
    // Two of one store are both in it.
    let third = Subject(in: first.scratch, "third.sqlite3")
    try SampleDatabases.create(third.path, ["CREATE TABLE t (n)"])
    #expect(try !warned(third, of: first))
  }

  @Test func `nothing to verify is no success, for the numbers neither`() throws {
    let subject = try Subject()
    let file = subject.scratch.file("xm-safe.prom")
    for arguments in [
      ["--all"], ["--all-databases"], ["--all", "--store", subject.scratch.file("s")],
    ] {
      let outcome = try subject.run(
        ["verify"] + arguments + ["--metrics-file", file],
        status: 10
      )
      #expect(outcome.errors.contains("there is no snapshot "), "\(outcome)")
      #expect(outcome.output.isEmpty)
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(!text.contains("xm_safe_last_verify_timestamp_seconds"))
    }
    let missing = Subject(in: subject.scratch, "missing.sqlite3")
    try missing.run(["verify", "--all"], status: 10)
    try subject.run(["snapshot"])
    try subject.run(["verify", "--all"])
    try missing.run(["verify", "--all"], status: 10)
  }

  @Test func `numbers that cannot be written fail nothing`() throws {
    let subject = try Subject()
    let outcome = try subject.run(["snapshot", "--metrics-file", "/nowhere/x.prom"])
    #expect(
      outcome.errors.contains("WARNI [xm_safe.job] The numbers for Prometheus are not written: ")
    )
  }
}
