"""What goes out to a translator and comes back: one row a unit, whatever the format of the file."""

import hashlib
from typing import NamedTuple

from authoring.translate.pairs import PagePair, Pair, State


class Row(NamedTuple):
    """One unit in a translator's file. ``was`` stands for the Welsh at export: by it a later edit is noticed."""

    id: str
    english: str
    welsh: str
    was: str | None
    note: str = ""
    state: State = "missing"


class Unreadable(Exception):
    """A file from outside cannot be read, or is refused for its size or what it holds; carries a sentence."""


def rows(pages: list[PagePair]) -> list[Row]:
    """A row for each unit of some pages, in their order."""
    return [_row(page, pair) for page in pages for pair in page.pairs]


def fingerprint(welsh: str) -> str:
    """Eight hex digits that stand for a Welsh text."""
    return hashlib.sha256(welsh.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _row(page: PagePair, pair: Pair) -> Row:
    welsh = pair.welsh.text if pair.welsh else ""
    state = page.state if pair.welsh else "missing"
    note = f"{page.english.file}:{pair.english.line}"
    return Row(pair.id, pair.english.text, welsh, fingerprint(welsh), note, state)
