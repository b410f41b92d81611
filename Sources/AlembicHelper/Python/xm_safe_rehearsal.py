"""Tells which statements would reach beyond the copy that a rehearsal works on: other databases of the server, and what all of them share.

It is the text that is looked at. What a script reads elsewhere is let through; what cannot be told counts as reaching there.
"""

import re

BEYOND = "a statement reaches beyond the copy, which in a rehearsal must not happen (%s)"

COMMENT = re.compile(r"--[^\n]*|/\*(?!M?!).*?\*/", re.S)
STRING = re.compile(r"\bE'(?:[^'\\]|''|\\.)*'|'(?:[^'\\]|''|\\.)*'", re.S | re.I)
MYSQL_NAME = r"(`(?:[^`]|``)+`|[\w$]+)"
QUALIFIED = re.compile(MYSQL_NAME + r"\s*\.\s*" + MYSQL_NAME + r"(\s*\()?")
# Before the name of a table, where a name with a dot behind it is no alias.
TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN|TABLE|EXISTS|REFERENCES|IGNORE|CALL|TO|LIKE)\s*$", re.I)
READ = re.compile(r"[\s(]*(?:SELECT|SHOW|DESC|DESCRIBE|EXPLAIN)\b(?!.*;\s*\S)(?!.*\bINTO\s+(?:OUTFILE|DUMPFILE)\b)", re.I | re.S)
# Text that may be run as a statement.
RUN_TEXT = re.compile(r"\b(?:PREPARE|IMMEDIATE|EXECUTE)\b|\bSET\s+@|\bDO\b", re.I)
MYSQL_DATABASE = re.compile(
    r"\b(?:USE|(?:CREATE|ALTER|DROP)\s+(?:OR\s+REPLACE\s+)?(?:DATABASE|SCHEMA)(?:\s+IF\s+(?:NOT\s+)?EXISTS)?)"
    r"\s+(?!(?:DEFAULT|CHARACTER|CHARSET|COLLATE|COMMENT|INDEX|KEY|FRM)\b)" + MYSQL_NAME,
    re.I,
)
MYSQL_SHARED = re.compile(
    r"\b(?:CREATE|ALTER|DROP|RENAME)\s+(?:OR\s+REPLACE\s+)?(?:USER|ROLE|SERVER)\b|\bSET\s+(?:GLOBAL|PERSIST|PASSWORD|DEFAULT\s+ROLE)\b"
    r"|@@GLOBAL\s*\.\s*\w+\s*:?=|^\s*(?:GRANT|REVOKE|FLUSH|KILL|RESET|PURGE|CHANGE\s+MASTER|INSTALL|UNINSTALL|SHUTDOWN)\b",
    re.I,
)
POSTGRESQL_SHARED = re.compile(
    r"\b(?:CREATE|ALTER|DROP|COMMENT\s+ON)\s+(?:ROLE|USER(?!\s+MAPPING)|GROUP|DATABASE|TABLESPACE)\b|\bALTER\s+SYSTEM\b"
    r"|\b(?:DROP|REASSIGN)\s+OWNED\b|(?:^|;|\bBEGIN\b|')\s*(?:GRANT|REVOKE)\b(?:(?!\bON\b)[^;])*\b(?:TO|FROM)\b"
    r"|\bON\s+(?:DATABASE|TABLESPACE)\b",
    re.I,
)


def plain(name):
    """A name without its backticks, in lower case: on some servers case tells databases apart, and then too much is found."""
    if name.startswith("`"):
        name = name[1:-1].replace("``", "`")
    return name.lower()


def code_of(statement):
    """The statement without its comments, and without its strings unless one may be run."""
    code = COMMENT.sub(" ", statement)
    return code if RUN_TEXT.search(code) else STRING.sub("''", code)


def found(text):
    """The words of the statement that were found, in one line."""
    return " ".join(text.split())[:80]


def beyond_mysql(statement, current, others, tables=()):
    """What of a statement reaches beyond the database `current`, in words; None if nothing does.

    `others` are the server's other databases and `tables` those of the current one, all in lower case.
    """
    code = code_of(statement)
    shared = MYSQL_SHARED.search(code)
    if shared:
        return "%s, which is for the whole server" % found(shared.group())
    for match in MYSQL_DATABASE.finditer(code):
        if plain(match.group(1)) != current.lower():
            return found(match.group())
    is_read = READ.match(code)
    for match in QUALIFIED.finditer(code):
        name = plain(match.group(1))
        if name not in others or (is_read and not match.group(3)):
            continue
        # An alias may be called like a database, if a table is.
        if name in tables and not TABLE.search(code[: match.start()]):
            continue
        return found(match.group().rstrip("( "))
    return None


def beyond_postgresql(statement):
    """What of a statement reaches beyond the database that it is sent to, in words; None if nothing does."""
    shared = POSTGRESQL_SHARED.search(code_of(statement))
    return None if shared is None else "%s, which is for the whole server" % found(shared.group().lstrip("; '"))
