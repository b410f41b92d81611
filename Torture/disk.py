"""A disk that forgets: replays a recorded run, and makes what a power cut may leave of it.

A file's data and length are safe once the file was synced; a name once its directory was. Of what was not synced any part may
be there: single sectors of a write, a length without its data, one name without another. A rename is atomic, changes of one
name keep their order, and a sector is old or new (SQLite's own assumption, https://www.sqlite.org/psow.html).
"""

import dataclasses
import hashlib
import os


@dataclasses.dataclass
class Operation:
    """One line of a trace: its letter, its fields, the data that follow it."""

    letter: str
    fields: list
    data: bytes = b""


def trace(path):
    """Reads what shims/files.c has recorded."""
    operations = []
    with open(path, "rb") as file:
        content = file.read()
    position = 0
    while position < len(content):
        end = content.index(b"\n", position)
        letter, *fields = content[position:end].decode().split(" ")
        position = end + 1
        data = b""
        if letter in "WP":
            data = content[position : position + int(fields[2])]
            position += len(data)
        operations.append(Operation(letter, fields, data))
    return operations


def parent(path):
    """The directory of a path; the root is the empty one."""
    return path.rpartition("/")[0]


class Inode:
    """A file: what of it is safe, and what has been written since."""

    def __init__(self, content=b""):
        self.safe = content
        self.pending = []

    def sync(self):
        self.safe = self.content(lambda _: True, None)
        self.pending = []

    def content(self, keeps, generator):
        """The safe content, with those pending changes that are kept."""
        content = bytearray(self.safe)
        for offset, data in self.pending:
            if data is None:
                if keeps("length"):
                    del content[offset:]
                    content.extend(bytes(offset - len(content)))
                continue
            unit = generator.choice((512, 4096, 1 << 30)) if generator else 1 << 30
            position = offset
            while position < offset + len(data):
                end = min(offset + len(data), (position // unit + 1) * unit)
                if keeps("data"):
                    content.extend(bytes(max(0, position - len(content))))
                    content[position:end] = data[position - offset : end - offset]
                elif keeps("length"):
                    # The length may be there without the data.
                    content.extend(bytes(max(0, end - len(content))))
                position = end
        return bytes(content)


class Disk:
    """The files below one directory."""

    def __init__(self, directory, drops_syncs=False):
        self.drops_syncs = drops_syncs
        self.view = {}
        self.directories = {""}
        for parent, folders, files in os.walk(directory):
            below = parent[len(directory) :]
            self.directories |= {f"{below}/{name}" for name in folders}
            for name in files:
                with open(f"{parent}/{name}", "rb") as file:
                    self.view[f"{below}/{name}"] = Inode(file.read())
        self.safe_names = dict(self.view)
        self.safe_directories = set(self.directories)
        self.pending = []
        self.handles = {}

    def apply(self, operation):
        """Makes one recorded change. Returns whether anything on the disk may have changed."""
        letter, fields = operation.letter, operation.fields
        match letter:
            case "O":
                return self.open(fields[0], fields[1] == "1", fields[2] == "1", fields[3] if len(fields) > 3 else "")
            case "W":
                self.inode(fields[0]).pending.append((int(fields[1]), operation.data))
            case "T":
                self.inode(fields[0]).pending.append((int(fields[1]), None))
            case "S":
                self.sync(fields[0])
            case "U":
                self.change([(fields[0], None)])
            case "L":
                self.change([(fields[1], self.view[fields[0]])])
            case "R":
                self.change([(fields[0], None), (fields[1], self.view[fields[0]])])
            case "M":
                self.directories.add(fields[0])
                self.pending.append([(fields[0], "directory")])
            case "N" | "P":
                return letter == "P"
            case _:
                raise RuntimeError(f"the disk does not know {letter} {fields}")
        return True

    def open(self, handle, is_new, truncates, path):
        """Notes what a descriptor stands for; creating a file is a change of names."""
        if path in self.directories:
            self.handles[handle] = path
            return False
        if is_new:
            self.change([(path, Inode())])
        self.handles[handle] = self.view[path]
        if truncates:
            self.view[path].pending.append((0, None))
        return is_new or truncates

    def inode(self, handle):
        return self.handles[handle]

    def change(self, names):
        """One atomic change of names: pairs of a path and its file, or None."""
        for path, inode in names:
            if inode is None:
                self.view.pop(path, None)
            else:
                self.view[path] = inode
        self.pending.append(names)

    def sync(self, handle):
        if self.drops_syncs:
            return
        synced = self.handles[handle]
        if isinstance(synced, Inode):
            synced.sync()
            return
        rest = []
        for names in self.pending:
            if all(parent(path) == synced for path, _ in names):
                self.settle(names, self.safe_names, self.safe_directories)
            else:
                rest.append(names)
        self.pending = rest

    @staticmethod
    def settle(names, files, directories):
        for path, what in names:
            if what == "directory":
                directories.add(path)
            elif what is None:
                files.pop(path, None)
            else:
                files[path] = what

    def remains(self, keeps, generator=None):
        """The files that are there after a cut, by path; `keeps` is asked for each change of a name, datum and length."""
        files, directories = dict(self.safe_names), set(self.safe_directories)
        for names in self.pending:
            if keeps("name"):
                self.settle(names, files, directories)
        return {
            path: inode.content(keeps, generator)
            for path, inode in files.items()
            # The index of a log is memory, not a file: after a power cut SQLite makes it anew.
            if parent(path) in directories and not path.endswith("-shm")
        } | {f"{path}/": None for path in directories if path}


def write(remains, directory):
    """Puts what remains into a directory."""
    os.makedirs(directory)
    for path, content in sorted(remains.items()):
        if content is None:
            os.makedirs(directory + path, exist_ok=True)
    for path, content in remains.items():
        if content is not None:
            with open(directory + path, "wb") as file:
                file.write(content)


def digest(remains):
    """One value for equal disks."""
    return hashlib.sha256(repr(sorted(remains.items())).encode()).hexdigest()
