"""The script sets that are tortured: XManager's own, a chain of ten revisions, one that fails at the end."""

import dataclasses
import pathlib
import shutil
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent

# The Python that has the real alembic.
ORACLE = ROOT / ".cache/oracle/bin/python"

ENVIRONMENT = '''
from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
target_metadata = None

def run_migrations_online():
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()

run_migrations_online()
'''

# What each revision of the long chain does; each changes what the one before it has made.
CHAIN = [
    "op.create_table('tags', sa.Column('id', sa.Integer, primary_key=True), sa.Column('label', sa.String(40)))",
    "op.execute(\"INSERT INTO tags (label) SELECT 'run ' || id FROM runs WHERE id <= 20\")",
    """
    with op.batch_alter_table('runs') as batch_op:
        batch_op.alter_column('title', new_column_name='name', existing_type=sa.Text(), type_=sa.String(200))
        batch_op.add_column(sa.Column('state', sa.Integer(), server_default=sa.text('0')))
    """,
    "op.create_index('ix_metrics_key', 'metrics', ['key', 'run_id'])",
    """
    op.execute("UPDATE runs SET state = id % 3")
    op.execute("DELETE FROM tags WHERE id > 15")
    """,
    """
    with op.batch_alter_table('metrics') as batch_op:
        batch_op.alter_column('value', existing_type=sa.Float(), type_=sa.Numeric(20, 6), nullable=False)
    """,
    "op.rename_table('tags', 'labels')",
    """
    op.add_column('labels', sa.Column('run_id', sa.Integer()))
    op.execute("UPDATE labels SET run_id = id")
    """,
    """
    with op.batch_alter_table('runs') as batch_op:
        batch_op.drop_column('payload')
        batch_op.create_index('uq_runs_name', ['name', 'id'], unique=True)
    """,
    """
    op.drop_index('ix_metrics_key', table_name='metrics')
    op.create_table('summary', sa.Column('run_id', sa.Integer, primary_key=True), sa.Column('total', sa.Float()))
    op.execute("INSERT INTO summary SELECT run_id, sum(value) FROM metrics GROUP BY run_id")
    """,
]

FAILURE = """
op.execute("DELETE FROM metrics WHERE run_id > 10")
op.drop_table('labels')
op.execute("INSERT INTO summary SELECT id, 0 FROM no_such_table")
"""

RUNS = [
    "CREATE TABLE runs (id INTEGER NOT NULL PRIMARY KEY, title TEXT, payload BLOB)",
    "CREATE TABLE metrics (run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE, key VARCHAR(20), value FLOAT)",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)"
    " INSERT INTO runs SELECT i, 'run Ünïcode ' || i, CAST(printf('%.*c', 300, 'x') || i AS BLOB) FROM n",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 240)"
    " INSERT INTO metrics SELECT 1 + i % 60, 'key' || (i % 7), i * 0.25 FROM n",
    "PRAGMA user_version=7",
    "PRAGMA application_id=4242",
]

# XManager 0.2's, as Tests/TestKit/SampleDatabases.swift has it.
LEGACY = [
    "CREATE TABLE VersionHistory (Version INTEGER, Timestamp TIMESTAMP, PRIMARY KEY(Version))",
    "CREATE TABLE Experiment (Id INTEGER, Title TEXT, PRIMARY KEY(Id))",
    "CREATE TABLE WorkUnit (ExperimentId INTEGER, WorkUnitId INTEGER, PRIMARY KEY(ExperimentId, WorkUnitId))",
    "CREATE TABLE Job (ExperimentId INTEGER, WorkUnitId INTEGER, Name TEXT, Data TEXT,"
    " PRIMARY KEY(ExperimentId, WorkUnitId, Name))",
    "INSERT INTO VersionHistory VALUES (1, 1622000000)",
    "INSERT INTO Experiment VALUES (1660000000001, 'cifar sweep Ünïcode'), (1660000000002, NULL)",
    "INSERT INTO WorkUnit VALUES (1660000000001, 1), (1660000000001, 2), (1660000000002, 1)",
    "INSERT INTO Job VALUES (1660000000001, 1, 'a', 'local {}'), (1660000000001, 2, 'b', X'63616970207B0A00FF'),"
    " (1660000000002, 1, 'c', NULL), (1660000000002, 1, NULL, 'a key that is NULL')",
]


@dataclasses.dataclass
class ScriptSet:
    """A database, and the revisions that are run on it."""

    name: str
    database: list
    # The text of each script by its file name; or a directory to copy.
    scripts: dict | pathlib.Path

    def write(self, directory):
        """Writes the project: alembic.ini, env.py, versions; returns the path of the ini file."""
        project = pathlib.Path(directory) / self.name
        versions = project / "migrations" / "versions"
        if isinstance(self.scripts, dict):
            versions.mkdir(parents=True)
            for name, text in self.scripts.items():
                (versions / name).write_text(text)
        else:
            shutil.copytree(self.scripts, versions, ignore=shutil.ignore_patterns("__pycache__"))
        (project / "migrations" / "env.py").write_text(ENVIRONMENT)
        (project / "migrations" / "script.py.mako").write_text("")
        ini = project / "alembic.ini"
        ini.write_text("[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = sqlite:///db.sqlite3\n")
        return str(ini)


def script(revision, down, body):
    """The text of one revision."""
    body = textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")
    return (
        f'"""Revision {revision}.\n\nRevision ID: {revision}\n"""\nfrom alembic import op\nimport sqlalchemy as sa\n\n'
        f"revision = '{revision}'\ndown_revision = {down!r}\n\n\ndef upgrade():\n{body}\n"
    )


def chain(bodies):
    """A linear history of revisions, as file names and texts."""
    ids = [f"a{number:04d}" for number in range(1, len(bodies) + 1)]
    return {
        f"{revision}.py": script(revision, down, body)
        for revision, down, body in zip(ids, [None, *ids], bodies)
    }


def ten():
    """The chain of ten revisions, with batch rebuilds, data moves and indices."""
    return ScriptSet("ten", RUNS, chain(CHAIN))


def failing():
    """The same chain with an eleventh revision that fails half-way."""
    return ScriptSet("failing", RUNS, chain([*CHAIN, FAILURE]))


def xmanager():
    """XManager's own scripts, out of its wheel."""
    return ScriptSet("xmanager", LEGACY, ROOT / ".cache/xmanager/xmanager/xm_local/storage/alembic/versions")


def own_sets():
    """The script sets that are written here, and XManager's."""
    return [ten(), failing(), xmanager()]
