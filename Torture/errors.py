"""Sweep 4, first half: ENOSPC, EIO and EACCES at every write-type system call, once and for good."""

from . import catalogue, program
from .kills import calls
from .shims import points
from .verdict import Record, claims, settled

SWEEP = "4 ENOSPC, EIO, EACCES"
FAULTS = ("ENOSPC", "EIO", "EACCES")


def inject(work, case, at, fault, sticky):
    """Fails one call of one run, or that and all later ones, and judges."""
    state = work.place(case.template)
    log = f"{state}.log"
    environment = work.shims.files(state, log, fault, at, sticky)
    outcome = program.run(case.command(work.xm_safe, state), environment)
    hit = [call for call in points(log) if call.endswith("INJECTED")]
    if not hit:
        work.remove(state)
        return None
    where, breaches = settled(case, work.xm_safe, state, claims(case, outcome, state))
    work.remove(state)
    label = f"{fault}{' for good' if sticky else ''} at {at}: {hit[0]} -> {outcome.status}"
    return Record(
        SWEEP, case.name, label, where, breaches, work.repeat(4, case.name, at=at, fault=fault, sticky=sticky)
    )


def sweep(work):
    """All cases, all calls, all errors."""
    if work.options.fault == "fill":
        return []
    tasks = []
    for case in catalogue.cases(work.forge, work.options.case):
        found = calls(work, case)
        for fault in [work.options.fault] if work.options.fault else FAULTS:
            for sticky in [work.options.sticky] if work.options.at is not None else (False, True):
                salt = f"{case.name}{fault}{sticky}"
                numbers = work.chosen(range(1, len(found) + 1), 4, salt)
                tasks += [(work, case, at, fault, sticky) for at in numbers]
    return work.all("errors", inject, tasks)
