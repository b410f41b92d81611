"""Writes the manual pages of xm-safe, made of what the program itself declares.

    man-pages.py PROGRAM DIRECTORY
"""

import json
import os
import re
import subprocess
import sys

EXIT_STATUS = "\nEXIT STATUS:\n"


def roff(text):
    """A text that groff prints as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.M)


def paragraphs(text):
    """Paragraphs; the lines of one are joined, and those that are indented are kept."""
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        if all(line.startswith("  ") for line in paragraph.split("\n")):
            yield ".nf\n" + roff(paragraph) + "\n.fi"
        else:
            yield roff(" ".join(paragraph.split()))


def option(argument):
    """`-c, --config file`."""
    names = [("-" if each["kind"] == "short" else "--") + each["name"] for each in argument.get("names", [])]
    text = ", ".join(f"\\fB{roff(each)}\\fR" for each in sorted(names, key=len))
    if argument["kind"] == "option":
        text += f" \\fI{roff(argument['valueName'])}\\fR"
    return text if argument["kind"] != "positional" else f"\\fI{roff(argument['valueName'])}\\fR"


def explanation(argument):
    text = argument.get("abstract", "")
    notes = []
    if argument.get("allValues"):
        notes.append("values: " + ", ".join(argument["allValues"]))
    if argument.get("defaultValue"):
        notes.append("default: " + argument["defaultValue"])
    return roff(text + (f" ({'; '.join(notes)})" if notes else ""))


def variable(argument):
    long = [each["name"] for each in argument.get("names", []) if each["kind"] == "long"]
    return "XM_SAFE_" + long[0].upper().replace("-", "_") if long else None


def page(command, path, version, siblings):
    name = "-".join(path)
    discussion, _, codes = ("\n" + command.get("discussion", "")).partition(EXIT_STATUS)
    lines = [
        f'.TH "{name.upper()}" "1" "" "xm\\-safe {version}" "User Commands"',
        ".SH NAME",
        f"{roff(name)} \\- {roff(command.get('abstract', '').rstrip('.'))}",
        ".SH SYNOPSIS",
    ]
    arguments = [each for each in command.get("arguments", []) if each.get("shouldDisplay", True)]
    positional = [each for each in arguments if each["kind"] == "positional"]
    words = [f"\\fB{roff(' '.join(path))}\\fR"]
    if command.get("subcommands"):
        words.append("\\fIcommand\\fR")
    words.append("[\\fIoptions\\fR]")
    for each in positional:
        word = option(each) + ("..." if each["isRepeating"] else "")
        words.append(f"[{word}]" if each["isOptional"] else word)
    lines.append(" ".join(words))
    if discussion.strip():
        lines.append(".SH DESCRIPTION")
        lines.append("\n.PP\n".join(paragraphs(discussion)))
    shown = [each for each in command.get("subcommands", []) if each["commandName"] != "help" and each.get("shouldDisplay", True)]
    if shown:
        lines.append(".SH COMMANDS")
        for each in shown:
            lines += [".TP", f"\\fB{roff(each['commandName'])}\\fR", roff(each.get("abstract", ""))]
    if positional:
        lines.append(".SH ARGUMENTS")
        for each in positional:
            lines += [".TP", option(each), explanation(each)]
    sections = {}
    for each in arguments:
        if each["kind"] != "positional":
            sections.setdefault(each.get("sectionTitle") or "Options", []).append(each)
    for title in sorted(sections, key=lambda each: each != "Options"):
        lines.append(f'.SH "{roff(title.upper())}"')
        for each in sections[title]:
            lines += [".TP", option(each), explanation(each)]
    if len(path) > 1:
        lines.append(".SH ENVIRONMENT")
        lines.append(
            roff(
                "Every option is also a variable: XM_SAFE_, and its long name in capitals with _ for -, such as "
                + next((variable(each) for each in arguments if each["kind"] == "option" and variable(each)), "XM_SAFE_STORE")
                + "."
            )
        )
    lines.append(".SH FILES")
    lines += [".TP", "\\fBxm\\-safe.toml\\fR", "Settings: see \\fBxm\\-safe\\-config\\fR(1)."]
    lines.append(".SH EXIT STATUS")
    for line in codes.split("\n"):
        number, _, meaning = line.strip().partition("  ")
        if number.isdigit():
            lines += [".TP", f"\\fB{number}\\fR", roff(meaning.strip())]
        elif line.strip():
            lines += [".PP", roff(line.strip())]
    others = [each for each in siblings if each != name]
    if others:
        lines.append(".SH SEE ALSO")
        lines.append(", ".join(f"\\fB{roff(each)}\\fR(1)" for each in others))
    return name, "\n".join(lines) + "\n"


def walk(command, path):
    yield command, path
    for each in command.get("subcommands", []):
        if each["commandName"] != "help" and each.get("shouldDisplay", True):
            yield from walk(each, path + [each["commandName"]])


def main():
    program, directory = sys.argv[1:]
    run = lambda argument: subprocess.run([program, argument], check=True, capture_output=True, text=True).stdout
    version = run("--version").split()[1]
    root = json.loads(run("--experimental-dump-help"))["command"]
    os.makedirs(directory, exist_ok=True)
    pages = list(walk(root, [root["commandName"]]))
    names = ["-".join(path) for _, path in pages]
    for command, path in pages:
        name, text = page(command, path, version, names if len(path) == 1 else ["xm-safe"])
        with open(f"{directory}/{name}.1", "w", encoding="utf-8") as file:
            file.write(text)


main()
