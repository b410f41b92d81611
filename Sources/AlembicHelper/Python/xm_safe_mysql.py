"""Guards a MySQL or MariaDB database: makes sure that it is the one that was saved, and tells what is done to it.

These servers commit each statement of data definition by themselves, so that there is nothing to hold back: when a run fails, xm-safe
restores what it has saved.
"""

import re

from xm_safe_helper import Refused

WORD = re.compile(r"\w+")
REMOVAL = re.compile(r"\b(DELETE|TRUNCATE|DROP|REPLACE)\b", re.I)
KEPT = 2000


class Guard:
    def __init__(self, helper, settings):
        self.helper = helper
        self.settings = settings
        self.engine = None
        self.statements = []
        self.words = set()
        self.counts = None

    def adopt(self, context):
        if context.dialect.name not in ("mysql", "mariadb"):
            raise Refused("other_database", "env.py connects to a %s database" % context.dialect.name)
        connection = context.connection
        holder = self.rows(connection, "SELECT IS_USED_LOCK('%s')" % self.settings["lock"])
        database = self.rows(connection, "SELECT DATABASE()")
        if [holder, database] != [[(int(self.settings["holder"]),)], [(self.settings["database"],)]]:
            raise Refused("other_database", "env.py connects to another database than the one that xm-safe has saved")
        if self.engine is None:
            from sqlalchemy import event

            self.engine = connection.engine
            self.rows(connection, "SET SESSION lock_wait_timeout = %d" % max(1, int(self.settings["lock_timeout"]) // 1000))
            event.listen(self.engine, "before_cursor_execute", self.before_execute)
            self.counts = self.count(connection)
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

    def before_execute(self, connection, cursor, statement, parameters, context, executemany):
        if len(self.statements) < KEPT:
            self.statements.append(statement)
        # Before it runs: what a killed run may have touched must be known.
        new = {word.lower() for word in WORD.findall(statement)} - self.words
        if new:
            self.words |= new
            self.helper.channel.send("note", kind="touched", path=" ".join(sorted(new)))

    def count(self, connection):
        tables = self.rows(
            connection,
            "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
        )
        return {
            name: self.rows(connection, "SELECT COUNT(*) FROM `%s`" % name.replace("`", "``").replace("%", "%%"))[0][0]
            for (name,) in tables
        }

    def begin(self, step):
        self.statements = []

    def boundary(self, context):
        kept = [text[:500] for text in self.statements[:200]]
        facts = {"statements": kept, "left_out": len(self.statements) - len(kept)}
        if self.settings.get("guard") == "off" or context.connection is None or self.counts is None:
            return facts
        removed = set()
        for text in self.statements:
            if REMOVAL.search(text):
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
