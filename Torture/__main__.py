"""The command line: builds what is needed, runs the sweeps, prints the table; ends with 1 when anything was lost."""

import argparse
import os
import pathlib
import shutil
import sys
import tempfile
import time

from . import aftermath, alembic, errors, full_disk, kills, power, processes, selftest, statements, surroundings, table, writers
from .cases import Forge
from .shims import Shims
from .work import Work

# The number on the command line, the row of the table, the sweep.
SWEEPS = [
    ("1", "1 an error at every SQL statement of an upgrade", statements.sweep),
    ("1", "1 the same, plain alembic 1.20", alembic.sweep),
    ("2", "2 `kill -9` before every write-type call, and half-way through every write", kills.sweep),
    ("2", "2 another `kill -9` in the recovery from one", aftermath.again),
    ("2", "2 a commit of somebody else's between a `kill -9` and the next command", aftermath.commits),
    ("3", "3 a power cut after every change on the disk", power.sweep),
    ("4", "4 ENOSPC, EIO, EACCES at every write-type call, once and for good", errors.sweep),
    ("4", "4 a disk that is really full, from every call on, and with every few pages free", full_disk.sweep),
    ("5", "5 rows that two writers committed meanwhile", writers.sweep),
    ("6", "6 two and eight processes at once; a holder stopped and killed at every call", processes.sweep),
    ("7", "7 every verb in strange places: names, kinds of file, links, clocks, file systems", surroundings.sweep),
]
# Its losses are what is measured, and no failure of ours.
COMPARISON = alembic.sweep


def arguments():
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python3 -m Torture", description=__doc__)
    parser.add_argument("program", help="the path of xm-safe")
    parser.add_argument("--sample", action="store_true", help="a bounded choice of the injections, for the gate")
    parser.add_argument("--sweep", action="append", choices=sorted({number for number, _, _ in SWEEPS}), help="only this sweep")
    parser.add_argument("--case", help="only this case")
    parser.add_argument("--at", type=int, help="only this call, statement or cut")
    parser.add_argument("--fault", help="only this fault")
    parser.add_argument("--sticky", action="store_true", help="with --at: the error stays")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    options.program = os.path.realpath(options.program)
    return options


def place():
    """A directory in memory if there is one: thousands of copies are made."""
    shared = "/dev/shm"
    usable = os.path.isdir(shared) and os.access(shared, os.W_OK) and shutil.disk_usage(shared).free > 1 << 28
    return os.path.realpath(tempfile.mkdtemp(prefix="xm-safe-torture-", dir=shared if usable else None))


def tortured(work, options):
    """Runs what was asked for; returns the rows of the table, and whether anything is wrong."""
    rows, wrong = [], False
    for number, name, sweep in SWEEPS:
        if options.sweep and number not in options.sweep:
            continue
        records = sweep(work)
        rows.append((name, records))
        print(table.line(name, records), file=sys.stderr, flush=True)
        if sweep is COMPARISON:
            continue
        for text in table.losses(records):
            wrong = True
            print(text, flush=True)
        if not records and not (options.case or options.fault):
            wrong = True
            print(f"{name}: nothing was injected")
    return rows, wrong


def main():
    """Returns the exit code."""
    options = arguments()
    began = time.monotonic()
    directory = place()
    os.makedirs(f"{directory}/states")
    tempfile.tempdir = directory
    try:
        work = Work(options, directory, Shims(directory), Forge(options.program, directory))
        said = None if options.at is not None else selftest.run(work)
        rows, wrong = tortured(work, options)
    finally:
        shutil.rmtree(pathlib.Path(directory), ignore_errors=True)
    print(table.markdown(rows))
    print()
    print(table.machine(time.monotonic() - began))
    if said:
        print(f"Self-test: {said}.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
