"""Sweep 7: every verb in every strange place of `worlds.py`. Where all should work, it must end as it does in an ordinary place."""

import contextlib
import hashlib
import os
import re
import sqlite3
import stat

from . import archives, contents, program
from .cases import DATABASE
from .verdict import Record
from .worlds import OPEN, REFUSED, RESCUABLE, USABLE, WORLDS

SWEEP = "7 strange places"

VERBS = {
    "upgrade": ["upgrade", "-c", "{ini}"],
    "plan": ["plan", "-c", "{ini}"],
    "snapshot": ["snapshot"],
    "restore": ["restore", "latest"],
    "undo": ["undo"],
    "run": ["run", "--", "true"],
    "check": ["check", "-c", "{ini}"],
    "current": ["current", "-c", "{ini}"],
    "doctor": ["doctor", "-c", "{ini}"],
    "doctor --fix": ["doctor", "--fix", "-c", "{ini}"],
    "list": ["list"],
    "verify": ["verify", "--all"],
    "prune": ["prune", "--keep-last", "1"],
}
# What can do its work without a database.
STORE_ONLY = {"list", "verify", "prune"}
# 23: revisions are pending; 25: doctor has found something. Neither is a failure with a state and a next command.
ANSWERS = {0, 23, 25}
CHANGE = ["DELETE FROM metrics WHERE run_id < 30", "CREATE TABLE later AS SELECT 1 AS a"]
# What may act on a terminal, or turn the direction of a line.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class Place:
    """One state that a world was made of, and what is around the database in it."""

    def __init__(self, work, world):
        self.work = work
        self.world = world
        self.state = work.place(work.strange["template"])
        self.elsewhere = f"{work.strange['elsewhere']}/{os.path.basename(self.state)}"
        if world.kind == USABLE:
            self.path = world.make(self.state)
            self.first = self.run(["snapshot"], world.clocks[0])
            self.change(self.path)
        else:
            self.path = f"{self.state}/{DATABASE}"
            self.first = None if "store" in world.name else self.run(["snapshot"])
            self.saved = look(self.path)
            self.change(self.path)
            self.path = world.make(self.state)
        self.before = look(self.path)
        self.surroundings = self.inventory()

    @staticmethod
    def change(path):
        connection = sqlite3.connect(path, isolation_level=None)
        for statement in CHANGE:
            connection.execute(statement)
        connection.close()

    def run(self, arguments, shift=None):
        """Runs the program on the database, named as a user in its directory would."""
        options = [each.format(state=self.state, elsewhere=self.elsewhere) for each in self.world.options]
        verb, *rest = [each.replace("{ini}", self.work.strange["ini"]) for each in arguments]
        clock = self.work.shims.clock(self.world.clocks[1] if shift is None else shift)
        # A path that says which file is meant, for names that would say something else.
        command = [self.work.xm_safe, verb, f"--db={self.path}", "--busy-timeout", "1", *options, *rest]
        return program.run(command, clock, self.state, self.world.umask)

    def stores(self):
        """Where snapshots may be."""
        beside = f"{os.path.dirname(os.path.realpath(self.path))}/Backups"
        return [directory for directory in (f"{self.state}/Backups", beside, self.elsewhere) if os.path.isdir(directory)]

    def inventory(self):
        """Everything that is neither the database nor in the store: kind, mode, and what is in it."""
        real = os.path.realpath(self.path) if not os.path.islink(self.path) or os.path.exists(self.path) else self.path
        mine = {self.path, *(real + suffix for suffix in ("", "-wal", "-shm", "-journal"))}
        stores = tuple(os.path.realpath(each) + "/" for each in self.stores())
        found = {}
        for directory, directories, files in os.walk(self.state):
            for path in (os.path.join(directory, name) for name in directories + files):
                if path not in mine and not f"{path}/".startswith(stores):
                    found[os.path.relpath(path, self.state)] = fingerprint(path)
        return found

    def close(self):
        self.work.remove(self.state, self.elsewhere)


def fingerprint(path):
    """What a thing in a directory is, without opening what might wait or never end."""
    status = os.lstat(path)
    if stat.S_ISLNK(status.st_mode):
        return "link", os.readlink(path)
    if stat.S_ISREG(status.st_mode):
        with open(path, "rb") as file:
            return "file", stat.S_IMODE(status.st_mode), hashlib.sha256(file.read()).hexdigest()
    return stat.S_IFMT(status.st_mode), stat.S_IMODE(status.st_mode)


def look(path):
    """The content of a database, or the fingerprint of what is none."""
    if os.path.lexists(path) and not os.path.isfile(path):
        return fingerprint(path)
    try:
        return contents.read(path)
    except contents.Unsound:
        return fingerprint(path)


def kept_clean(place):
    """What was touched around the database, what was left in the store, and what others may read there."""
    breaches = []
    now = place.inventory()
    if now != place.surroundings:
        names = sorted(name for name in now.keys() | place.surroundings.keys() if now.get(name) != place.surroundings.get(name))
        # A store that was not there may be made, and what a restore has replaced is kept.
        replaced = f"{DATABASE}.replaced-1"
        names = [name for name in names if not (name == "Backups" or name.startswith(replaced)) or name in place.surroundings]
        breaches += [f"touched or left behind: {name!r}" for name in names]
    for directory in place.stores():
        for name in archives.names(directory):
            try:
                archives.read(os.path.join(directory, name))
            except archives.Damaged as error:
                breaches.append(f"archive {name!r} does not verify: {error}")
        for name in os.listdir(directory):
            if archives.PARTIAL in name:
                breaches.append(f"left behind: {name!r}")
            elif place.world.umask == 0 and os.lstat(os.path.join(directory, name)).st_mode & 0o077:
                breaches.append(f"others may read {name!r}")
    return breaches


def orderly(outcome):
    """How a run may end, and what it has to say then."""
    breaches = []
    if outcome.status not in program.DOCUMENTED | ANSWERS:
        breaches.append(f"ended with {outcome.status}, which is not documented: {outcome.said}")
    elif outcome.status == 1:
        breaches.append(f"an error that nobody has foreseen: {outcome.said}")
    elif outcome.status not in ANSWERS:
        missing = [word for word in ("xm-safe: ", "\n  state: ", "\n  next: ") if word not in outcome.errors]
        breaches += [f"the message has no {word.strip()!r}: {outcome.said}" for word in missing]
    if CONTROL.search(outcome.output + outcome.errors):
        breaches.append(f"a control character is printed: {outcome.output + outcome.errors!r}")
    return breaches


def right(place, verb, outcome, content):
    """Whether a verb did in this world what it has to do there."""
    status, usual = place.work.strange["usual"].get(verb, (None, None))
    kind = place.world.kind
    if kind == USABLE:
        if place.first.status:
            return [f"the snapshot before it ended with {place.first.status}: {place.first.said}"]
        if status is not None and outcome.status != status:
            return [f"ended with {outcome.status}, and in an ordinary place with {status}: {outcome.said}"]
        return [] if usual in (None, content) else ["the database is not what it is in an ordinary place"]
    if kind == RESCUABLE and verb == "restore":
        if outcome.status or content != place.saved:
            return [f"it was not put back: {outcome.said}"]
        kept = f"{place.path}.replaced-1"
        return [] if os.path.exists(kept) and fingerprint(kept) == place.before else ["what was replaced was not kept as it was"]
    if kind != OPEN and verb not in STORE_ONLY and outcome.status == 0:
        return ["it is said to have worked"]
    if outcome.status not in (0, 21) and content != place.before:
        return [f"ended with {outcome.status}, and the database is not what it was: {outcome.said}"]
    return ["the database is not what it was"] if kind == REFUSED and content != place.before else []


def inject(work, world, verb):
    """One verb in one world, and the verdict."""
    place = Place(work, world)
    outcome = place.run(VERBS[verb])
    content = look(place.path)
    breaches = orderly(outcome) + right(place, verb, outcome, content) + kept_clean(place)
    side = "before" if content == place.before else "after"
    place.close()
    label = f"{verb} -> {outcome.status}"
    record = Record(SWEEP, world.name, label, side, breaches, work.repeat(7, f"'{world.name}'"))
    return record, outcome.status, content


def other_file_system(directory):
    """A writable directory on another file system than this one."""
    device = os.stat(directory).st_dev
    for candidate in ("/dev/shm", "/var/tmp", "/tmp"):
        if os.path.isdir(candidate) and os.access(candidate, os.W_OK) and os.stat(candidate).st_dev != device:
            return candidate
    raise RuntimeError("sweep 7 needs a second file system to write to: none of /dev/shm, /var/tmp, /tmp is one")


@contextlib.contextmanager
def prepared(work):
    """What the worlds are made of: an ordinary state, a project, a second file system."""
    with work.second_place(other_file_system(work.directory)) as elsewhere:
        if "strange" not in work.forge.states:
            work.forge.states["strange"] = work.forge.start("strange", "ten")
        state = work.forge.states["strange"]
        work.strange = {"template": state, "elsewhere": elsewhere, "ini": work.forge.inis["ten"], "usual": {}}
        yield


def sweep(work):
    """All worlds, all verbs; the ordinary one first, which the others are measured by."""
    with prepared(work):
        usual = {verb: inject(work, WORLDS[0], verb) for verb in VERBS}
        work.strange["usual"] = {verb: (status, content) for verb, (_, status, content) in usual.items()}
        others = [world for world in WORLDS[1:] if work.options.case in (None, world.name)]
        tasks = [(work, world, verb) for world in others for verb in work.picked(list(VERBS), 3, world.name)]
        records = work.all("strange places", lambda *task: inject(*task)[0], tasks)
        return [record for record, _, _ in usual.values()] + records
