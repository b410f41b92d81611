/// Upgrades that fail in their scripts, or in what the scripts have made.
extension TranscriptCase {
  static let scripts = [
    TranscriptCase("script-error", "A script writes into a table that does not exist.") { stage in
      try stage.script(
        "second",
        after: "first",
        "op.execute('INSERT INTO archive SELECT id FROM job')"
      )
      try stage.play("upgrade")
    },
    TranscriptCase("script-error-not-rehearsed", "The same, without a rehearsal.") { stage in
      try stage.script(
        "second",
        after: "first",
        "op.execute('CREATE TABLE done (id INTEGER)')",
        "op.execute('INSERT INTO archive SELECT id FROM job')"
      )
      try stage.play("upgrade", "--no-rehearsal")
    },
    TranscriptCase("script-constraint", "A script breaks a constraint of the table.") { stage in
      try stage.script("second", after: "first", "op.execute('UPDATE experiment SET title = NULL')")
      try stage.play("upgrade")
    },
    TranscriptCase("script-raises", "A script raises an exception by itself.") { stage in
      try stage.script("second", after: "first", "raise ValueError('there are unfinished jobs')")
      try stage.play("upgrade")
    },
    TranscriptCase(
      "script-exists-already",
      "A script creates a table that is there, as an attempt with alembic may have left it."
    ) { stage in
      try stage.sql("CREATE TABLE note (id INTEGER)")
      try stage.script("second", after: "first", "op.execute('CREATE TABLE note (id INTEGER)')")
      try stage.play("upgrade")
      try stage.play("doctor")
    },
    TranscriptCase("guard-rows", "A trigger deletes rows that the script does not mention.") {
      stage in
      try stage.sql(
        "CREATE TRIGGER cleanup AFTER UPDATE ON experiment BEGIN DELETE FROM job WHERE experiment_id = old.id; END"
      )
      try stage.script(
        "second",
        after: "first",
        "op.execute(\"UPDATE experiment SET title = 'x' WHERE id = 1\")"
      )
      try stage.play("upgrade")
      try stage.play("upgrade", "--no-rehearsal")
    },
    TranscriptCase("guard-values", "A trigger changes values that the script does not mention.") {
      stage in
      try stage.sql(
        "CREATE TRIGGER rename AFTER UPDATE ON experiment BEGIN UPDATE job SET name = 'x'; END"
      )
      try stage.script(
        "second",
        after: "first",
        "op.execute('UPDATE experiment SET title = upper(title)')"
      )
      try stage.play("upgrade", "--guard", "digest")
    },
    TranscriptCase("verification-references", "A script leaves rows that refer to nothing.") {
      stage in
      try stage.script(
        "second",
        after: "first",
        "op.execute('DELETE FROM experiment WHERE id = 1')"
      )
      try stage.play("upgrade")
    },
    TranscriptCase("new-database", "There is no database yet, and the second script fails.") {
      stage in
      try stage.script("second", after: "first", "op.execute('CREATE TABEL note (id INTEGER)')")
      try stage.play("upgrade", "--db", "new.sqlite3")
      try stage.play("current", "--db", "new.sqlite3")
    },
    TranscriptCase("plan-fails", "A plan of an upgrade that would fail, asked for in two ways.") {
      stage in
      try stage.script(
        "second",
        after: "first",
        "op.execute('INSERT INTO archive SELECT id FROM job')"
      )
      try stage.play("plan")
      try stage.play("upgrade", "--dry-run")
    },
  ]
}
