"""Guards a PostgreSQL database: everything the project does to it happens in one transaction, which xm-safe ends.

The seam are the methods of SQLAlchemy's dialect, replaced on the one dialect that alembic's connection has: what the project commits
is released to a savepoint instead, and what it rolls back goes back to that savepoint. The real commit comes when the connection is
closed, inside the event loop of an asynchronous driver, and only after xm-safe has agreed.
"""

import re
import sys
import threading

from xm_safe_helper import Refused
from xm_safe_rehearsal import BEYOND, READ, beyond_postgresql

# Where what the project takes for its transaction begins, and where a revision does.
PROJECT = "xm_safe_transaction"
REVISION = "xm_safe_revision"
LOST = "a script or env.py has ended the transaction behind SQLAlchemy's back (a commit of the driver's own connection)"
NOTHING = "DO 'BEGIN END'"

COMMENT = re.compile(r"\s*(--[^\n]*\n\s*|/\*.*?\*/\s*)*", re.S)
CONTROL = re.compile(
    r"(BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK|ABORT)(\s+(WORK|TRANSACTION))?(\s+ISOLATION\b.*|\s+READ\b.*)?\s*;?\s*$", re.I | re.S
)
REMOVAL = re.compile(r"(?<!\bON\s)\bDELETE\b|\b(?:TRUNCATE|DROP|MERGE)\b", re.I)
# What changes a table, or says something of it, and takes no row, but for its partitions; a second statement behind it may do anything.
ALTERATION = re.compile(r"\s*(?:ALTER|COMMENT|(?:CREATE|DROP)\s+(?:UNIQUE\s+)?INDEX)\b(?!.*;\s*\S)", re.I | re.S)
PARTITION = re.compile(r"\bDETACH\s+PARTITION\b", re.I)
WORD = re.compile(r"\w+")
# Comments and strings; in those without an E a backslash is one, and what is in dollars may be run.
NOT_CODE = re.compile(r"--[^\n]*|/\*.*?\*/|\bE'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'", re.S | re.I)
KEPT = 2000


def unwrapped(connection):
    """The driver's own connection, whatever SQLAlchemy has put around it."""
    for _ in range(4):
        inner = getattr(connection, "dbapi_connection", None)
        if inner is None and type(connection).__name__ == "_ConnectionFairy":
            inner = connection.connection
        if inner is None or inner is connection:
            return connection
        connection = inner
    return connection


class Guard:
    # The modules of drivers' connections, and of SQLAlchemy's own around them.
    DRIVERS = ("psycopg", "pg8000", "asyncpg", "dialects.postgresql")
    READ_ONLY = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"

    def __init__(self, helper, settings):
        self.helper = helper
        self.settings = settings
        self.is_transactional = settings["mode"] == "transaction"
        self.raw = None
        self.context = None
        self.transaction = None
        self.counts = {}
        self.statements = []
        self.words = set()
        self.has_second_writer = False
        self.is_decided = False
        self.watcher = None

    def is_live(self):
        """A query that says whether a connection leads to the live database: by the lock on the copy, which all of the server see."""
        return (
            "SELECT current_database() = '%s' AND EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND pid = %d AND classid = 7892269 AND objid = 1935763045)"
        ) % (self.settings["live"].replace("'", "''"), int(self.settings["holder"]))

    # -- talking to the server behind SQLAlchemy's back

    def rows(self, sql, *parameters):
        cursor = self.raw.cursor()
        try:
            cursor.execute(sql, *parameters)
            return [tuple(row) for row in cursor.fetchall()]
        finally:
            cursor.close()

    def tell(self, *statements):
        cursor = self.raw.cursor()
        try:
            for sql in statements:
                cursor.execute(sql)
        except Exception as error:
            # No savepoint of this name, no transaction: somebody has ended ours.
            if (getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)) in ("3B001", "25P01"):
                raise self.helper.hazard("transaction_lost", LOST) from error
            raise
        finally:
            cursor.close()

    # -- the connection that alembic uses

    def adopt(self, context):
        connection = context.connection
        if context.dialect.name != "postgresql":
            raise Refused("other_database", "env.py connects to a %s database" % context.dialect.name)
        raw = unwrapped(connection.connection)
        if self.raw is not None and not self.is_decided:
            if raw is not self.raw:
                raise Refused("second_connection", "env.py runs migrations on two connections at once")
            self.context = context
            return
        self.raw, self.context = raw, context
        held = self.rows(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = %d AND database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())" % int(self.settings["holder"])
        )
        if not held:
            where = self.rows("SELECT current_database()")[0][0]
            self.raw = None
            # Where a server or a proxy ends sessions that wait, ours has gone, and its lock with it.
            if where == self.settings["database"]:
                raise Refused(
                    "lock_lost",
                    "env.py connects to a database of the right name, but not where xm-safe's own session holds its lock: that session"
                    " has been ended, or it is another server",
                )
            raise Refused("other_database", "env.py connects to another database than the one that xm-safe has saved")
        if not self.is_transactional:
            return
        if getattr(raw, "autocommit", False) is True:
            raise Refused("autocommit", "env.py connects in autocommit mode: each statement would be final")
        self.tell(
            "SET lock_timeout = %d" % int(self.settings["lock_timeout"]),
            "SET idle_in_transaction_session_timeout = 0",
            "SAVEPOINT " + PROJECT,
        )
        self.transaction = self.current_transaction()
        self.counts = {name: self.count(name) for name in self.tables()}
        self.patch(connection.dialect)
        self.watch(connection)

    def watch_engines(self):
        """Looks at the statements of all engines: what a script commits by another one is its doing as well."""
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        event.listen(Engine, "before_cursor_execute", self.before_execute, retval=True)

    def current_transaction(self):
        return self.rows("SELECT txid_current(), pg_backend_pid()")[0]

    def patch(self, dialect):
        guard = self
        originals = {}

        def replace(name, ours):
            original = getattr(dialect, name, None)
            if original is None:
                return
            originals[name] = original

            def method(connection, *arguments):
                if guard.is_decided or unwrapped(connection) is not guard.raw:
                    return original(connection, *arguments)
                return ours(connection, *arguments)

            setattr(dialect, name, method)

        replace("do_commit", lambda connection: guard.commit_project())
        replace("do_rollback", lambda connection: guard.rollback_project())
        replace("set_isolation_level", lambda connection, level: None)
        replace("reset_isolation_level", lambda connection: None)

        def closing(name):
            def close(connection):
                guard.decide()
                return originals[name](connection)

            return close

        replace("do_close", closing("do_close"))
        replace("do_terminate", closing("do_terminate"))
        self.originals = originals

    def commit_project(self):
        self.tell("RELEASE SAVEPOINT " + PROJECT, "SAVEPOINT " + PROJECT)

    def rollback_project(self):
        self.tell("ROLLBACK TO SAVEPOINT " + PROJECT)

    # -- statements

    def before_execute(self, connection, cursor, statement, parameters, context, executemany):
        if connection.dialect.name != "postgresql":
            return statement, parameters
        if len(self.statements) < KEPT:
            self.statements.append(statement)
        reached = beyond_postgresql(statement) if self.settings.get("live") else None
        if reached is not None:
            raise self.helper.hazard("beyond_the_copy", BEYOND % reached)
        # Before it runs: what a killed run may have touched must be known.
        new = {word.lower() for word in WORD.findall(statement)} - self.words
        if new:
            self.words |= new
            if self.is_transactional:
                self.helper.channel.send("note", kind="touched", path=" ".join(sorted(new)))
            else:
                self.helper.channel.ask("touching", words=sorted(new))
        is_guarded = self.is_transactional and not self.is_decided and self.raw is not None
        is_own = is_guarded and unwrapped(connection.connection) is self.raw
        if is_guarded and not is_own and not self.has_second_writer and not READ.match(statement):
            # What it commits no rollback takes back.
            self.has_second_writer = True
            self.helper.channel.send("note", kind="transaction_lost", path="")
        if is_own:
            control = CONTROL.match(statement, COMMENT.match(statement).end())
            if control:
                word = control.group(1).upper()
                if word in ("COMMIT", "END"):
                    self.commit_project()
                elif word in ("ROLLBACK", "ABORT"):
                    self.rollback_project()
                return NOTHING, type(parameters)() if parameters else parameters
        return statement, parameters

    # -- revisions

    def begin(self, step):
        self.statements = []
        if self.raw is not None and self.is_transactional and not self.is_decided:
            self.tell("RELEASE SAVEPOINT " + PROJECT, "SAVEPOINT " + REVISION, "SAVEPOINT " + PROJECT)

    def boundary(self, context):
        kept = [text[:500] for text in self.statements[:200]]
        facts = {"statements": kept, "left_out": len(self.statements) - len(kept)}
        if not self.is_transactional or self.is_decided:
            return facts
        if self.current_transaction() != self.transaction:
            raise self.helper.hazard("transaction_lost", LOST)
        self.tell("RELEASE SAVEPOINT " + PROJECT, "RELEASE SAVEPOINT " + REVISION, "SAVEPOINT " + PROJECT)
        self.check_rows()
        return facts

    def tables(self):
        """The tables, each with the names that mean it: with its schema, and without where the search path leads to it."""
        return {
            quoted: {schema + "." + name, name} if visible else {schema + "." + name}
            for quoted, schema, name, visible in self.rows(
                "SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), n.nspname::text, c.relname::text,"
                " pg_table_is_visible(c.oid) FROM pg_class c"
                " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND c.relpersistence <> 't'"
                " AND left(n.nspname, 3) <> 'pg_' AND n.nspname <> 'information_schema'"
                " AND has_table_privilege(c.oid, 'SELECT')"
            )
        }

    def count(self, table):
        return self.rows("SELECT count(*) FROM ONLY " + table)[0][0]

    def check_rows(self):
        """Rows that vanish from a table that the revision neither drops nor deletes from stop it."""
        words = set()
        removed = set()
        for text in self.statements:
            found = {word.lower() for word in WORD.findall(text)}
            words |= found
            code = NOT_CODE.sub(" ", text)
            if (PARTITION if ALTERATION.match(code) else REMOVAL).search(code):
                removed |= {word.lower() for word in WORD.findall(code)}

        def names(table, found):
            return {word.lower() for word in WORD.findall(table.split(".", 1)[1])} <= found

        tables = self.tables()
        allowed = set(self.settings.get("allowed", "").split("\n"))
        for table, known_as in tables.items():
            # Only what a statement names may have changed, and what it names in turn through a key.
            before = self.counts.get(table)
            if before is not None and not words:
                continue
            after = self.count(table)
            if (
                self.settings.get("guard") != "off"
                and before is not None
                and after < before
                and not names(table, removed)
                and not allowed & known_as
            ):
                raise self.helper.hazard(
                    "row_loss",
                    "%d of %d rows have vanished from %s, which no statement of it deletes from" % (before - after, before, table),
                )
            self.counts[table] = after
        self.counts = {table: count for table, count in self.counts.items() if table in tables}

    # -- the end

    def decide(self):
        """Commits if all is well and xm-safe agrees; else the transaction ends with the connection."""
        if self.is_decided or self.raw is None:
            return
        helper = self.helper
        if helper.failure is None and helper.running is None and not helper.done and not helper.stamps:
            # Closed before anything was run: another may be adopted.
            self.raw = None
            return
        self.is_decided = True
        if helper.failure is not None or helper.running is not None:
            self.look_for_loss()
            self.give_up()
            return
        problem = sys.exc_info()[1]
        if problem is not None:
            self.give_up()
            helper.fail(problem)
            return
        try:
            if self.current_transaction() != self.transaction:
                raise Refused("transaction_lost", LOST)
            helper.channel.ask("ready", heads=self.heads())
            self.raw.commit()
        except BaseException as error:
            helper.fail(error)
            self.give_up()

    def give_up(self):
        """Ends the transaction; without a connection the server has done so already."""
        try:
            self.raw.rollback()
        except Exception as error:
            self.helper.channel.send("note", kind="not_rolled_back", path=str(error)[:200])

    def look_for_loss(self):
        """Tells whether the transaction is another one than it was: a part of it is then committed."""
        try:
            self.tell("ROLLBACK TO SAVEPOINT " + PROJECT)
            if self.current_transaction() != self.transaction:
                self.helper.channel.send("note", kind="transaction_lost", path="")
        except Exception as error:
            if getattr(error, "code", None) == "transaction_lost":
                self.helper.channel.send("note", kind="transaction_lost", path="")

    def heads(self):
        from sqlalchemy.dialects import postgresql

        prepare = postgresql.dialect().identifier_preparer.quote
        name = prepare(getattr(self.context, "version_table", None) or "alembic_version")
        schema = getattr(self.context, "version_table_schema", None)
        if schema:
            name = prepare(schema) + "." + name
        return sorted(row[0] for row in self.rows("SELECT version_num FROM " + name))

    def end(self):
        if self.is_transactional:
            self.decide()
        if self.watcher is not None:
            self.watcher.set()
        if self.helper.failure is not None:
            raise Refused(self.helper.failure.get("code"), self.helper.failure["error"])
        return {"redirected": self.raw is not None}

    # -- a script that waits for itself

    def watch(self, connection):
        """Cancels another connection of this program that waits for ours: nobody else would ever end that."""
        dialect = connection.dialect
        if getattr(dialect, "driver", None) not in ("psycopg2", "psycopg"):
            return
        arguments, options = dialect.create_connect_args(connection.engine.url)
        pid = self.transaction[1]
        name = self.settings["application"]
        done = self.watcher = threading.Event()

        def look():
            try:
                mine = dialect.dbapi.connect(*arguments, **options)
                mine.autocommit = True
                cursor = mine.cursor()
                while not done.wait(0.5):
                    cursor.execute(
                        "SELECT pid FROM pg_stat_activity WHERE application_name = %s AND wait_event_type = 'Lock'"
                        " AND %s = ANY (pg_blocking_pids(pid)) AND state_change < now() - interval '1 second'",
                        (name, pid),
                    )
                    for (blocked,) in cursor.fetchall():
                        self.helper.hazard(
                            "self_deadlock", "the script waits on a second connection for locks of its own first one"
                        )
                        cursor.execute("SELECT pg_cancel_backend(%s)", (blocked,))
                mine.close()
            except Exception as error:
                # Without it, only a script that waits for itself is not noticed.
                self.helper.channel.send("note", kind="unwatched", path=str(error)[:200])

        threading.Thread(target=look, daemon=True).start()
