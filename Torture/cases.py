"""The commands that are tortured, each with the state it starts from and the one it must end in."""

import dataclasses
import hashlib
import os
import shutil
import sqlite3

from . import archives, contents, program, scripts, test_scripts

DATABASE = "db.sqlite3"


@dataclasses.dataclass
class Case:
    """One command on one state: a directory with db.sqlite3 and Backups."""

    name: str
    template: str
    arguments: list
    # How the command ends when nothing is injected.
    status: int = 0
    # The one more command after a fault, which must succeed and leave no trace of the fault.
    then: list = dataclasses.field(default_factory=lambda: ["snapshot"])
    # Whether the command saves what was there before it changes the database.
    saves: bool = False
    # The same where there is no database (or none that is sound) after the fault.
    again: list = dataclasses.field(default_factory=list)
    before: str = ""
    after: str = ""
    # The snapshots that were there, and those of them that the command leaves there.
    archives: dict = dataclasses.field(default_factory=dict)
    kept: set = dataclasses.field(default_factory=set)

    # A program to torture in the place of xm-safe.
    victim: str = ""

    def command(self, xm_safe, state, arguments=None):
        """The command line, aimed at a copy of the state."""
        if arguments is None and self.victim:
            xm_safe = self.victim
        verb, *rest = arguments or self.arguments
        rest = [argument.replace("{state}", state) for argument in rest]
        return [xm_safe, verb, "--db", f"{state}/{DATABASE}", "--busy-timeout", "1", *rest]

    def next(self, state):
        """The one more command, for what is there after a fault."""
        return self.again if self.again and look(state) == self.before else self.then


def look(state):
    """The logical content of a state's database; a file that is no sound database stands for its own bytes."""
    path = f"{state}/{DATABASE}"
    try:
        return contents.read(path)
    except contents.Unsound:
        with open(path, "rb") as file:
            return "unsound " + hashlib.sha256(file.read()).hexdigest()[:16]


def digests(state):
    """The archives of a state, as digests of their bytes by name."""
    store = f"{state}/Backups"
    found = {}
    for name in archives.names(store):
        with open(f"{store}/{name}", "rb") as file:
            found[name] = hashlib.sha256(file.read()).hexdigest()
    return found


class Forge:
    """Makes the states, with the program itself where it takes snapshots."""

    def __init__(self, xm_safe, directory):
        self.xm_safe = xm_safe
        self.directory = directory
        self.cases = {}
        # States that are no cases, by name.
        self.states = {}
        self.sets = {each.name: each for each in [*scripts.own_sets(), *test_scripts.of_the_tests()]}
        self.inis = {name: each.write(f"{directory}/projects") for name, each in self.sets.items()}

    def start(self, name, script_set, journal="delete", page_size=4096):
        """A new state with the database of a script set."""
        state = f"{self.directory}/making/{name}"
        os.makedirs(state)
        connection = sqlite3.connect(f"{state}/{DATABASE}", isolation_level=None)
        connection.execute(f"PRAGMA page_size={page_size}")
        connection.execute(f"PRAGMA journal_mode={journal}")
        for statement in self.sets[script_set].database:
            connection.execute(statement)
        connection.close()
        return state

    def run(self, state, *arguments):
        """Runs the program on a state that is being made."""
        outcome = program.run([self.xm_safe, *arguments, "--db", f"{state}/{DATABASE}"])
        if outcome.status != 0:
            raise RuntimeError(f"making a state: {arguments}: {outcome.said}")

    def change(self, state, *statements):
        """Changes the database of a state that is being made."""
        connection = sqlite3.connect(f"{state}/{DATABASE}", isolation_level=None)
        for statement in statements:
            connection.execute(statement)
        connection.close()

    def freeze(self, name, state, arguments, **facts):
        """Makes a case of a state: in WAL mode with commits that are only in the log."""
        template = f"{self.directory}/templates/{name}"
        ignored = shutil.ignore_patterns("*-shm")
        if os.path.exists(f"{state}/{DATABASE}") and not facts.get("is_damaged"):
            connection = sqlite3.connect(f"{state}/{DATABASE}", isolation_level=None)
            connection.execute("PRAGMA wal_autocheckpoint=0")
            if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                connection.execute("CREATE TABLE in_the_log AS SELECT 1 AS a, randomblob(6000) AS b")
            shutil.copytree(state, template, ignore=ignored)
            connection.close()
        else:
            shutil.copytree(state, template, ignore=ignored)
        facts.pop("is_damaged", None)
        return self.measured(Case(name, template, arguments, **facts))

    def measured(self, case):
        """Runs the case once without a fault, and notes what it makes of its state."""
        state = f"{self.directory}/dry/{case.name}"
        shutil.copytree(case.template, state)
        case.before = look(state)
        case.archives = digests(state)
        outcome = program.run(case.command(self.xm_safe, state))
        if outcome.status != case.status:
            raise RuntimeError(f"case {case.name} ends with {outcome.status} by itself: {outcome.said}")
        case.after = look(state)
        case.kept = set(digests(state)) & set(case.archives)
        shutil.rmtree(state)
        return case
