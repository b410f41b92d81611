"""A program that commits one row after another, and notes each one after SQLite has said that it is committed."""

import os
import sqlite3
import sys


def main():
    """Arguments: the database, this writer's number, the file of the notes; runs until it is stopped with SIGTERM or killed."""
    path, number, notes = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    connection = sqlite3.connect(path, timeout=20, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    noted = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    n = 0
    while True:
        n += 1
        try:
            connection.execute("INSERT INTO log (writer, n) VALUES (?, ?)", (number, n))
        except sqlite3.OperationalError:
            # Locked out, or the schema has just changed: not committed, so not noted.
            continue
        except sqlite3.DatabaseError:
            # Broken: whoever waits for rows will say so.
            return
        os.write(noted, b"%d\n" % n)


if __name__ == "__main__":
    main()
