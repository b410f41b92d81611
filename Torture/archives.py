"""Reads a snapshot without xm-safe: the whole of it, its manifest, and whether the two agree (Backups/README.md)."""

import functools
import gzip
import hashlib
import json
import os
import struct
import tempfile

from . import contents

SUFFIX = ".sqlite3.gz"
PARTIAL = ".xm-safe-partial"


class Damaged(Exception):
    """An archive that does not hold what it says."""


def names(store):
    """The files of a store that have the name of a snapshot."""
    if not os.path.isdir(store):
        return []
    return sorted(name for name in os.listdir(store) if name.endswith(SUFFIX) and PARTIAL not in name)


def read(path):
    """The manifest and the logical content of an archive; raises Damaged."""
    with open(path, "rb") as file:
        return _read(file.read())


@functools.lru_cache(maxsize=2000)
def _read(data):
    try:
        if len(data) < 70:
            raise Damaged("too short")
        tail = data[-70:]
        offset, length = struct.unpack("<QI", tail[16:28])
        member = data[offset : offset + length]
        if hashlib.sha256(member).digest() != tail[28:60]:
            raise Damaged("the manifest has not the tail's digest")
        if offset + length != len(data) - 70:
            raise Damaged("the manifest does not end where the tail begins")
        manifest = json.loads(member[20 : member.index(b"\0", 20)])
        image = gzip.decompress(data)
    except Damaged:
        raise
    except Exception as error:
        raise Damaged(f"{type(error).__name__}: {error}") from error
    if hashlib.sha256(image).hexdigest() != manifest["image"]["sha256"]:
        raise Damaged("the image has not the manifest's digest")
    with tempfile.TemporaryDirectory() as directory:
        path = f"{directory}/image.sqlite3"
        with open(path, "wb") as file:
            file.write(image)
        try:
            content = contents.read(path)
        except contents.Unsound as error:
            raise Damaged(f"its database is not sound: {error}") from error
    return manifest, content
