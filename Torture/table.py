"""The table of a run, in Markdown, as the README has it."""

import os
import platform
import sqlite3


def line(name, records):
    """One row: what was injected, and what became of it."""
    lost = sum(record.count for record in records if record.is_lost)
    sides = {side: sum(r.count for r in records if r.side == side and not r.is_lost) for side in ("before", "after", "between")}
    injected = sum(record.count for record in records)
    cells = [name, injected, sides["before"], sides["after"], sides["between"] or "", lost]
    return "| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else cell for cell in cells) + " |"


def markdown(rows):
    """The table of named rows of records."""
    head = [
        "| sweep | injected | survived: as before | survived: entirely new | whole, in between | lost |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join(head + [line(name, records) for name, records in rows])


def machine(seconds):
    """The line under the table: where, with what, and how long."""
    model = "unknown processor"
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for text in info:
            if text.startswith("model name"):
                model = text.split(":", 1)[1].strip()
                break
    return (
        f"{seconds:.0f} s on {os.cpu_count()} cores of {model}, Linux {platform.release()}, "
        f"SQLite {sqlite3.sqlite_version}, Python {platform.python_version()}."
    )


def losses(records, limit=5):
    """Every loss, with the command that makes it again; of equal ones the first few."""
    seen = {}
    lines = []
    for record in records:
        for breach in record.breaches:
            kind = (record.sweep, record.case, breach.split(":")[0])
            seen[kind] = seen.get(kind, 0) + 1
            if seen[kind] <= limit:
                lines.append(f"LOST {record.sweep}, {record.case}, {record.label}\n  {record.side}; {breach}\n  {record.repeat}")
    lines += [f"  {count} times: {sweep}, {case}: {kind}" for (sweep, case, kind), count in sorted(seen.items())]
    return lines
