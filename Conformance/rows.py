"""Rows for every table, the same for the same schema, so that rebuilds and data migrations have something to move."""

import contextlib
import sqlite3

COUNT = 3


def tables(connection, version_table):
    """The tables of the application."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return [name for (name,) in names if name != version_table and not name.startswith("sqlite_")]


def quoted(name):
    """A name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def insert(database, version_table, seed):
    """Puts rows into every table; what a constraint does not let in stays out, in every program's copy alike."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        for table in tables(connection, version_table):
            columns = [row for row in connection.execute(f"PRAGMA table_xinfo({quoted(table)})") if row[6] == 0]
            for number in range(COUNT):
                values = [value(row, seed * 10 + number, number) for row in columns]
                names = ", ".join(quoted(row[1]) for row in columns)
                marks = ", ".join("?" for _ in columns)
                with contextlib.suppress(sqlite3.Error):
                    connection.execute(f"INSERT INTO {quoted(table)} ({names}) VALUES ({marks})", values)
        connection.commit()


def clear(database, version_table):
    """Takes the rows out again."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        for table in tables(connection, version_table):
            connection.execute(f"DELETE FROM {quoted(table)}")
        connection.commit()


def value(column, seed, number):
    """A value that fits a column's declared type; every third row has NULL where that is allowed."""
    _, name, declared, is_not_null, _, is_key, _ = column
    kind = declared.upper()
    if number == COUNT - 1 and not is_not_null and not is_key:
        return None
    if "JSON" in kind:
        return '{"key": %d}' % seed
    if "BOOL" in kind:
        return seed % 2
    if "INT" in kind:
        return seed + 1
    if "DATETIME" in kind or "TIMESTAMP" in kind:
        return f"2024-01-{seed % 27 + 1:02} 03:04:05.000000"
    if kind == "DATE":
        return f"2024-01-{seed % 27 + 1:02}"
    if kind == "TIME":
        return "03:04:05.000000"
    if "CHAR(32)" in kind or "UUID" in kind:
        return f"{seed:032x}"
    if "CHAR(36)" in kind:
        return f"00000000-0000-4000-8000-{seed:012x}"
    if "CHAR" in kind or "TEXT" in kind or "CLOB" in kind:
        return f"{name[:8]}-{seed}"
    if "BLOB" in kind or "BINARY" in kind:
        return b"\x00\xff" + bytes([seed % 256])
    if any(word in kind for word in ("REAL", "FLOA", "DOUB")):
        return seed + 0.5
    return seed + 1
