"""A backup program as people write it in an afternoon. The self-test runs it in the place of xm-safe: the sweeps must find it out.

It copies files, syncs nothing, and has no lock.
"""

import gzip
import os
import sys


def main():
    verb = sys.argv[1]
    position, option = next((each, word) for each, word in enumerate(sys.argv) if word.startswith("--db"))
    database = option.partition("=")[2] or sys.argv[position + 1]
    store = f"{os.path.dirname(database)}/Backups"
    os.makedirs(store, exist_ok=True)
    if verb == "snapshot":
        with open(database, "rb") as file:
            data = gzip.compress(file.read())
        with open(f"{store}/careless-{len(os.listdir(store))}.sqlite3.gz", "wb") as file:
            file.write(data)
    elif verb == "restore":
        name = sorted(each for each in os.listdir(store) if each.endswith(".gz"))[0]
        with open(f"{store}/{name}", "rb") as file:
            image = gzip.decompress(file.read())
        for suffix in ("-wal", "-journal"):
            if os.path.exists(database + suffix):
                os.remove(database + suffix)
        descriptor = os.open(database, os.O_WRONLY | os.O_TRUNC)
        for offset in range(0, len(image), 8192):
            os.pwrite(descriptor, image[offset : offset + 8192], offset)
        os.close(descriptor)
        os.write(1, b"restored '%s'\n" % database.encode())


if __name__ == "__main__":
    main()
