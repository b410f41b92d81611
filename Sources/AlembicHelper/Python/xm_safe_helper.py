"""Runs a project's own alembic for xm-safe and tells xm-safe what happens, revision by revision.

xm-safe starts the project's Python with `xm_safe_start`, which gets this module and the others through a socket, and then calls
`main`. One JSON object a line goes each way. Standard input, output and error stay the project's. Python 3.9 or newer; nothing
but the standard library, and the alembic and SQLAlchemy of the project.

What is special to one kind of database is in a module of its own, `xm_safe_sqlite` for one, which has a class `Guard`:

    Guard(helper, settings)   before anything of the project is imported
    watch_engines()           if there is one: before anything of the project is imported, when SQLAlchemy is there
    adopt(context)            when env.py has configured a MigrationContext; raises Refused if it is not the guarded database
    begin(step)               before a revision
    boundary(context)         after a revision; a dict for the event `revision_done`
    end()                     when all is done; a dict for the event `finished`
"""

import functools
import json
import os
import select
import socket
import sys
import threading
import time
import traceback

TEXT = 20000
# How much of a failed revision's SQL is told; a line has an end somewhere.
TOLD, OF_EACH = 500000, 10000


def bounded(statements):
    """The first of the statements, as far as there is room for them."""
    kept, room = [], TOLD
    for text in statements:
        kept.append(text[: min(room, OF_EACH)])
        room -= len(kept[-1])
        if room <= 0:
            break
    return kept


class Refused(Exception):
    """What the guard does not allow; the code names the hazard."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class Channel:
    """The socket to xm-safe. A forked child has none: it must not speak for its parent."""

    def __init__(self, connection):
        self.socket = connection
        self.lock = threading.Lock()
        self.question = threading.Lock()
        self.is_over = False
        self.received = b""
        self.started = time.monotonic()
        os.register_at_fork(after_in_child=self.close)

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def end_with_xm_safe(self):
        """Ends this process as soon as xm-safe is gone: nobody else would end what it has begun."""
        connection = self.socket

        def look():
            while True:
                select.select([connection], [], [])
                try:
                    if not connection.recv(1, socket.MSG_PEEK):
                        os._exit(70)
                except OSError:
                    os._exit(70)
                # An answer, which the main thread takes.
                time.sleep(0.02)

        threading.Thread(target=look, daemon=True).start()

    def send(self, event, **fields):
        if self.socket is None:
            return
        fields.update(event=event, t=round(time.monotonic() - self.started, 6))
        line = json.dumps(fields, default=str).encode("ascii") + b"\n"
        try:
            with self.lock:
                # A daemon thread of the project may have something to say after the last word.
                if self.is_over:
                    return
                self.is_over = event in ("finished", "failed", "missing")
                self.socket.sendall(line)
        except OSError:
            # xm-safe is gone, and nobody will ever look at what this makes.
            os._exit(70)

    def ask(self, event, **fields):
        """Sends an event and waits for the answer; raises Refused if it is no."""
        if self.socket is None:
            raise Refused("forked", "a forked process must not run migrations")
        # One question at a time: threads of the project may have some at once.
        with self.question:
            if self.is_over:
                raise Refused("over", "the run has come to its end")
            self.send(event, **fields)
            while b"\n" not in self.received:
                more = self.socket.recv(65536)
                if not more:
                    os._exit(70)
                self.received += more
            line, self.received = self.received.split(b"\n", 1)
        answer = json.loads(line)
        if not answer.get("go"):
            raise Refused(answer.get("code", "aborted"), answer.get("reason", "stopped by xm-safe"))


class Helper:
    """One run: what was begun, what was done, and what went wrong first."""

    def __init__(self, connection, settings):
        self.settings = settings
        self.channel = Channel(connection)
        self.running = None
        self.done = []
        self.stamps = False
        self.failure = None
        self.guards = []

    # -- what goes wrong

    def fail(self, error, revision=None):
        """Keeps the first error."""
        if self.failure is None:
            self.failure = describe(error, revision)
            if revision is not None:
                # What it did until then belongs to the report of a failure.
                self.failure["statements"] = bounded(text for guard in self.guards for text in guard.statements)

    def hazard(self, code, message):
        """Keeps a hazard, whatever the script makes of the exception, and returns the exception to raise."""
        error = Refused(code, message)
        self.fail(error, self.running)
        return error

    # -- what alembic does

    def watch_alembic(self):
        from alembic.runtime.environment import EnvironmentContext

        helper = self
        initialise = EnvironmentContext.__init__
        configure = EnvironmentContext.configure

        def watched_init(self, config, script, **options):
            steps = options.get("fn")
            if steps is not None and not options.get("as_sql"):
                options["fn"] = helper.watched(steps)
            initialise(self, config, script, **options)

        def watched_configure(self, *arguments, **options):
            configure(self, *arguments, **options)
            if not self.is_offline_mode():
                helper.adopt(self.get_context())

        watched_init.__doc__ = initialise.__doc__
        EnvironmentContext.__init__ = watched_init
        EnvironmentContext.configure = watched_configure

    def adopt(self, context):
        if context.connection is None:
            return
        try:
            for guard in self.guards:
                guard.adopt(context)
            self.channel.ask(
                "context",
                dialect=context.dialect.name,
                driver=getattr(context.dialect, "driver", None),
                version_table=getattr(context, "version_table", None),
                version_table_schema=getattr(context, "version_table_schema", None),
                transactional_ddl=bool(context.impl.transactional_ddl),
            )
        except Refused as error:
            self.fail(error)
            raise

    def watched(self, original):
        """Wraps the function that gives alembic its steps: it asks for the next one when the last one is wholly done."""

        def steps(heads, context):
            found = list(original(heads, context))
            known = [step for step in found if hasattr(step, "revision")]
            # A stamp has no revisions to run, and changes the version table all the same.
            self.stamps = self.stamps or len(found) > len(known)
            if known:
                try:
                    self.channel.ask("plan", revisions=[step.revision.revision for step in known])
                except Refused as error:
                    self.fail(error)
                    raise
            for step in found:
                if hasattr(step, "revision"):
                    yield from self.one(step, context)
                else:
                    yield step

        return steps

    def one(self, step, context):
        revision = step.revision.revision
        self.running = step.revision
        self.channel.send(
            "revision_started", revision=revision, path=getattr(step.revision, "path", None)
        )
        for guard in self.guards:
            guard.begin(step)
        migrate = step.migration_fn

        # Its name is part of alembic's log line.
        @functools.wraps(migrate)
        def watched(*arguments, **options):
            try:
                return migrate(*arguments, **options)
            except BaseException as error:
                self.fail(error, step.revision)
                raise

        try:
            step.migration_fn = watched
        except AttributeError:
            pass
        begun = time.monotonic()
        yield step
        seconds = time.monotonic() - begun
        facts = {}
        for guard in self.guards:
            facts.update(guard.boundary(context))
        self.running = None
        self.done.append(revision)
        self.channel.send("revision_done", revision=revision, seconds=seconds, **facts)

    # -- what is run

    def run(self):
        entry = self.settings["entry"]
        kind = entry["kind"]
        if kind == "alembic":
            run_alembic(entry)
        elif kind == "call":
            import importlib

            function = importlib.import_module(entry["module"])
            for name in entry["function"].split("."):
                function = getattr(function, name)
            function(*entry.get("arguments", []))
        elif kind == "script":
            import runpy

            sys.argv = [entry["path"]] + entry.get("arguments", [])
            sys.path.insert(0, os.path.dirname(os.path.abspath(entry["path"])))
            runpy.run_path(entry["path"], run_name="__main__")
        else:
            raise Refused("protocol", "unknown kind of entry: %r" % (kind,))

    def conclude(self):
        """Says how it ended; nothing of the project may run after that."""
        # What Python does at its end: pools are told that no more work comes, threads that wait for the main one see it end,
        # and then all but daemons are waited for. Waiting alone would have some wait for ever.
        try:
            threading._shutdown()
        except Exception:
            traceback.print_exc()
        facts = {}
        if self.failure is None and self.running is None:
            for guard in self.guards:
                facts.update(guard.end())
        if self.failure is None and self.running is not None:
            self.failure = describe(
                Refused("unfinished", "it was begun and did not come to its end"), self.running
            )
        if self.failure is None:
            self.channel.send("finished", revisions=self.done, **facts)
        else:
            self.channel.send("failed", **self.failure)


def run_alembic(entry):
    """Runs alembic's own command line, or its command where there is no ini file."""
    import alembic.config

    url = entry.get("url")
    if "database" in entry:
        url = sqlite_url(entry["database"])
    if url is not None:
        initialise = alembic.config.Config.__init__

        def with_url(self, *arguments, **options):
            initialise(self, *arguments, **options)
            self.set_main_option("sqlalchemy.url", url.replace("%", "%%"))

        alembic.config.Config.__init__ = with_url
    import alembic.command

    if not hasattr(alembic.command, entry["arguments"][0]):
        raise Refused("old_alembic", "this alembic does not know the command %s" % entry["arguments"][0])
    # As the console script has it.
    sys.argv = ["alembic"] + entry["arguments"]
    if "ini" in entry:
        argv = ["--raiseerr", "-c", entry["ini"]]
        if "section" in entry:
            argv += ["-n", entry["section"]]
        for pair in entry.get("x", []):
            argv += ["-x", pair]
        alembic.config.main(argv=argv + entry["arguments"], prog="alembic")
        return
    import logging

    # Nobody else does it without an ini file: alembic's own lines in alembic's own format.
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)-5.5s [%(name)s] %(message)s"
    )
    logging.getLogger("alembic").setLevel(logging.INFO)
    config = alembic.config.Config()
    config.set_main_option("script_location", entry["scripts"].replace("%", "%%"))
    name, arguments = entry["arguments"][0], entry["arguments"][1:]
    if name == "stamp":
        revisions = [argument for argument in arguments if argument != "--purge"]
        alembic.command.stamp(config, revisions, purge="--purge" in arguments)
    else:
        getattr(alembic.command, name)(config, *arguments)


def sqlite_url(path):
    """The URL of an SQLite file, as this SQLAlchemy reads it: only newer ones decode what is after a percent sign."""
    from sqlalchemy.engine import url as urls

    if hasattr(urls.URL, "create"):
        text = urls.URL.create("sqlite", database=path).render_as_string(hide_password=False)
    else:
        text = str(urls.URL("sqlite", database=path))
    read = urls.make_url(text).database
    if read != path:
        raise Refused("path", "this SQLAlchemy reads %r as %r: rename the file" % (path, read))
    return text


def settings_name(guard, name):
    """A setting of a guard; None where it has no such one."""
    return getattr(guard, "settings", {}).get(name)


def watch_connections(guard):
    """Lets connections of the project's own to the live database only read while a copy of it is worked on."""
    from sqlalchemy import event
    from sqlalchemy.pool import Pool

    def connected(connection, record):
        module = type(connection).__module__
        if not any(name in module for name in guard.DRIVERS):
            return
        cursor = connection.cursor()
        try:
            cursor.execute(guard.is_live())
            row = cursor.fetchone()
            if row is not None and row[0]:
                cursor.execute(guard.READ_ONLY)
                connection.commit()
            else:
                connection.rollback()
        finally:
            cursor.close()

    event.listen(Pool, "connect", connected)


def describe(error, revision=None):
    """An error as the fields of the event `failed`."""
    message = "%s: %s" % (type(error).__name__, error)
    if isinstance(error, Refused):
        message = str(error)
    elif isinstance(error, SystemExit):
        message = "the script ended the program (SystemExit: %s)" % (error,)
    # SQLAlchemy adds a link to its manual.
    message = "\n".join(
        line for line in message.splitlines() if not line.startswith("(Background on this error")
    )
    path, line = None, None
    script = getattr(revision, "path", None)
    frames = traceback.extract_tb(error.__traceback__)
    for frame in frames:
        if script is not None and frame.filename == script:
            path, line = frame.filename, frame.lineno
    if path is None:
        for frame in frames:
            if os.path.basename(frame.filename) == "env.py":
                path, line = frame.filename, frame.lineno
    trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return {
        "revision": getattr(revision, "revision", None),
        "error": message[:TEXT],
        "path": path,
        "line": line,
        "code": getattr(error, "code", None) if isinstance(error, Refused) else None,
        "traceback": trace[-TEXT:],
    }


def main(connection, settings):
    """Runs the entry under the guards, and ends the process."""
    helper = Helper(connection, settings)
    try:
        if sys.version_info < (3, 9):
            helper.channel.send("missing", module="python", error=sys.version.split()[0])
            os._exit(1)
        for name, options in settings["guards"].items():
            helper.guards.append(__import__("xm_safe_" + name).Guard(helper, options))
        try:
            import alembic
            import sqlalchemy
        except ImportError as error:
            helper.channel.send(
                "missing", module=getattr(error, "name", None) or "alembic", error=str(error)
            )
            os._exit(1)
        helper.channel.send(
            "hello",
            python="%d.%d.%d" % sys.version_info[:3],
            alembic=str(getattr(alembic, "__version__", None)),
            sqlalchemy=str(getattr(sqlalchemy, "__version__", None)),
        )
        helper.channel.end_with_xm_safe()
        helper.watch_alembic()
        for guard in helper.guards:
            if settings_name(guard, "live"):
                watch_connections(guard)
            if hasattr(guard, "watch_engines"):
                guard.watch_engines()
        helper.run()
    except SystemExit as error:
        # Programs end by it when all is well, too.
        if error.code not in (None, 0):
            helper.fail(error, helper.running)
    except BaseException as error:
        helper.fail(error, helper.running)
    try:
        helper.conclude()
    except BaseException as error:
        helper.channel.send("failed", **describe(error))
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
    # No exit handler of the project may touch the database after the last word.
    os._exit(0)
