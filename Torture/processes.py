"""Sweep 6: two, then eight xm-safe at once on one database, any mix of verbs, some of them killed; and the lock of a killed holder."""

import os
import random
import signal
import subprocess
import time

from . import catalogue, program
from .cases import DATABASE, digests, look
from .kills import calls
from .shims import points
from .verdict import Record, leftovers, settled, store

SWEEP = "6 processes at once"
# 10: nothing to undo, or the snapshot was pruned meanwhile. 23: revisions are pending.
ALLOWED = {0, 10, 11, 23}
# The cases that are stopped at each of their calls.
HELD = ("upgrade-ten-delete", "upgrade-ten-wal", "restore-wal", "undo-delete")


def verbs(ini, identifier):
    """What the processes choose from."""
    return [
        ["upgrade", "-c", ini],
        ["undo"],
        ["restore", identifier],
        ["snapshot"],
        ["verify", "--all"],
        ["list"],
        ["current", "-c", ini],
        ["check", "-c", ini],
        ["prune", "--keep-last", "4"],
    ]


def start(work, state, arguments):
    """Starts one process without waiting for it."""
    return subprocess.Popen(
        [work.xm_safe, *arguments, "--db", f"{state}/{DATABASE}", "--busy-timeout", "10"],
        env=program.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def crowd(work, case, count, number, generator):
    """Some rounds of processes on one state; the database must be at the start or at the head after each."""
    state = work.place(case.template)
    pinned = next(iter(case.archives)).rpartition("-")[2].split(".")[0]
    program.run([work.xm_safe, "pin", pinned, "--db", f"{state}/{DATABASE}"])
    ini = work.forge.inis["ten"]
    records = []
    for round_number in range(1, number + 1):
        chosen = [generator.choice(verbs(ini, pinned)) for _ in range(count)]
        victim = generator.randrange(count) if generator.random() < 0.5 else None
        processes = [start(work, state, arguments) for arguments in chosen]
        if victim is not None:
            time.sleep(generator.random() * 0.08)
            processes[victim].send_signal(signal.SIGKILL)
        breaches = []
        for position, process in enumerate(processes):
            text = process.communicate(timeout=program.TIMEOUT)[0].decode(errors="replace")
            if process.returncode not in ALLOWED and not (position == victim and process.returncode == -signal.SIGKILL):
                breaches.append(f"{chosen[position]} ended with {process.returncode}: {' | '.join(text.strip().splitlines()[-3:])}")
        after = program.run([work.xm_safe, "snapshot", "--db", f"{state}/{DATABASE}"])
        if after.status != 0:
            breaches.append(f"one more snapshot ended with {after.status}: {after.said}")
        content = look(state)
        side = {case.before: "before", case.after: "after"}.get(content, "neither")
        if side == "neither":
            breaches.append("the database is neither at the start nor at the head")
        breaches += leftovers(state) + store(case, state, "before")
        label = f"round {round_number}: " + ", ".join(arguments[0] for arguments in chosen)
        repeat = work.repeat(6, f"{count}-processes")
        records.append(Record(SWEEP, f"{count} processes, {case.name}", label, side, breaches, repeat, count))
    work.remove(state)
    return records


def holder(work, case, at):
    """Stops a run at one call, while it may hold the lock; another must be refused; once it is killed, the next runs at once."""
    state = work.place(case.template)
    log = f"{state}.log"
    environment = program.environment(work.shims.files(state, log, "stop", at))
    run = subprocess.Popen(case.command(work.xm_safe, state), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status = os.waitpid(run.pid, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        run.returncode = 0
        work.remove(state)
        return None
    breaches = []
    base = ["--db", f"{state}/{DATABASE}", "--busy-timeout", "0.05"]
    others = {verb: program.run([work.xm_safe, verb, *base]) for verb in ("snapshot", "list")}
    # Before the lock is there, and after it is gone, the other runs.
    if others["snapshot"].status not in (0, 11):
        breaches.append(f"a snapshot beside it ended with {others['snapshot'].status}: {others['snapshot'].said}")
    if others["list"].status != 0:
        breaches.append(f"a list beside it ended with {others['list'].status}: {others['list'].said}")
    run.send_signal(signal.SIGKILL)
    run.wait()
    where, breaches = settled(case, work.xm_safe, state, breaches)
    hit = [call for call in points(log) if call.endswith("INJECTED")]
    work.remove(state)
    label = f"stopped at {at}: {hit[0] if hit else '?'}, other -> {others['snapshot'].status}"
    return Record(SWEEP, f"holder {case.name}", label, where, breaches, work.repeat(6, f"holder-{case.name}", at=at))


def crowded(work):
    """States with a snapshot of the start, and an upgrade that leads to the head; in both journal modes."""
    for journal in ("delete", "wal"):
        name = f"crowd-{journal}"
        if name not in work.forge.cases:
            state = work.forge.start(name, "ten", journal)
            case = work.forge.freeze(name, state, ["upgrade", "-c", work.forge.inis["ten"]], saves=True)
            work.forge.run(case.template, "snapshot")
            case.archives = digests(case.template)
            # It is pinned, so that no prune may take it.
            case.kept = set(case.archives)
            work.forge.cases[name] = case
        yield work.forge.cases[name]


def sweep(work):
    """Crowds of two and of eight; then a holder stopped at each call."""
    tasks = []
    rounds = 3 if work.options.sample else 40
    for case in crowded(work):
        for count in (2, 8):
            if work.options.case in (None, f"{count}-processes"):
                generator = random.Random(f"{work.options.seed}:{case.name}:{count}")
                tasks.append((work, case, count, rounds, generator))
    began = time.monotonic()
    records = [record for task in tasks for record in crowd(*task)]
    work.note("crowds", records, began)
    stopped = []
    for name in HELD:
        if work.options.case in (None, f"holder-{name}"):
            case = catalogue.cases(work.forge, name)[0]
            numbers = range(1, len(calls(work, case)) + 1)
            stopped += [(work, case, at) for at in work.chosen(numbers, 3, case.name)]
    return records + work.all("holders", holder, stopped)
