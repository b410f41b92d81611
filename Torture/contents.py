"""What a database says, logically: the same for two files exactly when no SQL could tell them apart, the journal mode included."""

import hashlib
import os
import shutil
import sqlite3
import tempfile


class Unsound(Exception):
    """A file that SQLite does not read as a sound database."""


MISSING = "missing"
# Between the digest of what is in it and its journal mode.
MODE = " in mode "


def read(path):
    """A digest of schema, rows with their storage classes, user_version and application_id; raises Unsound.

    A copy is read, with the log or journal beside it, so that looking repairs nothing.
    """
    if not os.path.exists(path):
        return MISSING
    with tempfile.TemporaryDirectory(prefix="look-") as directory:
        copy = f"{directory}/{os.path.basename(path)}"
        for suffix in ("", "-wal", "-journal"):
            if os.path.exists(path + suffix):
                shutil.copyfile(path + suffix, copy + suffix)
        try:
            return f"{hashlib.sha256(text(copy).encode()).hexdigest()[:16]}{MODE}{journal_mode(copy)}"
        except sqlite3.Error as error:
            raise Unsound(f"{type(error).__name__}: {error}") from error


def journal_mode(path):
    """The journal mode that a database is in."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute("PRAGMA journal_mode").fetchone()[0]
    finally:
        connection.close()


def rows(content):
    """A content without its journal mode, which an archive need not have: it is taken while a restore has left WAL mode."""
    return content.partition(MODE)[0]


def text(path):
    """The whole content as text, one line for each table of the schema and each row."""
    connection = sqlite3.connect(path, timeout=10, isolation_level=None)
    try:
        # Text and blobs must stay apart, and text that is no UTF-8 must be readable.
        connection.text_factory = lambda raw: ("text", raw)
        lines = [
            f"{name}={connection.execute(f'PRAGMA {name}').fetchone()[0]}"
            for name in ("user_version", "application_id")
        ]
        damage = [row[0][1].decode() for row in connection.execute("PRAGMA integrity_check")]
        if damage != ["ok"]:
            raise Unsound(f"integrity_check: {damage[:3]}")
        schema = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
        lines += sorted(repr(row) for row in schema)
        for kind, name, _, _ in schema:
            if kind[1] != b"table":
                continue
            quoted = name[1].decode().replace('"', '""')
            lines.append(f"table {quoted}")
            lines += sorted(repr(row) for row in connection.execute(f'SELECT * FROM "{quoted}"'))
        return "\n".join(lines)
    finally:
        connection.close()
