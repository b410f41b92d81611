import Foundation
import SQLite
import TestKit
import Testing

/// What the program promises, asked of the program itself.
@Suite struct CommandTests {
  static let scripts = Workshop.xmanagerScripts

  @Test func `every result has its JSON, and a failure too`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    func json(_ arguments: [String], status: Int32 = 0) throws -> Any {
      let outcome = try Workshop.xmSafe(
        arguments + ["--json", "-q", "--db", path, "--scripts", Self.scripts]
      )
      #expect(outcome.status == status, "\(outcome)")
      let text = status == 0 || status == 23 ? outcome.output : outcome.errors
      return try JSONSerialization.jsonObject(with: Data(text.utf8))
    }
    let pending = try #require(try json(["check"], status: 23) as? [String: Any])
    #expect(pending["pending"] as? [String] == ["f45829405692"])
    let upgrade = try #require(try json(["upgrade"]) as? [String: Any])
    #expect(upgrade["outcome"] as? String == "upgraded")
    let saved = try #require(upgrade["snapshot"] as? [String: Any])
    let id = try #require(saved["id"] as? String)
    #expect(
      (try json(["current"]) as? [String: Any])?["revisions"] as? [String] == ["f45829405692"]
    )
    #expect((try json(["check"]) as? [String: Any])?["pending"] as? [String] == [])
    #expect((try json(["show", id]) as? [String: Any])?["reason"] as? String == "pre-upgrade")
    #expect(((try json(["list"]) as? [String: Any])?["snapshots"] as? [Any])?.count == 1)
    #expect(((try json(["verify", "--all"]) as? [String: Any])?["archives"] as? [Any])?.count == 1)
    #expect(
      (try json(["history"]) as? [[String: Any]])?.first?["revision"] as? String == "f45829405692"
    )
    #expect((try json(["heads"]) as? [[String: Any]])?.first?["isHead"] as? Bool == true)
    let taken = try #require(try json(["snapshot"]) as? [String: Any])
    #expect(taken["outcome"] as? String == "saved")
    #expect((taken["snapshot"] as? [String: Any])?["reason"] as? String == "manual")
    #expect((try json(["restore", id]) as? [String: Any])?["proven"] as? Bool == true)
    let failure = try #require(try json(["show", "nope"], status: 10) as? [String: Any])
    #expect((failure["error"] as? [String: Any])?["exitCode"] as? Int == 10)
  }

  @Test func `gunzip and sqlite3 alone bring a database back`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    #expect(try Workshop.xmSafe(["snapshot", "--db", path]).status == 0)
    let archive = scratch.file(
      "Backups/" + (try scratch.names(in: "Backups").last { $0.hasSuffix(".gz") } ?? "")
    )
    let show = try Workshop.xmSafe(["show", archive, "--db", path, "--json"])
    let script =
      "gunzip -c \"$1\" > \"$2\" && sqlite3 \"$2\" 'PRAGMA integrity_check' && sha256sum < \"$2\""
    let outcome = try Command.run(["sh", "-c", script, "sh", archive, scratch.file("copy")])
    #expect(outcome.status == 0, "\(outcome)")
    #expect(outcome.output.hasPrefix("ok\n"))
    let digest = outcome.output.split(separator: "\n")[1].prefix(64)
    #expect(show.output.contains(digest))
    #expect(try DatabaseDump.text(path) == DatabaseDump.text(scratch.file("copy")))
  }

  @Test func `a damaged archive is named, with its own exit code`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    #expect(try Workshop.xmSafe(["snapshot", "--db", path]).status == 0)
    let archive = scratch.file(
      "Backups/" + (try scratch.names(in: "Backups").last { $0.hasSuffix(".gz") } ?? "")
    )
    var data = try Data(contentsOf: URL(fileURLWithPath: archive))
    data[200] ^= 1
    try data.write(to: URL(fileURLWithPath: archive))
    let before = try DatabaseDump.text(path)
    for arguments in [["verify"], ["verify", "--all"], ["restore", "latest"]] {
      let outcome = try Workshop.xmSafe(arguments + ["--db", path])
      #expect(outcome.status == 22, "\(arguments): \(outcome)")
      #expect((outcome.output + outcome.errors).contains("damaged"))
    }
    #expect(try DatabaseDump.text(path) == before)
  }

  @Test func `garbage in the place of the database is no obstacle for a restore`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let dump = try DatabaseDump.text(path)
    #expect(try Workshop.xmSafe(["snapshot", "--db", path]).status == 0)
    for damage in [
      Data("garbage".utf8), Data(repeating: 0, count: 8192),
      try Data(contentsOf: URL(fileURLWithPath: path)).prefix(9000),
    ] {
      try damage.write(to: URL(fileURLWithPath: path))
      let outcome = try Workshop.xmSafe(["restore", "latest", "--db", path])
      #expect(outcome.status == 0, "\(outcome)")
      #expect(try DatabaseDump.text(path) == dump)
    }
    let refused = try Workshop.xmSafe(["restore", "latest", "--db", scratch.path])
    #expect(refused.status == 10, "\(refused)")
  }

  @Test func `a name that is not UTF-8 never becomes another database`() throws {
    let scratch = try Scratch()
    let script =
      "xm=\"$1\"; cd \"$2\" && \"$xm\" upgrade --db \"$(printf 'a\\377b')\" --scripts \"$3\""
    let outcome = try Command.run([
      "sh", "-c", script, "sh", Workshop.program, scratch.path, Self.scripts,
    ])
    #expect(outcome.status == 10, "\(outcome)")
    #expect(try scratch.names() == [])
  }

  @Test func `a result that cannot be written is not a success`() throws {
    let scratch = try Scratch()
    try SampleDatabases.legacy(scratch.file("a"))
    let script = "\"$1\" list --db \"$2\" > /dev/full"
    let outcome = try Command.run(["sh", "-c", script, "sh", Workshop.program, scratch.file("a")])
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.errors.contains("could not be written"))
  }

  @Test func `a result for a closed standard output is not a success, as of 'ls'`() throws {
    let scratch = try Scratch()
    try SampleDatabases.legacy(scratch.file("a"))
    #expect(try Command.run(["sh", "-c", "ls / >&-"]).status != 0)
    let script = "\"$1\" list --db \"$2\" >&-"
    let outcome = try Command.run(["sh", "-c", script, "sh", Workshop.program, scratch.file("a")])
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.errors.contains("could not be written"))
  }

  @Test func `a snapshot of another database is restored only by force`() throws {
    let scratch = try Scratch()
    for name in ["a", "b"] { try SampleDatabases.legacy(scratch.file(name)) }
    #expect(try Workshop.xmSafe(["snapshot", "--db", scratch.file("a")]).status == 0)
    let archive = scratch.file(
      "Backups/" + (try scratch.names(in: "Backups").last { $0.hasSuffix(".gz") } ?? "")
    )
    let refused = try Workshop.xmSafe(["restore", archive, "--db", scratch.file("b")])
    #expect(refused.status == 24, "\(refused)")
    #expect(
      try Workshop.xmSafe(["restore", archive, "--force", "--db", scratch.file("b")]).status == 0
    )
  }

  @Test func `a text without place in the terminal cannot steer it`() throws {
    let scratch = try Scratch()
    try scratch.write(
      "\"\"\"\\x1b[31mred\"\"\"\nrevision = 'aaaa'\ndown_revision = None\ndef upgrade():\n    raise RuntimeError('\\x1b]0;x\\x07')\n",
      to: "scripts/versions/a.py"
    )
    let outcome = try Workshop.xmSafe(
      ["upgrade", "--db", scratch.file("a\u{1b}[2J"), "--scripts", scratch.file("scripts")]
    )
    #expect(outcome.status == 20, "\(outcome)")
    #expect(
      !(outcome.errors + outcome.output).unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" }
    )
  }

  @Test func `closed descriptors never become a file of ours`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let script = "exec \"$1\" upgrade --db \"$2\" --scripts \"$3\" <&- >&- 2>&-"
    let outcome = try Command.run(["sh", "-c", script, "sh", Workshop.program, path, Self.scripts])
    // It is done, and could not say so.
    #expect(outcome.status == 1)
    #expect(try Workshop.xmSafe(["check", "--db", path, "--scripts", Self.scripts]).status == 0)
    #expect(try Workshop.xmSafe(["verify", "--all", "--db", path]).status == 0)
    #expect(try Connection(opening: path, mode: .readWrite).integrityCheck() == [])
  }

  @Test func `version, help and mistakes on the command line`() throws {
    let version = try Workshop.xmSafe(["--version"])
    #expect(version.output.hasPrefix("xm-safe 0."))
    #expect(version.output.contains("SQLite 3."))
    let help = try Workshop.xmSafe(["--help"])
    #expect(help.status == 0)
    for verb in [
      "upgrade", "check", "current", "snapshot", "list", "show", "verify", "restore", "history",
      "heads", "downgrade", "stamp", "branches", "revision", "merge", "init",
    ] {
      #expect(help.output.contains("  \(verb) "))
      let help = try Workshop.xmSafe([verb, "--help"])
      #expect(help.status == 0)
      #expect(help.output.contains("EXIT STATUS"))
    }
    #expect(try Workshop.xmSafe(["upgrade", "--nonsense"]).status == 64)
    #expect(try Workshop.xmSafe(["list", "--busy-timeout", "-1"]).status == 64)
    let nothing = try Workshop.xmSafe(["upgrade", "--db", "x"], in: "/")
    #expect(nothing.status == 24)
    #expect(nothing.errors.contains("there are no migration scripts"))
  }
}
