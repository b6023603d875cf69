"""The words of the learner's pages in both languages, and which form of them goes with a number."""

import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from authoring.course import LANGUAGES, Text

LOCALE = Path(__file__).parent / "locale"
# Babel reads such a file too, and a test holds that both read the same; but it costs a sixth of a whole build.
QUOTED = r'((?:"(?:[^"\\]|\\.)*"\n?)+)'
PO_ENTRY = re.compile(rf"^msgid {QUOTED}msgstr {QUOTED}", re.MULTILINE)
PO_COUNTED = re.compile(rf"^msgid {QUOTED}msgid_plural {QUOTED}((?:msgstr\[\d\] {QUOTED})+)", re.MULTILINE)
PO_FORM = re.compile(rf"msgstr\[\d\] {QUOTED}")
PO_LINE = re.compile(r'"(?:[^"\\]|\\.)*"')
# The numbers that have a form of their own, in the order of the forms; every other number has the last.
OWN = {"en": (1,), "cy": (0, 1, 2, 3, 6)}


class Forms(NamedTuple):
    """The same words about a number in both languages, one wording for each plural form of the language."""

    en: tuple[str, ...]
    cy: tuple[str, ...]


@cache
def words() -> dict[str, Text]:
    """Every word of the interface that no number changes: its English as written in the code -> both languages."""
    catalogues = [_plain(language) for language in LANGUAGES]
    return {key: Text(*(one.get(key) or key for one in catalogues)) for key in catalogues[0]}


@cache
def counted() -> dict[str, Forms]:
    """Every wording that goes by its ``{n}``: its English for many, as written in the code -> the forms of both."""
    catalogues = [_counted(language) for language in LANGUAGES]
    return {key: Forms(*(one.get(key) or (key,) for one in catalogues)) for key in catalogues[0]}


@cache
def all_words() -> dict[str, Text | Forms]:
    """What ``words`` and ``counted`` have, which is what the player may say."""
    return {**words(), **counted()}


def form(forms: tuple[str, ...], number: int, language: str) -> str:
    """The form that goes with a number: of English 1 and others, of Welsh 0, 1, 2, 3, 6 and others."""
    own = OWN[language]
    return forms[own.index(number) if number in own else -1]


def _read(language: str) -> str:
    return (LOCALE / language / "LC_MESSAGES" / "authoring.po").read_text(encoding="utf-8")


def _plain(language: str) -> dict[str, str]:
    entries = PO_ENTRY.finditer(_read(language))
    return {_joined(entry[1]): _joined(entry[2]) for entry in entries if _joined(entry[1])}


def _counted(language: str) -> dict[str, tuple[str, ...]]:
    entries = PO_COUNTED.finditer(_read(language))
    return {_joined(entry[2]): tuple(map(_joined, PO_FORM.findall(entry[3]))) for entry in entries}


def _joined(quoted: str) -> str:
    return "".join(json.loads(line) for line in PO_LINE.findall(quoted))
