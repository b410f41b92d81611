"""Gets the wheels of the environments and the Python environment that runs their scripts; each part is made once."""

import pathlib
import subprocess
import sys
import zipfile

from .environments import MORE_NEEDS, NEEDS


class Corpus:
    """A folder with the wheels, unpacked, and a virtual environment."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder

    @property
    def python(self) -> pathlib.Path:
        """The interpreter that runs the real alembic."""
        return self.folder / "venv" / "bin" / "python"

    def root(self, environment) -> pathlib.Path:
        """The folder that an environment's wheel is unpacked in."""
        return self.folder / environment.pin.replace("==", "-").replace("_", "-").lower()

    def prepare(self, environments, everything: bool) -> None:
        """Makes what is missing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.python.exists():
            subprocess.run([sys.executable, "-m", "venv", self.folder / "venv"], check=True)
        for mark, needs in [("needs", NEEDS), ("more-needs", MORE_NEEDS)]:
            if mark == "more-needs" and not everything:
                continue
            done = self.folder / f"venv/{mark}"
            if not done.exists() or done.read_text() != "\n".join(needs):
                self._pip("install", "--quiet", *NEEDS, *(needs if mark == "more-needs" else []))
                done.write_text("\n".join(needs))
        for environment in environments:
            self._unpack(environment)

    def _unpack(self, environment) -> None:
        root = self.root(environment)
        if (root / ".whole").exists():
            return
        wheels = root / ".wheel"
        self._pip("download", "--quiet", "--no-deps", "--only-binary", ":all:", "--python-version", "3.12", "--dest", wheels, environment.pin)
        (wheel,) = wheels.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            # Their web pages and pictures are of no use here.
            archive.extractall(root, [name for name in archive.namelist() if name.endswith(".py")])
        wheel.unlink()
        (root / ".whole").touch()

    def _pip(self, verb, *arguments) -> None:
        subprocess.run([self.python, "-m", "pip", verb, "--disable-pip-version-check", *arguments], check=True)
