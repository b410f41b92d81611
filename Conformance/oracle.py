"""Runs one chain with the real alembic, a revision at a time, and keeps the database before and after each.

Called by the interpreter that has alembic: python -m Conformance.oracle REQUEST.json; the answer goes to the file that it names.
"""

import contextlib
import importlib
import io
import json
import logging
import pathlib
import shutil
import sqlite3
import sys
import warnings

from . import rows


class Lines(logging.Handler):
    """Keeps the lines of alembic's own log."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


def chain(config):
    """The revisions from base to the heads, in alembic's own order."""
    from alembic.script import ScriptDirectory

    directory = ScriptDirectory.from_config(config)
    return [script for script in reversed(list(directory.iterate_revisions("heads", "base")))]


def step(config, revision):
    """Upgrades to one revision; returns the log, and the exception if there was one."""
    from alembic import command

    handler = Lines()
    logger = logging.getLogger("alembic.runtime.migration")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            command.upgrade(config, revision)
    except BaseException as error:  # a script may raise anything, SystemExit as well
        if isinstance(error, KeyboardInterrupt):
            raise
        return handler.lines, f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
    finally:
        logger.removeHandler(handler)
    return handler.lines, None


def run(request):
    """Runs the chain; returns a record per revision, up to the first that alembic cannot run."""
    import sqlalchemy
    from alembic.config import Config

    sys.path[:0] = request["paths"]
    folder = pathlib.Path(request["folder"])
    database = pathlib.Path(request["database"])
    config = Config(request["ini"])
    if request["start"]:
        module, base = request["start"].split(":")
        engine = sqlalchemy.create_engine(f"sqlite:///{database}")
        getattr(importlib.import_module(module), base).metadata.create_all(engine)
        engine.dispose()
    records = []
    for number, script in enumerate(chain(config)):
        before = folder / f"{number:04}-before.sqlite3"
        after = folder / f"{number:04}-after.sqlite3"
        hold(database, before)
        lines, error = step(config, script.revision)
        if error and request["rows"]:
            # Rows of ours may be what it cannot take: then it is run without them.
            hold(before, database)
            rows.clear(database, request["version_table"])
            hold(database, before)
            lines, error = step(config, script.revision)
        record = {
            "revision": script.revision,
            "path": script.path,
            "before": str(before),
            "after": str(after),
            "log": lines,
            "error": error,
        }
        records.append(record)
        if error:
            break
        hold(database, after)
        if request["rows"]:
            rows.insert(database, request["version_table"], number)
    return records


def hold(database, copy):
    """Copies a database that nobody has open."""
    if database.exists():
        shutil.copyfile(database, copy)
    else:
        copy.unlink(missing_ok=True)
        sqlite3.connect(copy).close()


def main():
    """Answers one request."""
    request = json.loads(pathlib.Path(sys.argv[1]).read_text())
    try:
        answer = {"records": run(request), "failure": None}
    except Exception as error:  # the scripts of the environment cannot even be loaded
        answer = {"records": [], "failure": f"{type(error).__name__}: {error}"}
    pathlib.Path(request["answer"]).write_text(json.dumps(answer))


if __name__ == "__main__":
    main()
