"""The command line: replays the corpus, fuzzes each target, prints one table; ends with 1 when anything was found."""

import argparse
import os
import pathlib
import shutil
import sys
import time

from .fuzzer import Fuzzer
from .targets import PLANTED, TARGETS
from .seeds import archives, manifests, urls

# How many real files a run begins with.
SEEDS = 300
# How many inputs of a target are committed.
KEPT = 60
# How many bytes one of them may have.
LARGEST = 250


def arguments():
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python3 -m Fuzz", description=__doc__)
    parser.add_argument("program", help="the path of the harness")
    parser.add_argument("--seconds", type=int, default=600, help="for each target")
    parser.add_argument("--target", action="append", choices=[target.name for target in TARGETS], help="only this target")
    parser.add_argument("--seed", type=int, default=0, help="of libFuzzer; 0 is another one each time")
    parser.add_argument("--work", default=".cache/fuzz", help="where inputs and findings are kept")
    parser.add_argument("--fresh", action="store_true", help="forget the inputs that earlier runs have found")
    parser.add_argument("--keep", action="store_true", help="bring the committed corpus up to what was found, as small as it can be")
    options = parser.parse_args()
    options.program = os.path.realpath(options.program)
    return options


def prepared(target, work, fresh):
    """The directory of a target's inputs, filled with the committed ones and with real material."""
    inputs = work / "inputs" / target.name
    if fresh:
        shutil.rmtree(inputs, ignore_errors=True)
    inputs.mkdir(parents=True, exist_ok=True)
    made = {"archive": archives, "manifest": manifests, "url": urls}.get(target.name, list)()
    contents = [pathlib.Path(path).read_bytes() for path in [*committed(target), *target.seeds(SEEDS)]] + made
    for number, content in enumerate(contents):
        (inputs / f"seed-{number:03}").write_bytes(content)
    return inputs


def committed(target):
    """The committed inputs of a target, sorted."""
    return sorted(path for path in target.corpus().glob("*") if path.is_file())


def fuzzed(fuzzer, target, work, options):
    """Replays what is committed, which must be fine, and goes on from there."""
    if committed(target):
        replayed = fuzzer.run(target, committed(target))
        if replayed.finding:
            return replayed
    inputs = prepared(target, work, options.fresh)
    outcome = fuzzer.run(target, [inputs], f"-max_total_time={options.seconds}", f"-seed={options.seed}")
    if options.keep and not outcome.finding:
        keep(fuzzer, target, inputs)
    return outcome


def keep(fuzzer, target, inputs):
    """Replaces the committed corpus by the smallest choice of inputs that reaches as much."""
    chosen = inputs.parent / f"{target.name}-chosen"
    shutil.rmtree(chosen, ignore_errors=True)
    chosen.mkdir()
    fuzzer.run(target, [chosen, inputs], "-merge=1")
    shutil.rmtree(target.corpus(), ignore_errors=True)
    target.corpus().mkdir(parents=True)
    # Small ones of every length: they are replayed in a moment, and are nobody else's text.
    small = sorted((path.stat().st_size, path.name) for path in chosen.iterdir() if path.stat().st_size <= LARGEST)
    for _, name in small[:: max(1, -(-len(small) // KEPT))]:
        shutil.copy(chosen / name, target.corpus() / name)


def finds_planted(fuzzer, work):
    """Whether the harness finds the trap that was put there: it needs coverage for that, and must see a trap."""
    inputs = work / "inputs" / PLANTED.name
    shutil.rmtree(inputs, ignore_errors=True)
    inputs.mkdir(parents=True)
    outcome = fuzzer.run(PLANTED, [inputs], "-max_total_time=60", "-seed=1")
    return outcome, "the planted bug was found" in outcome.log


def table(outcomes):
    """The outcomes in Markdown."""
    lines = ["| target | executions | a second | edges | inputs kept | new units | findings |", "|---|---|---|---|---|---|---|"]
    for outcome in outcomes:
        rate = outcome.executions / max(outcome.seconds, 1)
        cells = [outcome.target, f"{outcome.executions:,}", f"{rate:,.0f}", f"{outcome.edges:,}", f"{outcome.corpus:,}", f"{outcome.new:,}", int(bool(outcome.finding))]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines)


def main():
    """Returns the exit code."""
    options = arguments()
    began = time.monotonic()
    work = pathlib.Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    fuzzer = Fuzzer(options.program, work)
    planted, is_found = finds_planted(fuzzer, work)
    if not is_found:
        print(f"the planted bug was not found in {planted.executions} executions: the harness is blind\n{planted.log}")
        return 1
    outcomes = []
    for target in TARGETS:
        if options.target and target.name not in options.target:
            continue
        outcomes.append(fuzzed(fuzzer, target, work, options))
        print(table(outcomes[-1:]).splitlines()[-1], file=sys.stderr, flush=True)
    print(table(outcomes))
    print(f"\n{time.monotonic() - began:.0f} s in all. Self-test: the planted bug was found in {planted.seconds:.0f} s.")
    for outcome in outcomes:
        if outcome.finding:
            print(f"\nFOUND by {outcome.target}: {outcome.finding}\n{outcome.log}")
            print(f"once more: XM_SAFE_FUZZ_TARGET={outcome.target} SWIFT_BACKTRACE=enable=no {options.program} {outcome.finding}")
    return 1 if any(outcome.finding for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
