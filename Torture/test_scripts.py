"""The script sets of the conformance tests."""

import re

from .scripts import ROOT, ScriptSet, script


def of_the_tests():
    """The script sets of the conformance tests, read out of the Swift file: so there is no second copy to go stale."""
    text = (ROOT / "Tests/MigrationsTests/ConformanceTests.swift").read_text()
    people = re.search(r"static let people = \[\n(.*?)\n  \]", text, re.DOTALL).group(1)
    people = re.findall(r'^    "(.*)",$', people, re.MULTILINE)
    cases = re.findall(
        r'ConformanceCase\(\s*name: "([^"]*)",(\s*database: people,)?\s*upgrade:\s*(?:"""\n(.*?)\n\s*"""|"([^"]*)")\s*\)',
        text[text.index("static let basics = [") : text.index("@Test(arguments: cases)")],
        re.DOTALL,
    )
    if len(cases) < 9 or len(people) != 3:
        raise RuntimeError("the conformance tests are not written as Torture/scripts.py reads them any more")
    return [
        ScriptSet(
            "tests-" + re.sub(r"[^a-z]+", "-", name.lower()).strip("-"),
            people if database else ["CREATE TABLE kept (a)", "INSERT INTO kept VALUES (1), ('x'), (X'00')"],
            {"aaaa1111_x.py": script("aaaa1111", None, block or line)},
        )
        for name, database, block, line in cases
    ]
