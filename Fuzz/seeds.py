"""Inputs to begin with that are no files of their own."""

import gzip
import hashlib
import json
import pathlib
import struct
import zlib

ROOT = pathlib.Path(__file__).parent.parent


def manifests():
    """The manifests of the golden archives, and of small ones."""
    found = []
    golden = [path.read_bytes() for path in sorted((ROOT / "Backups").glob("*.gz"))]
    for content in golden + archives():
        # The tail's last field but the digest says how long the manifest member is: Backups/README.md.
        tail = content[-70:]
        offset = int.from_bytes(tail[16:24], "little")
        length = int.from_bytes(tail[24:28], "little")
        member = content[offset : offset + length]
        assert gzip.decompress(member) == b""
        start = member.index(b"{")
        found.append(member[start : member.index(b"\0", start)])
    return found


def archives():
    """Small archives: the golden ones are of real size, and slow to read a million times."""
    images = [archive(page, count) for page, count in ((512, 1), (512, 5), (1024, 3), (4096, 2))]
    return images + [archive(1024, 1, dialect="postgresql")]


def archive(page, count, dialect="sqlite"):
    """An archive with an image of some pages, or with a dump of one member, after Backups/README.md alone."""
    first = (b"SQLite format 3\0" + struct.pack(">H", page)).ljust(page, b"\1")
    rest = bytes(range(256)) * (page * (count - 1) // 256)
    # Page 1 is stored, and stands alone.
    stored = b"\1" + struct.pack("<HH", page, page ^ 0xFFFF) + first
    pieces = [(stored, first)] + ([(deflated(rest), rest)] if rest else [])
    members = [data_member(*piece) for piece in pieces]
    plain = bytearray(first)
    for start, end in ((18, 20), (24, 28), (40, 44), (92, 100)):
        plain[start:end] = bytes(end - start)
    file = {"applicationID": 0, "journalMode": "wal", "pageCount": count, "pageSize": page, "userVersion": 0}
    server = {"client": "pg_dump 16", "encoding": "UTF8", "server": "16"}
    version = 1 if dialect == "sqlite" else 2
    manifest = {
        "created": "2026-01-01T00:00:00Z",
        "database": {"dialect": dialect, "path": "/a"} | (file if dialect == "sqlite" else server),
        "format": version,
        "heads": ["a"],
        "id": "00000001",
        "image": {
            "contentSHA256": hashlib.sha256(rest + plain).hexdigest(),
            "memberSize": 1 << 20,
            "sha256": hashlib.sha256(first + rest).hexdigest(),
            "size": page * count,
        },
        "members": [hashlib.sha256(member).hexdigest() for member in members],
        "reason": "manual",
        "rowCounts": {"t": 1},
        "sequence": 1,
        "tool": "0",
    } | ({"sqlite": "3"} if dialect == "sqlite" else {})
    text = json.dumps(manifest, separators=(",", ":"), sort_keys=True).encode()
    body = empty(b"XM", b"xm-safe\0" + struct.pack("<HH", version, 0)) + b"".join(members)
    ending = b"\0" + EMPTY
    length = len(gzip_header(b"XJ", bytes(4), 0x14)) + len(text) + len(ending)
    listing = gzip_header(b"XJ", struct.pack("<I", length), 0x14) + text + ending
    digest = hashlib.sha256(listing).digest()
    return body + listing + empty(b"XT", struct.pack("<QI", len(body), length) + digest)


# No data: an empty deflate stream, its CRC-32 and its length.
EMPTY = b"\3\0" + bytes(8)


def gzip_header(name, data, flags=4):
    extra = name + struct.pack("<H", len(data)) + data
    return b"\x1f\x8b\x08" + bytes([flags]) + bytes(5) + b"\xff" + struct.pack("<H", len(extra)) + extra


def empty(name, data):
    return gzip_header(name, data) + EMPTY


def deflated(image):
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(image) + compressor.flush()


def data_member(body, image):
    length = len(gzip_header(b"XD", bytes(8))) + len(body) + 8
    header = gzip_header(b"XD", struct.pack("<II", length, len(image)))
    return header + body + struct.pack("<II", zlib.crc32(image), len(image))


def urls():
    """URLs of every form that is read or refused."""
    return [
        text.encode()
        for text in (
            "sqlite:///relative.db",
            "sqlite:////absolute/a%20b.db?timeout=10",
            "sqlite+pysqlite:///:memory:",
            "sqlite:///file:x?mode=ro&uri=true",
            "sqlite://",
            "postgresql+psycopg2://user:p%40ss@host:5432/name?sslmode=require",
            "postgresql://user@[::1]:5432/name",
            "mysql+pymysql://user:word@host/name?unix_socket=/tmp/s",
            "mariadb://%2Fvar%2Frun/name",
        )
    ]
