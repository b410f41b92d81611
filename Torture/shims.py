"""Compiles the libraries that are loaded into a program: to count, stop, fail and record what it does, and to move its clock."""

import errno
import os
import pathlib
import subprocess

SOURCES = pathlib.Path(__file__).parent / "shims"

# The codes of sqlite3.h that a statement is failed with; the second is whether SQLite rolls the transaction back first.
STATEMENT_FAULTS = {
    "CONSTRAINT": (19, False),
    "BUSY": (5, False),
    "IOERR": (10, False),
    "FULL": (13, True),
}


class Shims:
    """The compiled libraries, and the environments that aim them."""

    def __init__(self, directory):
        self.directory = directory
        # The second one brings SQLite along: Python loads it where a preloaded library would not find it.
        for name, libraries in (("files", ["-ldl"]), ("clock", ["-ldl"]), ("statements", ["-ldl", "-lsqlite3"])):
            output = f"{directory}/{name}.so"
            subprocess.run(
                ["cc", "-O1", "-shared", "-fPIC", "-o", output, SOURCES / f"{name}.c", *libraries],
                check=True,
            )

    def files(self, root, log, fault=None, at=0, sticky=False, trace=None):
        """An environment that aims at changes of files below `root`: kill, torn, stop, fill, or the name of an errno."""
        variables = {"LD_PRELOAD": f"{self.directory}/files.so", "TORTURE_ROOT": root, "TORTURE_LOG": log}
        if fault:
            number = fault if fault in ("kill", "torn", "stop", "fill") else str(getattr(errno, fault))
            variables |= {"TORTURE_AT": str(at), "TORTURE_FAULT": number}
        if sticky:
            variables["TORTURE_STICKY"] = "1"
        if trace:
            variables["TORTURE_TRACE"] = trace
        return variables

    def clock(self, seconds):
        """An environment in which the time of day is off by so many seconds."""
        return {"LD_PRELOAD": f"{self.directory}/clock.so", "TORTURE_CLOCK": str(seconds)} if seconds else {}

    def statements(self, log, fault=None, at=0):
        """An environment that aims at SQL statements."""
        variables = {"LD_PRELOAD": f"{self.directory}/statements.so", "TORTURE_LOG": log}
        if fault:
            code, rolls_back = STATEMENT_FAULTS[fault]
            variables |= {"TORTURE_AT": str(at), "TORTURE_FAULT": str(code)}
            if rolls_back:
                variables["TORTURE_ROLLBACK"] = "1"
        return variables


def points(log):
    """The counted calls or statements of a log, in order; a call that was hit ends with INJECTED."""
    if not os.path.exists(log):
        return []
    with open(log, encoding="utf-8", errors="replace") as lines:
        return [line.rstrip("\n").split(" ", 1)[1] for line in lines]
