"""Runs xm-safe on what alembic ran, revision by revision, and says of each whether the result is the same."""

import dataclasses
import json
import os
import pathlib
import re
import shutil
import subprocess

from . import compare, project


@dataclasses.dataclass
class Verdict:
    """One revision."""

    revision: str
    path: str
    # equal, different, refused, or failed as alembic does.
    word: str
    why: str = ""


def oracle(corpus, environment, folder, with_rows):
    """alembic's own run of the chain."""
    database = folder / "oracle.sqlite3"
    ini = project.write(folder, environment, corpus.root(environment), database)
    request = folder / "request.json"
    answer = folder / "answer.json"
    request.write_text(
        json.dumps(
            {
                "paths": [str(corpus.root(environment))],
                "folder": str(folder),
                "database": str(database),
                "ini": str(ini),
                "start": environment.start,
                "rows": with_rows,
                "version_table": environment.version_table,
                "answer": str(answer),
            }
        )
    )
    here = pathlib.Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [corpus.python, "-m", "Conformance.oracle", request],
        cwd=here,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*map(str, corpus.path(environment)), str(here)]), "PYTHONWARNINGS": "ignore", "WEBUI_SECRET_KEY": "any"},
        capture_output=True,
        text=True,
    )
    if not answer.exists():
        return {"records": [], "failure": done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit code {done.returncode}"}
    return json.loads(answer.read_text())


def judge(program, environment, folder, record):
    """One revision, run by xm-safe on the database that alembic had before it."""
    place = project.fresh(folder / "ours")
    database = place / "database.sqlite3"
    shutil.copyfile(record["before"], database)
    done = subprocess.run(
        [
            program, "upgrade", record["revision"], "--db", database, "-c", folder / "alembic.ini",
            "--no-rehearsal", "--guard", "off", *native(program),
        ],
        cwd=place,
        capture_output=True,
        text=True,
        timeout=300,
        env={key: value for key, value in os.environ.items() if not key.startswith("XM_SAFE_")},
    )
    verdict = Verdict(record["revision"], record["path"], "equal")
    reason = next((line for line in done.stderr.splitlines() if line.startswith("xm-safe: ")), done.stderr[-200:])[9:]
    if done.returncode == 24:
        verdict.word, verdict.why = "refused", reason
    elif done.returncode < 0 or done.returncode in (132, 133, 134, 139):
        verdict.word, verdict.why = "different", f"xm-safe ended by signal: {done.returncode}"
    elif record["error"]:
        verdict.word = "equal" if done.returncode == 20 else "different"
        verdict.why = "" if done.returncode == 20 else f"alembic fails ({record['error']}), xm-safe ends with {done.returncode}"
    elif done.returncode != 0:
        verdict.word, verdict.why = ("refused" if "is not read" in reason else "different"), f"exit code {done.returncode}: {reason}"
    else:
        found = compare.difference(record["after"], database, environment.version_table)
        if found is None:
            # A line of the log begins with its level; its message may have several lines.
            lines = re.split(r"\n(?=(?:INFO|WARNI|ERROR|DEBUG) *\[|xm-safe: )", done.stderr)
            ours = [line.split("] ", 1)[1] for line in lines if "[alembic.runtime.migration] Running" in line]
            theirs = [line for line in record["log"] if line.startswith("Running")]
            if [line.strip() for line in ours] != [line.strip() for line in theirs]:
                found = f"log: alembic {theirs}, xm-safe {ours}"
        if found is not None:
            verdict.word, verdict.why = "different", found
    return verdict


_native = {}


def native(program):
    """The option that asks for the native engine, if this program has engines to choose."""
    if program not in _native:
        help_text = subprocess.run([program, "upgrade", "--help"], capture_output=True, text=True).stdout
        _native[program] = ["--engine", "native"] if "--engine" in help_text else []
    return _native[program]
