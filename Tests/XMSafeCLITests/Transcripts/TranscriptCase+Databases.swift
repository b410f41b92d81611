import Foundation
import SQLite
import TestKit

/// Files that are no database, or not a sound one.
extension TranscriptCase {
  static let databases = [
    TranscriptCase("database-missing", "There is no such file, and no snapshot of it.") { stage in
      for verb in ["current", "snapshot", "doctor"] {
        try stage.play(verb, "--db", "nosuch.sqlite3")
      }
    },
    TranscriptCase("database-gone", "The file is gone, and there is a snapshot of it.") { stage in
      _ = try stage.snapshot()
      try FileManager.default.removeItem(atPath: stage.path)
      try stage.play("undo")
      try stage.play("prune", "--keep-last", "1")
      try stage.play("diff", "latest")
    },
    TranscriptCase("database-no-database", "The file is something else, or encrypted.") { stage in
      stage.database = "notes.txt"
      try stage.scratch.write(String(repeating: "not a database ", count: 100), to: "notes.txt")
      for verb in ["upgrade", "current", "doctor"] { try stage.play(verb, "--db", "notes.txt") }
    },
    TranscriptCase("database-directory", "A directory is named, a pipe, a device.") { stage in
      mkfifo(stage.scratch.file("pipe"), 0o600)
      try stage.play("upgrade", "--db", "migrations")
      try stage.play("snapshot", "--db", "pipe")
      try stage.play("current", "--db", "/dev/null")
    },
    TranscriptCase("database-link-to-nothing", "The name is a link to nothing.") { stage in
      try FileManager.default.createSymbolicLink(
        atPath: stage.scratch.file("link"),
        withDestinationPath: "/nonexistent/database"
      )
      try stage.play("upgrade", "--db", "link")
    },
    TranscriptCase("database-damaged", "A page of the database was overwritten.") { stage in
      _ = try stage.snapshot()
      try stage.script("second", after: "first", "pass")
      try stage.damagePage(5)
      for verb in ["upgrade", "plan", "doctor"] { try stage.play(verb) }
    },
    TranscriptCase("database-header-damaged", "The beginning of the database was overwritten.") {
      stage in
      let id = try stage.snapshot()
      try stage.damagePage(1)
      try stage.play("undo")
      try stage.play("restore", id, "--dry-run")
    },
    TranscriptCase("database-server", "The URL names a server, with a password in it.") { stage in
      try stage.play("upgrade", "--db", "postgresql://ada:secret@host/experiments")
      try stage.play("snapshot", "--db", "sqlite:///:memory:")
    },
    TranscriptCase(
      "database-left-log",
      "The database is gone, and its log is not: SQLite would replay it into a new one."
    ) { stage in
      try Data(repeating: 7, count: 5000).write(
        to: URL(fileURLWithPath: stage.scratch.file("new.sqlite3-wal"))
      )
      let id = try stage.snapshot()
      try stage.play("upgrade", "--db", "new.sqlite3")
      try stage.play("restore", id, "--to", "new.sqlite3")
    },
    TranscriptCase(
      "database-foreign-log",
      "The log of another database lies beside it, as after a file was replaced.",
      keepsDatabase: false
    ) { stage in
      let id = try stage.snapshot()
      try stage.leaveLog(beside: stage.database)
      for verb in ["upgrade", "doctor", "undo"] { try stage.play(verb) }
      try stage.play("restore", id)
      try stage.play("current")
    },
    TranscriptCase("database-read-only", "This user may only read the database.") { stage in
      try stage.script("second", after: "first", "pass")
      chmod(stage.path, 0o444)
      try stage.becomeNobody()
      try stage.play("upgrade")
    },
    TranscriptCase("database-unreadable", "This user may not read the database.") { stage in
      try stage.becomeNobody()
      try stage.play("current")
      try stage.play("snapshot")
    },
  ]
}

extension Stage {
  /// Puts the log of another database, as a killed program leaves it, beside a file.
  func leaveLog(beside name: String) throws {
    let other = scratch.file("other.sqlite3")
    let connection = try Connection(opening: other, mode: .create)
    _ = try connection.value("PRAGMA journal_mode=WAL")
    try connection.execute("CREATE TABLE t (a)")
    try FileManager.default.copyItem(
      atPath: other + "-wal",
      toPath: scratch.file(name) + "-wal"
    )
    try connection.close()
  }
}
