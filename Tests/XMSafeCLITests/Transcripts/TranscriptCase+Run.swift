import Foundation
import TestKit
import Testing

/// Commands that are guarded, and go wrong.
extension TranscriptCase {
  static let guarded = [
    TranscriptCase("run-fails", "A command that is guarded fails half-way.") { stage in
      try stage.play(
        "run",
        "--",
        "sh",
        "-c",
        "sqlite3 experiments.sqlite3 'DROP TABLE job'; echo 'no such column' >&2; exit 1"
      )
    },
    TranscriptCase("run-fails-untouched", "A command fails before it has done anything.") { stage in
      try stage.play("run", "--", "false")
    },
    TranscriptCase("run-loses-rows", "A command succeeds, and rows are gone.") { stage in
      try stage.play("run", "--", "sqlite3", "experiments.sqlite3", "DELETE FROM job WHERE id = 3")
    },
    TranscriptCase("run-ruins-file", "A command overwrites the database.") { stage in
      try stage.play("run", "--", "cp", "alembic.ini", "experiments.sqlite3")
    },
    TranscriptCase("run-not-at-head", "A command leaves the database behind.") { stage in
      try stage.script("second", after: "first", "pass")
      try stage.play("run", "--expect-head", "--", "true")
    },
    TranscriptCase("run-no-program", "There is no such command, or none that can be run.") {
      stage in
      try stage.play("run", "--", "alembik", "upgrade", "head")
      try stage.play("run", "--", "./alembic.ini")
      try stage.play("run", "alembic", "upgrade", "head")
    },
    TranscriptCase("schedule-nothing", "There is nothing to schedule, or no way to.") { stage in
      try stage.play("schedule", "install", "--cron", "--db", "no-such.sqlite3")
      try stage.play("schedule", "print")
      try stage.play("schedule", "print", "--systemd", "--jobs", "snapshot,backup")
      try stage.play("schedule", "print", "--cron", "--db", "postgresql://ada:secret@db.example/x")
    },
    TranscriptCase("run-killed", "A run was killed while its command worked.") { stage in
      let running = try Workshop.xmSafeStarted(
        [
          "run", "--", "sh", "-c",
          "sqlite3 experiments.sqlite3 'CREATE TABLE half (n)'; echo $$ > half; exec sleep 600",
        ],
        in: stage.scratch.path
      )
      let half = stage.scratch.file("half")
      func process() throws -> Int32? {
        guard FileManager.default.fileExists(atPath: half) else { return nil }
        let text = try String(contentsOfFile: half, encoding: .utf8)
        return text.hasSuffix("\n") ? Int32(text.dropLast()) : nil
      }
      try running.wait(for: "the command") { try process() != nil }
      running.send(SIGKILL)
      _ = try running.finish()
      try stage.play("run", "--", "true")
      // The command is in a group of its own, and lives on.
      let id = try #require(try process())
      kill(id, SIGKILL)
      while kill(id, 0) == 0 {}
      try stage.play("current")
      try stage.play("run", "--", "true")
    },
  ]
}
