"""Documents what --json prints, field by field, from the declarations of the results; and checks an output against them.

    json-fields.py                    prints Documentation/JSON.md
    json-fields.py --check COMMAND    reads an output, and says what is not as it is documented
"""

import json
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
SOURCES = [
    "XMSafe/Results.swift", "XMSafe/SnapshotResults.swift", "XMSafe/RevisionResults.swift", "XMSafe/PlanResult.swift",
    "XMSafe/EngineResult.swift", "XMSafe/DoctorResult.swift", "XMSafe/RunResult.swift",
    "XMSafe/ScheduleResult.swift", "XMSafe/Safeguard+Report.swift",
    "XMSafe/Failure.swift", "XMSafeCLI/Commands/ConfigCommand.swift",
]

# What a command prints: a type, or [a type] for a list.
COMMANDS = {
    "upgrade": "UpgradeResult", "upgrade --dry-run": "PlanResult", "upgrade --sql": "OfflineResult",
    "downgrade": "UpgradeResult", "downgrade --to-snapshot": "RestoreResult", "stamp": "UpgradeResult",
    "stamp --sql": "OfflineResult", "ensure_version": "UpgradeResult", "ensure_version --sql": "OfflineResult",
    "plan": "PlanResult", "plan --explain-engine": "EngineResult", "undo": "RestoreResult", "restore": "RestoreResult",
    "run": "RunResult", "check": "CheckResult", "current": "CurrentResult", "doctor": "DoctorResult",
    "snapshot": "SnapshotResult", "list": "ListResult", "show SNAPSHOT": "SnapshotRecord",
    "show REVISION": "[RevisionRecord]", "verify": "VerifyResult", "diff": "DiffResult", "prune": "PruneResult",
    "pin": "SnapshotRecord", "unpin": "SnapshotRecord", "history": "[RevisionRecord]", "heads": "[RevisionRecord]",
    "branches": "[BranchRecord]", "revision": "NewRevisionResult", "merge": "NewRevisionResult", "init": "InitResult",
    "list_templates": "[TemplateRecord]",
    "config": "ConfigResult", "report": "ReportResult", "schedule": "ScheduleResult",
}

SIMPLE = {"String": "text", "Int": "number", "Int32": "number", "Int64": "number", "Double": "number", "Bool": "true or false"}


def declarations():
    """The types: name -> (words, {field: (type, words)}), and of the enumerations the names of their cases."""
    types, cases = {}, {}
    for source in SOURCES:
        with open(os.path.join(ROOT, "Sources", source), encoding="utf-8") as file:
            lines = file.read().split("\n")
        stack, words = [], []
        for line in lines:
            text = line.strip()
            if text.startswith("///"):
                words.append(text[3:].strip())
                continue
            opened = re.match(r"(?:public )?(struct|enum|extension) ([\w.]+)[^{]*\{", text)
            if opened:
                kind, name = opened.groups()
                full = f"{stack[-1][1]}.{name}" if stack and stack[-1][1] else name
                stack.append((len(line) - len(line.lstrip()), full if kind != "extension" else None, kind))
                if kind == "struct":
                    types[full] = (" ".join(words), {})
                elif kind == "enum":
                    cases[full] = []
            field = re.match(r"(?:public )?var (\w+)(?:: ([^={]+?))?(?: = (\w+))?$", text)
            if field and stack and stack[-1][2] == "struct" and len(line) - len(line.lstrip()) == stack[-1][0] + 2:
                name, kind, value = field.groups()
                types[stack[-1][1]][1][name] = (kind or {"false": "Bool", "true": "Bool"}[value], " ".join(words))
            case = re.match(r"case `?(\w+)`?(?: = \"([^\"]*)\")?$", text)
            if case and stack and stack[-1][1] in cases:
                cases[stack[-1][1]].append(case.group(2) or case.group(1))
            if stack and line == " " * stack[-1][0] + "}":
                stack.pop()
            words = []
    return types, cases


def resolve(name, inside, types, cases):
    """The full name of a type that is named inside another one."""
    while True:
        full = f"{inside}.{name}" if inside else name
        if full in types or full in cases:
            return full
        if not inside:
            return None
        inside = inside.rpartition(".")[0]


def bare(kind):
    return kind.rstrip("?"), kind.endswith("?")


def shown(kind, inside, types, cases):
    kind, _ = bare(kind)
    if kind.startswith("[") and ":" in kind:
        return "an object of " + SIMPLE[kind[1:-1].split(":")[1].strip()] + "s"
    if kind.startswith("["):
        return "a list: " + shown(kind[1:-1], inside, types, cases)
    if kind in SIMPLE:
        return SIMPLE[kind]
    full = resolve(kind, inside, types, cases)
    if full in cases:
        return "text: " + ", ".join(f"`{each}`" for each in cases[full])
    return f"[{full}](#{full.lower().replace('.', '')})"


def used(types, cases):
    """The types that are printed, in the order in which they are come to."""
    order, todo = [], [kind.strip("[]") for kind in dict.fromkeys(COMMANDS.values())]
    while todo:
        name = todo.pop(0)
        if name in order:
            continue
        order.append(name)
        inner = []
        for kind, _ in types[name][1].values():
            full = resolve(re.sub(r"[\[\]?]", "", kind), name, types, cases)
            if full in types:
                inner.append(full)
        todo = inner + todo
    return order


def document():
    types, cases = declarations()
    lines = [
        "# What `--json` prints",
        "",
        "Made by `Scripts/json-fields.py` from the declarations of the results; a test compares the two, and real outputs with both. Fields may be",
        "added, and none is renamed or removed. A field that is *optional* is left out where it has nothing to say.",
        "",
        "A command prints one document on standard output. That is so, too, where it did its work and has bad news, which the exit code",
        "tells: `check` and `current --check-heads` (23), `verify` (22), `plan` and `--dry-run` (20), `doctor` (25), and `run` (20, 21, or the",
        "code of the command that it guards). What the command of `run` writes to its standard output goes to standard error then. One",
        "that could not do its work prints one line on standard error instead, and nothing on standard output:",
        "",
        "```json",
        '{"error":{"exitCode":10,"location":{"column":1,"line":3,"path":"..."},"message":"...","next":"...","state":"..."}}',
        "```",
        "",
        "`message` is what happened, `state` what state the database is in, `next` what to do; `location` is optional. With `--log-format json`",
        "each line of the log is an object, too: `time`, `level`, `logger`, `message`, and `metadata`, an object of texts.",
        "",
        "| command | prints |",
        "|---|---|",
    ]
    for command, kind in COMMANDS.items():
        name = kind.strip("[]")
        link = f"[{name}](#{name.lower()})"
        lines.append(f"| `{command}` | {'a list of ' if kind.startswith('[') else ''}{link} |")
    for name in used(types, cases):
        words, fields = types[name]
        lines += ["", f"## {name}", "", re.sub(r"\bnil\b", "left out", words), "", "| field | is | meaning |", "|---|---|---|"]
        for field, (kind, meaning) in fields.items():
            optional = ", optional" if bare(kind)[1] else ""
            meaning = re.sub(r"\bnil\b", "left out", meaning).strip()
            lines.append(f"| `{field}` | {shown(kind, name, types, cases)}{optional} | {meaning.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def problems(value, kind, inside, place, types, cases):
    kind, optional = bare(kind)
    if kind.startswith("[") and ":" in kind:
        for each, inner in value.items():
            yield from problems(inner, kind[1:-1].split(":")[1].strip(), inside, f"{place}.{each}", types, cases)
        return
    if kind.startswith("["):
        if not isinstance(value, list):
            yield f"{place} is no list"
            return
        for index, each in enumerate(value):
            yield from problems(each, kind[1:-1], inside, f"{place}[{index}]", types, cases)
        return
    if kind in SIMPLE:
        expected = {"text": str, "number": (int, float), "true or false": bool}[SIMPLE[kind]]
        if not isinstance(value, expected) or (isinstance(value, bool) and expected is not bool):
            yield f"{place} is no {SIMPLE[kind]}"
        return
    full = resolve(kind, inside, types, cases)
    if full in cases:
        if value not in cases[full]:
            yield f"{place} is {value!r}"
        return
    fields = types[full][1]
    if not isinstance(value, dict):
        yield f"{place} is no object"
        return
    for name in value:
        if name not in fields:
            yield f"{place}.{name} is not documented"
    for name, (inner, _) in fields.items():
        if name in value:
            yield from problems(value[name], inner, full, f"{place}.{name}", types, cases)
        elif not bare(inner)[1]:
            yield f"{place}.{name} is not there"


def main():
    if len(sys.argv) == 1:
        print(document(), end="")
        return
    types, cases = declarations()
    found = list(problems(json.load(sys.stdin), COMMANDS[sys.argv[2]], None, "", types, cases))
    print("\n".join(found))
    sys.exit(1 if found else 0)


main()
