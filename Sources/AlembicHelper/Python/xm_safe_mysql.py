"""Guards a MySQL or MariaDB database: makes sure that it is the one that was saved, and tells what is done to it.

These servers commit each statement of data definition by themselves, so that there is nothing to hold back: when a run fails, xm-safe
restores what it has saved.
"""

import re

from xm_safe_helper import Refused
from xm_safe_rehearsal import BEYOND, MYSQL_RUN, READ, beyond_mysql

WORD = re.compile(r"\w+")
REMOVAL = re.compile(r"(?<!\bON\s)\bDELETE\b|\b(?:TRUNCATE|DROP)\b|\bREPLACE\b(?!\s*\()", re.I)
# What changes a table and takes no row, but for its partitions; a second statement behind it may do anything.
ALTERATION = re.compile(r"\s*(?:ALTER\b|(?:CREATE|DROP)\s+(?:UNIQUE\s+|FULLTEXT\s+|SPATIAL\s+)?INDEX\b)(?!.*;\s*\S)", re.I | re.S)
PARTITION = re.compile(r"\b(?:DROP|TRUNCATE|EXCHANGE)\s+PARTITION\b", re.I)
# Comments and strings; what the server runs although it stands in a comment is none.
NOT_CODE = re.compile(r"--[^\n]*|/\*(?!M?!).*?\*/|'(?:[^'\\]|''|\\.)*'", re.S)
KEPT = 2000
# The words of statements that set off a trigger.
SET_OFF_BY = {"INSERT": {"insert", "replace", "load"}, "UPDATE": {"update"}, "DELETE": {"delete", "replace"}}
# How many connections at once xm-safe looks for.
SLOTS = 64
NAME = r"(?:`(?:[^`]|``)+`|[\w$]+)(?:\s*\.\s*(?:`(?:[^`]|``)+`|[\w$]+))?(?![\w$.-])"
# Statements that name their one table first, and then columns, which may be called like other tables.
OF_ONE_TABLE = re.compile(
    r"\s*(?:ALTER\s+(?:ONLINE\s+|IGNORE\s+)*TABLE\s+(?:IF\s+EXISTS\s+)?(%(name)s)\s"
    r"|CREATE\s+(?:UNIQUE\s+|FULLTEXT\s+|SPATIAL\s+)?INDEX\s+(?:IF\s+NOT\s+EXISTS\s+)?%(name)s\s+ON\s+(%(name)s)"
    r"|DROP\s+INDEX\s+(?:IF\s+EXISTS\s+)?%(name)s\s+ON\s+(%(name)s)"
    r"|INSERT\s+(?:IGNORE\s+)?INTO\s+(%(name)s)"
    r"|UPDATE\s+(%(name)s)\s+SET\s"
    r"|DELETE\s+FROM\s+(%(name)s)(?:\s+WHERE\s|\s*$))" % {"name": NAME},
    re.I,
)
# With one of these there is another table in it, or another statement.
OF_MORE = re.compile(r"\b(?:SELECT|JOIN|UNION|TABLE\s*\(|REFERENCES|EXCHANGE|PREPARE|EXECUTE|RENAME(?!\s+(?:COLUMN|INDEX|KEY)))\b|/\*|;\s*\S", re.I)
CALLED = re.compile(r"(`(?:[^`]|``)+`|[\w$]+)\s*\(")
# Where it is not certain what is text and what is not.
OF_DOUBT = re.compile(r"[\"#\\]|--|/\*")


def words_of(statement):
    """The words that may be names of tables, or of what is called, in lower case."""
    code = NOT_CODE.sub(" ", statement)
    found = OF_ONE_TABLE.match(code)
    if found is None or OF_MORE.search(code) or OF_DOUBT.search(statement):
        return {word.lower() for word in WORD.findall(statement)}
    table = next(group for group in found.groups() if group is not None)
    return {word.lower() for word in WORD.findall(" ".join([table] + CALLED.findall(code)))}


class Guard:
    # The modules of drivers' connections, and of SQLAlchemy's own around them.
    DRIVERS = ("pymysql", "MySQLdb", "mysql", "mariadb", "aiomysql", "asyncmy")
    READ_ONLY = "SET SESSION TRANSACTION READ ONLY"

    def __init__(self, helper, settings):
        self.helper = helper
        self.settings = settings
        self.engine = None
        self.statements = []
        self.words = set()
        self.counts = None
        # In a rehearsal: what there is beside the copy, and what in the copy would lead there.
        self.others = {}
        self.programs = []

    def watch_engines(self):
        """Looks at the statements of all engines, and gives each connection a lock by which xm-safe finds its session."""
        from sqlalchemy import event
        from sqlalchemy.engine import Engine
        from sqlalchemy.pool import Pool

        def connected(connection, record):
            if not any(name in type(connection).__module__ for name in self.DRIVERS):
                return
            cursor = connection.cursor()
            try:
                for slot in range(1, SLOTS + 1):
                    cursor.execute("SELECT GET_LOCK('%s-%d', 0)" % (self.settings["application"], slot))
                    if cursor.fetchone()[0] == 1:
                        break
                connection.rollback()
            finally:
                cursor.close()

        event.listen(Pool, "connect", connected)
        event.listen(Engine, "before_cursor_execute", self.before_execute)

    def is_live(self):
        """A query that says whether a connection leads to the live database: by the lock on the copy, which all of the server see."""
        return "SELECT IS_USED_LOCK('%s') = %d AND DATABASE() = '%s'" % (
            self.settings["lock"],
            int(self.settings["holder"]),
            self.settings["live"].replace("\\", "\\\\").replace("'", "''"),
        )

    def adopt(self, context):
        if context.dialect.name not in ("mysql", "mariadb"):
            raise Refused("other_database", "env.py connects to a %s database" % context.dialect.name)
        connection = context.connection
        holder = self.rows(connection, "SELECT IS_USED_LOCK('%s')" % self.settings["lock"])
        database = self.rows(connection, "SELECT DATABASE()")
        if [holder, database] != [[(int(self.settings["holder"]),)], [(self.settings["database"],)]]:
            raise Refused("other_database", "env.py connects to another database than the one that xm-safe has saved")
        if self.engine is None:
            self.engine = connection.engine
            # By this xm-safe finds the session when this process is gone and the server still works on its statement.
            self.rows(connection, "SELECT GET_LOCK('%s', 0)" % self.settings["application"])
            self.rows(connection, "SET SESSION lock_wait_timeout = %d" % max(1, int(self.settings["lock_timeout"]) // 1000))
            self.counts = self.count(connection)
            if self.settings.get("live"):
                self.look_around(connection)
            # What was read here must not be the view of what the project reads later.
            connection.connection.rollback()

    def rows(self, connection, sql):
        # Through the driver's own connection: SQLAlchemy would begin a transaction of its own for it.
        cursor = connection.connection.cursor()
        try:
            cursor.execute(sql)
            return [tuple(row) for row in cursor.fetchall()]
        finally:
            cursor.close()

    def look_around(self, connection):
        """Finds what a rehearsal must not reach, and the triggers, routines and views of the copy that lead there."""
        current = self.settings["database"]
        for schema, name in self.rows(
            connection,
            "SELECT SCHEMA_NAME, NULL FROM information_schema.SCHEMATA"
            " UNION ALL SELECT TABLE_SCHEMA, TABLE_NAME FROM information_schema.TABLES"
            " UNION ALL SELECT ROUTINE_SCHEMA, ROUTINE_NAME FROM information_schema.ROUTINES",
        ):
            if schema.lower() not in (current.lower(), "information_schema", "performance_schema"):
                self.others.setdefault(schema.lower(), set()).add((name or "").lower())
        programs = self.rows(
            connection,
            "SELECT EVENT_OBJECT_TABLE, ACTION_STATEMENT, EVENT_MANIPULATION FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()"
            " UNION ALL SELECT ROUTINE_NAME, ROUTINE_DEFINITION, 'routine' FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE()"
            " UNION ALL SELECT EVENT_NAME, EVENT_DEFINITION, 'event' FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()"
            " UNION ALL SELECT TABLE_NAME, VIEW_DEFINITION, 'view' FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()",
        )
        for name, body, kind in programs:
            reached = beyond_mysql("DO " + (body or ""), current, self.others)
            self.programs.append((name, {word.lower() for word in WORD.findall(body or "")}, kind, reached))

    def check_place(self, statement, parameters):
        """Refuses what would reach beyond the copy, by itself or through what it sets off."""
        current = self.settings["database"]
        reached = beyond_mysql(statement, current, self.others)
        if reached is None and MYSQL_RUN.search(statement):
            # A parameter may be what is run.
            values = parameters.values() if isinstance(parameters, dict) else parameters or ()
            texts = ["DO " + value for value in values if isinstance(value, str)]
            reached = next((one for one in (beyond_mysql(text, current, self.others) for text in texts) if one), None)
        words = words_of(statement)
        # Who only reads sets off no triggers, and may look through views, which may call what does more.
        is_read = READ.match(statement)
        left = [one for one in self.programs if not is_read or one[2] in ("routine", "view")]
        said = {word.lower() for word in WORD.findall(statement)}
        while reached is None:
            due = [
                one
                for one in left
                if {word.lower() for word in WORD.findall(one[0])} <= words and SET_OFF_BY.get(one[2], said) & (said | words)
            ]
            if not due:
                return
            left = [one for one in left if one not in due]
            for name, body, kind, problem in due:
                words = words | body
                if problem is not None and not (is_read and kind == "view"):
                    reached = "what it sets off at %s: %s" % (name, problem)
        raise self.helper.hazard("beyond_the_copy", BEYOND % reached)

    def before_execute(self, connection, cursor, statement, parameters, context, executemany):
        if connection.dialect.name not in ("mysql", "mariadb"):
            return
        if len(self.statements) < KEPT:
            self.statements.append(statement)
        if self.settings.get("live"):
            self.check_place(statement, parameters)
        # Before it runs: what a killed run may have touched must be known.
        new = words_of(statement) - self.words
        if new:
            self.words |= new
            self.helper.channel.ask("touching", words=sorted(new))

    def count(self, connection):
        tables = self.rows(
            connection,
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
        )
        return {
            name: self.rows(connection, "SELECT COUNT(*) FROM `%s`" % name.replace("`", "``"))[0][0]
            for (name,) in tables
        }

    def begin(self, step):
        self.statements = []

    def check_lock(self, connection):
        holder = self.rows(connection, "SELECT IS_USED_LOCK('%s')" % self.settings["lock"])
        if holder != [(int(self.settings["holder"]),)]:
            raise self.helper.hazard(
                "lock_lost", "the server has ended the connection that held xm-safe's lock: another run may work on the database"
            )

    def boundary(self, context):
        kept = [text[:500] for text in self.statements[:200]]
        facts = {"statements": kept, "left_out": len(self.statements) - len(kept)}
        if context.connection is not None and self.engine is not None:
            self.check_lock(context.connection)
        if self.settings.get("guard") == "off" or context.connection is None or self.counts is None:
            return facts
        removed = set()
        for text in (NOT_CODE.sub(" ", statement) for statement in self.statements):
            if (PARTITION if ALTERATION.match(text) else REMOVAL).search(text):
                removed |= {word.lower() for word in WORD.findall(text)}
        counts = self.count(context.connection)
        allowed = self.settings.get("allowed", "").split("\n")
        for table, before in self.counts.items():
            after = counts.get(table, before)
            words = {word.lower() for word in WORD.findall(table)}
            if after < before and not words <= removed and table not in allowed:
                raise self.helper.hazard(
                    "row_loss",
                    "%d of %d rows have vanished from %s, which no statement of it deletes from" % (before - after, before, table),
                )
        self.counts = counts
        return facts

    def end(self):
        return {"redirected": self.engine is not None}
