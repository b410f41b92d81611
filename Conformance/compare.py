"""Tells whether two databases are the same: schema, rows with their storage classes, version rows.

alembic writes the constraints of a rebuilt table in the order of a Python set, which differs from run to run, so the clauses of a table
are compared as columns in order and constraints sorted.
"""

import contextlib
import re
import sqlite3
import time


def read(path, version_table):
    """Everything that counts of a database."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.text_factory = lambda value: value.decode("utf-8", "surrogateescape")
        schema = {}
        for kind, name, table, sql in connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master"):
            if not name.startswith("sqlite_autoindex_"):
                schema[(kind, name, table)] = normalised(sql)
        tables = [name for kind, name, _ in schema if kind == "table"]
        keys = {table: foreign_keys(connection, table) for table in tables}
        indexes = {table: index_columns(connection, table) for table in tables}
        rows = {table: content(connection, table) for table in tables}
    return {"schema": schema, "foreign keys": keys, "indexes": indexes, "rows": rows}


def normalised(sql):
    """A statement with its clauses in a fixed order."""
    if sql is None:
        return None
    sql = re.sub(r"\s+", " ", sql).strip()
    match = re.match(r'(CREATE TABLE (?:"(?:[^"]|"")*"|\S+) ?)\((.*)\)(.*)$', sql, re.IGNORECASE)
    if not match:
        return sql
    head, body, tail = match.groups()
    parts = [part.strip() for part in clauses(body)]
    is_constraint = re.compile(r"(CONSTRAINT|PRIMARY KEY|UNIQUE|CHECK|FOREIGN KEY)\b", re.IGNORECASE)
    columns = [part for part in parts if not is_constraint.match(part)]
    constraints = sorted(part for part in parts if is_constraint.match(part))
    return f"{head.strip()}({', '.join(columns + constraints)}){tail}"


def clauses(body):
    """A list split at its outer commas."""
    parts, depth, quote, start = [], 0, None, 0
    for place, character in enumerate(body):
        if quote:
            if character == quote:
                quote = None
        elif character in "'\"`":
            quote = character
        elif character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(body[start:place])
            start = place + 1
    return parts + [body[start:]]


def quoted(name):
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def foreign_keys(connection, table):
    """The foreign keys of a table, without their numbers."""
    keys = {}
    for row in connection.execute(f"PRAGMA foreign_key_list({quoted(table)})"):
        keys.setdefault(row[0], []).append(row[1:])
    return sorted(repr(sorted(key)) for key in keys.values())


def index_columns(connection, table):
    """The indexes of a table: the automatic ones without their numbers."""
    found = []
    for _, name, is_unique, origin, is_partial in connection.execute(f"PRAGMA index_list({quoted(table)})").fetchall():
        columns = connection.execute(f"PRAGMA index_xinfo({quoted(name)})").fetchall()
        shown = "" if name.startswith("sqlite_autoindex_") else name
        found.append(repr((shown, is_unique, origin, is_partial, [row[1:] for row in columns])))
    return sorted(found)


def content(connection, table):
    """The rows of a table with the storage class of every value, sorted."""
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({quoted(table)})")]
    if not columns:
        return []
    wanted = ", ".join(f"typeof({quoted(name)}), quote({quoted(name)})" for name in columns)
    try:
        return sorted(repr(row) for row in connection.execute(f"SELECT {wanted} FROM {quoted(table)}"))
    except sqlite3.Error as error:
        return [f"{type(error).__name__}: {error}"]


# What a script makes of chance or of the clock: random UUIDs, and the present in its usual forms.
MADE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}"
    r"|20\d\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00)?|\b1[789]\d{8}(?:\d{3}|\d{9})?\b"
)


def is_made(text):
    """Whether a script made it just now: a random UUID, or a time within the last hour."""
    if not text[4:5] == "-" and "-" not in text and len(text) < 20:
        seconds = int(text) / 10 ** (len(text) - 10)
        return abs(time.time() - seconds) < 3600
    if text[4] == "-" and text[10:11] in (" ", "T"):
        parsed = time.strptime(text[:10] + " " + text[11:19], "%Y-%m-%d %H:%M:%S")
        return min(abs(time.time() - time.mktime(parsed)), abs(time.time() - _utc(parsed))) < 3600
    return True


def _utc(parsed):
    """The seconds of a time that is meant as UTC."""
    import calendar

    return calendar.timegm(parsed)


def masked(one, other):
    """Both tables' rows, without what chance or the clock made in only one of them."""
    def found(rows):
        return {text for row in rows for text in MADE.findall(row) if is_made(text)}

    here, there = found(one), found(other)

    def mask(rows, own):
        return sorted(MADE.sub(lambda match: "<made>" if match.group() in own else match.group(), row) for row in rows)

    return mask(one, here - there), mask(other, there - here)


def difference(left, right, version_table):
    """The first difference in one line; None if there is none. `left` is alembic's."""
    one, other = read(left, version_table), read(right, version_table)
    for table in set(one["rows"]) & set(other["rows"]):
        one["rows"][table], other["rows"][table] = masked(one["rows"][table], other["rows"][table])
    for part in one:
        for key in sorted(set(one[part]) | set(other[part]), key=repr):
            here, there = one[part].get(key), other[part].get(key)
            if here != there:
                return f"{part} {key}: alembic {shown(here, there)}, xm-safe {shown(there, here)}"
    return None


def shown(value, other):
    """A value cut to where it differs."""
    text, against = repr(value), repr(other)
    place = next((i for i, (a, b) in enumerate(zip(text, against)) if a != b), min(len(text), len(against)))
    return "..." * (place > 40) + text[max(place - 40, 0) : place + 80]
