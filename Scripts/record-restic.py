#!/usr/bin/env python3
"""Records what the real restic keeps: random histories and policies, and the answers of `restic forget --dry-run --json`.

usage: record-restic.py RESTIC > Tests/Fixtures/restic-forget.json

The tests compare the retention rules with the recorded answers, so that they need no restic. The seed is fixed: another run
with the same restic prints the same.
"""
import datetime
import json
import os
import random
import subprocess
import sys
import tempfile

FLAGS = ["last", "hourly", "daily", "weekly", "monthly", "yearly"]
WITHINS = ["within", "within-hourly", "within-daily", "within-weekly", "within-monthly", "within-yearly"]
DURATIONS = ["1h", "12h", "1d", "7d", "1d12h", "1m", "2m15d", "6m", "1y", "1y1m1d1h"]
# How far apart the snapshots of a history are, in seconds: all that the rules tell apart, ends of years and leap days.
STEPS = [
    [60, 600, 3600, 7200],
    [3600, 40_000, 86_400],
    [86_400, 86_399, 86_401, 172_800],
    [86_400, 604_800, 604_799, 1_000_000],
    [2_592_000, 2_678_400, 604_800, 86_400],
    [60, 3600, 86_400, 604_800, 2_592_000, 31_536_000],
]
ENDS = ["2026-01-04 23:59:59", "2024-03-01 00:00:00", "2021-01-03 12:00:00", "2025-12-29 00:00:00",
        "2026-03-31 10:30:00", "2024-12-31 23:00:00"]


def main():
    restic = sys.argv[1]
    chance = random.Random(20261123)
    with tempfile.TemporaryDirectory() as directory:
        environment = dict(os.environ, TZ="UTC", RESTIC_REPOSITORY=directory + "/repository", RESTIC_PASSWORD="x",
                           RESTIC_CACHE_DIR=directory + "/cache")
        empty = directory + "/empty"
        os.mkdir(empty)

        def run(*arguments):
            return subprocess.run([restic, *arguments], env=environment, check=True, capture_output=True, text=True).stdout

        version = run("version").split()[1]
        run("init")
        histories = []
        for number, (steps, end) in enumerate(zip(STEPS, ENDS)):
            time = datetime.datetime.strptime(end, "%Y-%m-%d %H:%M:%S")
            times = []
            for _ in range(20):
                times.append(time.strftime("%Y-%m-%d %H:%M:%S"))
                time -= datetime.timedelta(seconds=chance.choice(steps))
            for text in times:
                run("backup", "--quiet", "--tag", f"h{number}", "--time", text, empty)
            histories.append(times)
        policies = []
        for name in FLAGS:
            policies += [{name: "1"}, {name: str(chance.randint(2, 12))}]
        for name in WITHINS:
            policies += [{name: chance.choice(DURATIONS)} for _ in range(3)]
        for _ in range(20):
            policy = {name: str(chance.randint(1, 6)) for name in FLAGS if chance.random() < 0.4}
            policy |= {name: chance.choice(DURATIONS) for name in WITHINS if chance.random() < 0.2}
            if policy:
                policies.append(policy)
        cases = []
        for policy in policies:
            flags = [part for name, value in policy.items() for part in (f"--keep-{name}", value)]
            groups = json.loads(run("forget", "--dry-run", "--json", "--group-by", "tags", *flags))
            for group in sorted(groups, key=lambda group: group["tags"]):
                number = int(group["tags"][0][1:])
                place = {time: index for index, time in enumerate(histories[number])}
                kept = {}
                for reason in group["reasons"]:
                    time = reason["snapshot"]["time"][:19].replace("T", " ")
                    kept[place[time]] = reason["matches"]
                assert len(kept) == len(group["keep"]) and len(kept) + len(group["remove"] or []) == 20
                cases.append({"history": number, "policy": policy,
                              "kept": {str(index): ", ".join(kept[index]) for index in sorted(kept)}})
    lines = ",\n".join("  " + json.dumps(case, separators=(",", ":")) for case in cases)
    print('{"restic": "%s",\n"histories": %s,\n"cases": [\n%s\n]}' % (version, json.dumps(histories), lines))


main()
