"""What is fuzzed, and where real material for it lies."""

import dataclasses
import glob
import pathlib
import random

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent


@dataclasses.dataclass(frozen=True)
class Target:
    """One target of the harness."""

    name: str
    # Longer inputs make it slower, and find nothing that shorter ones do not.
    longest: int
    # Files of the project, of the oracle and of the conformance corpus, as far as they are there.
    material: tuple = ()
    dictionary: str = ""

    def corpus(self):
        """The inputs that are committed."""
        return HERE / "Corpus" / self.name

    def seeds(self, limit, seed=1):
        """Real files of bearable length, the same ones each time."""
        paths = sorted({path for pattern in self.material for path in glob.glob(str(ROOT / pattern), recursive=True)})
        random.Random(seed).shuffle(paths)
        fitting = [path for path in paths if 0 < pathlib.Path(path).stat().st_size <= self.longest]
        return fitting[:limit]


SCRIPTS = (
    ".cache/xmanager/**/versions/*.py",
    ".cache/corpus/**/versions/*.py",
    ".cache/corpus/**/migrations/**/*.py",
)
ENVIRONMENTS = (
    ".cache/oracle/lib/python3*/site-packages/alembic/templates/*/env.py",
    ".cache/xmanager/**/env.py",
    ".cache/corpus/**/env.py",
)
INIS = (
    ".cache/oracle/lib/python3*/site-packages/alembic/templates/*/alembic.ini.mako",
    ".cache/xmanager/**/alembic.ini",
    ".cache/corpus/**/alembic.ini",
)

# A trap that was put there: what does not find it would not find others either.
PLANTED = Target("planted", 16)

TARGETS = [
    Target("archive", 1 << 14, (), "manifest.dict"),
    Target("manifest", 1 << 14, (), "manifest.dict"),
    Target("python", 1 << 14, SCRIPTS + ENVIRONMENTS, "python.dict"),
    Target("script", 1 << 13, SCRIPTS, "python.dict"),
    Target("migration", 1 << 13, SCRIPTS, "python.dict"),
    Target("ini", 1 << 12, INIS, "ini.dict"),
    Target("environment", 1 << 13, ENVIRONMENTS, "python.dict"),
    Target("url", 1 << 9, (), "ini.dict"),
]
