"""Tells which statements would reach beyond the copy that a rehearsal works on: other databases of the server, and what all of them share.

It is the text that is looked at, so that a name which only looks like one may be taken for one. What a statement puts together while it
runs cannot be seen.
"""

import re

BEYOND = "a statement reaches beyond the copy, which in a rehearsal must not happen (%s)"

# What is no code, in one pass, so that none of them begins within another; names in backticks stay.
MYSQL_TEXT = re.compile(
    r"`(?:[^`]|``)*`|'(?:[^'\\]|''|\\.)*'|\"(?:[^\"\\]|\"\"|\\.)*\"|#[^\n]*|--(?=\s|$)[^\n]*|/\*(?!M?!).*?\*/", re.S
)
POSTGRESQL_TEXT = re.compile(
    r"\"(?:[^\"]|\"\")*\"|\bE'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.S | re.I
)
# Text that may be run as a statement.
MYSQL_RUN = re.compile(r"\b(?:PREPARE|IMMEDIATE)\b|\bSET\s+@(?!@)|\bINTO\s+@", re.I)
POSTGRESQL_RUN = re.compile(r"^\s*DO\b|\bEXECUTE\b(?!\s+(?:FUNCTION|PROCEDURE)\b)|\bLANGUAGE\b", re.I)
# A word is looked at from its beginning only: a long one would take for ever.
NAME = r"(`(?:[^`]|``)+`|\"(?:[^\"]|\"\")+\"|(?<![\w$])[\w$]+)"
PART = r"(`(?:[^`]|``)+`|\"(?:[^\"]|\"\")+\"|[\w$]+|\*)"
QUALIFIED = re.compile(NAME + r"\s*\.\s*" + PART + r"(\s*\()?")
ALONE = re.compile(NAME)
DOT = re.compile(r"\s*\.")
WORD = re.compile(r"[\w$]+")
AFTER_DOT = re.compile(r"[`\"\w]\s*\.\s*$")
BEFORE_DOT = re.compile(r"\s*\.\s*[`\"\w]")
READ = re.compile(
    r"[\s(]*(?:SELECT|SHOW|DESC|DESCRIBE|EXPLAIN)\b(?!.*;\s*\S)(?!.*\b(?:INTO|NEXTVAL|SETVAL|LASTVAL|NEXT\s+VALUE|PREVIOUS\s+VALUE)\b)", re.I | re.S
)
# Before the name of something that is made.
MAKING = re.compile(r"\b(?:TABLE|VIEW|SEQUENCE|TRIGGER|PROCEDURE|FUNCTION|PACKAGE|BODY|EVENT|EXISTS|RENAME|TO|INTO|LIKE)\s*$", re.I)
# Where a statement begins: also within the body of a routine, a text that is run, or a comment that the server runs.
BEGIN = r"(?:^|;|'|\"|\$\w*\$|\b(?:BEGIN|THEN|ELSE|DO|LOOP|ATOMIC|REPEAT|FOR)\b|/\*M?!\d*)\s*"
MYSQL_DATABASE = re.compile(
    BEGIN + r"((?:USE|(?:CREATE|ALTER|DROP)\s+(?:OR\s+REPLACE\s+)?(?:DATABASE|SCHEMA)(?:\s+IF\s+(?:NOT\s+)?EXISTS)?)"
    r"(?:\s+|(?=[`\"]))(?!(?:DEFAULT|CHARACTER|CHARSET|COLLATE|COMMENT)\b)" + NAME + ")",
    re.I,
)
MYSQL_SHARED = re.compile(
    BEGIN + r"((?:CREATE|ALTER|DROP|RENAME)\s+(?:OR\s+REPLACE\s+)?(?:USER|ROLE|SERVER)\b"
    r"|(?:GRANT|REVOKE|FLUSH|KILL|RESET|PURGE|CHANGE\s+(?:MASTER|REPLICATION)|INSTALL|UNINSTALL|SHUTDOWN|(?:START|STOP)\s+(?:ALL\s+)?(?:SLAVE|REPLICA))\b"
    r"|SET\s+(?:[^;]*,\s*)?(?:GLOBAL|PERSIST|PERSIST_ONLY|PASSWORD|DEFAULT\s+ROLE)\b)"
    r"|(@@(?:GLOBAL|PERSIST|PERSIST_ONLY)\s*\.\s*\w+\s*:?=|\bSONAME\b|\bINTO\s+(?:OUTFILE|DUMPFILE)\b)",
    re.I,
)
POSTGRESQL_SHARED = re.compile(
    BEGIN + r"((?:CREATE|ALTER|DROP|COMMENT\s+ON)\s+(?:ROLE|USER(?!\s+MAPPING)|GROUP|DATABASE|TABLESPACE)\b|ALTER\s+SYSTEM\b"
    r"|(?:DROP|REASSIGN)\s+OWNED\b|(?:GRANT|REVOKE)\b(?:(?!\bON\b)[^;])*\b(?:TO|FROM)\b"
    r"|(?:GRANT|REVOKE)\b[^;]*\bON\s+(?:DATABASE|TABLESPACE)\b|COPY\b[^;]*\bPROGRAM\b)",
    re.I,
)


def plain(name):
    """A name without its quotes, in lower case: on some servers case tells databases apart, and then too much is found."""
    if name[0] in "`\"" and len(name) > 1:
        name = name[1:-1].replace(name[0] * 2, name[0])
    return name.lower()


def code_of(statement, text, run):
    """The statement without comments, and without strings unless one may be run."""
    is_run = False

    def kept(match):
        first = match.group()[0]
        # Which of the two a text in double quotes is, is a setting; beside a dot it is a name.
        is_dotted = BEFORE_DOT.match(statement, match.end()) or AFTER_DOT.search(statement[max(0, match.start() - 9) : match.start()])
        is_name = first == "`" or (first == '"' and (text is POSTGRESQL_TEXT or is_dotted))
        if is_name:
            return match.group()
        if first in "'\"eE":
            return match.group() if is_run else "''"
        return " "

    code = text.sub(kept, statement)
    if run.search(code):
        is_run = True
        code = text.sub(kept, statement)
    return code


def found(text):
    """The words of the statement that were found, in one line."""
    return " ".join(text.split())[:80]


def beyond_mysql(statement, current, others):
    """What of a statement reaches beyond the database `current`, in words; None if nothing does.

    `others` maps the names of the server's other databases to those of what is in them; all in lower case.
    """
    code = code_of(statement, MYSQL_TEXT, MYSQL_RUN)
    shared = MYSQL_SHARED.search(code)
    if shared:
        return "%s, which is for the whole server" % found(shared.group(1) or shared.group(2))
    for match in MYSQL_DATABASE.finditer(code):
        if plain(match.group(2)) != current.lower():
            return found(match.group(1))
    is_read = READ.match(code)
    for match in QUALIFIED.finditer(code):
        name, part = plain(match.group(1)), plain(match.group(2))
        if name not in others or (is_read and not match.group(3)):
            continue
        # A column has the name of a table before it, or of an alias, which may be a database's, too.
        if part not in others[name] and part != "*" and not match.group(3):
            is_made = MAKING.search(code[max(0, match.start() - 40) : match.start()])
            if not is_made and any(
                plain(word.group(1)) == name and not DOT.match(code, word.end()) for word in ALONE.finditer(code)
            ):
                continue
        return found(match.group().rstrip("( "))
    if MYSQL_RUN.search(code):
        for word in WORD.findall(code):
            if word.lower() in others:
                return "%s, in what may be run" % word
    return None


def beyond_postgresql(statement):
    """What of a statement reaches beyond the database that it is sent to, in words; None if nothing does."""
    shared = POSTGRESQL_SHARED.search(code_of(statement, POSTGRESQL_TEXT, POSTGRESQL_RUN))
    return None if shared is None else "%s, which is for the whole server" % found(shared.group(1))
