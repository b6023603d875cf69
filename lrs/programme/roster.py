"""Reading a roster: from a CSV file as spreadsheets write it to rows, each with its line and what is wrong with it."""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from lrs.programme.authorities import AUTHORITIES, Authority, authority_named, fold, nearest_authority
from lrs.programme.export import csv_file, unsafe
from lrs.programme.reasons import PLACE_WORDS
from lrs.programme.words import LANGUAGES, gettext, language, named, speaking
from lrs.rules.readiness import PLACES
from lrs.storage.courses import the_origin

MAX_BYTES = 2_000_000
MAX_ROWS = 10_000
MAX_CELL = 500
# What a column may be called, folded; the first of each language heads the template.
HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("name", "enw", "full name", "enw llawn"),
    "email": ("e mail", "e bost", "email", "ebost", "work email", "work e mail", "email address", "cyfeiriad e bost"),
    "council": ("council", "cyngor", "authority", "awdurdod", "local authority", "awdurdod lleol"),
    "gss": ("gss code", "cod gss", "gss"),
    "language": ("language", "iaith", "chosen language", "dewis iaith"),
    "role": ("role", "rol", "swydd", "job", "job title", "teitl swydd"),
    "place": ("place", "lle"),
    "lms": ("lms", "srd", "lms address", "cyfeiriad yr lms"),
    "lms_id": ("lms id", "id lms", "lms number", "rhif lms"),
}
NEEDED = ("name", "email", "council", "language")
LANGUAGE_NAMES = {"en": "en", "english": "en", "saesneg": "en", "cy": "cy", "welsh": "cy", "cymraeg": "cy"}
EMAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"']+")


class UnreadableRoster(Exception):
    """The file as a whole cannot be taken; the message says why and how to mend it, in the language being spoken."""


class RosterTooLarge(UnreadableRoster):
    """The file has more bytes or rows than are taken at once."""


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


def read_roster(data: bytes) -> Roster:
    """Read a CSV roster. Raises UnreadableRoster, whose message is for the person who sent it."""
    if len(data) > MAX_BYTES:
        raise RosterTooLarge(gettext("The file is larger than 2 MB. Send the list in parts."))
    rows = _rows(decoded(data))
    first = next(rows, None)
    if first is None:
        raise UnreadableRoster(gettext("The file is empty. Begin with the example list."))
    columns, unused = _columns(first[1])
    entries: list[Entry] = []
    bad: list[Bad] = []
    for line, cells in rows:
        found = _entry(line, {key: _cell(cells, index) for key, index in columns.items()})
        if isinstance(found, Bad):
            bad.append(found)
        else:
            entries.append(found)
        if len(entries) + len(bad) > MAX_ROWS:
            raise RosterTooLarge(gettext("The list has more than 10,000 rows. Send it in parts."))
    if not entries and not bad:
        raise UnreadableRoster(gettext("The file has headings and no people under them."))
    return Roster(tuple(entries), tuple(bad), unused)


def decoded(data: bytes) -> str:
    """The text of a file as Excel, LibreOffice or Notepad writes it: UTF-8, UTF-16 or Windows-1252."""
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableRoster(
            gettext("This is an Excel workbook. In Excel choose Save as, then CSV UTF-8, and send that file.")
        )
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableRoster(gettext("This is not a list in CSV. Save it as CSV UTF-8 and send that file."))


def _encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    return ("utf-8", "cp1252")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, with the number of the line it begins on."""
    heading = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error:
        raise UnreadableRoster(
            gettext("The file cannot be read from line %(line)s on. Look for a quotation mark too many.", line=line)
        ) from None


def _columns(headings: list[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Which column holds what, and the headings that hold nothing we use; raises where a needed one is missing."""
    meant = {spelling: key for key, spellings in HEADERS.items() for spelling in spellings}
    columns: dict[str, int] = {}
    unused = []
    for index, heading in enumerate(headings):
        key = meant.get(fold(unsafe(heading)))
        if key is None or key in columns:
            unused.append(heading.strip()[:60])
        else:
            columns[key] = index
    missing = [key for key in NEEDED if key not in columns and not (key == "council" and "gss" in columns)]
    if missing:
        names = ", ".join(gettext(COLUMN_NAMES[key]) for key in missing)
        raise UnreadableRoster(gettext("The first line has no column for: %(names)s.", names=names))
    return columns, tuple(heading for heading in unused if heading)


COLUMN_NAMES = {
    "name": named("Name"),
    "email": named("E-mail"),
    "council": named("Council"),
    "language": named("Language"),
    "role": named("Role"),
    "place": named("Place"),
    "lms": named("LMS"),
    "lms_id": named("LMS id"),
}


def _cell(cells: list[str], index: int) -> str:
    text = unsafe(cells[index]) if index < len(cells) else ""
    if not text.isprintable():  # what cannot be seen came along with copying: marks of direction, joiners, controls
        text = "".join(char for char in text if char.isprintable() or char.isspace())
    return " ".join(unicodedata.normalize("NFC", text).split())


def _entry(line: int, cells: Mapping[str, str]) -> Entry | Bad:
    """One row as understood, or everything that is wrong with it."""
    problems = (
        [gettext("A cell has more than 500 characters.")] if any(len(one) > MAX_CELL for one in cells.values()) else []
    )
    name, email = cells["name"], cells["email"].lower()
    if not name:
        problems.append(gettext("There is no name."))
    if not EMAIL.fullmatch(email):
        problems.append(gettext("“%(text)s” is not an e-mail address.", text=cells["email"][:80]))
    authority = _authority(cells, problems)
    chosen = LANGUAGE_NAMES.get(fold(cells["language"]), "")
    if not chosen:
        problems.append(gettext("The language must be Welsh or English, not “%(text)s”.", text=cells["language"][:80]))
    place = _place(cells.get("place", ""), problems)
    lms, lms_id = _account(cells, problems)
    if problems or authority is None:
        return Bad(line, name[:80], tuple(problems))
    return Entry(line, name, email, authority.gss, chosen, cells.get("role", ""), place, lms, lms_id)


def _authority(cells: Mapping[str, str], problems: list[str]) -> Authority | None:
    named_twice = {authority_named(text) for text in (cells.get("gss"), cells.get("council")) if text} - {None}
    if len(named_twice) > 1:
        problems.append(gettext("The council and the GSS code are two different councils’. Put one of them right."))
    text = cells.get("gss") or cells.get("council", "")
    found = authority_named(text)
    if found is None and text:
        near = nearest_authority(text)
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


def _place(text: str, problems: list[str]) -> str:
    folded = fold(text)
    if not folded or folded in PLACES:
        return folded
    for chosen in LANGUAGES:
        with speaking(chosen):
            for place, words in PLACE_WORDS.items():
                if fold(gettext(words)) == folded:
                    return place
    problems.append(gettext("“%(text)s” is not a kind of place. Leave it empty for a confirmed place.", text=text[:80]))
    return ""


def _account(cells: Mapping[str, str], problems: list[str]) -> tuple[str, str]:
    lms, lms_id = cells.get("lms", ""), cells.get("lms_id", "")
    if not lms and not lms_id:
        return "", ""
    if not lms or not lms_id:
        problems.append(gettext("LMS and LMS id go together: fill in both, or neither."))
        return "", ""
    try:
        return the_origin(lms), lms_id
    except ValueError:
        problems.append(
            gettext("“%(text)s” is not the address of an LMS, such as https://lms.council.example.", text=lms[:80])
        )
        return "", ""


def template() -> bytes:
    """An example roster to fill in: headings and two rows in the language being spoken."""
    example = AUTHORITIES["W06000015"].name(language()), AUTHORITIES["W06000002"].name(language())
    heading = [gettext(COLUMN_NAMES[key]) for key in COLUMN_NAMES]
    return csv_file(
        [
            heading,
            ["Mari Enghraifft", "mari.enghraifft@council.example", example[0], "Cymraeg", "", "", "", ""],
            ["Sam Sample", "sam.sample@council.example", example[1], "English", "", "", "", ""],
        ]
    )
