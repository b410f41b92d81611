"""The surroundings of sweep 7: what a database may be called, be, or lie in, as nobody would make it on purpose."""

import dataclasses
import os
import pathlib
import random
import shutil
import socket
import sqlite3
import typing

from .cases import DATABASE

# Everything works, and leaves what it leaves in an ordinary directory.
USABLE = "usable"
# Nothing may be touched, and every command that needs the database says no.
REFUSED = "refused"
# The same, but a snapshot can be put back.
RESCUABLE = "rescuable"
# There is no right answer to what it holds: only that nothing else is touched, and that the end is orderly.
OPEN = "open"


@dataclasses.dataclass
class World:
    """One strange place: `make` turns an ordinary state into it and returns the path of the database."""

    name: str
    kind: str
    make: typing.Callable
    # Further options of every command; {state} is the directory, {elsewhere} one on another file system.
    options: tuple = ()
    umask: int = 0o022
    # By how many seconds the clock is off while the state's snapshot is taken, and afterwards.
    clocks: tuple = (0, 0)


def named(name):
    """The ordinary database under another name."""

    def make(state):
        os.rename(f"{state}/{DATABASE}", os.path.join(state, name))
        return os.path.join(state, name)

    return make


def ordinary(state):
    """Nothing strange."""
    return f"{state}/{DATABASE}"


def private(state):
    """Readable for its owner alone."""
    os.chmod(f"{state}/{DATABASE}", 0o600)
    return f"{state}/{DATABASE}"


def replaced(change):
    """Something else in the place of the database."""

    def make(state):
        path = f"{state}/{DATABASE}"
        content = pathlib.Path(path).read_bytes()
        os.remove(path)
        change(path, content)
        return path

    return make


def behind_a_link(state):
    """A symbolic link to the database, which lies in another directory."""
    os.mkdir(f"{state}/real")
    os.rename(f"{state}/{DATABASE}", f"{state}/real/kept.sqlite3")
    os.symlink("real/kept.sqlite3", f"{state}/{DATABASE}")
    return f"{state}/{DATABASE}"


def store_behind_a_link(state):
    """The store is a symbolic link to a directory somewhere else."""
    os.mkdir(f"{state}/real")
    os.symlink("real", f"{state}/Backups")
    return f"{state}/{DATABASE}"


def store_that_is(change):
    """Something else in the place of the store."""

    def make(state):
        change(f"{state}/Backups")
        return f"{state}/{DATABASE}"

    return make


def with_a_log_of_another(state):
    """The log of a much larger database beside it."""
    path = f"{state}/{DATABASE}"
    other = f"{state}/other"
    connection = sqlite3.connect(other, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    connection.execute("CREATE TABLE foreign_rows AS SELECT randomblob(400000) AS a")
    shutil.copyfile(f"{other}-wal", f"{path}-wal")
    connection.close()
    os.remove(other)
    return path


def bind(path, _):
    """A socket; the path of one may have only a hundred characters."""
    directory = os.open(os.path.dirname(path), os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(f"/proc/self/fd/{directory}/{os.path.basename(path)}")
    finally:
        os.close(directory)


def write(content):
    """A file of these bytes, made of what the database held."""
    return replaced(lambda path, before: pathlib.Path(path).write_bytes(content(before)))


def noise(length):
    """The same random bytes each time, as an encrypted database has them."""
    return random.Random(7).randbytes(length)


NAMES = [
    "-rf",
    "--",
    "--db",
    "new\nline",
    "a?mode=ro&vfs=x",
    "100%41#f",
    "it's \"quoted\"; DROP TABLE runs",
    ":memory:",
    "file:x",
    " ",
    "back\\slash",
    "*",
    "\u202eevil\u00e9",
    "\x1b[31mred",
    "experiments" * 15,
]

WORLDS = [
    World("plain", USABLE, ordinary),
    *[World(f"named {name[:20]!r}", USABLE, named(name)) for name in NAMES],
    World("umask 000", USABLE, private, umask=0),
    World("a store on another file system", USABLE, ordinary, options=("--store", "{elsewhere}")),
    World("a store that is a link", USABLE, store_behind_a_link),
    World("a database that is a link", USABLE, behind_a_link),
    World("a clock that goes back ten years", USABLE, ordinary, clocks=(10 * 31_557_600, 0)),
    World("a clock in 1970", USABLE, ordinary, clocks=(0, -56 * 31_557_600)),
    World("a pipe", REFUSED, replaced(lambda path, _: os.mkfifo(path))),
    World("a directory", REFUSED, replaced(lambda path, _: os.mkdir(path))),
    World("a socket", REFUSED, replaced(bind)),
    World("a link to itself", REFUSED, replaced(lambda path, _: os.symlink(DATABASE, path))),
    World("a link to a device", REFUSED, replaced(lambda path, _: os.symlink("/dev/zero", path))),
    World("encrypted", RESCUABLE, write(lambda before: noise(len(before)))),
    World("a text", RESCUABLE, write(lambda _: b"no database\n" * 1000)),
    World("a header alone", RESCUABLE, write(lambda before: before[:100])),
    World("the first half", RESCUABLE, write(lambda before: before[: len(before) // 2])),
    World("no bytes", OPEN, write(lambda _: b"")),
    World("the log of another database beside it", OPEN, with_a_log_of_another),
    World("a store that is a file", OPEN, store_that_is(lambda path: pathlib.Path(path).write_text("mine"))),
    World("a store that is a link to nothing", OPEN, store_that_is(lambda path: os.symlink("nothing", path))),
    World("a store that is a link to itself", OPEN, store_that_is(lambda path: os.symlink("Backups", path))),
    World("a store that is a pipe", OPEN, store_that_is(os.mkfifo)),
]
