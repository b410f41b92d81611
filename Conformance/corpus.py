"""Gets the wheels of the environments and the Python environment that runs their scripts; each part is made once."""

import pathlib
import subprocess
import sys
import zipfile

from .environments import NEEDS


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
        listed = pathlib.Path(__file__).parent / "requirements.txt"
        needs = ["--no-deps", "--requirement", str(listed)] if everything else NEEDS
        text = listed.read_text() if everything else "\n".join(NEEDS)
        done = self.folder / "venv" / ("needs-of-all" if everything else "needs-of-the-sample")
        if not done.exists() or done.read_text() != text:
            self._pip("install", "--quiet", *needs)
            done.write_text(text)
        for environment in environments:
            self._unpack(environment)
            if environment.sqlalchemy:
                self._install(environment.sqlalchemy)

    def path(self, environment) -> list[pathlib.Path]:
        """What comes before the packages of the virtual environment."""
        return [self._sqlalchemy(environment.sqlalchemy)] if environment.sqlalchemy else []

    def _sqlalchemy(self, version: str) -> pathlib.Path:
        return self.folder / f"sqlalchemy-{version}"

    def _install(self, version: str) -> None:
        folder = self._sqlalchemy(version)
        if not (folder / ".whole").exists():
            self._pip("install", "--quiet", "--no-deps", "--target", folder, f"SQLAlchemy=={version}")
            (folder / ".whole").touch()

    def _unpack(self, environment) -> None:
        root = self.root(environment)
        if (root / ".whole").exists():
            return
        wheels = root / ".wheel"
        self._pip("download", "--quiet", "--no-deps", "--only-binary", ":all:", "--python-version", "3.12", "--dest", wheels, environment.pin)
        (wheel,) = wheels.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            # Their web pages and pictures are of no use here; open-webui reads its list of changes when it is imported.
            archive.extractall(root, [name for name in archive.namelist() if name.endswith((".py", "/CHANGELOG.md"))])
        wheel.unlink()
        (root / ".whole").touch()

    def _pip(self, verb, *arguments) -> None:
        subprocess.run([self.python, "-m", "pip", verb, "--disable-pip-version-check", *arguments], check=True)
