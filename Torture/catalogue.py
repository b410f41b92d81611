"""The list of cases: every verb that writes, in rollback and WAL mode, with the strange states among them."""

import os

from . import scripts
from .cases import DATABASE, Forge


def upgrade(forge: Forge, script_set, journal, name=None, status=0):
    """An upgrade of a script set's own database."""
    name = name or f"upgrade-{script_set}-{journal}"
    state = forge.start(name, script_set, journal)
    arguments = ["upgrade", "-c", forge.inis[script_set]]
    return forge.freeze(name, state, arguments, status=status, saves=True)


def published(forge, journal):
    """An upgrade by the project's own alembic, on a working copy that is then published. The helper's calls are not counted."""
    name = f"upgrade-published-{journal}"
    state = forge.start(name, "ten", journal)
    arguments = ["upgrade", "-c", forge.inis["ten"], "--engine", "alembic", "--python", str(scripts.ORACLE)]
    return forge.freeze(name, state, arguments, saves=True)


def changed(forge, name, journal, page_size=None):
    """A state with a snapshot, and other content than the snapshot's; returns the id of the snapshot as well."""
    state = forge.start(name, "ten", journal)
    forge.run(state, "snapshot")
    archive = next(each for each in os.listdir(f"{state}/Backups") if each.endswith(".gz"))
    forge.change(state, "DELETE FROM metrics WHERE run_id < 30", "CREATE TABLE later (a)", "INSERT INTO later VALUES (1)")
    if page_size:
        forge.change(state, "PRAGMA journal_mode=DELETE", f"PRAGMA page_size={page_size}", "VACUUM", f"PRAGMA journal_mode={journal}")
    return state, archive.split("-")[-1].split(".")[0]


def restore(forge, journal, name=None, page_size=None):
    """A restore into a database that is there."""
    name = name or f"restore-{journal}"
    state, identifier = changed(forge, name, journal, page_size)
    return forge.freeze(name, state, ["restore", identifier], saves=True)


def restore_missing(forge):
    """A restore where the database is gone."""
    state, identifier = changed(forge, "restore-missing", "delete")
    os.remove(f"{state}/{DATABASE}")
    again = ["restore", identifier]
    return forge.freeze("restore-missing", state, again, again=again)


def restore_damaged(forge):
    """A restore over a file that is no database any more."""
    state, identifier = changed(forge, "restore-damaged", "delete")
    with open(f"{state}/{DATABASE}", "r+b") as file:
        file.write(b"\xff" * 4096)
    again = ["restore", identifier]
    return forge.freeze("restore-damaged", state, again, again=again, is_damaged=True)


def fresh(forge):
    """An upgrade that creates the database."""
    name = "upgrade-fresh"
    state = forge.start(name, "xmanager")
    os.remove(f"{state}/{DATABASE}")
    again = ["upgrade", "-c", forge.inis["tests-the-tutorial-s-account-table"]]
    return forge.freeze(name, state, again, again=again)


def undo(forge, journal):
    """The reverting of an upgrade."""
    name = f"undo-{journal}"
    state = forge.start(name, "ten", journal)
    forge.run(state, "upgrade", "-c", forge.inis["ten"])
    return forge.freeze(name, state, ["undo"], saves=True)


def run_failing(forge, journal):
    """A guarded command that changes the database and fails: the snapshot is put back. Only xm-safe's own calls are counted.

    Killed before the command's failure is known, nobody can tell what is to become of the database: somebody then says so.
    """
    name = f"run-failing-{journal}"
    state = forge.start(name, "ten", journal)
    statements = "DELETE FROM metrics; CREATE TABLE half_done (a)"
    command = ["env", "-u", "LD_PRELOAD", "sh", "-c", f"sqlite3 '{{state}}/{DATABASE}' '{statements}'; exit 3"]
    return forge.freeze(
        name, state, ["run", "--", *command], status=3, then=["restore", "latest"], again=["snapshot"], saves=True
    )


def prune(forge):
    """The removal of four snapshots out of six."""
    state = forge.start("prune", "ten")
    for number in range(6):
        forge.change(state, f"UPDATE runs SET title = 'round {number}' WHERE id = {number + 1}")
        forge.run(state, "snapshot")
    return forge.freeze("prune", state, ["prune", "--keep-last", "2"])


def snapshot(forge, journal):
    """A snapshot."""
    name = f"snapshot-{journal}"
    return forge.freeze(name, forge.start(name, "ten", journal), ["snapshot"])


MAKERS = {
    "snapshot-delete": lambda forge: snapshot(forge, "delete"),
    "snapshot-wal": lambda forge: snapshot(forge, "wal"),
    "upgrade-ten-delete": lambda forge: upgrade(forge, "ten", "delete"),
    "upgrade-ten-wal": lambda forge: upgrade(forge, "ten", "wal"),
    "upgrade-failing-delete": lambda forge: upgrade(forge, "failing", "delete", status=20),
    "upgrade-failing-wal": lambda forge: upgrade(forge, "failing", "wal", status=20),
    "upgrade-xmanager-delete": lambda forge: upgrade(forge, "xmanager", "delete"),
    "upgrade-published-delete": lambda forge: published(forge, "delete"),
    "upgrade-published-wal": lambda forge: published(forge, "wal"),
    "upgrade-fresh": fresh,
    "restore-delete": lambda forge: restore(forge, "delete"),
    "restore-wal": lambda forge: restore(forge, "wal"),
    "restore-page-size-delete": lambda forge: restore(forge, "delete", "restore-page-size-delete", 8192),
    "restore-page-size-wal": lambda forge: restore(forge, "wal", "restore-page-size-wal", 8192),
    "restore-missing": restore_missing,
    "restore-damaged": restore_damaged,
    "undo-delete": lambda forge: undo(forge, "delete"),
    "undo-wal": lambda forge: undo(forge, "wal"),
    "prune": prune,
}

# What changes the database there is another program, of which the shim sees nothing.
GUARDED = {
    "run-failing-delete": lambda forge: run_failing(forge, "delete"),
    "run-failing-wal": lambda forge: run_failing(forge, "wal"),
}


def script_sets(forge, only=None):
    """An upgrade for each script set, and of the long chain in WAL mode as well."""
    makers = {f"upgrade-{name}-delete": (name, "delete") for name in forge.sets} | {"upgrade-ten-wal": ("ten", "wal")}
    for name, (script_set, journal) in makers.items():
        if only in (None, name) and name not in forge.cases:
            forge.cases[name] = upgrade(forge, script_set, journal, status=20 if script_set == "failing" else 0)
    return [forge.cases[name] for name in makers if only in (None, name)]


def cases(forge, only=None, guarded=False):
    """All cases, or the one with a name; each is made once. Guarded commands only where they are asked for."""
    makers = {**MAKERS, **(GUARDED if guarded or only else {})}
    if only and only not in makers:
        raise SystemExit(f"there is no case {only}; there are: {', '.join(makers)}")
    for name, maker in makers.items():
        if only in (None, name) and name not in forge.cases:
            forge.cases[name] = maker(forge)
    return [forge.cases[name] for name in makers if only in (None, name)]
