"""The comparison of sweep 1: plain alembic, with the very same faults, on the very same databases.

What it does not promise is not held against it: a database that is whole at a revision between counts as survived.
"""

import shutil

from . import catalogue, contents, program, scripts
from .cases import DATABASE, look
from .shims import points
from .verdict import Record

SWEEP = "1 SQL statements, plain alembic"
# Each run starts a Python: two codes are enough to compare.
FAULTS = ("CONSTRAINT", "FULL")


def command(case, *arguments):
    """alembic's own command line for a case."""
    ini = case.arguments[case.arguments.index("-c") + 1]
    return [str(scripts.ORACLE), "-W", "ignore", "-m", "alembic", "-c", ini, *arguments]


def whole(work, case):
    """The contents that alembic can be at without damage: the start, each revision, and the start with an empty version table."""
    state = work.place(case.template)
    found = [look(state)]
    for step in (["stamp", "base"], *[["upgrade", "+1"]] * 20):
        if program.run(command(case, *step), directory=state).status != 0:
            break
        found.append(look(state))
    work.remove(state)
    return found


def inject(work, case, known, at, fault):
    """Fails one statement of one run, and judges; a run that ends well must have arrived."""
    state = work.place(case.template)
    log = f"{state}.log"
    outcome = program.run(command(case, "upgrade", "head"), work.shims.statements(log, fault, at), state)
    hit = [statement for statement in points(log) if statement.endswith("INJECTED")]
    try:
        content = contents.read(f"{state}/{DATABASE}")
    except contents.Unsound as error:
        content = str(error)
    work.remove(state)
    if not hit:
        return None
    breaches = []
    if content not in known:
        breaches.append(f"half-migrated after {hit[0]}")
    elif outcome.status == 0 and content != known[-1]:
        breaches.append("said that it is done, and it is not")
    side = "neither"
    if content in known:
        side = {known[0]: "before", known[-1]: "after"}.get(content, "between")
    return Record(SWEEP, case.name, f"{fault} at {at}: {hit[0]}", side, breaches)


def sweep(work):
    """All script sets that alembic can run to the end."""
    tasks = []
    for case in catalogue.script_sets(work.forge, work.options.case):
        if case.status or case.name.endswith("-wal"):
            continue
        known = whole(work, case)
        state = work.place(case.template)
        program.run(command(case, "upgrade", "head"), work.shims.statements(f"{state}.log"), state)
        if look(state) != known[-1]:
            raise RuntimeError(f"alembic does not run {case.name} to its end")
        count = len(points(f"{state}.log"))
        shutil.rmtree(state)
        for fault in FAULTS:
            numbers = work.chosen(range(1, count + 1), 4, case.name + fault)
            tasks += [(work, case, known, at, fault) for at in numbers]
    return work.all("plain alembic", inject, tasks)
