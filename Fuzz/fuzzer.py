"""Runs the harness: one target, one way, and what came of it."""

import dataclasses
import os
import pathlib
import re
import subprocess
import time

# A single input may take so many seconds, and the process so many MB: more is a finding.
TIMEOUT = 20
MEMORY = 1024
ALLOCATION = 512
# An edge of the code is a place between two branches. Fewer than these are only what every input reaches.
LEAST_EDGES = 100


@dataclasses.dataclass
class Outcome:
    """What one run did."""

    target: str
    executions: int
    corpus: int
    new: int
    edges: int
    seconds: float
    # The input that does it again, and the last lines that the harness printed.
    finding: str = ""
    log: str = ""


class Fuzzer:
    """The harness, with a place for what it finds."""

    def __init__(self, program, directory):
        self.program = program
        self.directory = pathlib.Path(directory)

    def run(self, target, inputs, *options):
        """Starts the harness on directories or files; the first directory gets what is new."""
        findings = self.directory / "findings" / target.name
        findings.mkdir(parents=True, exist_ok=True)
        command = [
            self.program,
            f"-artifact_prefix={findings}/",
            f"-timeout={TIMEOUT}",
            f"-rss_limit_mb={MEMORY}",
            f"-malloc_limit_mb={ALLOCATION}",
            f"-max_len={target.longest}",
            "-print_final_stats=1",
            *options,
            *map(str, inputs),
        ]
        if target.dictionary:
            command.insert(1, f"-dict={pathlib.Path(__file__).parent / 'dictionaries' / target.dictionary}")
        environment = os.environ | {
            "XM_SAFE_FUZZ_TARGET": target.name,
            # A trap ends in a signal at once, and not in a long search for a backtrace.
            "SWIFT_BACKTRACE": "enable=no",
            # What one input freed may not pile up until the limit is met.
            "ASAN_OPTIONS": "quarantine_size_mb=16:allocator_release_to_os_interval_ms=500:detect_leaks=0",
        }
        began = time.monotonic()
        ended = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        log = ended.stdout.decode(errors="replace")
        return self.outcome(target, log, ended.returncode, time.monotonic() - began, findings)

    @staticmethod
    def outcome(target, log, code, seconds, findings):
        """Reads libFuzzer's own statistics."""

        def statistic(name):
            found = re.findall(rf"stat::{name}:\s+(\d+)", log)
            return int(found[-1]) if found else 0

        corpus = re.findall(r"corp: (\d+)/", log)
        outcome = Outcome(
            target.name,
            statistic("number_of_executed_units"),
            int(corpus[-1]) if corpus else 0,
            statistic("new_units_added"),
            max([int(number) for number in re.findall(r"cov: (\d+)", log)], default=0),
            seconds,
        )
        if code == 0 and (outcome.executions == 0 or outcome.edges < LEAST_EDGES) and not is_replay(log):
            outcome.finding = f"nothing: it ran blind, {outcome.executions} executions reached {outcome.edges} edges of the code"
            outcome.log = "\n".join(line for line in log.splitlines() if "INFO" in line or "WARNING" in line)
        if code != 0:
            written = re.findall(r"Test unit written to (\S+)", log)
            single = re.findall(r"Running: (\S+)", log)
            outcome.finding = (written or single or [f"{findings} (nothing was written, code {code})"])[-1]
            outcome.log = "\n".join(log.splitlines()[-40:])
        return outcome


def is_replay(log):
    """Whether single inputs were run, and nothing was looked for."""
    return "fuzzing was not performed" in log or "MERGE-OUTER" in log
