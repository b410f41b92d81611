"""What the real alembic makes of revision graphs: reads cases as JSON, and answers each in kind."""

import json
import sys
import warnings

from alembic import util
from alembic.runtime import migration
from alembic.script import revision
from alembic.script.base import ScriptDirectory
from sqlalchemy import Column, MetaData, String, Table


class Module:
    upgrade = staticmethod(lambda: None)
    downgrade = staticmethod(lambda: None)


class Script(revision.Revision):
    module = Module
    doc = ""


class Impl:
    def _exec(self, statement):
        return None


class Context:
    impl = Impl()
    as_sql = True
    version_table = "alembic_version"
    _version = Table("alembic_version", MetaData(), Column("version_num", String))


def as_tuple(names):
    return tuple(names) or None


def load(revisions):
    scripts = [
        Script(r["id"], as_tuple(r["down"]), as_tuple(r["depends"]), as_tuple(r["labels"]))
        for r in revisions
    ]
    directory = ScriptDirectory.__new__(ScriptDirectory)
    directory.revision_map = revision.RevisionMap(lambda: scripts)
    directory.revision_map._revision_map
    # Of several dependencies alembic takes the order of a set, which is another one in every process.
    for script in scripts:
        left = script._normalized_resolved_dependencies
        script._normalized_resolved_dependencies = tuple(
            name for name in script._resolved_dependencies if name in left
        )
    return directory


def kind(error):
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, revision.MultipleHeads):
        return "heads"
    if isinstance(cause, revision.ResolutionError):
        return "unknown"
    if isinstance(cause, revision.RangeNotAncestorError):
        return "range"
    text = str(cause)
    if isinstance(cause, (util.CommandError, revision.RevisionError)):
        for word, name in [
            ("overlaps", "overlap"), ("Ambiguous", "walk"), ("didn't produce", "short"),
            ("Walked too far", "short"), ("valid downgrade target", "range"),
        ]:
            if word in text:
                return name
        return "error: " + text
    return "crash"


def steps(directory, query):
    rows = tuple(query["rows"])
    if query["verb"] == "upgrade":
        return directory._upgrade_revs(query["target"], rows)
    if query["verb"] == "downgrade":
        return directory._downgrade_revs(query["target"], rows)
    return directory._stamp_revs(util.to_tuple(query["target"].split(" ")), rows)


def answer(directory, query):
    if query["verb"] == "history":
        start, _, end = query["target"].partition(":")
        found = directory.walk_revisions(base=start or "base", head=end or "heads")
        return {"order": [script.revision for script in found]}
    if query["verb"] == "tips":
        found = directory.get_all_current(tuple(query["rows"]))
        return {"order": sorted(script.revision for script in found)}
    maintainer = migration.HeadMaintainer(Context, query["rows"])
    order, rows = [], []
    for step in steps(directory, query):
        maintainer.update_to_step(step)
        order.append(getattr(step, "revision", None) and step.revision.revision or "")
        rows.append(sorted(maintainer.heads))
    return {"order": order, "rows": rows}


def answered(directory, query):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = answer(directory, query)
        except Exception as error:
            return {"error": kind(error), "message": str(error)}
    if any("ambiguous" in str(warning.message) for warning in caught):
        result["warned"] = True
    return result


def case(case):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            directory = load(case["revisions"])
    except Exception as error:
        return {"broken": "%s: %s" % (type(error).__name__, error)}
    scripts = directory.revision_map
    return {
        "heads": list(scripts.heads),
        "realHeads": list(scripts._real_heads),
        "labels": {
            script.revision: sorted(script.branch_labels)
            for script in scripts._revision_map.values()
            if script is not None and script.branch_labels
        },
        "answers": [answered(directory, query) for query in case["queries"]],
    }


json.dump([case(each) for each in json.load(sys.stdin)], sys.stdout)
