"""Guards an SQLite database: whoever opens it gets a working copy, and hears no difference.

What goes round that is a hazard, refused and reported even if the script swallows the refusal. The connections are genuine
ones of the sqlite3 module, so that transactions, PRAGMAs, threads and everything else are exactly as without xm-safe.
"""

import os
import re
import sqlite3
import sqlite3.dbapi2
import sys
import threading
from urllib.parse import quote, unquote

from xm_safe_deletions import SPACE, Deletions
from xm_safe_helper import Refused

WRITING = os.O_WRONLY | os.O_RDWR | os.O_TRUNC | os.O_APPEND | os.O_CREAT
SUFFIXES = ("-journal", "-wal", "-shm")

# Action codes of SQLite's authorizer.
DELETE, DROP_TABLE, INSERT, UPDATE, ATTACH, ALTER_TABLE, CREATE_TABLE = 9, 11, 18, 23, 24, 26, 2

# What of a revision's SQL is kept.
STATEMENTS, STATEMENT, ALL = 2000, 10000, 500000
SHAPES = 5000

FIRST_WORD = re.compile(SPACE + "*([A-Za-z]+)", re.DOTALL)
LITERAL = re.compile(r"'(?:[^']|'')*'")
READING = frozenset(
    "SELECT VALUES EXPLAIN BEGIN COMMIT END ROLLBACK SAVEPOINT RELEASE ANALYZE".split()
)
ROWS = frozenset("INSERT REPLACE UPDATE DELETE WITH".split())


class Guard:
    """The guard of one database file."""

    def __init__(self, helper, settings):
        self.helper = helper
        self.live = os.path.realpath(settings["live"])
        self.copy = settings["copy"]
        self.identity = identity(self.live)
        self.copy_identity = identity(self.copy)
        self.names = frozenset(os.path.basename(self.live) + s for s in ("",) + SUFFIXES)
        self.here = threading.local()
        self.notes = set()
        self.touched = {}
        self.updated = set()
        self.has_redirected = False
        self.is_asking = False
        self.original = None
        self.schema = {}
        self.followed = None
        self.deletions = None
        self.clear()
        self.install()

    def clear(self):
        """Forgets the statements of the last revision."""
        self.statements = []
        self.left_out = 0
        self.size = 0
        self.shapes = []
        self.seen = set()
        if self.deletions is not None:
            self.deletions.clear()

    # -- whose file is it

    def is_live(self, path):
        """Whether a path leads to the database, by whatever name."""
        try:
            path = os.fsdecode(path)
        except TypeError:
            return False
        if not path or "\0" in path:
            return False
        found = identity(path)
        if self.identity is not None:
            return found == self.identity
        return os.path.realpath(path) == self.live

    def is_live_file(self, path):
        """Whether a path leads to the database or to a journal of it."""
        try:
            path = os.fsdecode(path)
        except TypeError:
            return False
        for suffix in SUFFIXES:
            if path.endswith(suffix) and self.is_live(path[: -len(suffix)]):
                return True
        return self.is_live(path)

    def resolve(self, database, uri):
        """What to open instead of what was asked for; None if that is some other database."""
        try:
            name = os.fsdecode(database)
        except TypeError:
            return None
        if name == ":memory:" or not name:
            return None
        if uri and name.startswith("file:"):
            path, query = split_uri(name)
            if path is None or not self.is_live(path):
                return None
            return "file:" + quote(self.copy) + query
        return self.copy if self.is_live(name) else None

    # -- what is wrapped

    def install(self):
        guard = self
        genuine_connect = sqlite3.connect
        genuine = sqlite3.Connection

        def open_with(opener, arguments, options):
            # Everything but the database is handed on as it came.
            if arguments:
                database, rest = arguments[0], arguments[1:]
            else:
                database, rest = options.get("database"), ()
            uri = options.get("uri", rest[6] if len(rest) > 6 else False)
            target = guard.resolve(database, uri)
            if target is None:
                connection = guard.opening(lambda: opener(*arguments, **options))
                guard.note_other(database)
                return connection
            options = {name: value for name, value in options.items() if name != "database"}
            connection = guard.opening(lambda: opener(target, *rest, **options))
            guard.watch(connection)
            return connection

        def connect(*arguments, **options):
            return open_with(genuine_connect, arguments, options)

        connect.__doc__ = genuine_connect.__doc__

        class Meta(type):
            def __call__(cls, *arguments, **options):
                if getattr(guard.here, "opens", 0):
                    return type.__call__(cls, *arguments, **options)
                if cls is Connection:
                    return open_with(genuine, arguments, options)
                return open_with(lambda *a, **o: type.__call__(cls, *a, **o), arguments, options)

            def __instancecheck__(cls, instance):
                if cls is Connection:
                    return isinstance(instance, genuine)
                return type.__instancecheck__(cls, instance)

            def __subclasscheck__(cls, other):
                if cls is Connection:
                    return issubclass(other, genuine)
                return type.__subclasscheck__(cls, other)

        class Connection(genuine, metaclass=Meta):
            __doc__ = genuine.__doc__

        Connection.__module__ = genuine.__module__
        Connection.__qualname__ = genuine.__qualname__
        for module in (sqlite3, sqlite3.dbapi2):
            module.connect = connect
            module.Connection = Connection
        sys.addaudithook(self.audit)

    def opening(self, opener):
        """Opens a connection as the wrapper: the audit hook lets it pass."""
        self.here.opens = getattr(self.here, "opens", 0) + 1
        try:
            return opener()
        finally:
            self.here.opens -= 1

    def watch(self, connection):
        """Prepares a connection to the copy."""
        genuine = connection
        try:
            if not genuine.in_transaction:
                # Nobody misses the copy after a power cut.
                genuine.execute("PRAGMA synchronous=OFF").close()
        except sqlite3.Error:
            # What does not work here will not work for the project either, which then gets the error.
            pass
        genuine.set_authorizer(self.authorize)
        genuine.set_trace_callback(self.trace)
        if not self.has_redirected:
            self.has_redirected = True
            self.helper.channel.send("redirected", path=self.live)

    def note(self, event, **fields):
        key = (event,) + tuple(sorted(fields.items()))
        if key not in self.notes and len(self.notes) < 100:
            self.notes.add(key)
            self.helper.channel.send("note", kind=event, **fields)

    def note_other(self, database):
        try:
            name = os.fsdecode(database)
        except TypeError:
            return
        if name and name != ":memory:":
            self.note("other_database", path=name)

    # -- what SQLite and Python tell

    def authorize(self, action, first, second, schema, trigger):
        if action == ATTACH:
            if first and (self.is_live(first) or self.is_live_uri(first)):
                self.helper.hazard(
                    "attach_self", "it attaches the database itself under a second name"
                )
                return sqlite3.SQLITE_DENY
            if first and first != ":memory:":
                self.note("attached", path=first)
        elif action in (DELETE, INSERT, UPDATE, DROP_TABLE, CREATE_TABLE):
            if schema in (None, "main"):
                self.touched.setdefault(first.lower(), first)
                if action == UPDATE and trigger is None and second:
                    self.updated.add((first, second))
        elif action == ALTER_TABLE:
            if first in (None, "main") and second:
                self.touched.setdefault(second.lower(), second)
        return sqlite3.SQLITE_OK

    def is_live_uri(self, name):
        if not name.startswith("file:"):
            return False
        path, _ = split_uri(name)
        return path is not None and self.is_live(path)

    def audit(self, event, arguments):
        if event == "open":
            self.audit_open(*arguments)
        elif event == "sqlite3.connect":
            if getattr(self.here, "opens", 0):
                return
            database = arguments[0]
            if self.resolve(database, False) or self.resolve(database, True):
                raise self.helper.hazard(
                    "unguarded_connection", "it opens the database in a way that cannot be guarded"
                )
        elif event in ("os.rename", "os.link", "os.symlink"):
            if any(self.is_live_file(path) for path in arguments[:2] if path is not None):
                if event == "os.rename" or self.is_live_file(arguments[1]):
                    raise self.helper.hazard(
                        "database_file_replaced", "it renames or replaces the database file"
                    )
        elif event in ("os.remove", "os.truncate"):
            if self.is_live_file(arguments[0]):
                raise self.helper.hazard(
                    "database_file_replaced", "it removes or truncates the database file"
                )
        elif event in ("subprocess.Popen", "os.posix_spawn", "os.system", "os.exec", "os.spawn"):
            self.note("child_process", program=str(arguments[0])[:500])

    def audit_open(self, path, mode, flags):
        # Most files that are opened are modules: their names tell at once that they are none of ours.
        if not isinstance(path, (str, bytes, os.PathLike)):
            return
        if not isinstance(flags, int):
            flags = 0
        writes = flags & WRITING
        if not writes and os.path.basename(os.fsdecode(path)) not in self.names:
            return
        if getattr(self.here, "audits", False):
            return
        self.here.audits = True
        try:
            if not self.is_live_file(path):
                return
        finally:
            self.here.audits = False
        if writes:
            raise self.helper.hazard("direct_file_write", "it opens the database file for writing")
        self.note("direct_file_read", path=os.fsdecode(path))

    def follow(self, context):
        """Counts what triggers and foreign keys delete by way of the migration's own connection.

        Of no other: whatever holds a connection keeps it from being closed when the project forgets it.
        """
        connection = genuine_of(context.connection.connection)
        if connection is None or connection is self.followed:
            return
        self.followed = connection

        def ask(sql):
            self.is_asking = True
            try:
                cursor = sqlite3.Cursor(connection)
                cursor.row_factory = None
                return cursor.execute(sql).fetchall()
            except sqlite3.Error as error:
                # A table that is gone has no rows to count; everything else must be told.
                if "no such table" not in str(error):
                    deletions.problem = error
                return None
            finally:
                self.is_asking = False

        deletions = self.deletions = Deletions(ask)

        def trace(sql):
            try:
                if not self.is_asking and not sql.startswith("-- "):
                    deletions.see(sql)
            except Exception as error:
                # The sqlite3 module says nothing of what is raised here.
                deletions.problem = error
            self.trace(sql)

        connection.set_trace_callback(trace)

    def trace(self, sql):
        # Not of one thread alone: an asynchronous driver has another one for its statements.
        if self.is_asking or sql.startswith("-- "):
            return
        if len(self.seen) >= STATEMENTS and sql[:200] in self.seen:
            self.left_out += 1
            return
        word = FIRST_WORD.match(sql)
        word = word.group(1).upper() if word else ""
        if word in READING or (word == "PRAGMA" and "=" not in sql):
            return
        shape = LITERAL.sub("''", sql)
        if word == "WITH" and not re.search(r"\b(INSERT|UPDATE|DELETE|REPLACE)\b", shape, re.I):
            return
        # DDL counts each time, in its order; of changes of rows each kind once.
        if word not in ROWS or shape not in self.seen:
            self.seen.add(shape)
            if len(self.shapes) < SHAPES:
                self.shapes.append(shape[:100000])
        if len(self.statements) < STATEMENTS and self.size < ALL:
            kept = sql if len(sql) <= STATEMENT else sql[:STATEMENT] + " ..."
            self.statements.append(kept)
            self.size += len(kept)
        else:
            self.seen.add(sql[:200])
            self.left_out += 1

    # -- what the helper asks

    def adopt(self, context):
        if context.dialect.name != "sqlite":
            raise Refused(
                "other_database",
                "env.py connects to another database, by %s" % (context.dialect.name,),
            )
        path = ""
        for row in self.query(context, "PRAGMA database_list"):
            if row[1] == "main":
                path = row[2]
        if path and identity(path) == self.copy_identity:
            if self.original is None:
                self.original = frozenset(name.lower() for name in self.tables(context))
                self.schema = self.objects(context)
            self.follow(context)
            return
        if path and self.is_live(path):
            raise Refused("unguarded_connection", "the project opens the database by another driver")
        raise Refused(
            "other_database",
            "env.py connects to another database: %s" % (path or "one in memory",),
        )

    def begin(self, step):
        # Whatever creates the version table belongs to the first revision.
        if self.helper.done:
            self.clear()

    def boundary(self, context):
        facts = {
            "statements": self.statements,
            "left_out": self.left_out,
            "shapes": self.shapes,
            "touched": sorted(self.touched.values()),
        }
        try:
            facts["rows"] = self.rows(context)
        except Exception as error:
            facts["uncounted"] = "%s: %s" % (type(error).__name__, error)
        try:
            facts["lost"] = self.lost(context)
        except Exception as error:
            facts["unfollowed"] = "%s: %s" % (type(error).__name__, error)
        try:
            facts["schema"] = self.schema_change(context)
        except Exception as error:
            facts["unseen"] = "%s: %s" % (type(error).__name__, error)
        return facts

    def end(self):
        return {"updated": sorted(self.updated), "redirected": self.has_redirected}

    def rows(self, context):
        """Rows of the tables that may have changed, as the migration's own connection sees them."""
        counts = {}
        for name in self.tables(context):
            key = name.lower()
            # A table that was renamed is new, and its authorizer's name is the old one.
            if (key in self.touched or key not in self.original) and not key.startswith("sqlite_"):
                quoted = '"' + name.replace('"', '""') + '"'
                counts[name] = self.query(context, "SELECT count(*) FROM main." + quoted)[0][0]
        return counts

    def lost(self, context):
        """Rows that triggers and foreign keys have deleted, by table; None where that could not be seen."""
        if self.deletions is None:
            return None
        # An asynchronous driver's connection answers to its own thread only.
        own, self.deletions.query = self.deletions.query, lambda sql: self.query(context, sql)
        try:
            self.deletions.settle()
        finally:
            self.deletions.query = own
        if self.deletions.problem is not None:
            raise self.deletions.problem
        return self.deletions.lost

    def objects(self, context):
        """The schema: table and SQL by kind and name."""
        return {
            (kind, name): (table, sql)
            for kind, name, table, sql in self.query(
                context,
                "SELECT type, name, tbl_name, sql FROM main.sqlite_master"
                " WHERE sql IS NOT NULL ORDER BY rowid",
            )
        }

    def schema_change(self, context):
        """What of the schema is another than after the revision before, and how far AUTOINCREMENT has counted."""
        before, self.schema = self.schema, self.objects(context)
        counters = {}
        if ("table", "sqlite_sequence") in self.schema:
            for name, count in self.query(context, "SELECT name, seq FROM main.sqlite_sequence"):
                if isinstance(count, int) and ("table", name) in self.schema:
                    quoted = '"' + name.replace('"', '""') + '"'
                    last = self.query(context, "SELECT max(rowid) FROM main." + quoted)[0][0]
                    counters[name] = [count, last or 0]
        return {
            "gone": [list(key) for key in before if key not in self.schema],
            "new": [
                list(key + value) for key, value in self.schema.items() if before.get(key) != value
            ],
            "counters": counters,
        }

    def tables(self, context):
        """The ordinary tables."""
        found = self.query(context, "PRAGMA main.table_list")
        if found:
            return [row[1] for row in found if row[2] == "table"]
        # SQLite before 3.37.
        found = self.query(
            context,
            "SELECT name FROM main.sqlite_master WHERE type = 'table'"
            " AND sql NOT LIKE 'CREATE VIRTUAL%'",
        )
        return [row[0] for row in found]

    def query(self, context, sql):
        """Asks the driver, below SQLAlchemy, which would begin a transaction of its own."""
        self.is_asking = True
        try:
            cursor = context.connection.connection.cursor()
            try:
                cursor.execute(sql)
                return [tuple(row) for row in cursor.fetchall()]
            finally:
                cursor.close()
        finally:
            self.is_asking = False


def genuine_of(connection):
    """The connection of the sqlite3 module within those of SQLAlchemy's pool and of an asynchronous driver; None if there is none."""
    for _ in range(6):
        if isinstance(connection, sqlite3.Connection):
            return connection
        names = ("driver_connection", "dbapi_connection", "connection", "_connection", "_conn")
        inner = (getattr(connection, name, None) for name in names)
        connection = next((found for found in inner if found is not None and found is not connection), None)
    return None


def identity(path):
    """What a file is, whatever it is called; None if there is none."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino)


def split_uri(name):
    """The path of a file: URI, and the rest beginning with its question mark; the path is None if it is on another host."""
    rest = name[len("file:") :]
    rest = rest.split("#", 1)[0]
    path, mark, query = rest.partition("?")
    if path.startswith("//"):
        host, slash, path = path[2:].partition("/")
        if host not in ("", "localhost"):
            return None, ""
        path = slash + path
    return unquote(path), mark + query
