"""What a document and the scripts beside it carry of the course, as data."""

import json
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from authoring.course import Course, Module, Text
from authoring.manifest import both, reflection_outline

SENDERS = ("cmi5", "xapi")


def inlined(outline: dict[str, Any]) -> dict[str, Any]:
    """The outline as a document carries it, before its first words: what the player goes by from the start.

    A question has its short key here, in its page, and what it asks beside its form; ``points`` has those that are
    worth more than one point, or none, and ``editions`` two characters for each question in the order of the pages.
    What only statements need is left out where nobody is sent any.
    """
    spare = {"languages", "format", "package", "package-format", "authority", "summary", "minutes", "modules"}
    if not sends_statements(outline):
        spare |= {"verbs", "extensions", "type", "iri"}
    return {
        **{key: value for key, value in outline.items() if key not in spare},
        "modules": [_inlined_module(module, spare - {"minutes"}) for module in outline["modules"]],
    }


def _inlined_module(module: dict[str, Any], spare: set[str]) -> dict[str, Any]:
    keys = {question["id"]: question["key"] for question in module["questions"]}
    worth = {one["key"]: 0 if one["type"] == "scale" else one["points"] for one in module["questions"]}
    spare = {*spare, "tags", "questions"}
    own = {key: value for key, value in module.items() if key not in spare and value not in (None, [])}
    editions = {question["key"]: question["edition"] for question in module["questions"]}
    more = {
        "editions": "".join(editions[keys[one]] for page in module["pages"] for one in page["questions"]),
        "points": {key: points for key, points in worth.items() if points != 1},
        "pools": [
            {"key": pool["key"], "draw": pool["draw"], "questions": [keys[one] for one in pool["questions"]]}
            for pool in module.get("pools", ())
        ],
        "scenarios": [scenario["key"] for scenario in module.get("scenarios", ())],
    }
    pages = [
        {"id": page["id"], "key": page["key"], "questions": [keys[one] for one in page["questions"]]}
        for page in module["pages"]
    ]
    reflections = [one["key"] for one in module["reflections"]]
    return {**own, "pages": pages, "reflections": reflections, **{key: value for key, value in more.items() if value}}


def whose(outline: dict[str, Any]) -> str:
    """The line of the script that tells which package this is: in it and not in the documents, which many share."""
    if not sends_statements(outline):
        return ""
    return f"var ktb={json.dumps({'package': outline['package'], 'authority': outline['authority']})};\n"


def sends_statements(outline: dict[str, Any]) -> bool:
    """Whether a package makes statements: to the record store, or because its standard is made of them."""
    name = outline["package-format"]
    return name in SENDERS or (bool(outline.get("record-store")) and name != "web")


def shares(course: Course, outline: dict[str, Any]) -> bool:
    """Whether a learner may send something of what they write to the programme lead with this package."""
    return sends_statements(outline) and any(
        piece.shared_as for module in course.modules for piece in module.reflections()
    )


def portfolio(course: Course) -> Markup:
    """What more.js goes by, as JSON: every piece of the course that a learner may write, and what it asks."""
    return _portfolio(course.id, course.iri, course.title, course.modules)


# One for each authority whose modules differ, whatever the format.
@lru_cache(maxsize=64)
def _portfolio(id: str, iri: str, title: Text, modules: tuple[Module, ...]) -> Markup:
    pieces = [(module, module.reflections()) for module in modules]
    elements = next((piece.elements for _, own in pieces for piece in own if piece.elements), ())
    own = [
        {"id": module.id, "key": module.key, "title": both(module.title), "pieces": list(map(reflection_outline, own))}
        for module, own in pieces
    ]
    standard = [{"id": one.id, "key": one.key, "title": both(one.title)} for one in elements]
    return data_block({"id": id, "iri": iri, "title": both(title), "standard": standard, "modules": own})


def data_block(value: Any) -> Markup:
    """JSON that may stand inside a ``<script type="application/json">``: no ``<``, so it cannot end its element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - without a < it ends no element
