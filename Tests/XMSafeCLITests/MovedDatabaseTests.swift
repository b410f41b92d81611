import Foundation
import TestKit
import Testing

/// Somebody moves the file away while it is upgraded, and puts another one there.
@Suite struct MovedDatabaseTests {
  @Test(arguments: ["delete", "wal"], ["native", "alembic"])
  func `what has the name now is not touched, and nothing is called a success that is none`(
    _ mode: String,
    _ engine: String
  ) throws {
    let project = try AlembicProjectFixture(
      scripts: ["op.execute(\"INSERT INTO other VALUES (50, 'new')\")"]
    )
    let (path, moved) = (project.database, project.scratch.file("guarded/moved.db"))
    let directory = project.scratch.file("guarded")
    let set = try Command.run(["sqlite3", path, "PRAGMA journal_mode=\(mode)"])
    #expect(set.status == 0)
    let before = try project.dump()
    // Stopped where the snapshot is given its name: the file is open, and the write lock held.
    let trace = project.scratch.file("trace")
    let upgrade = try Command.started(
      [
        "strace", "-f", "-qq", "-o", trace, "-e", "trace=link", "-e",
        "inject=link:delay_exit=1500000:when=1", Workshop.program, "upgrade", "--engine", engine,
        "--python", project.stack.python, "--no-rehearsal",
      ],
      in: directory
    )
    try upgrade.wait(for: "the snapshot's name") {
      let store = project.scratch.file("guarded/Backups")
      guard FileManager.default.fileExists(atPath: store) else { return false }
      return try project.scratch.names(in: "guarded/Backups").contains {
        $0.hasSuffix(".sqlite3.gz")
      }
    }
    try FileManager.default.moveItem(atPath: path, toPath: moved)
    for suffix in ["-wal", "-shm", "-journal"]
    where FileManager.default.fileExists(atPath: path + suffix) {
      try FileManager.default.moveItem(atPath: path + suffix, toPath: moved + suffix)
    }
    let other = try Command.run(
      ["sqlite3", path, "CREATE TABLE mine (a); INSERT INTO mine VALUES ('theirs')"]
    )
    #expect(other.status == 0)
    let outcome = try upgrade.finish()
    #expect(outcome.status != 0, "\(outcome)")
    #expect(!outcome.errors.contains("Upgraded"), "\(outcome)")
    let mine = try Command.run(["sqlite3", path, "SELECT a FROM mine"])
    #expect(mine.output == "theirs\n", "\(outcome)\n\(mine)")
    let kept = try Command.run(["sqlite3", moved, "SELECT count(*) FROM other"])
    #expect(kept.output == "3\n", "\(outcome)\n\(kept)")
    #expect(before.contains("other"))
    let list = try Workshop.xmSafe(["list"], in: directory)
    #expect(list.status == 0, "\(list)")
    #expect(try Command.run(["sqlite3", path, "SELECT a FROM mine"]).output == "theirs\n")
  }

  @Test(arguments: ["delete", "wal"])
  func `nothing is restored into a file that has lost its name, nor into the one that has it`(
    _ mode: String
  ) throws {
    let scratch = try Scratch()
    let (path, moved) = (scratch.file("a.db"), scratch.file("moved.db"))
    func sql(_ path: String, _ statements: String) throws -> String {
      let outcome = try Command.run(["sqlite3", path, statements])
      #expect(outcome.status == 0, "\(outcome)")
      return outcome.output
    }
    _ = try sql(
      path,
      "PRAGMA journal_mode=\(mode); CREATE TABLE t (a); INSERT INTO t VALUES ('old')"
    )
    #expect(try Workshop.xmSafe(["snapshot", "--db", path]).status == 0)
    _ = try sql(path, "UPDATE t SET a = 'now'")
    // Stopped where what was there gets its name as a snapshot, which is before the copy counts; the first link is the note's.
    let restore = try Command.started([
      "strace", "-f", "-qq", "-o", scratch.file("trace"), "-e", "trace=link", "-e",
      "inject=link:delay_exit=1500000:when=1+", Workshop.program, "restore", "latest", "--db", path,
    ])
    try restore.wait(for: "the snapshot of what was there") {
      try scratch.names(in: "Backups").filter { $0.hasSuffix(".sqlite3.gz") }.count == 2
    }
    for suffix in ["", "-wal", "-shm", "-journal"]
    where FileManager.default.fileExists(atPath: path + suffix) {
      try FileManager.default.moveItem(atPath: path + suffix, toPath: moved + suffix)
    }
    _ = try sql(path, "CREATE TABLE mine (a); INSERT INTO mine VALUES ('theirs')")
    let outcome = try restore.finish()
    #expect(outcome.status != 0, "\(outcome)")
    #expect(!outcome.errors.contains("Restored"), "\(outcome)")
    #expect(try sql(path, "SELECT a FROM mine") == "theirs\n", "\(outcome)")
    #expect(try sql(moved, "SELECT a FROM t") == "now\n", "\(outcome)")
    #expect(outcome.errors.contains("next:"), "\(outcome)")
    #expect(!outcome.errors.contains("no process that can be seen"), "\(outcome)")
  }
}
