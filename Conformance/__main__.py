"""Compares the native engine with the real alembic on chains of real projects; ends with 1 when a result differs.

python3 -m Conformance PROGRAM [--engine alembic] [--sample] [--only NAME] [--verbose]
"""

import argparse
import collections
import os
import pathlib
import re
import sys
import tempfile

from .corpus import Corpus
from .environments import RUN, SAMPLE
from .judge import judge, oracle, scripts_variables, whole
from . import project


def arguments():
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="python3 -m Conformance", description=__doc__)
    parser.add_argument("program", help="the path of xm-safe")
    parser.add_argument(
        "--engine",
        choices=["native", "alembic"],
        default="native",
        help="which engine of xm-safe: its own, or the project's alembic under guard, which also runs every chain in one go",
    )
    parser.add_argument("--sample", action="store_true", help="the chains of the lower levels, for the gate")
    parser.add_argument("--only", action="append", help="only this environment")
    parser.add_argument("--cache", default=".cache/corpus", help="where the wheels are kept")
    parser.add_argument("--verbose", action="store_true", help="say of every script what came of it")
    parser.add_argument("--reasons", action="store_true", help="list how often each reason for a refusal comes")
    options = parser.parse_args()
    options.program = os.path.realpath(options.program)
    return options


def main():
    """Runs what was asked for and prints the table."""
    options = arguments()
    chosen = [e for e in RUN if (not options.sample or e.name in SAMPLE) and (not options.only or e.name in options.only)]
    corpus = Corpus(pathlib.Path(options.cache).resolve())
    corpus.prepare(chosen, everything=not options.sample)
    print("| environment | level | scripts | run by alembic | equal | refused | different | whole chain | first refusal or difference |")
    print("|---|---|---|---|---|---|---|---|---|")
    totals, reasons, is_wrong = collections.Counter(), collections.Counter(), False
    for environment in chosen:
        with tempfile.TemporaryDirectory(prefix="xm-safe-conformance-") as folder:
            line, counts = environment_line(options, corpus, environment, pathlib.Path(folder), reasons)
        print(line, flush=True)
        totals.update(counts)
        is_wrong = is_wrong or counts["different"] > 0 or (options.sample and not counts["whole"])
    print(
        f"| all | | {totals['scripts']} | {totals['run']} | {totals['equal']} | {totals['refused']} | {totals['different']} |"
        f" {totals['whole']} of {len(chosen)} | |"
    )
    if options.reasons:
        for reason, count in reasons.most_common(60):
            print(f"{count:5} {reason}")
    # The plain closing line of a test run.
    print(f"{totals['equal']} passed, {totals['different']} failed")
    sys.exit(1 if is_wrong else 0)


def environment_line(options, corpus, environment, folder, reasons):
    """Runs one environment, from empty and with rows; returns its line of the table and its counts."""
    verdicts, failure = {}, None
    under_guard = ()
    if options.engine == "alembic":
        under_guard = (corpus.python, scripts_variables(corpus, environment))
    for with_rows in (False, True):
        place = project.fresh(folder / ("rows" if with_rows else "empty"))
        answer = oracle(corpus, environment, place, with_rows)
        failure = failure or answer["failure"]
        for record in answer["records"]:
            verdict = judge(options.program, environment, place, record, *under_guard)
            if record["error"] and verdict.word == "equal":
                failure = failure or f"alembic cannot run {record['revision']}: {record['error']}"
            elif record["error"]:
                failure = failure or f"alembic cannot run {record['revision']}: {record['error']}"
                continue
            known = verdicts.get(verdict.revision)
            rank = ["equal", "refused", "different"]
            if known is None or rank.index(verdict.word) > rank.index(known.word):
                verdicts[verdict.revision] = verdict
        if under_guard and not with_rows:
            chain = whole(options.program, environment, place, answer["records"], *under_guard)
    scripts = len(list((corpus.root(environment) / environment.versions).glob("*.py"))) - len(
        list((corpus.root(environment) / environment.versions).glob("__init__*.py"))
    )
    words = collections.Counter(verdict.word for verdict in verdicts.values())
    for verdict in verdicts.values():
        if options.verbose and verdict.word != "equal":
            print(f"  {verdict.word} {os.path.basename(verdict.path)}: {verdict.why}", file=sys.stderr)
        if verdict.word == "refused":
            reasons[without_place(verdict.why)] += 1
    is_whole = scripts > 0 and words["equal"] == scripts and failure is None
    if under_guard:
        is_whole = chain.word == "equal"
        words["different"] += chain.word == "different"
        if not is_whole:
            failure = f"in one run: {chain.word}, {chain.why}"
    first = next((v for v in verdicts.values() if v.word == "different"), None) or next(
        (v for v in verdicts.values() if v.word == "refused"), None
    )
    why = without_place(first.why) if first else (failure or "")
    counts = collections.Counter(words, scripts=scripts, run=len(verdicts), whole=int(is_whole))
    line = (
        f"| {environment.name} | {environment.level} | {scripts} | {len(verdicts)} | {words['equal']} | {words['refused']} |"
        f" {words['different']} | {'yes' if is_whole else 'no'} | {why[:160].replace('|', '/')} |"
    )
    return line, counts


def without_place(reason):
    """A reason without the file that it is in."""
    return re.sub(r"^\S*?([^/\s]+\.py):(\d+):\d+: ", "", reason)


if __name__ == "__main__":
    main()
