"""A roster: from the rows of a file to people, each row with its line and everything that is wrong with it."""

import re
import unicodedata
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from lrs.programme.authorities import AUTHORITIES, Authority, authority_named, fold, nearest_authority
from lrs.programme.export import csv_file, unsafe
from lrs.programme.reasons import PLACE_WORDS
from lrs.programme.sheets import (
    MAX_CELL,
    MAX_ROWS,
    TOP,
    Line,
    SheetTooLarge,
    UnreadableSheet,
    read_lines,
    too_many_rows,
)
from lrs.programme.words import LANGUAGES, gettext, language, named, speaking
from lrs.rules.readiness import PLACES
from lrs.storage.courses import the_origin

# What a column may be called, folded; the first of each language heads the template.
HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("name", "enw", "full name", "enw llawn"),
    "first": ("first name", "enw cyntaf", "forename", "given name"),
    "last": ("surname", "cyfenw", "last name", "family name"),
    "email": ("e mail", "e bost", "email", "ebost", "work email", "work e mail", "email address", "cyfeiriad e bost"),
    "council": ("council", "cyngor", "authority", "awdurdod", "local authority", "awdurdod lleol"),
    "gss": ("gss code", "cod gss", "gss"),
    "language": ("language", "iaith", "chosen language", "dewis iaith"),
    "role": ("role", "rol", "swydd", "job", "job title", "teitl swydd"),
    "service": ("service", "gwasanaeth"),
    "second": ("second council", "ail gyngor", "other council", "cyngor arall"),
    "place": ("place", "lle"),
    "lms": ("lms", "srd", "lms address", "cyfeiriad yr lms"),
    "lms_id": ("lms id", "id lms", "lms number", "rhif lms"),
}
COLUMN_NAMES = {
    "name": named("Name"),
    "first": named("First name"),
    "last": named("Surname"),
    "email": named("E-mail"),
    "council": named("Council"),
    "gss": named("GSS code"),
    "language": named("Language"),
    "role": named("Role"),
    "service": named("Service"),
    "second": named("Second council"),
    "place": named("Place"),
    "lms": named("LMS"),
    "lms_id": named("LMS id"),
}
TEMPLATE = ("name", "email", "council", "language", "role", "place", "lms", "lms_id")
NEEDED = ("name", "email", "council", "language")
INSTEAD = {"name": {"first", "last"}, "council": {"gss"}}  # other columns that say the same
LANGUAGE_NAMES = {"en": "en", "english": "en", "saesneg": "en", "cy": "cy", "welsh": "cy", "cymraeg": "cy"}
SERVICE_NAMES = {
    "education": "education", "addysg": "education",
    "children": "children", "childrens": "children", "childrens services": "children", "plant": "children",
    "gwasanaethau plant": "children",
    "both": "both", "y ddau": "both", "education and childrens services": "both",
    "addysg a gwasanaethau plant": "both", "education and children": "both",
}  # fmt: skip
EMAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"']+")
STEP = 5_000  # rows between two words of how far it is
SUGGESTED = 100  # bad rows that are told which council may be meant: to look for one takes long


class Entry(NamedTuple):
    """One row as understood. ``place`` is empty where the file says none; ``lms`` and ``lms_id`` go together."""

    line: int
    name: str
    email: str
    authority: str
    language: str
    role: str = ""
    place: str = ""
    lms: str = ""
    lms_id: str = ""
    service: str = ""  # education, children or both
    second: str = ""  # the GSS code of a joint post's other council

    @property
    def identifiers(self) -> tuple[tuple[str, str], ...]:
        """What the person is known by: the e-mail address, and the account in an LMS where the row names one."""
        account = (("account", f"account|{self.lms}|{self.lms_id}"),) if self.lms_id else ()
        return (("email", self.email), *account)


class Bad(NamedTuple):
    """One row that is not understood: what it says, and each thing that is wrong with how to mend it."""

    line: int
    name: str
    problems: tuple[str, ...]


class Roster(NamedTuple):
    """A file as read: the rows that are understood, those that are not, and the headings that were not used."""

    entries: tuple[Entry, ...]
    bad: tuple[Bad, ...]
    unused: tuple[str, ...]


class Table(NamedTuple):
    """A file's rows under their headings, and what is known of which column holds what."""

    headings: list[str]
    lines: list[Line]
    columns: dict[str, int]


def read_roster(data: bytes) -> Roster:
    """Read a roster whose headings are known. Raises UnreadableSheet, whose message is for whoever sent it."""
    table = read_table(data)
    if missing := missing_from(table.columns):
        names = ", ".join(gettext(COLUMN_NAMES[key]) for key in missing)
        raise UnreadableSheet(gettext("The first line has no column for: %(names)s.", names=names))
    return understood(table)


def read_table(data: bytes, meant: Callable[[Sequence[str]], dict[str, int]] | None = None) -> Table:
    """A file's rows under the one of the first rows that is most like headings. Raises UnreadableSheet.

    ``meant`` says which column holds what by its headings; it is that of a roster unless another is given.
    """
    lines = read_lines(data)
    likely = [(meant or columns_of)(cells) for _, cells in lines[:TOP]]
    at = max(range(len(likely)), key=lambda index: (len(likely[index]), -index))
    headings = [clean(cell)[:60] for cell in lines[at][1]]
    if len(lines) == at + 1:
        raise UnreadableSheet(gettext("The file has headings and no people under them."))
    if len(lines) - at - 1 > MAX_ROWS:
        raise SheetTooLarge(too_many_rows())
    return Table(headings, lines[at + 1 :], likely[at])


def columns_of(headings: Sequence[str]) -> dict[str, int]:
    """Which column holds what, by headings that we know; of two that say the same the first."""
    meant = {spelling: key for key, spellings in HEADERS.items() for spelling in spellings}
    columns: dict[str, int] = {}
    for index, heading in enumerate(headings):
        key = meant.get(fold(unsafe(heading)))
        if key is not None:
            columns.setdefault(key, index)
    return columns


def missing_from(columns: Mapping[str, int]) -> list[str]:
    """What a roster needs and no column holds."""
    held = columns.keys()
    return [key for key in NEEDED if key not in held and not (key in INSTEAD and held >= INSTEAD[key])]


def understood(table: Table) -> Roster:
    """Each row as a person, or with everything that is wrong with it."""
    reading = understanding(table)
    while True:
        try:
            next(reading)
        except StopIteration as end:
            roster: Roster = end.value
            return roster


def understanding(table: Table) -> Generator[int, None, Roster]:
    """The same for whoever waits: at times how many rows have been read, and the roster in the end."""
    entries: list[Entry] = []
    bad: list[Bad] = []
    for number, (line, cells) in enumerate(table.lines):
        if number % STEP == 0 and len(table.lines) > STEP:
            yield number
        said = {key: _cell(cells, index) for key, index in table.columns.items()}
        found = _entry(line, said, suggest=len(bad) < SUGGESTED)
        if isinstance(found, Bad):
            bad.append(found)
        else:
            entries.append(found)
    used = set(table.columns.values())
    unused = tuple(heading for index, heading in enumerate(table.headings) if heading and index not in used)
    return Roster(tuple(entries), tuple(bad), unused)


def _cell(cells: Sequence[str], index: int) -> str:
    return clean(cells[index]) if index < len(cells) else ""


def clean(text: str) -> str:
    """What a cell says, without what a spreadsheet put before it, what cannot be seen, and spaces too many."""
    if not text or (text.isascii() and text.isalnum()):  # as most cells are of a list that may have half a million
        return text
    text = unsafe(text)
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if not text.isprintable():  # what cannot be seen came along with copying: marks of direction, joiners, controls
        text = "".join(char for char in text if char.isprintable() or char.isspace())
    return " ".join(unicodedata.normalize("NFC", text).split())


def _entry(line: int, cells: Mapping[str, str], suggest: bool = True) -> Entry | Bad:
    """One row as understood, or everything that is wrong with it."""
    too_long = max(map(len, cells.values())) > MAX_CELL
    problems = [gettext("A cell has more than 500 characters.")] if too_long else []
    name = _name(cells, problems)
    email = cells["email"].lower()
    if not EMAIL.fullmatch(email):
        problems.append(gettext("“%(text)s” is not an e-mail address.", text=cells["email"][:80]))
    authority = _authority(cells, problems, suggest)
    chosen = _meant(LANGUAGE_NAMES, cells["language"])
    if not chosen:
        problems.append(gettext("The language must be Welsh or English, not “%(text)s”.", text=cells["language"][:80]))
    place = _place(cells.get("place", ""), problems)
    service, second = _service(cells.get("service", ""), problems), _second(cells.get("second", ""), problems)
    lms, lms_id = _account(cells, problems)
    if problems or authority is None:
        return Bad(line, name[:80], tuple(problems))
    second = "" if second == authority.gss else second
    role = cells.get("role", "")
    return Entry(line, name, email, authority.gss, chosen, role, place, lms, lms_id, service, second)


def _name(cells: Mapping[str, str], problems: list[str]) -> str:
    name = cells.get("name", "") or " ".join(cells.get(part, "") for part in ("first", "last")).strip()
    if not name:
        problems.append(gettext("There is no name."))
    elif "?" in name or "\ufffd" in name or _broken(name):
        problems.append(
            gettext("Letters of the name were lost on the way, as ŵ and ŷ are. Save the list as CSV UTF-8.")
        )
    return name


def _broken(name: str) -> bool:
    """Whether a name is UTF-8 that somebody read as Windows-1252, such as SiÃ¢n."""
    if name.isascii():
        return False
    try:
        name.encode("cp1252").decode()
    except UnicodeError:
        return False
    return True


def _meant(names: Mapping[str, str], text: str) -> str:
    """What a word of a short list means; empty where it is none of them."""
    return (names.get(text.lower()) or names.get(fold(text), "")) if text else ""


def _authority(cells: Mapping[str, str], problems: list[str], suggest: bool) -> Authority | None:
    named_twice = {_council(text) for text in (cells.get("gss"), cells.get("council")) if text} - {None}
    if len(named_twice) > 1:
        problems.append(gettext("The council and the GSS code are two different councils’. Put one of them right."))
    text = cells.get("gss") or cells.get("council", "")
    found = _council(text)
    if found is None and text:
        near = nearest_authority(text[:80]) if suggest else None
        problems.append(
            gettext(
                "“%(text)s” is not one of the 22 councils. Is this meant: %(near)s?",
                text=text[:80],
                near=near.name(language()),
            )
            if near
            else gettext("“%(text)s” is not one of the 22 councils.", text=text[:80])
        )
    elif found is None:
        problems.append(gettext("There is no council."))
    return found


_council = lru_cache(maxsize=1024)(authority_named)


def _second(text: str, problems: list[str]) -> str:
    found = _council(text)
    if text and found is None:
        problems.append(gettext("“%(text)s” is not one of the 22 councils.", text=text[:80]))
    return found.gss if found else ""


def _service(text: str, problems: list[str]) -> str:
    service = _meant(SERVICE_NAMES, text)
    if text and not service:
        problems.append(
            gettext("The service must be education, children’s services or both, not “%(text)s”.", text=text[:80])
        )
    return service


def _place(text: str, problems: list[str]) -> str:
    found = _place_named(text)
    if text and not found:
        problems.append(
            gettext("“%(text)s” is not a kind of place. Leave it empty for a confirmed place.", text=text[:80])
        )
    return found


@lru_cache(maxsize=256)
def _place_named(text: str) -> str:
    """The place meant by its code or its words in either language; empty where it is none."""
    folded = fold(text)
    if folded in PLACES or not folded:
        return folded
    for chosen in LANGUAGES:
        with speaking(chosen):
            for place, words in PLACE_WORDS.items():
                if fold(gettext(words)) == folded:
                    return place
    return ""


def _account(cells: Mapping[str, str], problems: list[str]) -> tuple[str, str]:
    lms, lms_id = cells.get("lms", ""), cells.get("lms_id", "")
    if not lms and not lms_id:
        return "", ""
    if not lms or not lms_id:
        problems.append(gettext("LMS and LMS id go together: fill in both, or neither."))
        return "", ""
    try:
        return _origin(lms), lms_id
    except ValueError:
        problems.append(
            gettext("“%(text)s” is not the address of an LMS, such as https://lms.council.example.", text=lms[:80])
        )
        return "", ""


_origin = lru_cache(maxsize=256)(the_origin)


def template() -> bytes:
    """An example roster to fill in: headings and two rows in the language being spoken."""
    example = AUTHORITIES["W06000015"].name(language()), AUTHORITIES["W06000002"].name(language())
    heading = [gettext(COLUMN_NAMES[key]) for key in TEMPLATE]
    return csv_file(
        [
            heading,
            ["Mari Enghraifft", "mari.enghraifft@council.example", example[0], "Cymraeg", "", "", "", ""],
            ["Sam Sample", "sam.sample@council.example", example[1], "English", "", "", "", ""],
        ]
    )
