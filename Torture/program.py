"""Runs the program under test, or any other, and keeps what it said."""

import dataclasses
import os
import signal
import subprocess

# The exit codes that the README documents; anything else is a breach.
DOCUMENTED = {0, 1, 10, 11, 12, 20, 21, 22, 23, 24}
TIMEOUT = 60


@dataclasses.dataclass
class Outcome:
    """How a run ended."""

    status: int
    output: str
    errors: str

    @property
    def was_killed(self):
        return self.status == -signal.SIGKILL

    @property
    def said(self):
        """The last lines of the standard error, for a report."""
        return " | ".join(self.errors.strip().splitlines()[-3:])


def environment(extra=None):
    """What a program is started with: nothing of ours that could aim it elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XM_SAFE_", "TORTURE_", "LD_"))}
    return kept | {"SWIFT_BACKTRACE": "enable=no", "LC_ALL": "C.UTF-8"} | (extra or {})


def run(arguments, extra=None, directory=None, umask=-1):
    """Runs a program to its end; one that hangs ends with status 'hangs'."""
    try:
        done = subprocess.run(
            arguments,
            env=environment(extra),
            cwd=directory,
            umask=umask,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return Outcome(-signal.SIGALRM, "", f"hangs: not ended after {TIMEOUT} s; {late.stderr or b''!r}")
    return Outcome(
        done.returncode,
        done.stdout.decode(errors="replace"),
        done.stderr.decode(errors="replace"),
    )
