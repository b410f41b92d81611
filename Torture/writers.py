"""Sweep 5: others commit all the while. No row whose commit was acknowledged may be missing afterwards."""

import gzip
import os
import signal
import sqlite3
import subprocess
import sys
import time

from . import archives, program, scripts
from .cases import DATABASE
from .verdict import Record

SWEEP = "5 writers"
WRITERS = 2

LOG = [
    "CREATE TABLE log (writer INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (writer, n))",
    "CREATE TABLE bulk (id INTEGER PRIMARY KEY, content BLOB)",
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
    " INSERT INTO bulk SELECT i, randomblob(700) FROM n",
]
REBUILD = [
    "op.add_column('bulk', sa.Column('kind', sa.Integer()))\nop.execute(\"UPDATE bulk SET kind = id % 5\")",
    "with op.batch_alter_table('log') as batch_op:\n"
    "    batch_op.add_column(sa.Column('note', sa.Text(), server_default='x'))\n"
    "    batch_op.alter_column('n', existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False)",
    "op.execute(\"DELETE FROM bulk WHERE kind = 3\")",
]
SETS = {
    "works": scripts.ScriptSet("writers-works", LOG, scripts.chain(REBUILD)),
    "fails": scripts.ScriptSet("writers-fails", LOG, scripts.chain([*REBUILD, "op.execute('SELECT * FROM nowhere')"])),
}


SCENARIOS = ("snapshot", "upgrade", "failing upgrade", "published upgrade", "failing published upgrade", "undo", "restore")
# By the project's own alembic, on a copy that then takes the database's place.
PUBLISHED = ("--engine", "alembic", "--python", str(scripts.ORACLE))


class Broken(Exception):
    """A database that cannot be counted any more, or that nobody can write to."""


class Writers:
    """The writing processes of one database."""

    def __init__(self, state):
        self.notes = [f"{state}.notes-{number}" for number in range(WRITERS)]
        program_path = os.path.join(os.path.dirname(__file__), "writer.py")
        self.processes = [
            subprocess.Popen([sys.executable, program_path, f"{state}/{DATABASE}", str(number), notes])
            for number, notes in enumerate(self.notes)
        ]
        self.wait(5)

    def acknowledged(self):
        """What was noted so far: pairs of writer and number."""
        rows = set()
        for number, notes in enumerate(self.notes):
            if os.path.exists(notes):
                with open(notes, encoding="ascii") as lines:
                    rows |= {(number, int(line)) for line in lines.read().split("\n")[:-1]}
        return rows

    def wait(self, more):
        """Waits until there are more rows than now."""
        goal = len(self.acknowledged()) + more
        deadline = time.monotonic() + 15
        while len(self.acknowledged()) < goal:
            if time.monotonic() > deadline:
                raise Broken("the writers do not get in any more")
            time.sleep(0.01)

    def stop(self):
        """Ends the writers, and returns what they noted."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
            process.wait()
        found = self.acknowledged()
        for notes in self.notes:
            os.remove(notes)
        return found


def rows(path):
    """The rows of the log in a database."""
    connection = sqlite3.connect(path, timeout=20)
    try:
        if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise Broken("integrity_check fails")
        return set(connection.execute("SELECT writer, n FROM log"))
    except sqlite3.Error as error:
        raise Broken(str(error)) from error
    finally:
        connection.close()


def archived(state):
    """The rows of the log in each archive, by the archive's reason."""
    found = []
    for name in archives.names(f"{state}/Backups"):
        image = f"{state}.image"
        with open(f"{state}/Backups/{name}", "rb") as file, open(image, "wb") as copy:
            copy.write(gzip.decompress(file.read()))
        found.append((name, rows(image)))
        os.remove(image)
    return found


def gaps(found):
    """Whether a set of rows is not a prefix of what each writer has written."""
    return any(
        max((n for writer, n in found if writer == number), default=0)
        != sum(1 for writer, _ in found if writer == number)
        for number in range(WRITERS)
    )


def round_of(work, name, journal, number):
    """One round: writers, the commands of a scenario, and the count of what is left."""
    state = work.place()
    os.makedirs(state)
    connection = sqlite3.connect(f"{state}/{DATABASE}", isolation_level=None)
    for statement in [f"PRAGMA journal_mode={journal}", *LOG]:
        connection.execute(statement)
    connection.close()
    base = ["--db", f"{state}/{DATABASE}", "--busy-timeout", "20"]
    commands, allowed = scenario(work, name)
    writers = Writers(state)
    breaches = []
    noted, held = set(), set()
    statuses = []
    try:
        for command in commands:
            known = writers.acknowledged()
            present = set(archives.names(f"{state}/Backups"))
            outcome = program.run([work.xm_safe, *command, *base])
            # After an upgrade that the writers kept out there is nothing to undo.
            has_nothing = command == ["undo"] and outcome.status == 10 and 11 in statuses
            statuses.append(outcome.status)
            if outcome.status not in allowed and not has_nothing:
                breaches.append(f"{command[0]} ended with {outcome.status}: {outcome.said}")
            if command == ["snapshot"] and outcome.status == 0:
                newest = next(found for archive, found in archived(state) if archive not in present)
                if not known <= newest:
                    breaches.append(f"the snapshot lacks {len(known - newest)} rows that were committed before")
            writers.wait(5)
    except Broken as error:
        breaches.append(str(error))
    finally:
        noted = writers.stop()
    try:
        held = rows(f"{state}/{DATABASE}")
        for archive, found in archived(state):
            if gaps(found):
                breaches.append(f"archive {archive} is no prefix of the commits")
            # What was there before a restore or an undo is in the archive that it took.
            if name in ("undo", "restore"):
                held |= found
    except Broken as error:
        breaches.append(f"the database is broken: {error}")
    missing = noted - held
    if missing:
        breaches.append(f"{len(missing)} acknowledged rows are gone, for example {sorted(missing)[:3]}")
    work.remove(state)
    case = f"{name}, {journal}"
    repeat = work.repeat(5, f"'{case}'")
    records = [Record(SWEEP, case, f"round {number}", "after", [], repeat, len(noted) - len(missing))]
    if breaches:
        records.append(Record(SWEEP, case, f"round {number}", "neither", breaches, repeat, max(1, len(missing))))
    return records


def scenario(work, name):
    """The commands of a scenario, and how they may end."""
    for key, each in SETS.items():
        if key not in work.inis:
            work.inis[key] = each.write(f"{work.directory}/projects")
    return {
        "snapshot": ([["snapshot"]] * 3, {0}),
        "upgrade": ([["upgrade", "-c", work.inis["works"]]], {0, 11}),
        "published upgrade": ([["upgrade", "-c", work.inis["works"], *PUBLISHED]], {0, 11}),
        "failing published upgrade": ([["upgrade", "-c", work.inis["fails"], *PUBLISHED]], {20, 11}),
        "failing upgrade": ([["upgrade", "-c", work.inis["fails"]]], {20, 11}),
        "undo": ([["upgrade", "-c", work.inis["works"]], ["undo"]], {0, 11}),
        "restore": ([["snapshot"], ["restore", "latest"]], {0, 11}),
    }[name]


def sweep(work):
    """All scenarios, in rollback and WAL mode; one round at a time, since the writers need the hands."""
    rounds = 1 if work.options.sample else 5
    records = []
    began = time.monotonic()
    for name in SCENARIOS:
        for journal in ("delete", "wal"):
            if work.options.case in (None, f"{name}, {journal}"):
                for number in range(1, rounds + 1):
                    records += round_of(work, name, journal, number)
    work.note("writers", records, began)
    return records
