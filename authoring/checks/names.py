"""Names in the text: words of another country, which stand beside its name, and Welsh places after other words."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from authoring.checks.mutations import MUTATED, mutations
from authoring.checks.passages import CITED, Passage, Sentence, passages, place_of, sentences
from authoring.problems import Problem
from authoring.rules import Place, problem
from authoring.source import Source, mapping, maps

# The words that change the beginning of a name after them, by how: i Gaerdydd, yng Nghaerdydd, a Chaerdydd.
SOFT = "am|ar|at|dan|dros|drwy|gan|heb|hyd|i|neu|o|tan|trwy|wrth"
NASAL = "yn"
ASPIRATE = "a|â|gyda|tua"
NASAL_OF, ASPIRATE_OF = ("p", "t", "c", "b", "d", "g"), ("p", "t", "c")


class Foreign(NamedTuple):
    """Words of another country in one language: how they are found, how its name is, and what to write instead.

    ``letters`` are the words in small letters: a text in which none of them stands need not be searched.
    """

    letters: tuple[str, ...]
    said: re.Pattern[str]
    country: re.Pattern[str]
    mend: str


def words_stand_beside_their_country(source: Source) -> Iterator[Problem]:
    """elsewhere-word: what is so in another country is said to be so there; an answer’s own feedback may say it."""
    known = {language: list(_foreign(source, language)) for language in ("en", "cy")}
    if any(known.values()):
        yield from _in_pages(source, known)
        yield from _in_tables(source, known)


def _in_pages(source: Source, known: dict[str, list[Foreign]]) -> Iterator[Problem]:
    for file in source.texts():
        said = [one for page in file.pages for one in passages(page)]
        foreign = _in(_plain(" ".join(one.text for one in said)), known[file.language])
        for passage in said if foreign else ():
            near = _in(_plain(passage.text), foreign)
            for sentence in _together(passage) if near else ():
                for found, mend in _alone(_plain(sentence.text), passage.beside, near):
                    yield _breach(place_of(file, sentence, found), found, mend)


def _plain(text: str) -> str:
    """A text on one line, without what says where facts are cited."""
    return " ".join(text.replace(CITED, "").split())


def _together(passage: Passage) -> Iterator[Sentence]:
    """What is judged together: a sentence, or the whole of an answer."""
    return iter([Sentence(passage.text, passage.line)]) if passage.kind == "label" else sentences(passage)


def _in_tables(source: Source, known: dict[str, list[Foreign]]) -> Iterator[Problem]:
    """The meaning of a term is judged as a whole, with the term; so is each line of front matter that is shown."""
    for language, foreign in known.items():
        entries = source.table("glossary").items()
        meanings = {id: " ".join(map(str, mapping(mapping(entry).get(language)).values())) for id, entry in entries}
        near = _in("\n".join(meanings.values()), foreign)
        for id, words in meanings.items():
            for found, mend in _alone(words, "", near):
                yield _breach(source.tables["glossary"].place(id, language), found, mend)
    for file in source.files():
        front = mapping(file.front.value)
        outcomes = front.get("outcomes")
        paths: list[tuple[tuple[str | int, ...], Any]] = [((key,), front.get(key)) for key in ("title", "summary")]
        for number, one in enumerate(outcomes if isinstance(outcomes, list) else []):
            paths.append((("outcomes", number, "text"), mapping(one).get("text")))
        for path, value in paths:
            for found, mend in _alone(str(value), "", known[file.language]):
                yield _breach(file.front.place(*path), found, mend)


def _alone(said: str, beside: str, foreign: list[Foreign]) -> Iterator[tuple[str, str]]:
    """Each word that stands without its country, and the mend that goes with it."""
    for one in _in(said, foreign):
        if (found := one.said.search(said)) and not one.country.search(f"{said} {beside}"):
            yield found[0], one.mend


def _in(text: str, foreign: list[Foreign]) -> list[Foreign]:
    """Those of which the letters at least stand in a text: a search for the words themselves takes far longer."""
    small = text.casefold()
    return [one for one in foreign if any(map(small.__contains__, one.letters))]


def _breach(place: Place, found: str, mend: str) -> Problem:
    return problem("elsewhere-word", place, f"“{found}” stands in a sentence that does not say where.", mend)


def _foreign(source: Source, language: str) -> Iterator[Foreign]:
    """What elsewhere.yml lists for a language; what is not of the right form there has been told of."""
    for group in maps(source.tables["elsewhere"].value):
        country = mapping(group.get("country")).get(language)
        for entry in maps(group.get("words")):
            words, instead = entry.get(language), mapping(entry.get("instead")).get(language)
            if not isinstance(country, str) or not isinstance(words, list):
                continue
            mend = f"Say “{country}” in the same sentence" + (f", or write “{instead}”." if instead else ".")
            forms = tuple(form for word in words for form in _forms(str(word), language))
            letters = tuple(form.casefold() for form in forms)
            yield Foreign(letters, _pattern(forms), _pattern(tuple(_forms(country, language))), mend)


def _forms(name: str, language: str) -> list[str]:
    """A name; a Welsh one with every beginning that it can have, capital where it was one."""
    if language == "en":
        return [name]
    forms = mutations(name[:1].lower() + name[1:])
    return [f"{form[:1].upper()}{form[1:]}" if name[:1].isupper() else form for form in forms]


@lru_cache(maxsize=256)
def _pattern(forms: tuple[str, ...]) -> re.Pattern[str]:
    """Finds each of the forms; those in small letters are found in any letters."""
    pieces = (re.escape(one) if one != one.lower() else f"(?i:{re.escape(one)})" for one in forms)
    return re.compile(rf"(?<!\w)(?:{'|'.join(pieces)})(?!\w)")


def places_are_mutated(source: Source) -> Iterator[Problem]:
    """place-mutation: a Welsh name keeps its first letter only where nothing before it would change it."""
    names = tuple(_places(source))
    pattern = _unmutated(names)
    for file in source.texts():
        for number, line in enumerate(file.lines if file.language == "cy" else (), 1):
            for found in pattern.finditer(line) if any(map(line.__contains__, names)) else ():
                place = file.place((number, found.start() + 1))
                yield problem("place-mutation", place, f"“{found[0]}” leaves the name’s first letter as it is.")


def _places(source: Source) -> Iterator[str]:
    """The Welsh names of the areas and councils of authorities.yml."""
    for row in maps(source.tables["authorities"].value):
        for key in ("area", "council"):
            if isinstance(name := mapping(row.get(key)).get("cy"), str):
                yield name


@lru_cache(maxsize=256)
def _unmutated(names: tuple[str, ...]) -> re.Pattern[str]:
    """Finds a name as it stands in the list after a word that would have changed it."""
    pieces = []
    for before, firsts in ((SOFT, tuple(MUTATED)), (NASAL, NASAL_OF), (ASPIRATE, ASPIRATE_OF)):
        changed = [re.escape(name) for name in names if _begins(name.lower(), firsts)]
        if changed:
            pieces.append(rf"(?i:{before})\s+(?:{'|'.join(changed)})")
    return re.compile(rf"(?<![\w’'])(?:{'|'.join(pieces)})(?!\w)" if pieces else "(?!)")


def _begins(name: str, firsts: tuple[str, ...]) -> bool:
    first = name[:2] if name[:2] in ("ll", "rh", "ch", "dd", "ff", "ng", "ph", "th") else name[:1]
    return first in firsts


RULES = (words_stand_beside_their_country, places_are_mutated)
