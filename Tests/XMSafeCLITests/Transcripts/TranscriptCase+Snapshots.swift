import Foundation
import TestKit
import Testing

/// Snapshots that are not there, not whole, or not wanted where they are to go.
extension TranscriptCase {
  static let snapshots = [
    TranscriptCase("snapshot-unknown", "There is no such snapshot.") { stage in
      _ = try stage.snapshot()
      try stage.play("restore", "cafe")
      try stage.play("pin", "nosuch")
      try stage.play("unpin", "nosuch")
      try stage.play("diff", "latest", "nosuch")
    },
    TranscriptCase("snapshot-none", "There is no snapshot yet.") { stage in
      try stage.play("show", "latest")
      try stage.play("verify")
      try stage.play("undo")
    },
    TranscriptCase("snapshot-ambiguous", "Two ids begin with what was typed.") { stage in
      for id in ["0badcafe", "0badf00d"] {
        try FileManager.default.createDirectory(
          atPath: stage.store,
          withIntermediateDirectories: true
        )
        let path = "\(stage.store)/20261122T225133Z-first-manual-\(id).sqlite3.gz"
        let made = try ArchiveForge.write(path, of: stage.path, "a.manifest['id'] = '\(id)'")
        #expect(made.status == 0, "\(made)")
      }
      try stage.play("restore", "0bad")
    },
    TranscriptCase("snapshot-no-file", "A directory, a pipe and a text are named as snapshots.") {
      stage in
      mkfifo(stage.scratch.file("pipe"), 0o600)
      try stage.play("restore", "./migrations")
      try stage.play("verify", "./pipe")
      try stage.play("restore", "./alembic.ini")
    },
    TranscriptCase("pin-elsewhere", "The archive is not in the store.") { stage in
      let id = try stage.snapshot()
      try FileManager.default.moveItem(
        atPath: try stage.archive(id),
        toPath: stage.scratch.file("copy.sqlite3.gz")
      )
      try stage.play("pin", "./copy.sqlite3.gz")
    },
    TranscriptCase(
      "prune-damaged-database",
      "The database is damaged, and so is what was saved last; the one before may be the last that is good."
    ) { stage in
      try stage.sql("CREATE INDEX by_name ON job (name)")
      _ = try stage.snapshot()
      try stage.damagePage(5)
      _ = try stage.snapshot()
      try stage.play("prune", "--keep-last", "1")
      try stage.play("verify", "--all", "--deep")
    },
    TranscriptCase("prune-no-rule", "Nothing says what to keep.") { stage in
      _ = try stage.snapshot()
      try stage.play("prune")
      try stage.play("prune", "--keep-within", "3w")
      try stage.play("prune", "--keep-daily", "many")
    },
  ]

  static let archives = [
    TranscriptCase(
      "archive-damaged",
      "A bit of the newest archive was flipped; another one is whole."
    ) { stage in
      _ = try stage.snapshot()
      let id = try stage.snapshot()
      try stage.damage(id)
      try stage.play("restore", "latest")
      try stage.play("verify", id)
      try stage.play("verify", "--all")
      try stage.play("diff", id)
    },
    TranscriptCase("archive-truncated", "The only archive was cut off.") { stage in
      let id = try stage.snapshot()
      try stage.damage(id, cuttingAt: 700)
      try stage.play("restore", id)
      try stage.play("restore", "latest")
      try stage.play("show", id)
      try stage.play("verify", "--all")
      try stage.play("doctor")
    },
    TranscriptCase("archive-newer", "The archive was made by a later xm-safe.") { stage in
      let path = stage.scratch.file("later.sqlite3.gz")
      let made = try ArchiveForge.write(
        path,
        of: stage.path,
        "a.start = member(subfield(b'XM', b'xm-safe\\0' + struct.pack('<HH', 9, 0)))"
      )
      #expect(made.status == 0, "\(made)")
      try stage.play("restore", "./later.sqlite3.gz")
    },
    TranscriptCase("archive-of-damage", "The snapshot is whole, and the database in it is not.") {
      stage in
      try stage.sql("CREATE INDEX by_name ON job (name)")
      try stage.damagePage(5)
      let id = try stage.snapshot()
      try stage.play("verify", id, "--deep")
    },
  ]

  static let restores = [
    TranscriptCase("restore-other-database", "The snapshot is one of another database.") { stage in
      let id = try stage.snapshot()
      try FileManager.default.copyItem(
        atPath: stage.path,
        toPath: stage.scratch.file("other.sqlite3")
      )
      try stage.play("restore", id, "--db", "other.sqlite3")
    },
    TranscriptCase("restore-other-revision", "The scripts do not have the snapshot's revision.") {
      stage in
      try stage.sql("UPDATE alembic_version SET version_num = 'later'")
      let id = try stage.snapshot()
      try stage.sql("UPDATE alembic_version SET version_num = 'first'")
      try stage.play("restore", id)
    },
    TranscriptCase("restore-to-what-exists", "The place to restore into is taken, or none.") {
      stage in
      let id = try stage.snapshot()
      mkfifo(stage.scratch.file("pipe"), 0o600)
      try stage.play("restore", id, "--to", "alembic.ini")
      try stage.play("restore", id, "--to", "migrations", "--force")
      try stage.play("restore", id, "--to", "pipe")
      try stage.play("restore", id, "--to", "no/such/file")
      try stage.play("restore", id, "--to", "Backups/file")
    },
    TranscriptCase(
      "restore-open-elsewhere",
      "Another program has the database open, and the snapshot has another page size."
    ) { stage in
      let id = try stage.snapshot()
      try stage.sql("PRAGMA page_size=8192", "VACUUM", "PRAGMA journal_mode=WAL")
      try stage.whileLocked(by: "SELECT count(*) FROM job") {
        try stage.play("restore", id, "--busy-timeout", "0.1")
      }
    },
  ]

  static let stores = [
    TranscriptCase("store-is-file", "A file is named as the store.") { stage in
      for verb in ["snapshot", "list", "doctor"] { try stage.play(verb, "--store", "alembic.ini") }
      try stage.play("verify", "--all", "--store", "alembic.ini")
    },
    TranscriptCase("store-is-link-to-nothing", "The store is a link to a disk that is not there.") {
      stage in
      try FileManager.default.createSymbolicLink(
        atPath: stage.store,
        withDestinationPath: "/nonexistent/disk"
      )
      for verb in ["list", "snapshot"] { try stage.play(verb) }
    },
    TranscriptCase("store-of-another-user", "The store belongs to another user.") { stage in
      _ = try stage.snapshot()
      chmod(stage.path, 0o666)
      try stage.becomeNobody()
      for verb in ["list", "upgrade", "doctor"] { try stage.play(verb) }
      chmod(stage.store, 0o755)
      try stage.play("snapshot")
      try stage.play("pin", "latest")
    },
  ]

  static let usage = [
    TranscriptCase("usage-option", "There is no such option, command or argument.") { stage in
      try stage.play("upgrade", "--no-rehersal")
      try stage.play("upgrad")
      try stage.play("list", "extra")
    },
    TranscriptCase("usage-missing", "Something is missing.") { stage in
      try stage.play("restore")
      try stage.play("restore", "latest", "--to", "")
      try stage.play("list", "--db", "")
    },
    TranscriptCase("usage-value", "A value is none.") { stage in
      try stage.play("upgrade", "--guard", "most")
      try stage.play("snapshot", "--level", "11")
      try stage.play("list", "--wait", "3x")
      try stage.play("list", "--busy-timeout", "-1")
    },
    TranscriptCase("hook-fails", "A hook before a command fails.") { stage in
      try stage.play("snapshot", "--hook-before", "exit 3")
      try stage.play("snapshot", "--hook-before", "sleep 60", "--hook-timeout", "1s")
    },
    TranscriptCase("report-nowhere", "A page cannot be written.") { stage in
      try stage.play("report")
      try stage.play("report", "--html", "migrations")
      try stage.play("report", "--html", "nowhere/report.html")
    },
    TranscriptCase("settings-mistakes", "The settings file has mistakes.") { stage in
      try stage.scratch.write("[prune]\nkeep-dayly = 7\n", to: "xm-safe.toml")
      try stage.play("config", "prune")
      try stage.play("upgrade")
      try stage.scratch.write("[prune]\nkeep-daily = [7, 8]\n", to: "xm-safe.toml")
      try stage.play("prune")
      try stage.play("config", "--profile", "tracking")
    },
  ]
}
