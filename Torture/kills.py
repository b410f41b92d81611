"""Sweep 2: kill -9 before every write-type system call, and in the middle of every write; then one more command."""

from . import catalogue, program
from .shims import points
from .verdict import Record, settled

SWEEP = "2 kill -9"
FAULTS = ("kill", "torn")


def calls(work, case):
    """The calls of a case's run without a fault."""
    state = work.place(case.template)
    log = f"{state}.log"
    program.run(case.command(work.xm_safe, state), work.shims.files(state, log))
    work.remove(state)
    found = points(log)
    if not found:
        raise RuntimeError(f"case {case.name}: no call was seen")
    return found


def inject(work, case, at, fault):
    """Kills one run at one call, and judges."""
    state = work.place(case.template)
    log = f"{state}.log"
    outcome = program.run(case.command(work.xm_safe, state), work.shims.files(state, log, fault, at))
    hit = [call for call in points(log) if call.endswith("INJECTED")]
    if not hit or not outcome.was_killed:
        # The run was shorter than the one that was counted: nothing was injected.
        work.remove(state)
        return None
    where, breaches = settled(case, work.xm_safe, state)
    work.remove(state)
    return Record(SWEEP, case.name, f"{fault} at {at}: {hit[0]}", where, breaches, work.repeat(2, case.name, at=at, fault=fault))


def sweep(work):
    """All cases, all calls."""
    tasks = []
    for case in catalogue.cases(work.forge, work.options.case, guarded=True):
        found = calls(work, case)
        for fault in [work.options.fault] if work.options.fault else FAULTS:
            numbers = [n for n, call in enumerate(found, 1) if fault == "kill" or call.startswith(("write ", "pwrite "))]
            tasks += [(work, case, at, fault) for at in work.chosen(numbers, 9 if fault == "kill" else 4, case.name + fault)]
    return work.all("kill -9", inject, tasks)
