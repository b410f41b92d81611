"""What all sweeps work with: the program, the shims, a place for copies of states, and two hands."""

import concurrent.futures
import contextlib
import itertools
import os
import random
import shutil
import sys
import tempfile
import threading
import time


class Work:
    """One run of the harness."""

    def __init__(self, options, directory, shims, forge):
        self.options = options
        self.xm_safe = options.program
        self.directory = directory
        self.shims = shims
        self.forge = forge
        self.numbers = itertools.count(1)
        # The projects of the writers' scenarios, once they are written.
        self.inis = {}
        self.lock = threading.Lock()

    def place(self, template=None):
        """A new directory, with a copy of a state if one is named; `remove` it."""
        with self.lock:
            number = next(self.numbers)
        path = f"{self.directory}/states/{number}"
        if template:
            shutil.copytree(template, path)
        return path

    def remove(self, *paths):
        """Removes copies."""
        for path in paths:
            shutil.rmtree(path, ignore_errors=True)

    def chosen(self, points, limit, salt):
        """All points, or in a sample the first, the last, and some between; the same for the same seed."""
        points = list(points)
        if self.options.at is not None:
            return [point for point in points if point == self.options.at]
        if not self.options.sample or len(points) <= limit:
            return points
        generator = random.Random(f"{self.options.seed}:{salt}")
        return sorted({points[0], points[-1], *generator.sample(points, limit - 2)})

    def picked(self, choices, limit, salt):
        """All of some things, or in a sample a few of them; the same for the same seed."""
        numbers = self.chosen(range(len(choices)), limit, salt)
        return [choices[number] for number in numbers]

    @contextlib.contextmanager
    def second_place(self, parent):
        """A directory somewhere else, which is removed at the end."""
        with tempfile.TemporaryDirectory(prefix="xm-safe-torture-", dir=parent) as path:
            yield os.path.realpath(path)

    def all(self, name, function, tasks):
        """Runs a function for each task on all hands; returns the results that are not None, in order."""
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            results = [each for each in pool.map(lambda task: function(*task), tasks) if each is not None]
        self.note(name, results, began)
        return results

    @staticmethod
    def note(name, records, began):
        """Says how far the run is."""
        count = sum(record.count for record in records)
        print(f"  {name}: {count} in {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)

    def repeat(self, sweep, case, **options):
        """The command that makes one injection again."""
        rest = "".join(
            f" --{name.replace('_', '-')}" + ("" if value is True else f" {value}")
            for name, value in options.items()
            if value
        )
        return f"python3 -m Torture {self.xm_safe} --seed {self.options.seed} --sweep {sweep} --case {case}{rest}"
