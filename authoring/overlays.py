"""What an authority's own packages say differently: its name in the text, and the slots that it fills."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from markdown_it.common.utils import escapeHtml

from authoring.blocks import PageSource, every_block
from authoring.course import LANGUAGES, Authority, Blank, Local, Part, Text
from authoring.rules import did_you_mean
from authoring.source import ModuleFile, Source, mapping

Thing = TypeVar("Thing")

NAMED = re.compile(r"\{\{\s*authority\.(name|area)\s*\}\}")
# What stands for the names in a package that is for no authority, unless course.yml says otherwise.
NEUTRAL = {"name": Text("your council", "eich cyngor"), "area": Text("your area", "eich ardal")}
NEUTRAL_KEYS = {"name": "authority-words", "area": "area-words"}
# What neutral words follow at the beginning of a sentence.
BEGINS = re.compile(r"(?:[.!?]\s|<(?:p|li|t[dh]|h[2-4])(?: [^<>]*)?>)\s*(?:<(?:em|strong|span|a)(?: [^<>]*)?>)*$")
REACH = 200


class UnknownAuthority(LookupError):
    """No authority of authorities.yml has this slug or this GSS code."""


def authorities(source: Source) -> tuple[Authority, ...]:
    """Those of authorities.yml, in its order; entries that are not as they should be are left out."""
    rows = source.tables["authorities"].value
    return tuple(found for row in (rows if isinstance(rows, list) else []) if (found := _authority(mapping(row))))


def _authority(row: dict[str, Any]) -> Authority | None:
    area, council = mapping(row.get("area")), mapping(row.get("council"))
    words = [
        row.get("gss"),
        row.get("slug"),
        *(name.get(language) for name in (area, council) for language in LANGUAGES),
    ]
    if not all(isinstance(one, str) for one in words):
        return None
    return Authority(row["gss"], row["slug"], Text(area["en"], area["cy"]), Text(council["en"], council["cy"]))


def authority(source: Source, word: str) -> Authority:
    """The authority with this slug or GSS code. Raises UnknownAuthority with a sentence for the author."""
    known = {name: one for one in authorities(source) for name in (one.slug, one.gss)}
    if word not in known:
        raise UnknownAuthority(f"authorities.yml has no authority “{word}”. {did_you_mean(word, list(known))}".strip())
    return known[word]


def slots(file: ModuleFile) -> Iterator[tuple[str, PageSource]]:
    """The ids of the slots of a module, in reading order, each with the page it stands on."""
    for page in file.pages:
        for block in every_block(page.parts):
            if block.name == "local" and block.id:
                yield block.id, page


class Fitting:
    """Makes parts of the shared course those of one authority, or of none.

    ``fills`` are the parts an authority puts into the slots of one module. What nothing is changed in stays the same
    object, so that what was made of it can be kept.
    """

    def __init__(self, source: Source, authority: Authority | None, fills: dict[str, tuple[Part, ...]]) -> None:
        self.own = authority is not None
        self.names = _names(source, authority)
        self.fills = fills

    def fitted(self, thing: Thing, html: bool = False) -> Thing:
        """The same thing with names put in and slots filled; ``html`` tells what the words in it are."""
        made: Thing = self._any(thing, html)
        return made

    def _any(self, thing: Any, html: bool = False) -> Any:
        if isinstance(thing, Local) and thing.id in self.fills:
            return Local(thing.id, True, self._any(self.fills[thing.id]))
        if isinstance(thing, Text):
            return self._text(thing, html) if "{{" in thing.en or "{{" in thing.cy else thing
        if isinstance(thing, Blank):
            return self._blank(thing)
        if isinstance(thing, tuple):
            return self._row(thing, html)
        if is_dataclass(thing) and not isinstance(thing, type):
            values = {name: getattr(thing, name) for name in _field_names(thing.__class__)}
            made = {name: self._any(value, name.endswith("html")) for name, value in values.items()}
            changed = {name: value for name, value in made.items() if value is not values[name]}
            return replace(thing, **changed) if changed else thing
        return thing

    def _row(self, row: tuple[Any, ...], html: bool) -> tuple[Any, ...]:
        made = [self._any(one, html) for one in row]
        if all(one is other for one, other in zip(made, row, strict=True)):
            return row
        return row._make(made) if hasattr(row, "_make") else tuple(made)

    def _text(self, text: Text, html: bool) -> Text:
        return Text(*(self._words(words, language, html) for words, language in zip(text, LANGUAGES, strict=True)))

    def _blank(self, blank: Blank) -> Blank:
        if not any("{{" in words for words in blank.en + blank.cy):
            return blank
        english, welsh = (
            tuple(self._words(words, language) for words in getattr(blank, language)) for language in LANGUAGES
        )
        return Blank(blank.id, english, welsh)

    def _words(self, words: str, language: str, html: bool = False) -> str:
        return NAMED.sub(lambda found: self._name(found, language, html), words)

    def _name(self, found: re.Match[str], language: str, html: bool) -> str:
        name: str = getattr(self.names[found[1]], language)
        before = found.string[max(0, found.start() - REACH) : found.start()]
        if not self.own and (not before or BEGINS.search(before)):
            name = name[:1].upper() + name[1:]
        return escapeHtml(name) if html else name


def _names(source: Source, authority: Authority | None) -> dict[str, Text]:
    if authority:
        return {"name": authority.council, "area": authority.area}
    table = source.table("course")
    return {name: Text(**table.get(NEUTRAL_KEYS[name], words._asdict())) for name, words in NEUTRAL.items()}


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
