"""Counts what triggers and foreign keys delete, statement by statement: a revision that inserts as many rows would hide it.

Rows are counted around the statements that can lead to such a deletion, and around no others. Of a run of statements on one table the
rows are counted before the first and after the last.
"""

import re

NAME = r'(?:"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|\[([^\]]+)\]|(\w+))'
# A comment ends at its first end: were that open, a row of them could be read in countless ways.
SPACE = r"(?:\s|--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*\*/|;)"
TARGET = re.compile(
    f"{SPACE}*(?:DELETE{SPACE}+FROM|(DROP){SPACE}+TABLE(?:{SPACE}+IF{SPACE}+EXISTS)?|UPDATE(?:{SPACE}+OR{SPACE}+\\w+)?"
    f"|(?:INSERT|REPLACE)(?:{SPACE}+OR{SPACE}+\\w+)?{SPACE}+INTO){SPACE}*(?:{NAME}{SPACE}*\\.{SPACE}*)?{NAME}",
    re.I | re.S,
)
WITH = re.compile(f"{SPACE}*WITH\\b", re.I | re.S)
SAVEPOINT = re.compile(
    f"{SPACE}*(SAVEPOINT|RELEASE(?:{SPACE}+SAVEPOINT)?|ROLLBACK(?:{SPACE}+TRANSACTION)?(?:{SPACE}+TO(?:{SPACE}+SAVEPOINT)?)?)"
    f"{SPACE}*{NAME}?",
    re.I | re.S,
)
SETTLED = re.compile(f"{SPACE}*(CREATE|ALTER|DROP|PRAGMA|ATTACH|DETACH)\\b", re.I | re.S)
WORD = re.compile(r"\w+")


def name_in(groups):
    """The name that one of the four ways of quoting has given."""
    double, back, bracket, plain = groups
    if double is not None:
        return double.replace('""', '"')
    if back is not None:
        return back.replace("``", "`")
    return bracket if bracket is not None else plain


class Deletions:
    """The deletions of one connection, for one revision."""

    def __init__(self, query):
        self.query = query
        self.clear()

    def clear(self):
        # How many rows are gone, by table, and the same at each open savepoint.
        self.lost = {}
        self.marks = []
        # Why not all of it could be seen.
        self.problem = None
        # By a table, those that statements on it may delete from; None when it is to be found out anew.
        self.victims = None
        # Where the last statement has written, and the rows of its victims before.
        self.table = None
        self.counts = {}

    def see(self, sql):
        """Told each statement before it runs."""
        found = WITH.match(sql)
        found = (TARGET.search if found else TARGET.match)(sql)
        if found:
            schema, table = name_in(found.groups()[1:5]), name_in(found.groups()[5:9])
            table = table.lower() if schema is None or schema.lower() == "main" else None
            if table is None or table != self.table:
                self.settle()
                self.begin(table)
            if found.group(1):
                # With the table its keys go.
                self.table = self.victims = None
            return
        self.settle()
        control = SAVEPOINT.match(sql)
        if control:
            self.mark(control.group(1).upper().split(), name_in(control.groups()[1:]))
        elif SETTLED.match(sql):
            self.victims = None

    def begin(self, table):
        if self.victims is None:
            self.victims = self.suspects()
        self.table = table
        self.counts = {victim: self.count(victim) for victim in self.victims.get(table, ())}

    def settle(self):
        """Counts what the last statements have left."""
        counts, self.counts, self.table = self.counts, {}, None
        for table, before in counts.items():
            after = self.count(table)
            if before is not None and after is not None and after < before:
                self.lost[table] = self.lost.get(table, 0) + before - after

    def mark(self, words, name):
        """What is rolled back is not lost."""
        name = name.lower() if name else None
        if words[0] == "SAVEPOINT":
            self.marks.append((name, dict(self.lost)))
        elif words[0] == "RELEASE":
            self.marks = self.marks[: self.place(name)]
        elif "TO" in words:
            place = self.place(name)
            if place < len(self.marks):
                self.lost = dict(self.marks[place][1])
                self.marks = self.marks[: place + 1]
        else:
            self.lost, self.marks = {}, []

    def place(self, name):
        for index in range(len(self.marks) - 1, -1, -1):
            if self.marks[index][0] == name:
                return index
        return len(self.marks)

    def count(self, table):
        found = self.query("SELECT count(*) FROM main.\"%s\"" % table.replace('"', '""'))
        return found[0][0] if found else None

    def suspects(self):
        """The tables that may lose rows to a statement on another one, by that one."""
        tables = "SELECT name FROM main.sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        known = {name.lower(): name for (name,) in self.query(tables) or ()}
        leads = {}
        if (self.query("PRAGMA foreign_keys") or [(0,)])[0][0]:
            for key, name in known.items():
                for row in self.query('PRAGMA main.foreign_key_list("%s")' % name.replace('"', '""')) or ():
                    if str(row[6]).upper() == "CASCADE":
                        leads.setdefault(str(row[2]).lower(), set()).add(key)
        triggers = self.query(
            "SELECT tbl_name, sql FROM main.sqlite_master WHERE type = 'trigger'"
            " UNION ALL SELECT tbl_name, sql FROM temp.sqlite_master WHERE type = 'trigger'"
        )
        for table, sql in triggers or ():
            words = {word.lower() for word in WORD.findall(sql or "")}
            # What it changes may have triggers of its own.
            if words & {"insert", "update", "delete", "replace"}:
                named = {key for key in known if {word.lower() for word in WORD.findall(key)} <= words}
                leads.setdefault(str(table).lower(), set()).update(named)
        return {table: [known[key] for key in self.closure(table, leads) if key in known] for table in leads}

    @staticmethod
    def closure(table, leads):
        found, rest = set(), [table]
        while rest:
            new = leads.get(rest.pop(), set()) - found
            found |= new
            rest += new
        # What is deleted from the table itself is asked for.
        return found - {table}
