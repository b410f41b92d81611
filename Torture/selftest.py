"""What must hold before a sweep's silence means anything: the shims see what strace sees, and each detector finds a careless program out."""

import collections
import copy
import dataclasses
import os
import pathlib
import re
import sys

from . import catalogue, errors, full_disk, kills, power, program, surroundings, writers
from .worlds import RESCUABLE, WORLDS

TRACED = "openat,open,creat,pwrite64,write,ftruncate,fallocate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,link,linkat"
TRACED += ",mkdir,mkdirat,rmdir,fchmod,fchown,chmod,chown,truncate,pwritev,writev,copy_file_range,sendfile"

# The system call behind each function that the shim wraps, where the names differ.
BEHIND = {"open": "openat", "pwrite": "pwrite64", "ftruncate64": "ftruncate"}


class Blind(Exception):
    """A detector that does not detect."""


def kernel_calls(lines, state):
    """Counts the calls of strace's output that change files below the state."""
    counted = collections.Counter()
    for line in lines:
        call = re.match(r"(?:\[pid\s+\d+\] |\d+ +)?(\w+)\((.*)", line)
        if not call or state not in line.split(" = ")[0]:
            continue
        name, rest = call.groups()
        # A message that names the state is not written to it.
        if name in ("write", "writev", "pwrite64") and state not in rest.split(",")[0]:
            continue
        if name in ("openat", "open") and not re.search(r"O_CREAT|O_TRUNC", rest):
            continue
        counted[name] += 1
    return counted


def sees_everything(work, case):
    """The shim's count of a run is the kernel's."""
    names = [call.split(" ")[0] for call in kills.calls(work, case)]
    ours = collections.Counter(BEHIND.get(name, name) for name in names)
    state = work.place(case.template)
    log = f"{state}.strace"
    command = ["strace", "-f", "-y", "-s", "4096", "-e", f"trace={TRACED}", "-o", log]
    program.run([*command, *case.command(work.xm_safe, state)])
    with open(log, encoding="utf-8", errors="replace") as lines:
        theirs = kernel_calls(lines, state)
    work.remove(state)
    if ours != theirs:
        raise Blind(f"{case.name}: the shim counts {dict(ours)}, the kernel {dict(theirs)}")


def must_lose(name, records):
    """A sweep over something careless must report losses."""
    lost = sum(record.is_lost for record in records)
    if not lost:
        raise Blind(f"{name}: {len(records)} injections into something careless, and no loss was seen")
    return f"{name} {lost} of {len(records)}"


def careless(work):
    """The careless program, to be started by the very Python that runs this: anything between would take the shim away."""
    path = pathlib.Path(work.directory) / "careless"
    source = pathlib.Path(__file__).with_name("careless.py").read_text(encoding="utf-8")
    path.write_text(f"#!{os.path.realpath(sys.executable)}\n{source}", encoding="utf-8")
    path.chmod(0o700)
    return str(path)


def run(work):
    """Raises Blind, or returns one line for the report."""
    work = copy.copy(work)
    work.options = copy.copy(work.options)
    work.options.sample, work.options.at = True, None
    cases = {name: catalogue.cases(work.forge, name)[0] for name in ("restore-wal", "upgrade-ten-delete", "restore-missing")}
    for case in cases.values():
        sees_everything(work, case)
    case = dataclasses.replace(cases["restore-wal"], victim=careless(work), saves=False)
    count = len(kills.calls(work, case))
    found = [
        must_lose("kill", work.all("self-test", kills.inject, [(work, case, at, "kill") for at in range(1, count + 1)])),
        must_lose("power cut", work.all("self-test", power.judge, power.tasks_of(work, case))),
        must_lose(
            "power cut without any sync",
            work.all("self-test", power.judge, power.tasks_of(work, cases["upgrade-ten-delete"], drops_syncs=True)),
        ),
        must_lose("EIO", work.all("self-test", errors.inject, [(work, case, at, "EIO", True) for at in range(1, count + 1)])),
        must_lose("full disk", work.all("self-test", full_disk.inject, [(work, case, "all", at) for at in range(1, count + 1)])),
    ]
    victim = copy.copy(work)
    victim.xm_safe = careless(work)
    found.append(must_lose("writers", [each for number in range(2) for each in writers.round_of(victim, "restore", "wal", number)]))
    with surroundings.prepared(victim):
        worlds = [world for world in WORLDS if world.kind == RESCUABLE]
        found.append(must_lose("strange places", [surroundings.inject(victim, world, "restore")[0] for world in worlds]))
    return "losses of careless programs that were found: " + ", ".join(found)
