import TestKit

/// Makes archives by hand, right or wrong in any place: Python, so that none of our own code stands on both sides.
enum ArchiveForge {
  /// Writes an archive of a database after a change to it.
  ///
  /// - Parameters:
  ///   - path: The archive.
  ///   - database: The database whose image it holds, unless the change says otherwise.
  ///   - change: Statements on `a`, the archive before it is written to `path`.
  /// - Returns: What Python said.
  /// - Throws: What keeps Python from being started.
  static func write(_ path: String, of database: String, _ change: String) throws -> Command.Outcome
  {
    try Command.run([Workshop.python, "-c", program, path, database, change])
  }

  private static let program = """
    import hashlib, json, os, sqlite3, struct, sys, zlib

    def subfield(name, data):
        return name + struct.pack("<H", len(data)) + data

    def member(extra, deflated=b"\\3\\0", crc=0, count=0, comment=None):
        flags = b"\\x04" if comment is None else b"\\x14"
        head = b"\\x1f\\x8b\\x08" + flags + b"\\0\\0\\0\\0\\0\\xff" + struct.pack("<H", len(extra)) + extra
        text = b"" if comment is None else comment + b"\\0"
        return head + text + deflated + struct.pack("<II", crc, count & 0xffffffff)

    def deflate(payload):
        packer = zlib.compressobj(1, zlib.DEFLATED, -15)
        return packer.compress(payload) + packer.flush()

    def bomb(size):
        packer, piece = zlib.compressobj(9, zlib.DEFLATED, -15), bytes(1 << 20)
        return b"".join(packer.compress(piece) for _ in range(size >> 20)) + packer.flush()

    def data(payload, deflated=None, length=None, count=None, isize=None):
        deflated = deflate(payload) if deflated is None else deflated
        length = 24 + len(deflated) + 8 if length is None else length
        count = len(payload) if count is None else count
        extra = subfield(b"XD", struct.pack("<II", length, count))
        return member(extra, deflated, zlib.crc32(payload), len(payload) if isize is None else isize)

    def rows(database):
        connection = sqlite3.connect(database)
        names = [row[0] for row in connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'")]
        counts = {n: connection.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0] for n in names}
        connection.close()
        return counts

    class Archive:
        def __init__(self, image, counts):
            page = struct.unpack(">H", image[16:18])[0]
            page = page if page in [1 << n for n in range(9, 16)] else 4096
            normal = bytearray(image[:page])
            for a, b in ((18, 20), (24, 28), (40, 44), (92, 100)):
                normal[a:b] = bytes(b - a)
            self.image, self.page, self.behind, self.padding = image, page, b"", b""
            self.start = member(subfield(b"XM", b"xm-safe\\0" + struct.pack("<HH", 1, 0)))
            self.members = [data(image[:page])]
            self.members += [data(image[i:i + (1 << 20)]) for i in range(page, len(image), 1 << 20)]
            self.json = self.offset = self.length = self.manifest_member = None
            self.manifest = {
                "format": 1, "id": "0badcafe", "sequence": 99, "created": "2026-11-22T22:51:33Z",
                "reason": "manual", "heads": [], "rowCounts": counts, "tool": "forge", "sqlite": "3",
                "database": {
                    "path": database, "dialect": "sqlite", "pageSize": page, "journalMode": "delete",
                    "pageCount": len(image) // page, "userVersion": 0, "applicationID": 0},
                "image": {
                    "size": len(image), "sha256": hashlib.sha256(image).hexdigest(),
                    "contentSHA256": hashlib.sha256(image[page:] + normal).hexdigest(),
                    "memberSize": 1 << 20},
                "members": None}

        def text(self):
            if self.manifest["members"] is None:
                self.manifest["members"] = [hashlib.sha256(m).hexdigest() for m in self.members]
            return json.dumps(self.manifest)

        def with_key(self, key, value):
            self.json = (self.text()[:-1] + f',"{key}":').encode() + value + b"}"

        def with_value(self, old, new):
            assert old in self.text()
            self.json = self.text().replace(old, new).encode()

        def write(self, path):
            text = self.text().encode() if self.json is None else self.json
            extra = subfield(b"XJ", struct.pack("<I", 20 + len(text) + 1 + 2 + 8))
            manifest = self.manifest_member or member(extra, comment=text)
            body = self.start + b"".join(self.members) + self.padding
            offset = len(body) if self.offset is None else self.offset
            length = len(manifest) if self.length is None else self.length
            place = struct.pack("<QI", offset, length) + hashlib.sha256(manifest).digest()
            with open(path, "wb") as file:
                for piece in (body, manifest, member(subfield(b"XT", place)), self.behind):
                    file.write(piece)

    def database_of(*statements):
        if os.path.exists(path + ".made"):
            os.remove(path + ".made")
        connection = sqlite3.connect(path + ".made")
        for statement in statements:
            connection.execute(statement)
            connection.commit()
        connection.close()
        made = open(path + ".made", "rb").read()
        os.remove(path + ".made")
        return made

    def patched(image, offset, *values):
        for value in values:
            image = image[:offset] + value + image[offset + len(value):]
        return image

    path, database, change = sys.argv[1:]
    original = open(database, "rb").read()
    a = Archive(original, rows(database))
    exec(change)
    if a is not None:
        a.write(path)
    """
}
