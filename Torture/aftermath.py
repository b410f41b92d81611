"""What comes after a kill: the recovery killed in its turn, and somebody who commits before the next command."""

import os
import random
import sqlite3

from . import catalogue, program
from .cases import DATABASE, look
from .kills import calls
from .shims import points
from .verdict import Record, leftovers, settled

# The cases that leave something to recover.
CASES = (
    "upgrade-ten-delete", "upgrade-ten-wal", "upgrade-published-wal", "restore-delete", "restore-wal", "restore-damaged", "undo-delete",
    "run-failing-delete", "run-failing-wal",
)
# How many of the calls of one recovery are hit.
SECOND = 12
NOTE = "-xm-safe-note"


def killed(work, case, at):
    """A state in which a run was killed at one call, with its note; None if there is none."""
    state = work.place(case.template)
    outcome = program.run(case.command(work.xm_safe, state), work.shims.files(state, f"{state}.log", "kill", at))
    if outcome.was_killed and os.path.exists(f"{state}/{DATABASE}{NOTE}"):
        return state
    work.remove(state)
    return None


def twice(work, case, at):
    """Kills the command after a kill as well, at some of its calls; then one more."""
    first = killed(work, case, at)
    if first is None:
        return None
    breaches, where, count = [], "before", 0
    counted = work.place(first)
    log = f"{counted}.log"
    program.run(case.command(work.xm_safe, counted, case.next(counted)), work.shims.files(counted, log))
    numbers = range(1, len(points(log)) + 1)
    work.remove(counted)
    generator = random.Random(f"{work.options.seed}:{case.name}:{at}")
    limit = 2 if work.options.sample else SECOND
    for second in sorted(generator.sample(numbers, min(limit, len(numbers)))):
        state = work.place(first)
        outcome = program.run(
            case.command(work.xm_safe, state, case.next(state)), work.shims.files(state, f"{state}.log", "kill", second)
        )
        if outcome.was_killed:
            count += 1
            where, found = settled(case, work.xm_safe, state)
            breaches += [f"killed again at {second}: {breach}" for breach in found]
        work.remove(state)
    work.remove(first)
    if not count:
        return None
    repeat = work.repeat(2, case.name, at=at)
    return Record("2 again", case.name, f"kill at {at}, and again at {count} calls", where, breaches, repeat, count)


def written(work, case, at):
    """Somebody commits a row after the kill: no command but one that is asked to may take it away."""
    state = killed(work, case, at)
    if state is None:
        return None
    path = f"{state}/{DATABASE}"
    try:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("CREATE TABLE precious AS SELECT 'committed' AS a")
        connection.close()
    except sqlite3.Error:
        # Nobody can write to what is no database.
        work.remove(state)
        return None
    content = look(state)
    breaches = []
    for verb in ("list", "snapshot", "doctor"):
        outcome = program.run(case.command(work.xm_safe, state, [verb]))
        if outcome.status not in (0, 25):
            breaches.append(f"{verb} ended with {outcome.status}: {outcome.said}")
        if look(state) != content:
            breaches.append(f"what somebody had committed is gone after {verb}: {outcome.said}")
            break
    breaches += leftovers(state, may_be_undecided=True)
    work.remove(state)
    return Record("2 written", case.name, f"kill at {at}, then a commit", "after", breaches, work.repeat(2, case.name, at=at))


def chosen(work):
    """The cases, each with the calls of its run."""
    for name in CASES:
        if work.options.case in (None, name):
            case = catalogue.cases(work.forge, name)[0]
            # From the note's first call to its last.
            noted = [number for number, call in enumerate(calls(work, case), 1) if NOTE in call]
            numbers = range(noted[0], noted[-1] + 1)
            yield from ((work, case, at) for at in work.chosen(numbers, 6, f"{name} aftermath"))


def again(work):
    """A second kill, at every first one that leaves a note."""
    return work.all("kill -9 again", twice, list(chosen(work)))


def commits(work):
    """A commit, after every kill that leaves a note."""
    return work.all("commits after a kill", written, list(chosen(work)))
