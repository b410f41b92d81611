"""Sweep 1: every SQL statement of an upgrade fails once, for every script set; and the same for plain alembic."""

import os

from . import catalogue, program
from .shims import STATEMENT_FAULTS, points
from .verdict import Record, claims, settled

SWEEP = "1 SQL statements"


def inject(work, case, at, fault):
    """Fails one statement of one run, and judges."""
    state = work.place(case.template)
    log = f"{state}.log"
    outcome = program.run(case.command(work.xm_safe, state), work.shims.statements(log, fault, at))
    hit = [statement for statement in points(log) if statement.endswith("INJECTED")]
    os.remove(log)
    if not hit:
        work.remove(state)
        return None
    where, breaches = settled(case, work.xm_safe, state, claims(case, outcome, state))
    work.remove(state)
    label = f"{fault} at {at}: {hit[0]} -> {outcome.status}"
    return Record(SWEEP, case.name, label, where, breaches, work.repeat(1, case.name, at=at, fault=fault))


def statements(work, case):
    """How many statements a case's run has without a fault."""
    state = work.place(case.template)
    program.run(case.command(work.xm_safe, state), work.shims.statements(f"{state}.log"))
    found = points(f"{state}.log")
    work.remove(state)
    if not found:
        raise RuntimeError(f"case {case.name}: no statement was seen")
    return len(found)


def sweep(work):
    """All script sets, all statements, all codes."""
    tasks = []
    for case in catalogue.script_sets(work.forge, work.options.case):
        count = statements(work, case)
        for fault in [work.options.fault] if work.options.fault else STATEMENT_FAULTS:
            limit = 8 if "ten" in case.name else 4
            tasks += [(work, case, at, fault) for at in work.chosen(range(1, count + 1), limit, case.name + fault)]
    return work.all("SQL statements", inject, tasks)
