"""Sweep 3: the power fails after every change that a run makes, and the disk keeps only what it must, or some of the rest."""

import random
import re

from . import archives, catalogue, disk, program
from .verdict import Record, settled

SWEEP = "3 power cut"
# How many random disks are made at each cut, beside the one that has forgotten all it may, and the one that has forgotten nothing.
RANDOM = 4

DONE = re.compile(r"\[xm_safe\.(upgrade|restore)\] (Upgraded|Restored|Created) |^(upgraded|restored|created) ", re.MULTILINE)
SAVED = re.compile(r"as snapshot ([0-9a-f]{8})")


def recorded(work, case, command=None):
    """The trace of a run without a fault, and the run's outcome."""
    state = work.place(case.template)
    path = f"{state}.trace"
    command = command or case.command(work.xm_safe, state)
    outcome = program.run(command, work.shims.files(state, f"{state}.log", trace=path))
    operations = disk.trace(path)
    work.remove(state)
    if not any(each.letter == "W" for each in operations):
        raise RuntimeError(f"case {case.name}: no write was seen")
    return operations, outcome


def cuts(case, operations, seed, count, drops_syncs=False):
    """Yields the states that a power cut may leave: number of operations, name of the state, files, and what was said before."""
    remembered = disk.Disk(case.template, drops_syncs)
    said = ""
    seen = set()
    for at, operation in enumerate(operations, 1):
        if operation.letter == "P":
            said += operation.data.decode(errors="replace")
        if not remembered.apply(operation):
            continue
        for name in ["least", "most", *range(count)]:
            remains = remembered.remains(*choice(name, f"{seed}:{case.name}:{at}:{name}"))
            key = (disk.digest(remains), said)
            if key not in seen:
                seen.add(key)
                yield at, name, remains, said


def choice(name, seed):
    """How a disk decides what it keeps."""
    if name == "least":
        return (lambda _: False, None)
    if name == "most":
        return (lambda _: True, None)
    generator = random.Random(seed)
    likely = {kind: generator.choice((0.1, 0.5, 0.9)) for kind in ("name", "data", "length")}
    return (lambda kind: generator.random() < likely[kind], generator)


def judge(work, case, at, name, remains, said, operation):
    """Makes one disk, runs one more command on it, and looks."""
    state = work.place()
    disk.write(remains, state)
    first = []
    present = " ".join(archives.names(f"{state}/Backups"))
    first += [f"snapshot {each} was reported, and is not there" for each in SAVED.findall(said) if each not in present]
    where, breaches = settled(case, work.xm_safe, state, first)
    if DONE.search(said) and where == "before" != case.after:
        if case.before != case.after:
            breaches.append("it was reported as done, and it is as before")
    work.remove(state)
    label = f"after operation {at} ({operation.letter} {' '.join(operation.fields)}), state {name}"
    return Record(SWEEP, case.name, label, where, breaches, work.repeat(3, case.name, at=at))


def tasks_of(work, case, drops_syncs=False):
    """What is to be judged for one case."""
    operations, outcome = recorded(work, case)
    if outcome.status != case.status:
        raise RuntimeError(f"case {case.name} ends with {outcome.status} when it is recorded: {outcome.said}")
    count = 1 if work.options.sample else RANDOM
    every = list(cuts(case, operations, work.options.seed, count, drops_syncs))
    if work.options.at is not None:
        every = [each for each in every if each[0] == work.options.at]
    elif work.options.sample:
        chosen = set(work.chosen(range(len(every)), 12, case.name))
        every = [each for number, each in enumerate(every) if number in chosen]
    return [(work, case, *each, operations[each[0] - 1]) for each in every]


def sweep(work):
    """All cases, all cuts."""
    tasks = []
    for case in catalogue.cases(work.forge, work.options.case):
        tasks += tasks_of(work, case)
    return work.all("power cuts", judge, tasks)
