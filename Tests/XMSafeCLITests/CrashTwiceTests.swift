import DurableFiles
import Foundation
import SQLite
import TestKit
import Testing

/// What happens between a kill and the next command, and a second kill in that: nothing of anybody is lost.
@Suite struct CrashTwiceTests {
  /// A database with one row, in a directory of its own, and a command that ruins it and fails.
  struct Scene {
    let scratch: Scratch
    var path: String { scratch.file("place/a.db") }
    var note: String { path + "-xm-safe-note" }

    init(journalMode: String = "delete") throws {
      scratch = try Scratch()
      try FileManager.default.createDirectory(
        atPath: scratch.file("place"),
        withIntermediateDirectories: true
      )
      try sql(
        "PRAGMA journal_mode=\(journalMode); CREATE TABLE t(x); INSERT INTO t VALUES('before')"
      )
      try scratch.write(
        "sqlite3 a.db \"DELETE FROM t; INSERT INTO t VALUES('half done')\"; exit 3\n",
        to: "place/bad.sh"
      )
      try scratch.write("echo rubbish > a.db; exit 3\n", to: "place/ruin.sh")
    }

    func sql(_ statements: String) throws {
      let outcome = try Command.run(["sqlite3", path, statements])
      #expect(outcome.status == 0, "\(outcome)")
    }

    func rows() throws -> [String] {
      try Command.run(["sqlite3", path, "SELECT x FROM t ORDER BY rowid"]).output
        .split(separator: "\n").map(String.init)
    }

    func run(_ arguments: [String], in directory: String = "place") throws -> Command.Outcome {
      try Workshop.xmSafe(
        [arguments[0], "--db", "a.db"] + arguments.dropFirst(),
        in: scratch.file(directory)
      )
    }

    /// Runs, killed before the n-th of some calls of its own; returns whether it came to that.
    func killed(_ call: String, _ turn: Int, _ arguments: [String]) throws -> Bool {
      let (verb, rest) = (arguments[0], arguments.dropFirst())
      let outcome = try Command.run(
        [
          "strace", "-o", "/dev/null", "-e", "inject=\(call):signal=KILL:when=\(turn)",
          Workshop.program, verb, "--db", "a.db",
        ] + rest,
        in: scratch.file("place")
      )
      return outcome.status == 128 + SIGKILL
    }

    /// The first number from which on the run is killed where its note says that the snapshot is being put back.
    func killedWhileRestoring(_ script: String, call: String = "fdatasync") throws {
      // Which thread makes a call is not the same each time: one run that is not killed does not say that there are no more.
      var misses = 0
      for turn in 1...60 where misses < 3 {
        guard try killed(call, turn, ["run", "--", "sh", script]) else {
          misses += 1
          try reset()
          continue
        }
        misses = 0
        if try FileStatus.ifPresent(note) != nil,
          try String(contentsOfFile: note, encoding: .utf8).contains("\"restoring\""),
          try rows() != ["before"]
        {
          return
        }
        try reset()
      }
      Issue.record("it was never killed there")
    }

    func reset() throws {
      for name in try scratch.names(in: "place") where name.hasPrefix("a.db") || name == "Backups" {
        try FileManager.default.removeItem(atPath: scratch.file("place/" + name))
      }
      try sql("CREATE TABLE t(x); INSERT INTO t VALUES('before')")
    }

    var id: String {
      get throws {
        let name = try #require(
          try scratch.names(in: "place/Backups").first { $0.contains("pre-upgrade") }
        )
        return String(name.dropLast(".sqlite3.gz".count).suffix(8))
      }
    }
  }

  @Test(arguments: ["current", "list", "doctor", "snapshot", "verify", "check", "prune"])
  func `what was killed while it was put back is put back by the next command`(
    _ verb: String
  ) throws {
    let scene = try Scene()
    try scene.killedWhileRestoring("bad.sh")
    let more = verb == "prune" ? ["--keep-last", "1"] : verb == "verify" ? ["--all"] : []
    let outcome = try scene.run([verb] + more)
    #expect(outcome.errors.contains("is done now"), "\(outcome)")
    #expect(try scene.rows() == ["before"])
    #expect(try FileStatus.ifPresent(scene.note) == nil)
  }

  @Test(arguments: ["delete", "wal"])
  func `killed again at whatever call while it is put back, the third command does it`(
    _ journalMode: String
  ) throws {
    var kills = 0
    for call in ["fdatasync", "fsync", "rename", "unlink", "link", "pwrite64"] {
      for turn in [1, 2, 3, 4, 6, 9, 14] {
        let scene = try Scene(journalMode: journalMode)
        try scene.killedWhileRestoring("bad.sh")
        guard try scene.killed(call, turn, ["current"]) else { break }
        kills += 1
        let third = try scene.run(["list"])
        #expect(third.status == 0, "\(call) \(turn): \(third)")
        #expect(try scene.rows() == ["before"], "\(call) \(turn): \(third)")
        #expect(try FileStatus.ifPresent(scene.note) == nil, "\(call) \(turn)")
        let left = try scene.scratch.tree().filter { $0.contains("partial") }
        #expect(left == [], "\(call) \(turn)")
      }
    }
    #expect(kills > 15)
  }

  @Test func `rows that somebody commits after the kill are left alone, and said to be`() throws {
    let scene = try Scene()
    try scene.killedWhileRestoring("bad.sh")
    try scene.sql("INSERT INTO t VALUES('precious')")
    let present = try scene.rows()
    for verb in ["list", "current", "verify", "doctor", "snapshot"] {
      let outcome = try scene.run([verb] + (verb == "verify" ? ["--all"] : []))
      #expect(outcome.errors.contains("other programs have changed"), "\(verb): \(outcome)")
      #expect(try scene.rows() == present, "\(verb)")
    }
    let id = try scene.id
    let refused = try scene.run(["run", "--", "true"])
    #expect(
      refused.status == 24 && refused.plainErrors.contains("xm-safe restore \(id)"),
      "\(refused)"
    )
    #expect(try scene.run(["check"]).status != 0)
    // No prune takes the way back.
    for _ in 1...3 {
      try scene.sql("INSERT INTO t VALUES('later')")
      #expect(try scene.run(["snapshot"]).status == 0)
    }
    let pruned = try scene.run(["prune", "--keep-last", "1"])
    #expect(pruned.output.contains("a killed run is not settled"), "\(pruned)")
    #expect(try scene.run(["restore", id]).status == 0)
    #expect(try scene.rows() == ["before"])
    #expect(try FileStatus.ifPresent(scene.note) == nil)
    #expect(try scene.run(["undo"]).status == 0)
    #expect(try scene.rows().contains("precious"))
  }

  @Test func `another database that somebody has put there since is left alone`() throws {
    let scene = try Scene()
    try scene.killedWhileRestoring("bad.sh")
    try FileManager.default.removeItem(atPath: scene.path)
    for suffix in ["-journal", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: scene.path + suffix)
    }
    try scene.sql("CREATE TABLE t(x); INSERT INTO t VALUES('another')")
    _ = try scene.run(["list"])
    #expect(try scene.rows() == ["another"])
  }

  /// Longer than a page: SQLite takes what is shorter for an empty database.
  static let rubbish = String(repeating: "rubbish ", count: 1024)

  /// A file that is no database with a log beside it, and a restore that is killed in replacing it.
  private func killedWhileReplacing() throws -> Scene {
    let scene = try Scene(journalMode: "wal")
    #expect(try scene.run(["snapshot"]).status == 0)
    let logged = try Command.run(
      [
        "sqlite3", "a.db", "INSERT INTO t VALUES('in the old log')", ".shell cp a.db-wal log",
      ],
      in: scene.scratch.file("place")
    )
    #expect(logged.status == 0, "\(logged)")
    try scene.scratch.write(Self.rubbish, to: "place/a.db")
    try FileManager.default.copyItem(
      atPath: scene.scratch.file("place/log"),
      toPath: scene.path + "-wal"
    )
    #expect(try scene.killed("link", 2, ["restore", "latest"]), "it was never killed there")
    #expect(try FileStatus.ifPresent(scene.path + ".replaced-1-wal") != nil)
    return scene
  }

  @Test func `a file that was to be replaced gets its log back`() throws {
    let scene = try killedWhileReplacing()
    let elsewhere = scene.scratch.file("elsewhere")
    // Also a command with another store finds the note, and takes nothing away that it needs.
    let outcome = try scene.run(["list", "--store", elsewhere])
    #expect(outcome.errors.contains("exactly as it was before"), "\(outcome)")
    #expect(try String(contentsOfFile: scene.path, encoding: .utf8) == Self.rubbish)
    let log = try Data(contentsOf: URL(fileURLWithPath: scene.scratch.file("place/log")))
    #expect(try Data(contentsOf: URL(fileURLWithPath: scene.path + "-wal")) == log)
    #expect(try FileStatus.ifPresent(scene.note) == nil)
    let left = try scene.scratch.names(in: "place").filter {
      $0.contains("partial") || $0.contains("replaced")
    }
    #expect(left == [])
  }

  @Test func `a database that somebody has put there with gunzip never gets the old log`() throws {
    let scene = try killedWhileReplacing()
    let archive = try #require(
      try scene.scratch.names(in: "place/Backups").first { $0.hasSuffix(".gz") }
    )
    let gunzip = try Command.run(
      ["sh", "-c", "gunzip -c Backups/\(archive) > new.db && mv new.db a.db"],
      in: scene.scratch.file("place")
    )
    #expect(gunzip.status == 0)
    try scene.sql("INSERT INTO t VALUES('precious')")
    let outcome = try scene.run(["list"])
    #expect(outcome.errors.contains("changed by other programs since"), "\(outcome)")
    #expect(try scene.rows() == ["before", "precious"])
    #expect(try FileStatus.ifPresent(scene.path + "-wal")?.size ?? 0 == 0)
    #expect(try FileStatus.ifPresent(scene.path + ".replaced-1-wal") != nil)
  }

  @Test func `a file that a command has ruined is put back after the kill`() throws {
    let scene = try Scene()
    // The first two links are those of the snapshot and of the note.
    #expect(try scene.killed("link", 3, ["run", "--", "sh", "ruin.sh"]), "never killed there")
    let outcome = try scene.run(["list"])
    #expect(outcome.errors.contains("is done now"), "\(outcome)")
    #expect(try scene.rows() == ["before"])
    #expect(try String(contentsOfFile: scene.path + ".replaced-1", encoding: .utf8) == "rubbish\n")
  }

  @Test func `a file that a command has ruined and somebody has put back stays`() throws {
    let scene = try Scene()
    #expect(try scene.killed("link", 3, ["run", "--", "sh", "ruin.sh"]), "never killed there")
    try FileManager.default.removeItem(atPath: scene.path)
    try scene.sql("CREATE TABLE t(x); INSERT INTO t VALUES('mine')")
    let outcome = try scene.run(["list"])
    #expect(outcome.errors.contains("other programs have changed"), "\(outcome)")
    #expect(try scene.rows() == ["mine"])
  }

  @Test func `the note is found when the directory was renamed`() throws {
    let scene = try Scene()
    try scene.killedWhileRestoring("bad.sh")
    try FileManager.default.moveItem(
      atPath: scene.scratch.file("place"),
      toPath: scene.scratch.file("elsewhere")
    )
    let outcome = try scene.run(["list"], in: "elsewhere")
    #expect(outcome.errors.contains("is done now"), "\(outcome)")
    let rows = try Command.run(["sqlite3", scene.scratch.file("elsewhere/a.db"), "SELECT x FROM t"])
    #expect(rows.output == "before\n")
  }

  @Test
  func `where the snapshot is gone, everything but a change goes on, and another can be restored`()
    throws
  {
    let scene = try Scene()
    #expect(try scene.run(["snapshot"]).status == 0)
    let good = try #require(
      try scene.scratch.names(in: "place/Backups").first { $0.hasSuffix(".gz") }
    )
    try scene.killedWhileRestoring("bad.sh")
    // `killedWhileRestoring` may have begun anew.
    let hasGood = try scene.scratch.names(in: "place/Backups").contains(good)
    let name = try #require(
      try scene.scratch.names(in: "place/Backups").first { $0.contains("pre-upgrade") }
    )
    try FileManager.default.removeItem(atPath: scene.scratch.file("place/Backups/" + name))
    for verb in ["list", "current", "snapshot"] {
      let outcome = try scene.run([verb])
      #expect(outcome.status == 0 && outcome.errors.contains("could not be put back"), "\(outcome)")
    }
    #expect(try scene.run(["run", "--", "true"]).status == 24)
    let doctor = try scene.run(["doctor"])
    #expect(doctor.status == 25 && doctor.output.contains("nobody has decided"), "\(doctor)")
    let other = try scene.run(["restore", hasGood ? String(good.dropLast(11).suffix(8)) : "latest"])
    #expect(other.status == 0, "\(other)")
    #expect(try FileStatus.ifPresent(scene.note) == nil)
  }
}
