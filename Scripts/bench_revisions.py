"""What script directories of many revisions cost: the rows of the README's table that bench.py prints for them."""
import os, shutil, sqlite3, statistics, subprocess, time

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


if __name__ == "__main__":
    import sys

    print("\n".join(rows(os.path.abspath(sys.argv[1]))))
