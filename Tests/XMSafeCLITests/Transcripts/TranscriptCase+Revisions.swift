import TestKit

/// Scripts, targets and versions that are refused.
extension TranscriptCase {
  static let revisions = [
    TranscriptCase("heads-several", "Two revisions come after the first.") { stage in
      try stage.script("second", after: "first", "pass")
      try stage.script("third", after: "first", "pass")
      try stage.play("upgrade")
      try stage.play("upgrade", "+1")
    },
    TranscriptCase("target-unknown", "There is no such revision.") { stage in
      try stage.play("upgrade", "nosuch")
      try stage.play("plan", "+5")
    },
    TranscriptCase("target-ambiguous", "Two revisions begin with what was typed.") { stage in
      try stage.script("second", after: "first", "pass")
      try stage.script("section", after: "second", "pass")
      try stage.play("upgrade", "sec")
    },
    TranscriptCase("version-unknown", "The database is at a revision that the scripts do not have.")
    { stage in
      try stage.sql("UPDATE alembic_version SET version_num = 'later'")
      try stage.play("upgrade")
      try stage.play("check")
      try stage.play("doctor")
    },
    TranscriptCase("check-pending", "Upgrades are pending.") { stage in
      try stage.script("second", after: "first", "pass")
      try stage.play("check")
      try stage.script("third", after: "second", "pass")
      try stage.play("check")
    },
    TranscriptCase("script-syntax", "A script is no Python.") { stage in
      try stage.script("second", after: "first", "op.execute('SELECT 1'")
      try stage.play("upgrade", "--engine", "native")
      try stage.play("history")
    },
    TranscriptCase("script-not-read", "A script does what xm-safe does not do itself.") { stage in
      try stage.script("second", after: "first", "with open('rows.csv') as rows:", "    pass")
      try stage.play("upgrade", "--engine", "native")
    },
    TranscriptCase("script-commits", "A script ends the transaction.") { stage in
      try stage.script("second", after: "first", "op.execute('COMMIT')")
      try stage.play("upgrade", "--engine", "native")
    },
    TranscriptCase(
      "engine-no-python",
      "The scripts need alembic, and there is no Python to run it."
    ) { stage in
      try stage.script("second", after: "first", "with open('rows.csv') as rows:", "    pass")
      try stage.play("upgrade", "--python", "/nonexistent/python")
    },
    TranscriptCase("parent-missing", "A script comes after one that is not there.") { stage in
      try stage.script("second", after: "lost", "pass")
      try stage.play("check")
    },
    TranscriptCase("parent-circle", "Scripts come after each other in a circle.") { stage in
      try stage.script("second", after: "third", "pass")
      try stage.script("third", after: "second", "pass")
      try stage.play("heads")
    },
    TranscriptCase("revision-twice", "Two scripts have the same id.") { stage in
      try stage.script("second", after: "first", "pass")
      try stage.scratch.write(
        "revision = 'second'\ndown_revision = 'first'\n",
        to: "migrations/versions/copy.py"
      )
      try stage.play("upgrade")
    },
    TranscriptCase("scripts-none", "No scripts are here, or none where they are said to be.") {
      stage in
      try stage.play("history", "--scripts", "nosuch")
      try stage.play("upgrade", "-c", "nosuch.ini")
      try stage.scratch.write("[alembic]\n", to: "alembic.ini")
      try stage.play("upgrade", "--db", "experiments.sqlite3")
    },
    TranscriptCase("leftover-table", "An upgrade with alembic has left its temporary table.") {
      stage in
      try stage.sql("CREATE TABLE _alembic_tmp_job (id INTEGER)")
      try stage.script("second", after: "first", "pass")
      try stage.play("upgrade")
      try stage.play("doctor")
    },
    TranscriptCase(
      "leftover-rows",
      "The temporary table has rows that the table itself does not have: nothing is proven, so nothing is repaired."
    ) { stage in
      try stage.sql(
        "CREATE TABLE _alembic_tmp_job (id INTEGER, experiment_id INTEGER, name TEXT)",
        "INSERT INTO _alembic_tmp_job VALUES (9, 9, 'lost')"
      )
      try stage.play("doctor", "--fix")
    },
  ]
}
