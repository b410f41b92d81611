"""The oracle: whether a state after a fault is exactly before or exactly after, and whether what was said is true."""

import dataclasses
import os

from . import archives, contents, program
from .cases import DATABASE, digests, look


@dataclasses.dataclass
class Record:
    """What became of one injection."""

    sweep: str
    case: str
    label: str
    # "before", "after", "between" (a whole revision, only alembic's), or "neither".
    side: str
    breaches: list
    repeat: str = ""
    # How many injections this stands for.
    count: int = 1

    @property
    def is_lost(self):
        return bool(self.breaches)


def side(case, content):
    """Which of the two a content is."""
    if content == case.before:
        return "before"
    return "after" if content == case.after else "neither"


def claims(case, outcome, state):
    """Where the end of a run and the state of the database contradict each other; the run was not killed."""
    content = look(state)
    if outcome.status not in program.DOCUMENTED:
        return [f"ended with {outcome.status}, which is not documented: {outcome.said}"]
    if case.status == 0 and outcome.status == 0 and content != case.after:
        return ["said that it is done, and it is not"]
    # On a disk that does not work any more a journal mode stays for the next command, and a warning says so.
    if outcome.status not in (0, 21) and contents.rows(content) != contents.rows(case.before):
        return [f"ended with {outcome.status} (as before, or untouched), and the database is not as before: {outcome.said}"]
    breaches = []
    if outcome.status:
        for word in ("xm-safe: ", "\n  state: ", "\n  next: "):
            if word not in outcome.errors:
                breaches.append(f"the message has no {word.strip()!r}: {outcome.said}")
    return breaches


def leftovers(state, may_be_undecided=False):
    """What no run may leave behind for good; the note of a run that somebody has to decide about may stay."""
    breaches = []
    if not may_be_undecided and os.path.exists(f"{state}/{DATABASE}-xm-safe-note"):
        breaches.append("left behind: the note of a killed run")
    for directory in (state, f"{state}/Backups"):
        if os.path.isdir(directory):
            breaches += [f"left behind: {name}" for name in sorted(os.listdir(directory)) if archives.PARTIAL in name]
    # A journal that does not begin with its magic number is not hot: SQLite leaves it to the next writer.
    journal = f"{state}/{DATABASE}-journal"
    if os.path.exists(journal):
        with open(journal, "rb") as file:
            if file.read(1) not in (b"", b"\0"):
                breaches.append("left behind: a hot journal")
    return breaches


def store(case, state, where):
    """Archives that do not verify, have gone, or are missing although the database has changed."""
    breaches = []
    directory = f"{state}/Backups"
    saved = set()
    for name in archives.names(directory):
        try:
            _, content = archives.read(f"{directory}/{name}")
            saved.add(contents.rows(content))
        except archives.Damaged as error:
            breaches.append(f"archive {name} does not verify: {error}")
    present = digests(state)
    for name in case.kept:
        if present.get(name) != case.archives[name]:
            breaches.append(f"archive {name} was there, and is gone or changed")
    if case.saves and where == "after" and contents.rows(case.before) not in saved:
        breaches.append("the database is new, and no archive has what was there before")
    return breaches


def settled(case, xm_safe, state, first=None):
    """The verdict on a state after a fault: runs one more command, and looks. Returns the side and the breaches."""
    then = case.next(state)
    outcome = program.run(case.command(xm_safe, state, then))
    breaches = list(first or [])
    if outcome.status != 0:
        breaches.append(f"one more command ({then[0]}) ended with {outcome.status}: {outcome.said}")
    where = side(case, look(state))
    if where == "neither":
        breaches.append("the database is neither as before nor as after")
    return where, breaches + leftovers(state) + store(case, state, where)
