import TestKit

/// What alembic's own verbs refuse, and a downgrade that fails.
extension TranscriptCase {
  static let verbs = [
    TranscriptCase("downgrade-fails", "The way back of a revision fails half-way.") { stage in
      try stage.scratch.write(
        """
        from alembic import op

        revision = 'first'
        down_revision = None


        def upgrade():
            pass


        def downgrade():
            op.drop_table('job')
            op.execute('DELETE FROM no_such_table')
        """,
        to: "migrations/versions/first.py"
      )
      try stage.play("downgrade", "base")
    },
    TranscriptCase("downgrade-unknown", "There is no revision to go back to.") { stage in
      try stage.play("downgrade", "nosuch")
      try stage.play("downgrade", "-5")
    },
    TranscriptCase("stamp-unknown", "The scripts do not have the revision to stamp.") { stage in
      try stage.play("stamp", "nosuch")
    },
    TranscriptCase("branches-parent-missing", "A script comes after one that is not there.") {
      stage in
      try stage.script("second", after: "lost", "pass")
      try stage.play("branches")
    },
    TranscriptCase("edit-no-script", "There is no script to open.") {
      stage in
      try stage.play("edit", "base")
      try stage.play("edit", "nosuch")
    },
    TranscriptCase("autogenerate", "What compares the database with models is alembic's own.") {
      stage in
      try stage.play("revision", "--autogenerate", "-m", "next")
      try stage.play("check", "--autogenerate")
      try stage.play("init", "-t", "pylons", "other")
    },
    TranscriptCase("stamp-offline", "SQL without a database begins at one revision.") { stage in
      try stage.play("stamp", "--sql", "base:first", "first:base")
      try stage.play("ensure_version", "--db", "postgresql://ada@localhost/experiments")
    },
    TranscriptCase("revision-on-several-heads", "It is not clear what a new script comes after.") {
      stage in
      try stage.script("second", after: "first", "pass")
      try stage.script("third", after: "first", "pass")
      try stage.play("revision", "-m", "next")
      try stage.play("revision", "-m", "next", "--rev-id", "a-b", "--head", "second")
    },
    TranscriptCase("merge-unknown", "One of the revisions to merge is not there.") { stage in
      try stage.script("second", after: "first", "pass")
      try stage.play("merge", "-m", "both", "second", "nosuch")
    },
    TranscriptCase("init-not-empty", "The directory of the scripts is there already.") { stage in
      try stage.play("init", "migrations")
    },
  ]
}
