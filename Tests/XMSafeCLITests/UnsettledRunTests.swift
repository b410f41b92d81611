import DurableFiles
import Foundation
import TestKit
import Testing

/// While nobody has decided about what a killed run has left, nothing changes it, vouches for it, or takes the way back away.
@Suite struct UnsettledRunTests {
  private typealias Scene = CrashTwiceTests.Scene

  /// A database with a wreck that somebody else has written into since, so that it is not put back by itself.
  private func undecided() throws -> Scene {
    let scene = try Scene()
    try scene.killedWhileRestoring("bad.sh")
    try scene.sql("INSERT INTO t VALUES('precious')")
    return scene
  }

  private static let scripts = ["--scripts", "migrations"]

  /// A project of one revision that makes a table; with `applied`, the database is at it.
  private func addProject(_ scene: Scene, isApplied: Bool) throws {
    try scene.scratch.write(
      """
      from alembic import op
      import sqlalchemy as sa
      revision, down_revision = 'a1', None
      def upgrade():
          op.create_table('made', sa.Column('a', sa.Integer))
      def downgrade():
          op.drop_table('made')
      """,
      to: "place/migrations/versions/a1.py"
    )
    try scene.scratch.write(
      AlembicProjectFixture.genericEnvironment,
      to: "place/migrations/env.py"
    )
    guard isApplied else { return }
    try scene.sql(
      "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL); INSERT INTO alembic_version VALUES ('a1')"
    )
  }

  @Test(arguments: [true, false])
  func `no upgrade says that there is nothing to do, or begins anew`(_ isThere: Bool) throws {
    let scene = try undecided()
    try addProject(scene, isApplied: isThere)
    if !isThere { try FileManager.default.removeItem(atPath: scene.path) }
    let present = isThere ? try scene.rows() : []
    let outcome = try scene.run(["upgrade"] + Self.scripts)
    #expect(outcome.status == 24, "\(outcome)")
    #expect(outcome.errors.contains("nobody has decided"), "\(outcome)")
    let id = try scene.id
    #expect(outcome.plainErrors.contains("xm-safe restore \(id)"), "\(outcome)")
    #expect(outcome.errors.contains("saves what is there now") == isThere, "\(outcome)")
    #expect((try FileStatus.ifPresent(scene.path) != nil) == isThere)
    if isThere { #expect(try scene.rows() == present) }
  }

  @Test func `undo does not take it for an upgrade, and doctor repairs nothing on top of it`()
    throws
  {
    let scene = try undecided()
    try scene.sql("CREATE TABLE _alembic_tmp_t(x)")
    let present = try scene.rows()
    let undo = try scene.run(["undo"])
    #expect(undo.status == 24 && undo.errors.contains("nobody has decided"), "\(undo)")
    let doctor = try scene.run(["doctor", "--fix"])
    #expect(doctor.status == 24 && doctor.errors.contains("nobody has decided"), "\(doctor)")
    #expect(try scene.rows() == present)
    #expect(try scene.scratch.names(in: "place").contains("a.db-xm-safe-note"))
    let tables = try Command.run(["sqlite3", scene.path, ".tables"]).output
    #expect(tables.contains("_alembic_tmp_t"))
  }

  @Test func `undo after what was put back by itself stops there`() throws {
    let scene = try Scene()
    try scene.killedWhileRestoring("bad.sh")
    let outcome = try scene.run(["undo"])
    #expect(outcome.status == 0 && outcome.errors.contains("is done now"), "\(outcome)")
    #expect(try scene.rows() == ["before"])
    #expect(try FileStatus.ifPresent(scene.note) == nil)
  }

  @Test func `a run that a lock kept from its restore is not said to be killed, nor to be at rest`()
    throws
  {
    let scene = try Scene()
    try addProject(scene, isApplied: false)
    try scene.scratch.write(
      """
      import os, sqlite3, time
      connection = sqlite3.connect("a.db")
      connection.execute("BEGIN")
      connection.execute("SELECT * FROM t").fetchall()
      open("held", "w").close()
      while not os.path.exists("go"): time.sleep(0.01)
      """,
      to: "place/hold.py"
    )
    try scene.scratch.write(
      """
      sqlite3 a.db "INSERT INTO t VALUES('half done')"
      setsid python3 hold.py > /dev/null 2>&1 < /dev/null &
      while [ ! -e held ]; do sleep 0.01; done
      exit 3
      """,
      to: "place/locked.sh"
    )
    // The holder ends, whatever is found.
    let go = scene.scratch.file("place/go")
    defer { _ = FileManager.default.createFile(atPath: go, contents: nil) }
    let run = try scene.run(["run", "--busy-timeout", "0.1", "--", "sh", "locked.sh"])
    #expect(run.status == 21, "\(run)")
    let id = try scene.id
    let held = try scene.run(["check", "--busy-timeout", "0.1"] + Self.scripts)
    #expect(!held.errors.contains("did not get to its end"), "\(held)")
    try scene.scratch.write("", to: "place/go")
    let check = try scene.run(["check", "--busy-timeout", "60"] + Self.scripts)
    #expect(check.status == 23, "\(check)")
    #expect(check.errors.contains(" could not put snapshot \(id) back, or was killed before: "))
    #expect(!check.errors.contains("did not get to its end"), "\(check)")
    #expect(
      check.errors.contains(
        "state: snapshot \(id) was put back first, which an earlier run had left undone; then the database was only read, and is at base"
      ),
      "\(check)"
    )
    #expect(try scene.rows() == ["before"])
    let again = try scene.run(["check"] + Self.scripts)
    #expect(again.errors.contains("state: the database was only read"), "\(again)")
  }

  @Test func `undo after an upgrade that was killed does not take back the one before it`() throws {
    let scene = try Scene()
    try addProject(scene, isApplied: false)
    #expect(try scene.run(["upgrade"] + Self.scripts).status == 0)
    try scene.sql("INSERT INTO t VALUES('later')")
    try scene.scratch.write(
      """
      from alembic import op
      revision, down_revision = 'b2', 'a1'
      def upgrade():
          op.execute("DELETE FROM t")
      def downgrade():
          pass
      """,
      to: "place/migrations/versions/b2.py"
    )
    var turn = 0
    repeat {
      turn += 1
    } while try scene.killed("pwrite64", turn, ["upgrade"] + Self.scripts)
      && FileStatus.ifPresent(scene.note) == nil
    try #require(try FileStatus.ifPresent(scene.note) != nil)
    let outcome = try scene.run(["undo"])
    #expect(outcome.status == 10, "\(outcome)")
    #expect(outcome.errors.contains("has changed nothing"), "\(outcome)")
    #expect(try scene.rows() == ["before", "later"])
  }

  @Test(arguments: ["garbage", "{\"work\":\"future\"}"])
  func `a note that nobody can read is taken away by nobody`(_ text: String) throws {
    let scene = try Scene()
    #expect(try scene.run(["snapshot"]).status == 0)
    try scene.scratch.write(text, to: "place/a.db-xm-safe-note")
    for arguments in [
      ["restore", "latest"], ["run", "--", "true"], ["prune", "--keep-last", "1"],
    ] {
      let outcome = try scene.run(arguments)
      #expect(outcome.status == 24, "\(arguments): \(outcome)")
      #expect(outcome.errors.contains("a.db-xm-safe-note"), "\(outcome)")
    }
    let doctor = try scene.run(["doctor"])
    #expect(doctor.status == 25 && doctor.output.contains("cannot be read"), "\(doctor)")
    #expect(try String(contentsOfFile: scene.note, encoding: .utf8) == text)
  }

  @Test func `a run with another store is seen by its note, and its note stays`() throws {
    let scene = try Scene()
    #expect(try scene.run(["snapshot"]).status == 0)
    let running = try Workshop.xmSafeStarted(
      [
        "run", "--db", scene.path, "--store", scene.scratch.file("other"), "--", "sh", "-c",
        "touch '\(scene.scratch.file("begun"))'; while [ ! -e '\(scene.scratch.file("go"))' ]; do :; done; sqlite3 '\(scene.path)' 'DELETE FROM t'; exit 3",
      ]
    )
    try running.wait(for: "the command") {
      FileManager.default.fileExists(atPath: scene.scratch.file("begun"))
    }
    try addProject(scene, isApplied: false)
    for arguments in [["upgrade"] + Self.scripts, ["restore", "latest"], ["run", "--", "true"]] {
      let outcome = try scene.run(arguments)
      #expect(outcome.status == 11, "\(arguments): \(outcome)")
      #expect(!outcome.errors.contains("killed"), "\(outcome)")
      #expect(try FileStatus.ifPresent(scene.note) != nil)
    }
    try scene.scratch.write("", to: "go")
    let outcome = try running.finish()
    #expect(outcome.status == 3, "\(outcome)")
    #expect(try scene.rows() == ["before"])
  }

  @Test func `no prune takes the snapshot that a renamed database still needs`() throws {
    let scene = try Scene()
    try scene.killedWhileRestoring("bad.sh")
    let id = try scene.id
    for suffix in ["", "-xm-safe-note"] {
      try FileManager.default.moveItem(
        atPath: scene.path + suffix,
        toPath: scene.scratch.file("place/b.db" + suffix)
      )
    }
    for _ in 1...3 {
      try scene.sql("CREATE TABLE IF NOT EXISTS t(x); INSERT INTO t VALUES('another')")
      #expect(try scene.run(["snapshot"]).status == 0)
    }
    #expect(try scene.run(["prune", "--keep-last", "1"]).status == 0)
    #expect(try scene.id == id)
  }

  @Test func `a directory that this user may not list keeps no prune from its work`() throws {
    let scene = try Scene()
    for row in 1...3 {
      try scene.sql("INSERT INTO t VALUES(\(row))")
      #expect(try scene.run(["snapshot"]).status == 0)
    }
    let outcome = try Command.run(
      [
        "strace", "-f", "-o", "/dev/null", "-P", scene.scratch.file("place"), "-e", "trace=openat",
        "-e", "inject=openat:error=EACCES", Workshop.program, "prune", "--db", "a.db",
        "--keep-last", "1",
      ],
      in: scene.scratch.file("place")
    )
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try scene.run(["list", "--json"]).output.components(separatedBy: "\"id\"").count == 2)
  }

  @Test func `a file that the killed command had removed is made anew with its owner and mode`()
    throws
  {
    let scene = try Scene()
    try scene.scratch.write("rm a.db; exit 3\n", to: "place/remove.sh")
    chmod(scene.path, 0o664)
    // The first two links are those of the snapshot and the note.
    #expect(try scene.killed("link", 3, ["run", "--", "sh", "remove.sh"]), "never killed there")
    #expect(try FileStatus.ifPresent(scene.path) == nil)
    let outcome = try scene.run(["list"])
    #expect(outcome.errors.contains("is done now"), "\(outcome)")
    #expect(try scene.rows() == ["before"])
    #expect(try FileStatus(of: scene.path).mode == 0o664)
  }

  @Test(arguments: ["-wal", "-journal", "-shm", "-xm-safe-note"])
  func `nothing is restored under a name that belongs to the database`(_ suffix: String) throws {
    let scene = try Scene()
    #expect(try scene.run(["snapshot"]).status == 0)
    let outcome = try scene.run(["restore", "latest", "--to", "a.db" + suffix, "--force"])
    #expect(outcome.status == 24 && outcome.errors.contains("belongs to"), "\(outcome)")
    #expect(try FileStatus.ifPresent(scene.path + suffix) == nil)
  }
}
