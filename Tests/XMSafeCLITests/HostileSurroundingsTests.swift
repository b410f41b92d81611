import Foundation
import SQLite
import TestKit
import Testing

/// Names, files and stores as nobody would make them on purpose, and every command on them.
@Suite struct HostileSurroundingsTests {
  /// What is named as the database and is none.
  struct Thing: CustomTestStringConvertible, Sendable {
    var name: String
    var make: @Sendable (Scratch) throws -> Void
    var status: Int32
    var words: String
    var path = "thing"
    var testDescription: String { name }
  }

  static let things = [
    Thing(
      name: "a socket",
      make: { scratch in
        let program =
          "import os, socket, sys; os.chdir(sys.argv[1]); socket.socket(socket.AF_UNIX).bind('thing')"
        let made = try Command.run([Workshop.python, "-c", program, scratch.path])
        #expect(made.status == 0)
      },
      status: 10,
      words: "is a socket, not a database"
    ),
    Thing(
      name: "a pipe",
      make: { mkfifo($0.file("thing"), 0o600) },
      status: 10,
      words: "is a named pipe, not a database"
    ),
    Thing(
      name: "a directory",
      make: { mkdir($0.file("thing"), 0o700) },
      status: 10,
      words: "is a directory, not a database"
    ),
    Thing(
      name: "a device",
      make: { _ in },
      status: 10,
      words: "is a character device, not a database",
      path: "/dev/null"
    ),
    Thing(
      name: "a link to nothing",
      make: { symlink("/nonexistent/x", $0.file("thing")) },
      status: 10,
      words: "there is no database at"
    ),
    Thing(
      name: "a link to itself",
      make: { symlink("thing", $0.file("thing")) },
      status: 10,
      words: "there is no database at"
    ),
    Thing(
      name: "a link to a device",
      make: { symlink("/dev/zero", $0.file("thing")) },
      status: 10,
      words: "is a character device, not a database"
    ),
    Thing(
      name: "encrypted bytes",
      make: { scratch in
        let bytes = (0..<8192).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 / 251) }
        try Data(bytes).write(to: URL(fileURLWithPath: scratch.file("thing")))
      },
      status: 10,
      words: "is not an SQLite database, or it is encrypted"
    ),
    Thing(
      name: "a header, and nothing behind it",
      make: { scratch in
        try SampleDatabases.create(scratch.file("whole"), ["CREATE TABLE t (a)"])
        let whole = try Data(contentsOf: URL(fileURLWithPath: scratch.file("whole")))
        try whole.prefix(100).write(to: URL(fileURLWithPath: scratch.file("thing")))
      },
      status: 24,
      words: "is damaged"
    ),
  ]

  @Test(arguments: things)
  func `whatever is named as the database, no command waits, makes or changes anything`(
    _ thing: Thing
  ) throws {
    let scratch = try Scratch()
    try thing.make(scratch)
    let path = thing.path.hasPrefix("/") ? thing.path : scratch.file(thing.path)
    // A lock is all that a command may make, in the store.
    let before = try scratch.tree()
    let content = FileManager.default.contents(atPath: path)
    for verb in [
      ["upgrade"], ["plan"], ["check"], ["current"], ["snapshot"], ["undo"],
      ["diff", "live", "live"],
    ] {
      let options = ["--db", path, "--scripts", Workshop.xmanagerScripts]
      let outcome = try Command.run(
        ["timeout", "20", Workshop.program] + verb + options + ["--store", scratch.file("Backups")]
      )
      #expect(outcome.status == thing.status, "\(verb): \(outcome)")
      #expect(outcome.errors.contains(thing.words), "\(verb): \(outcome)")
      #expect(outcome.output.isEmpty, "\(verb): \(outcome)")
    }
    let made = try scratch.tree().filter { !before.contains($0) && $0 != "Backups" }
    #expect(
      made.allSatisfy { $0.hasPrefix("Backups/.lock-") || $0 == "Backups/xm-safe.jsonl" },
      "\(made)"
    )
    #expect(FileManager.default.contents(atPath: path) == content)
  }

  @Test(arguments: ["-rf", "--", "new\nline", "a?mode=ro&vfs=x", "100%41#f", "it's \"quoted\""])
  func `a database of any name is upgraded, planned, examined and brought back`(
    _ name: String
  ) throws {
    let scratch = try Scratch()
    let path = scratch.file(name)
    try SampleDatabases.legacy(path)
    let before = try DatabaseDump.text(path)
    func run(_ arguments: String...) throws {
      let options = ["--db=" + name, "--scripts", Workshop.xmanagerScripts]
      let outcome = try Workshop.xmSafe(arguments + options, in: scratch.path)
      #expect(outcome.status == 0, "\(arguments): \(outcome)")
    }
    try run("plan")
    try run("upgrade", "--quiet")
    #expect(try DatabaseDump.text(path) != before)
    try run("check")
    try run("doctor")
    try run("undo")
    #expect(try DatabaseDump.text(path) == before)
    #expect(try scratch.names() == ["Backups", name].sorted())
  }

  @Test func `with umask 000 nothing is made that others may read, at no moment`() throws {
    let subject = try Subject()
    chmod(subject.path, 0o600)
    let trace = subject.scratch.file("trace")
    let script = """
      umask 000
      for verb in 'snapshot' 'pin latest' 'upgrade' 'undo' 'restore latest' 'doctor --fix' 'prune --keep-last 1'; do
        strace -f -qq -A -o "$1" -e trace=open,openat,creat,mkdir,mkdirat,chmod,fchmod,fchmodat,mknod,mknodat,link,rename \\
          "$2" $verb --db "$3" --scripts "$4" || exit 1
      done
      """
    let outcome = try Command.run([
      "sh", "-c", script, "sh", trace, Workshop.program, subject.path, Workshop.xmanagerScripts,
    ])
    #expect(outcome.status == 0, "\(outcome)")
    let calls = try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
    var made = 0
    for call in calls where call.contains(subject.scratch.path) {
      // The permissions that a call asks for are its only octal number.
      guard call.contains("O_CREAT") || call.contains("mkdir") || call.contains("chmod"),
        let mode = call.firstMatch(of: #/, 0([0-7]{3,4})\b/#).flatMap({ Int($0.1, radix: 8) })
      else { continue }
      made += 1
      #expect(mode & 0o077 == 0, "\(call)")
    }
    #expect(made > 20)
    for name in try subject.scratch.tree() where name.hasPrefix("Backups") {
      let attributes = try FileManager.default.attributesOfItem(atPath: subject.scratch.file(name))
      let mode = try #require(attributes[.posixPermissions] as? Int)
      #expect(mode & 0o077 == 0, "\(name)")
    }
  }

  @Test func `a store that is a link to a directory is followed, and stays a link`() throws {
    let subject = try Subject()
    let elsewhere = subject.scratch.file("disk")
    try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: subject.store,
      withDestinationPath: elsewhere
    )
    let before = try subject.dump()
    try subject.run(["upgrade", "--scripts", Workshop.xmanagerScripts])
    try subject.run(["undo"])
    #expect(try subject.dump() == before)
    let ids = try subject.ids()
    #expect(ids.count == 2)
    try subject.run(["pin", ids[0]])
    try subject.run(["verify", "--all"])
    try subject.run(["prune", "--keep-last", "1"])
    let destination = try FileManager.default.destinationOfSymbolicLink(atPath: subject.store)
    #expect(destination == elsewhere)
    #expect(try subject.scratch.names(in: "disk").contains { $0.hasPrefix(".pinned-") })
  }

  @Test(arguments: ["a link to nothing", "a link to itself", "a file", "a link to a file"])
  func `a store that is no directory is refused by every command, and left as it is`(
    _ kind: String
  ) throws {
    let subject = try Subject()
    let file = try subject.scratch.write("notes", to: "notes")
    switch kind {
    case "a link to nothing": symlink("/nonexistent/x", subject.store)
    case "a link to itself": symlink("Backups", subject.store)
    case "a file": try subject.scratch.write("notes", to: "Backups")
    default: symlink("notes", subject.store)
    }
    let before = try subject.dump()
    for verb in [
      ["snapshot"], ["upgrade"], ["plan"], ["list"], ["show", "latest"], ["verify", "--all"],
      ["restore", "latest"], ["undo"], ["diff", "latest"], ["prune", "--keep-last", "1"],
      ["pin", "latest"], ["unpin", "latest"], ["check"], ["current"],
    ] {
      let scripts = ["--scripts", Workshop.xmanagerScripts]
      let outcome = try subject.run(verb + scripts, status: 24)
      #expect(outcome.errors.contains("the store '\(subject.store)' is a"), "\(outcome)")
      #expect(outcome.errors.contains("with --store"), "\(outcome)")
    }
    let doctor = try subject.run(["doctor"], status: 25)
    #expect(doctor.output.contains("problem   store: the store '\(subject.store)' is a"))
    #expect(try subject.dump() == before)
    #expect(try String(contentsOfFile: file, encoding: .utf8) == "notes")
    #expect(try subject.scratch.names() == ["Backups", "a.sqlite3", "notes"])
  }

  @Test func `a store on another file system serves like one beside the database`() throws {
    let subject = try Subject()
    let before = try subject.dump()
    let script = """
      xm="$1"; shift
      mkdir "$2/disk" && mount -t tmpfs tmpfs "$2/disk" || exit 99
      for verb in snapshot upgrade check undo 'restore latest' 'verify --all --deep' 'prune --keep-last 2' list; do
        "$xm" $verb --db "$1" --store "$2/disk/Backups" --scripts "$3" || exit $?
      done
      ls -A "$2/disk/Backups" | grep -c partial
      """
    // In a mount namespace of its own: nothing has to be unmounted, whatever happens.
    let outcome = try Command.run([
      "unshare", "-m", "sh", "-c", script, "sh", Workshop.program, subject.path,
      subject.scratch.path, Workshop.xmanagerScripts,
    ])
    #expect(outcome.output.hasSuffix("\n0\n"), "\(outcome)")
    #expect(try subject.dump() == before)
  }
}
