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
        env={**os.environ, **scripts_variables(corpus, environment, here)},
        capture_output=True,
        text=True,
    )
    if not answer.exists():
        return {"records": [], "failure": done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit code {done.returncode}"}
    return json.loads(answer.read_text())


def scripts_variables(corpus, environment, *more):
    """What the scripts' Python is started with."""
    return {
        "PYTHONPATH": os.pathsep.join(map(str, [*corpus.path(environment), *more])),
        "PYTHONWARNINGS": "ignore",
        "WEBUI_SECRET_KEY": "any",
    }


def judge(program, environment, folder, record, python=None, variables=None):
    """One revision, run by xm-safe on the database that alembic had before it; with a Python, by its alembic under guard."""
    place = project.fresh(folder / "ours")
    database = place / "database.sqlite3"
    shutil.copyfile(record["before"], database)
    done = upgraded(program, record["revision"], database, folder, place, python, variables)
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
            # Under guard the log is the project's own: some import what turns it off.
            if (ours or not python) and [line.strip() for line in ours] != [line.strip() for line in theirs]:
                found = f"log: alembic {theirs}, xm-safe {ours}"
        if found is not None:
            verdict.word, verdict.why = "different", found
    return verdict


def whole(program, environment, folder, records, python, variables):
    """The whole chain in one run of xm-safe, with the project's alembic under guard."""
    done = [record for record in records if not record["error"]]
    if not done:
        return Verdict("", "", "refused", "alembic runs none of it")
    record = {
        **done[0],
        "revision": done[-1]["revision"],
        "after": done[-1]["after"],
        "log": [line for one in done for line in one["log"]],
    }
    return judge(program, environment, folder, record, python, variables)


def upgraded(program, revision, database, folder, place, python, variables):
    """xm-safe's run: by its native engine, and nothing but the engine; with a Python as a user has it."""
    engine = ["--engine", "alembic", "--python", python] if python else ["--engine", "native", "--no-rehearsal", "--guard", "off"]
    return subprocess.run(
        [program, "upgrade", revision, "--db", database, "-c", folder / "alembic.ini", *engine],
        cwd=place,
        capture_output=True,
        text=True,
        timeout=300,
        env={**{key: value for key, value in os.environ.items() if not key.startswith("XM_SAFE_")}, **(variables or {})},
    )
