"""Which statements are evidence about a learner, and of what."""

from functools import lru_cache
from typing import Any, NamedTuple

import orjson

KINDS = {
    "initialized": "started",
    "terminated": "left",
    "completed": "completed",
    "passed": "passed",
    "failed": "failed",
}


CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5"  # cmi5 9.6.2.1
LAUNCH_MODE = "https://w3id.org/xapi/cmi5/context/extensions/launchmode"  # cmi5 10.2.2


class Outline(NamedTuple):
    """What the store needs of a course.json: its verbs, the kinds of evidence they stand for, two extensions."""

    verbs: frozenset[str]
    kinds: dict[str, str]
    version: str
    authority: str


@lru_cache(maxsize=16)
def outline(text: str) -> Outline:
    """The Outline of a course.json, read once for as long as the course stays the same."""
    course = orjson.loads(text)
    kinds = {verb["id"]: KINDS[name] for name, verb in course["verbs"].items() if name in KINDS}
    extensions = course.get("extensions") or {}
    verbs = frozenset(verb["id"] for verb in course["verbs"].values())
    return Outline(verbs, kinds, extensions.get("version", ""), extensions.get("authority", ""))


def activities(statement: dict[str, Any]) -> list[str]:
    """The IRIs that may name what a statement is about: its object's, and those by which cmi5 lets a publisher know it.

    An LMS gives an assignable unit an id of its own, and puts the publisher's into the grouping (cmi5 9.4, 9.6.2.3).
    """
    if statement["object"].get("objectType", "Activity") != "Activity":
        return []
    around = statement.get("context", {}).get("contextActivities", {})
    of_cmi5 = CMI5 in _ids(around.get("category"))
    return [statement["object"]["id"], *(_ids(around.get("grouping")) if of_cmi5 else [])]


def _ids(activities: Any) -> list[str]:
    """The ids of context activities, of which there may be a list or, in xAPI 1.0.0, a single one."""
    listed = activities if isinstance(activities, list) else [activities] if activities else []
    return [one["id"] for one in listed]


class Evidence(NamedTuple):
    """What one statement shows: a kind as the table has it, and the language, version and authority of its context."""

    kind: str
    language: str | None
    version: str | None
    authority: str | None


def evidence(statement: dict[str, Any], course: Outline) -> Evidence | None:
    """The evidence in a statement about an activity of this course; None where it is none.

    A result that contradicts the verb (completed with completion false, passed with success false) is none either, and
    nothing is that was said in a launch to browse or to look back.
    """
    kind = course.kinds.get(statement["verb"]["id"])
    if (
        kind is None
        or statement["actor"].get("objectType") == "Group"
        or _contradicts(kind, statement.get("result", {}))
    ):
        return None
    context = statement.get("context", {})
    extensions = context.get("extensions", {})
    if extensions.get(LAUNCH_MODE, "Normal") != "Normal":
        return None
    version, authority = extensions.get(course.version), extensions.get(course.authority)
    return Evidence(kind, _short(context.get("language"), 20), _short(version, 40), _short(authority, 9))


def _contradicts(kind: str, result: dict[str, Any]) -> bool:
    return (kind == "completed" and result.get("completion") is False) or (
        kind == "passed" and result.get("success") is False
    )


def _short(value: Any, longest: int) -> str | None:
    """The value, if it is the kind of text that belongs there; extensions may hold anything."""
    return value if isinstance(value, str) and len(value) <= longest and value.isprintable() else None
