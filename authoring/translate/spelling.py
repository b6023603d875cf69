"""Words that neither Hunspell's dictionaries nor the course's own lists know, in both languages."""

import io
import re
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from authoring.checks.mutations import mutations
from authoring.rules import Place
from authoring.source import Source, mapping
from authoring.translate.units import cut
from authoring.yaml12 import read_yaml

# Where npm lays the dictionaries dictionary-en-gb and dictionary-cy, and where Debian lays those of Hunspell.
PLACES = (Path("node_modules"), Path("/usr/share/hunspell"))
NAMES = {
    "en": ("dictionary-en-gb/index", "en_GB", "en-GB", "en-gb"),
    "cy": ("dictionary-cy/index", "cy_GB", "cy", "cy-GB"),
}  # fmt: skip
PACKAGES = {"en": "dictionary-en-gb", "cy": "dictionary-cy"}
LIST = "spelling.yml"
# Of course.yml the rest is the words of xAPI, which are not ours to spell.
SHOWN: dict[str, tuple[str, ...]] = {"course": ("title", "summary"), "glossary": (), "facts": (), "standard": ()}
# Addresses, code, languages other than the page's own, placeholders, hosts and names with digits are no words to spell.
SKIPPED = re.compile(
    r"\w+://\S+|(?<=\])\([^)\s]*\)|<[^>\s]*>|`[^`]*`|\[[^\]]*\]\{lang=[^}]*\}|\{\{[^}]*\}\}"
    r"|\b[\w-]+(?:\.[\w-]+)+\b|\b\w*\d\w*\b"
)
WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*['’]?")
SUGGESTIONS = 3


class Unusable(Exception):
    """A dictionary is missing or the course's own list cannot be read; carries what to do about it."""


class Misspelt(NamedTuple):
    """A word no list knows, with its place (line and column from 1) and what may have been meant."""

    file: str
    line: int
    column: int
    word: str
    suggestions: tuple[str, ...]

    def __str__(self) -> str:
        meant = f" Perhaps {' or '.join(f'“{one}”' for one in self.suggestions)}?" if self.suggestions else ""
        return f"{self.file}:{self.line}:{self.column}: “{self.word}” is not known.{meant}"


def faults(source: Source, dictionaries: Path | None = None) -> tuple[list[Misspelt], int]:
    """Every word not known, in order of files and places, and how many words were looked at.

    Raises Unusable, and ModuleNotFoundError where spylls is not installed.
    """
    found: list[Misspelt] = []
    looked_at = 0
    for language in ("en", "cy"):
        speller = _Speller(source, language, dictionaries)
        for place, word in chain(_words(source, language), _table_words(source, language)):
            looked_at += 1
            if not speller.knows(word):
                found.append(Misspelt(*place, word, speller.meant(word)))
    return sorted(found), looked_at


class _Speller:
    """One language: its dictionary and the course's own words."""

    def __init__(self, source: Source, language: str, dictionaries: Path | None) -> None:
        self.welsh = language == "cy"
        self.dictionary = _dictionary(language, dictionaries)
        self.own = {form for word in _own_words(source) for form in (mutations(word) if self.welsh else [word])}
        self.judged: dict[str, bool] = {}
        self.meanings: dict[str, tuple[str, ...]] = {}

    def knows(self, word: str) -> bool:
        if word not in self.judged:
            self.judged[word] = self._knows(word)
        return self.judged[word]

    def _knows(self, word: str) -> bool:
        word = word.replace("’", "'")
        if self._stands(word) or self._stands(word.rstrip("'")):
            return True
        # Welsh ties little words to the end (a'r, i'w, ysgol'n), English its possessive; both hyphenate freely.
        head, _, tail = word.rpartition("'")
        if head and len(tail) <= 2 and (self.welsh or tail == "s"):
            return self._knows(head)
        return "-" in word and all(self._knows(part) for part in word.split("-") if part)

    def _stands(self, word: str) -> bool:
        # A word in capitals is an abbreviation, of which dictionaries know few.
        return len(word) < 2 or word.isupper() or word.casefold() in self.own or bool(self.dictionary.lookup(word))

    def meant(self, word: str) -> tuple[str, ...]:
        if word not in self.meanings:
            suggested = self.dictionary.suggest(word.replace("’", "'"))
            whole = (one for one in suggested if " " not in one and "-" not in one)
            self.meanings[word] = tuple(islice(whole, SUGGESTIONS))
        return self.meanings[word]


def _dictionary(language: str, folder: Path | None) -> Any:
    from spylls.hunspell import Dictionary

    for place in [folder] if folder else PLACES:
        for name in NAMES[language]:
            aff, dic = place / f"{name}.aff", place / f"{name}.dic"
            if aff.is_file() and dic.is_file():
                found = Dictionary(*_read(aff, dic))
                # Words that share three letters with what was written are seldom meant, and take a second a word.
                found.aff.MAXNGRAMSUGS = 0
                return found
    looked = f"in {folder}" if folder else f"in {' or '.join(map(str, PLACES))}"
    raise Unusable(
        f"There is no dictionary for {'Welsh' if language == 'cy' else 'English'} {looked}: run "
        f"npm install {' '.join(PACKAGES.values())}, or name the folder that holds {PACKAGES[language]} "
        f"(or {NAMES[language][1]}.aff and .dic) with --dictionaries."
    )


def _read(aff: Path, dic: Path) -> tuple[Any, Any]:
    """The two halves of a dictionary, as spylls reads them, but with every file closed again."""
    from spylls.hunspell import readers
    from spylls.hunspell.readers.file_reader import FileReader

    class Closing(FileReader):
        def _open(self, path: Path, encoding: str) -> io.StringIO:
            return io.StringIO(path.read_text(encoding, "surrogateescape"))

    affixes, context = readers.read_aff(Closing(aff))
    return affixes, readers.read_dic(Closing(dic, encoding=context.encoding), aff=affixes, context=context)


def _own_words(source: Source) -> set[str]:
    """The words of the glossary, of the authorities' names and of spelling.yml, in small letters."""
    texts = [*_strings(source.tables["authorities"].value)]
    for entry in source.table("glossary").values():
        texts += [str(mapping(mapping(entry).get(language)).get("term", "")) for language in ("en", "cy")]
    path = source.folder / LIST
    if path.is_file():
        listed = read_yaml(path.read_text("utf-8-sig", "replace"), LIST)
        if listed.problems:
            raise Unusable("\n".join(map(str, listed.problems)))
        texts += _strings(listed.value)
    return {word.casefold().replace("’", "'") for text in texts for word in WORD.findall(text)}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, str):
        yield value


def _words(source: Source, language: str) -> Iterator[tuple[Place, str]]:
    """The words of all that is translated, of what single councils say too: what stands around them is not spelt."""
    for file in source.texts():
        units = chain.from_iterable(cut(file).values()) if file.language == language else ()
        for span in (span for unit in units for span in unit.spans):
            for column, word in _spelt(file.lines[span.line - 1][span.start : span.end]):
                yield file.place((span.line, span.start + column + 1)), word


def _table_words(source: Source, language: str) -> Iterator[tuple[Place, str]]:
    """The words that learners see of the YAML files, with the place of the key under which they stand."""
    for name, keys in SHOWN.items():
        table = source.tables[name]
        for path, text in _texts(table.value, ()):
            if language in path and (not keys or path[0] in keys):
                for _, word in _spelt(text):
                    yield table.place(*path), word


def _texts(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for key, child in enumerate(value) if isinstance(value, list) else mapping(value).items():
        yield from [((*path, key), child)] if isinstance(child, str) else _texts(child, (*path, key))


def _spelt(text: str) -> Iterator[tuple[int, str]]:
    """Each word to be looked up, with its offset in the text."""
    clean = SKIPPED.sub(lambda found: " " * len(found[0]), text)
    return ((found.start(), found[0]) for found in WORD.finditer(clean))
