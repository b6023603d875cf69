"""The facts that a module rests on: what facts.yml says of each one cited, and where it is cited first."""

from collections.abc import Iterable
from typing import Any

from authoring.course import Cited, Text
from authoring.source import ModuleFile, Source


def cited(source: Source, files: Iterable[ModuleFile]) -> tuple[Cited, ...]:
    """Each fact of facts.yml that the files cite, once, in the order of its first citation."""
    found: dict[str, Cited] = {}
    known = source.table("facts")
    for file in files:
        for token in (child for outer in file.tokens for child in outer.children or []):
            fact = token.meta.get("fact")
            if fact in known and fact not in found:
                line = token.meta.get("at", (1, 1))[0]
                found[fact] = _cited(fact, known[fact], file.file, line)
    return tuple(found.values())


def _cited(fact: str, entry: dict[str, Any], file: str, line: int) -> Cited:
    words: dict[str, str] = entry["fact"]
    confidence, checked, review = (str(entry[name]) for name in ("confidence", "checked", "review"))
    return Cited(fact, Text(words["en"], words["cy"]), confidence, checked, review, file, line)
