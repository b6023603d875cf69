"""The elements of the Standard, and which outcomes of which modules serve each of them."""

from collections.abc import Iterable, Iterator
from typing import Any

from authoring.course import Element, Serving, Text, short_key
from authoring.links import document_name
from authoring.source import ModuleFile, Source, mapping, maps

# The part of the Standard of which nothing is scored: its elements are there to be talked about.
QUALITIES = "PQ"

Pair = tuple[ModuleFile, ModuleFile]


def naming(file: ModuleFile) -> Iterator[tuple[str, int]]:
    """Each tag of the outcomes of a module, with the number of its outcome from 0, in the order of the file."""
    for number, outcome in enumerate(maps(mapping(file.front.value).get("outcomes"))):
        for tag in outcome.get("tags") or []:
            yield str(tag), number


def elements(source: Source, pairs: Iterable[Pair]) -> tuple[Element, ...]:
    """The elements of standard.yml with the modules that serve them; ``pairs`` are those, English first, in order.

    Meant for a source in which the rules found no error.
    """
    serving: dict[str, list[Serving]] = {}
    for pair in pairs:
        for tag, own in _tagged(pair[0]).items():
            serving.setdefault(tag, []).append(_serving(pair, own))
    return tuple(_element(entry, tuple(serving.get(entry["id"], ()))) for entry in _entries(source))


def _entries(source: Source) -> list[dict[str, Any]]:
    return maps(source.table("standard").get("elements"))


def _tagged(file: ModuleFile) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for tag, number in naming(file):
        found.setdefault(tag, []).append(number)
    return found


def _serving(pair: Pair, numbers: list[int]) -> Serving:
    en, cy = (file.front.value for file in pair)
    words = (Text(en["outcomes"][number]["text"], cy["outcomes"][number]["text"]) for number in numbers)
    return Serving(document_name(en["id"]), Text(en["title"], cy["title"]), tuple(words))


def _element(entry: dict[str, Any], modules: tuple[Serving, ...]) -> Element:
    id, seen = entry["id"], entry.get("seen")
    title = Text(entry["en"], entry["cy"])
    return Element(id, short_key("element", id), id[:2], title, Text(**seen) if seen else None, modules)
