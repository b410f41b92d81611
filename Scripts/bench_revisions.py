"""What script directories of many revisions cost: the rows of the README's table that bench.py prints for them."""
import os, pathlib, shutil, sqlite3, statistics, subprocess, sys, time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from Conformance import project
from Conformance.corpus import Corpus
from Conformance.environments import RUN

SCRIPT = '''"""Change table number {number}

Revision ID: {id}
Revises: {down}
Create Date: 2026-11-22 19:47:32.147197

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# What alembic goes by.
revision: str = "{id}"
down_revision: Union[str, Sequence[str], None] = {down!r}
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table(
        "t",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), server_default="x", nullable=False),
        sa.Column("made", sa.DateTime(), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_t")),
    )
    op.create_index(op.f("ix_t_name"), "t", ["name"], unique=False)
    op.execute("UPDATE t SET name = 'y' WHERE id = {number}")


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_index(op.f("ix_t_name"), table_name="t")
    op.drop_table("t")
'''


def identifier(number):
    return f"{number * 2654435761 % 2 ** 32:08x}{number:04x}"


def make(directory, count):
    """A chain of revisions, and a database at its head."""
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory + "/versions")
    for number in range(1, count + 1):
        down = identifier(number - 1) if number > 1 else None
        with open(f"{directory}/versions/{identifier(number)}_change.py", "w") as file:
            file.write(SCRIPT.format(number=number, id=identifier(number), down=down))
    db = sqlite3.connect(directory + "/a.sqlite3")
    db.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))")
    db.execute("INSERT INTO alembic_version VALUES (?)", (identifier(count),))
    db.commit()
    db.close()


def seconds(*command):
    times = []
    for _ in range(5):
        start = time.monotonic()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        times.append(time.monotonic() - start)
    return statistics.median(times)


def rows(xm_safe):
    """Lines of the table; made in the working directory."""
    lines, each = [], {}
    for count in 300, 1000, 5000:
        directory = f"revisions-{count}"
        make(directory, count)
        options = ["--db", directory + "/a.sqlite3", "--scripts", directory]
        for verb in "check", "current", "history":
            each[verb, count] = seconds(xm_safe, verb, *options)
        shutil.rmtree(directory)
    start = seconds(xm_safe, "--version")
    for verb in "check", "current":
        took = each[verb, 300]
        lines.append(f"| `{verb}` | a directory of 300 revisions | {took * 1000:.0f} ms | 50 ms | {took:.2f} |")
    for verb in "check", "history":
        costs = [(each[verb, count] - start) / count * 1e6 for count in (300, 1000, 5000)]
        shown = ", ".join(f"{cost:.0f}" for cost in costs)
        lines.append(f"| `{verb}`, microseconds per revision | of 300, of 1,000 and of 5,000 revisions | {shown} | flat | {each[verb, 5000]:.2f} |")
    return lines


# Where the wheels of the chains are kept.
CACHE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), ".cache", "corpus")


def chains(xm_safe, cache=CACHE):
    """Lines of the table: real chains from an empty database to head, whole processes, in turn with alembic's."""
    corpus = Corpus(pathlib.Path(cache).resolve())
    chosen = [environment for environment in RUN if environment.name in ("xmanager", "argilla")]
    corpus.prepare(chosen, everything=False)
    lines = []
    for environment in chosen:
        folder = project.fresh(pathlib.Path(f"chain-{environment.name}").resolve())
        database = folder / "a.sqlite3"
        ini = project.write(folder, environment, corpus.root(environment), database)
        path = {**os.environ, "PYTHONPATH": str(corpus.root(environment)), "PYTHONWARNINGS": "ignore"}
        commands = {
            "xm-safe": [xm_safe, "upgrade", "--db", database, "-c", ini, "-q"],
            "alembic": [corpus.python.parent / "alembic", "-c", ini, "upgrade", "head"],
        }
        times = {name: [] for name in commands}
        for _ in range(7):
            for name, command in commands.items():
                for left in folder.glob("a.sqlite3*"):
                    left.unlink()
                shutil.rmtree(folder / "Backups", ignore_errors=True)
                start = time.monotonic()
                subprocess.run(command, cwd=folder, env=path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
                times[name].append(time.monotonic() - start)
        own, theirs = (statistics.median(times[name]) for name in ("xm-safe", "alembic"))
        scripts = len([name for name in os.listdir(corpus.root(environment) / environment.versions) if name.endswith(".py") and not name.startswith("__")])
        count = "its one revision" if scripts == 1 else f"its {scripts} revisions"
        lines.append(f"| `upgrade` of a new database of {environment.name}, {count} | `alembic upgrade head` | {theirs / own:.0f} x faster | at least 20 x | {own:.3f} |")
        shutil.rmtree(folder)
    return lines


if __name__ == "__main__":
    program = os.path.abspath(sys.argv[1])
    print("\n".join(chains(program) + rows(program)))
