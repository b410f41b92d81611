"""Sweep 4, second half: a real disk that is full, a small tmpfs: from the start with every few pages free, and from each call on."""

import os
import shlex

from . import catalogue, program
from .kills import calls
from .shims import points
from .verdict import Record, claims, settled

SWEEP = "4 full disk"
# In a mount namespace of its own, so that nothing stays mounted whatever happens.
SCRIPT = """
set -eu
mount -t tmpfs -o size=64m,mode=0700 torture "$STATE"
cp -r "$TEMPLATE"/. "$STATE"
if [ "$FREE" != all ]; then
  set -- $(stat -f -c '%b %f %S' "$STATE")
  mount -o remount,size=$(( ($1 - $2) * $3 + FREE * 4096 )) "$STATE"
fi
status=0
env $AIM {command} || status=$?
rm -f "$STATE"/.filler
mount -o remount,size=64m "$STATE"
cp -r "$STATE"/. "$KEPT"
exit $status
"""


def run(work, case, state, free, aim):
    """Runs a case on a tmpfs at `state`, which ends up in `state`.kept."""
    kept = f"{state}.kept"
    os.makedirs(state)
    os.makedirs(kept)
    command = shlex.join(case.command(work.xm_safe, state))
    # LD_PRELOAD aims at the program alone, not at the shell.
    aim = " ".join(f"{name}={value}" for name, value in aim.items())
    unshare = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
    extra = {"STATE": state, "TEMPLATE": case.template, "KEPT": kept, "FREE": str(free), "AIM": aim}
    return program.run([*unshare, "sh", "-c", SCRIPT.replace("{command}", command)], extra), kept


def inject(work, case, free, at):
    """One run on a full disk, and the verdict."""
    state = work.place()
    log = f"{state}.log"
    outcome, kept = run(work, case, state, free, work.shims.files(state, log, "fill", at) if at else {})
    if at and not any(call.endswith("INJECTED") for call in points(log)):
        work.remove(state, kept)
        return None
    first = claims(case, outcome, kept)
    if outcome.status not in (0, 12, 20, 21):
        first.append(f"a full disk ended with {outcome.status}: {outcome.said}")
    where, breaches = settled(case, work.xm_safe, kept, first)
    work.remove(state, kept)
    label = f"full from call {at} on -> {outcome.status}" if at else f"{free} pages free -> {outcome.status}"
    return Record(SWEEP, case.name, label, where, breaches, work.repeat(4, case.name, at=at, fault="fill"))


def sweep(work):
    """All cases: each call, and each few pages."""
    if work.options.fault not in (None, "fill"):
        return []
    tasks = []
    for case in catalogue.cases(work.forge, work.options.case):
        numbers = work.chosen(range(1, len(calls(work, case)) + 1), 4, case.name)
        tasks += [(work, case, "all", at) for at in numbers]
        if work.options.at is None:
            # More than the preflight of an upgrade asks for, so that the end of the range runs through.
            pages = work.chosen([*range(1, 60, 2), *range(60, 440, 20)], 3, case.name + "pages")
            tasks += [(work, case, free, 0) for free in pages]
    return work.all("full disk", inject, tasks)
