import Foundation
import TestKit

/// Locks, disks that are full, signals.
extension TranscriptCase {
  static let places = [
    TranscriptCase("locked", "Another program writes to the database.") { stage in
      try stage.script("second", after: "first", "pass")
      let id = try stage.snapshot()
      try stage.whileLocked(by: "BEGIN IMMEDIATE") {
        try stage.play("upgrade", "--busy-timeout", "0.1")
        try stage.play("restore", id, "--busy-timeout", "0.1")
      }
    },
    TranscriptCase("locked-exclusively", "Another program lets nobody even read the database.") {
      stage in
      try stage.script("second", after: "first", "pass")
      _ = try stage.snapshot()
      try stage.whileLocked(by: "BEGIN EXCLUSIVE") {
        for verb in ["current", "plan", "undo", "doctor", "snapshot"] {
          try stage.play(verb, "--busy-timeout", "0.1")
        }
      }
    },
    TranscriptCase(
      "locked-writer-waits",
      "A writer waits while a snapshot is taken in rollback mode."
    ) { stage in
      try stage.whileLocked(by: "BEGIN IMMEDIATE") {
        try stage.play("snapshot", "--busy-timeout", "0")
      }
    },
    TranscriptCase("locked-by-upgrade", "Another xm-safe is upgrading the database.") { stage in
      try stage.script("second", after: "first", Stage.endless)
      let other = try Workshop.xmSafeStarted(["upgrade", "--no-rehearsal"], in: stage.scratch.path)
      try other.waitForErrors(containing: "Running upgrade first -> second")
      for arguments in [["upgrade"], ["snapshot"], ["prune", "--keep-last", "1"]] {
        if arguments.count == 1 {
          try stage.play(arguments[0])
        } else {
          try stage.play("prune", "--keep-last", "1")
        }
      }
      other.send(SIGTERM)
      _ = try other.finish()
    },
  ]

  static let room = [
    TranscriptCase("no-room-for-snapshot", "The disk of the snapshots is too small.") { stage in
      try stage.fill(rows: 4000)
      try stage.script("second", after: "first", "pass")
      try stage.mountSmallDisk("2m")
      for verb in ["upgrade", "plan", "snapshot"] { try stage.play(verb, "--store", "small") }
    },
    TranscriptCase(
      "no-room-for-upgrade",
      "The disk of the database is too small for a copy of its largest table."
    ) { stage in
      try stage.fill(rows: 2000)
      try stage.script("second", after: "first", "pass")
      try stage.mountSmallDisk("3m", "cp experiments.sqlite3 small/")
      try stage.play("upgrade", "--db", "small/experiments.sqlite3", "--store", "Backups")
    },
    TranscriptCase("no-room-in-script", "The disk becomes full while a script runs.") { stage in
      try stage.script(
        "second",
        after: "first",
        "op.execute('CREATE TABLE data (content BLOB)')",
        "op.execute('INSERT INTO data VALUES (zeroblob(9000000))')"
      )
      try stage.mountSmallDisk("4m", "cp experiments.sqlite3 small/")
      try stage.play(
        "upgrade",
        "--no-rehearsal",
        "--db",
        "small/experiments.sqlite3",
        "--store",
        "Backups"
      )
    },
    TranscriptCase("no-room-in-rehearsal", "The disk becomes full while a script is tried out.") {
      stage in
      try stage.script(
        "second",
        after: "first",
        "op.execute('CREATE TABLE data (content BLOB)')",
        "op.execute('INSERT INTO data VALUES (zeroblob(9000000))')"
      )
      try stage.mountSmallDisk("4m")
      try stage.play("upgrade", "--store", "small")
      try stage.play("plan", "--store", "small")
    },
    TranscriptCase("no-room-for-restore", "The disk of the database is too small for the snapshot.")
    { stage in
      try stage.fill(rows: 4000)
      let id = try stage.snapshot()
      try stage.sql("DROP TABLE data", "VACUUM")
      try stage.mountSmallDisk("2m", "cp experiments.sqlite3 small/")
      try stage.play("restore", id, "--to", "small/new.sqlite3")
      try stage.play("restore", id, "--to", "small/experiments.sqlite3", "--force")
    },
    TranscriptCase("output-full", "The result cannot be written.") { stage in
      try stage.mountSmallDisk("1m")
      stage.wrapper = ["sh", "-c", "exec \"$@\" > /dev/full", "sh"]
      try stage.play("list")
    },
  ]

  static let stopped = [
    TranscriptCase("interrupted", "Control-C while a script runs.") { stage in
      try stage.script("second", after: "first", Stage.endless)
      try stage.play("upgrade", "--no-rehearsal") { running in
        try running.waitForErrors(containing: "Running upgrade first -> second")
        try running.waitForWork(seconds: 0.5)
        running.send(SIGINT)
      }
    },
    TranscriptCase("terminated-in-rehearsal", "SIGTERM while a script is tried out on a copy.") {
      stage in
      try stage.script(
        "second",
        after: "first",
        "op.execute('CREATE TABLE note (id INTEGER)')",
        Stage.endless
      )
      try stage.play("upgrade") { running in
        try running.wait(for: "the rehearsal") {
          guard FileManager.default.fileExists(atPath: stage.store) else { return false }
          return try stage.scratch.names(in: "Backups").contains { $0.hasSuffix("-file-journal") }
        }
        try running.waitForWork(seconds: 0.5)
        running.send(SIGTERM)
      }
    },
    TranscriptCase("hung-up-while-waiting", "The terminal is closed while a lock is waited for.") {
      stage in
      let id = try stage.snapshot()
      try stage.whileLocked(by: "BEGIN IMMEDIATE") {
        try stage.play("restore", id, "--wait", "10m") { running in
          try running.waitForErrors(containing: "Verified snapshot")
          running.send(SIGHUP)
        }
      }
    },
    TranscriptCase("killed-upgrade", "An upgrade was killed while a script ran.") { stage in
      try stage.script("second", after: "first", Stage.endless)
      let killed = try Workshop.xmSafeStarted(
        ["upgrade", "--no-rehearsal"],
        in: stage.scratch.path
      )
      try killed.waitForErrors(containing: "Running upgrade first -> second")
      killed.send(SIGKILL)
      _ = try killed.finish()
      try stage.play("check")
      try stage.play("current")
    },
    TranscriptCase(
      "killed-after-commit",
      "An upgrade was killed when it had committed, and before it said so."
    ) { stage in
      try stage.script("second", after: "first", "op.execute('CREATE TABLE note (id INTEGER)')")
      _ = try stage.snapshot()
      stage.inject("unlink:signal=KILL", into: stage.journal)
      _ = try Command.run(stage.wrapper + [stage.program, "upgrade"], in: stage.scratch.path)
      stage.wrapper = []
      try stage.play("current")
    },
    TranscriptCase("killed-restore", "A restore was killed when it had committed.") { stage in
      let id = try stage.snapshot()
      try stage.sql("DELETE FROM job")
      stage.inject("unlink:signal=KILL", into: stage.journal)
      _ = try Command.run(stage.wrapper + [stage.program, "restore", id], in: stage.scratch.path)
      stage.wrapper = []
      try stage.play("current")
    },
    TranscriptCase("killed-note-unreadable", "The note of a killed run was overwritten.") { stage in
      _ = try stage.snapshot()
      try Data("?".utf8).write(to: URL(fileURLWithPath: stage.journal))
      try stage.play("current")
    },
    TranscriptCase(
      "commit-not-synced",
      "The disk fails for good when the log is to be made durable.",
      keepsDatabase: false
    ) { stage in
      try stage.script("second", after: "first", "op.execute('CREATE TABLE note (id INTEGER)')")
      _ = try stage.snapshot()
      try stage.sql("PRAGMA journal_mode=WAL")
      stage.inject("fdatasync:error=EIO", into: stage.path + "-wal")
      try stage.play("upgrade")
      try stage.play("current")
    },
    TranscriptCase(
      "directory-not-synced",
      "The directory of the database cannot be made durable after a commit.",
      keepsDatabase: false
    ) { stage in
      try stage.script("second", after: "first", "op.execute('CREATE TABLE note (id INTEGER)')")
      let id = try stage.snapshot()
      // Before it come the notes of what is about to happen.
      stage.inject("fsync:error=EIO:when=3+", into: stage.scratch.path)
      try stage.play("upgrade")
      stage.inject("fsync:error=EIO:when=4+", into: stage.scratch.path)
      try stage.play("restore", id)
    },
    TranscriptCase(
      "note-not-synced",
      "What is about to happen cannot be noted durably beside the database."
    ) { stage in
      try stage.script("second", after: "first", "op.execute('CREATE TABLE note (id INTEGER)')")
      let id = try stage.snapshot()
      stage.inject("fsync:error=EIO", into: stage.scratch.path)
      try stage.play("upgrade")
      try stage.play("restore", id)
    },
  ]
}
