import Foundation
import SQLite
import TestKit
import Testing

/// What is refused before anything is touched.
@Suite struct RefusalCommandTests {
  static let scripts = Workshop.xmanagerScripts

  struct RefusedCase: CustomTestStringConvertible, Sendable {
    var name: String
    var scripts: [String: String]
    var rows: [String] = []
    var words: [String]
    var testDescription: String { name }
  }

  static func script(_ id: String, _ down: String, _ body: String = "pass") -> String {
    "from alembic import op\nrevision = '\(id)'\ndown_revision = \(down)\ndef upgrade():\n    \(body)\n"
  }

  static let refused = [
    RefusedCase(
      name: "several heads",
      scripts: [
        "a.py": script("aaaa", "None"), "b.py": script("bbbb", "'aaaa'"),
        "c.py": script("cccc", "'aaaa'"),
      ],
      words: ["multiple head revisions are present: bbbb, cccc", "next:  name one of them"]
    ),
    RefusedCase(
      name: "a revision that the scripts do not have",
      scripts: ["a.py": script("aaaa", "None")],
      rows: ["dead"],
      words: ["the database is at revision 'dead', which these scripts do not have"]
    ),
    RefusedCase(
      name: "a missing parent",
      scripts: ["b.py": script("bbbb", "'zzzz'")],
      words: [
        "b.py:3:1: revision bbbb names 'zzzz' as down_revision, and there is no such revision"
      ]
    ),
    RefusedCase(
      name: "a circle",
      scripts: ["a.py": script("aaaa", "'bbbb'"), "b.py": script("bbbb", "'aaaa'")],
      words: ["cycle is detected in revisions (aaaa, bbbb)"]
    ),
    RefusedCase(
      name: "an id that is there twice",
      scripts: ["a.py": script("aaaa", "None"), "b.py": script("aaaa", "None")],
      words: ["b.py:2:1: revision aaaa is present more than once"]
    ),
    RefusedCase(
      name: "a syntax error",
      scripts: ["a.py": "def upgrade(:\n"],
      words: ["a.py:1:12: '(' was never closed"]
    ),
    RefusedCase(
      name: "a construct that is not read",
      scripts: ["a.py": script("aaaa", "None", "with open('x') as f: pass")],
      words: [
        "a.py:5:10: 'open' is not read",
        "next:  run this upgrade with the project's own alembic",
      ]
    ),
  ]

  @Test(arguments: refused)
  func `scripts that cannot be right are refused without opening the database for writing`(
    _ test: RefusedCase
  ) throws {
    let scratch = try Scratch()
    for (name, text) in test.scripts { try scratch.write(text, to: "scripts/versions/\(name)") }
    let database = scratch.file("a.sqlite3")
    try SampleDatabases.create(
      database,
      ["CREATE TABLE alembic_version (version_num VARCHAR(32))"]
        + test.rows.map { "INSERT INTO alembic_version VALUES ('\($0)')" }
    )
    let trace = scratch.file("trace")
    let outcome = try Command.run(
      [
        "strace", "-f", "-e", "trace=openat,open", "-o", trace, Workshop.program, "upgrade", "--db",
        database,
        "--scripts", scratch.file("scripts"),
      ],
      environment: ["XM_SAFE_ENGINE": "native"]
    )
    #expect(outcome.status == 24, "\(outcome)")
    for word in test.words { #expect(outcome.errors.contains(word), "\(outcome)") }
    #expect(outcome.errors.contains("state: the database was not touched"))
    let opens = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
    if !test.rows.isEmpty {
      #expect(opens.contains { $0.contains("a.sqlite3") && $0.contains("O_RDONLY") })
    }
    let written = opens.filter {
      $0.contains("a.sqlite3") && ($0.contains("O_RDWR") || $0.contains("O_WRONLY"))
    }
    #expect(written.isEmpty, "\(written)")
    #expect(try scratch.names() == ["a.sqlite3", "scripts", "trace"])
  }

  @Test func `the file that is named as the database is looked at before it is trusted`() throws {
    let scratch = try Scratch()
    let text = try scratch.write(String(repeating: "not a database ", count: 100), to: "text")
    let garbage = scratch.file("encrypted")
    try Data((0..<8192).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 / 251) }).write(
      to: URL(fileURLWithPath: garbage)
    )
    mkfifo(scratch.file("pipe"), 0o600)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.file("dangling"),
      withDestinationPath: "/nonexistent/x"
    )
    let cases: [(String, String, Int32, String)] = [
      ("upgrade", text, 10, "is not an SQLite database, or it is encrypted"),
      ("upgrade", garbage, 10, "is not an SQLite database, or it is encrypted"),
      ("snapshot", garbage, 10, "is not an SQLite database, or it is encrypted"),
      ("current", garbage, 10, "is not an SQLite database, or it is encrypted"),
      ("upgrade", scratch.path, 10, "is a directory, not a database"),
      ("snapshot", scratch.path, 10, "is a directory, not a database"),
      ("upgrade", scratch.file("pipe"), 10, "is a named pipe, not a database"),
      ("current", scratch.file("missing"), 10, "there is no database at"),
      ("snapshot", scratch.file("missing"), 10, "there is no database at"),
      ("upgrade", scratch.file("no/such/directory/a"), 10, "there is no database at"),
      ("upgrade", scratch.file("dangling"), 10, "there is no database at"),
    ]
    let before = try scratch.tree()
    for (verb, path, status, words) in cases {
      let outcome = try Workshop.xmSafe([verb, "--db", path, "--scripts", Self.scripts])
      #expect(outcome.status == status, "\(verb) \(path): \(outcome)")
      #expect(outcome.errors.contains(words), "\(verb) \(path): \(outcome)")
      let state =
        words.hasPrefix("there is no database")
        ? "there is no file, and none was made" : "the database was not touched"
      #expect(outcome.errors.contains("state: \(state)"), "\(verb) \(path): \(outcome)")
      #expect(!outcome.errors.contains("secret"))
      #expect(outcome.output.isEmpty)
    }
    let leftovers = try scratch.tree().filter { !before.contains($0) && !$0.hasPrefix("Backups") }
    #expect(leftovers == [])
  }

  @Test func `a read-only database is refused, and can still be saved`() throws {
    let scratch = try Scratch()
    try SampleDatabases.legacy(scratch.file("a.sqlite3"))
    let path = scratch.file("a.sqlite3")
    // The superuser may write to any file: the program runs as nobody, if we are that.
    chmod(path, 0o444)
    chmod(scratch.path, 0o777)
    let user = getuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
    let program = scratch.file("xm-safe")
    try FileManager.default.copyItem(atPath: Workshop.program, toPath: program)
    let scripts = scratch.file("scripts")
    try FileManager.default.copyItem(atPath: Self.scripts, toPath: scripts)
    let upgrade = try Command.run(user + [program, "upgrade", "--db", path, "--scripts", scripts])
    #expect(upgrade.status == 24, "\(upgrade)")
    #expect(upgrade.errors.contains("is read-only"))
    let snapshot = try Command.run(user + [program, "snapshot", "--db", path])
    #expect(snapshot.status == 0, "\(snapshot)")
  }

  @Test func `a locked database is refused within the timeout`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.legacy(path)
    let other = try Connection(opening: path, mode: .readWrite)
    try other.beginImmediate()
    let outcome = try Workshop.xmSafe(
      ["upgrade", "--db", path, "--scripts", Self.scripts, "--busy-timeout", "0.05"]
    )
    #expect(outcome.status == 11, "\(outcome)")
    #expect(outcome.errors.contains("is locked"))
    try other.rollback()
  }

  @Test func `a disk that is too small is refused before anything is touched`() throws {
    let scratch = try Scratch()
    let path = scratch.file("a.sqlite3")
    try SampleDatabases.large(path, rows: 9000)
    let before = try DatabaseDump.text(path)
    let small = scratch.file("small")
    let script = """
      mkdir "$4" && mount -t tmpfs -o size=2m tmpfs "$4" || exit 99
      "$1" upgrade --db "$2" --scripts "$3" --store "$4"; echo "status $?" >&2
      "$1" snapshot --db "$2" --store "$4"; echo "status $?" >&2
      ls -A "$4"
      """
    // In a mount namespace of its own: nothing has to be unmounted, whatever happens.
    let outcome = try Command.run(
      ["unshare", "-m", "sh", "-c", script, "sh", Workshop.program, path, Self.scripts, small]
    )
    #expect(outcome.errors.components(separatedBy: "status 12").count == 3, "\(outcome)")
    #expect(
      outcome.output.split(separator: "\n").allSatisfy {
        $0.hasPrefix(".lock-") || $0 == "xm-safe.jsonl"
      },
      "\(outcome)"
    )
    #expect(try DatabaseDump.text(path) == before)
  }
}
