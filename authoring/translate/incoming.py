"""Takes a translator's rows back into the Welsh files: everything wrong is told at once, nothing is saved by halves."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from authoring.checks import problems
from authoring.problems import Problem
from authoring.source import Source, taken_apart
from authoring.translate.laying import Lacking, laid
from authoring.translate.marks import addresses_in_welsh, differences, marks, shape_fault
from authoring.translate.pairs import PagePair, Pair, page_pairs
from authoring.translate.rows import Row, fingerprint
from authoring.translate.spans import Unplaced
from authoring.translate.units import cut


class Refusal(NamedTuple):
    """What is not taken in (a unit, a page or a file), and why."""

    id: str
    words: str

    def __str__(self) -> str:
        return f"{self.id}: {self.words}"


@dataclass(slots=True)
class Incoming:
    """What an import would do: texts by file, how many units change on each page, what is refused and goes out."""

    files: dict[str, str] = field(default_factory=dict)
    changed: dict[tuple[str, str], int] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    dropped: list[Refusal] = field(default_factory=list)


def incoming(source: Source, rows: list[Row]) -> Incoming:
    """Judges the rows against the course and lays those that pass into the text of the Welsh files.

    A unit is refused where its English has changed since the export, where its Welsh has been edited since, where its
    marks are not those of the English, or where it would be read as something other than the words it is. A file in
    which the rules find an error that was not there is refused whole.
    """
    pages = page_pairs(source)
    found = Incoming()
    wanted = dict(_accepted(source, pages, rows, found.refused))
    for file in dict.fromkeys(page.file for page in pages):
        own = [page for page in pages if page.file == file]
        if new := {pair.id: wanted[pair.id] for page in own for pair in page.pairs if pair.id in wanted}:
            _lay(source, file, own, new, found)
    for file, refusal in _worse(source, found.files):
        found.files.pop(file, None)
        found.refused.append(refusal)
    return found


def _accepted(
    source: Source, pages: list[PagePair], rows: list[Row], refused: list[Refusal]
) -> Iterator[tuple[str, str]]:
    """The new Welsh by unit id, for the rows that change something and may."""
    known = {pair.id: pair for page in pages for pair in page.pairs}
    said: dict[str, str] = {}
    for row in rows:
        pair, text = known.get(row.id), addresses_in_welsh(_tidy(row.welsh), source.media)
        if pair is None:
            refused.append(Refusal(row.id or "(no id)", "The course has no such unit."))
        elif said.setdefault(row.id, text) != text:
            refused.append(Refusal(row.id, "It stands in the file twice, with different Welsh."))
        elif text and not _unchanged(pair, row, text):
            if fault := _fault(pair, row, text):
                refused.append(Refusal(row.id, fault))
            else:
                yield row.id, text


def _tidy(text: str) -> str:
    """The text with the breaks that tools put in as spaces; a backslash before a break keeps it."""
    lines = [line.strip() for line in text.replace("\r\n", "\n").split("\n")]
    return "".join(line + ("\n" if line.endswith("\\") else " ") for line in lines).strip()


def _unchanged(pair: Pair, row: Row, text: str) -> bool:
    """Whether the translator left the Welsh as the course has it, or as it was at the export."""
    now = pair.welsh.text if pair.welsh else ""
    return text == now or row.was in (fingerprint(row.welsh), fingerprint(text))


def _fault(pair: Pair, row: Row, text: str) -> str:
    now = pair.welsh.text if pair.welsh else ""
    if row.english.split() != pair.english.text.split():
        return f"The English has changed since the export.\n  then: {row.english}\n  now:  {pair.english.text}"
    if row.was is not None and row.was != fingerprint(now):
        return f"The Welsh has been edited since the export.\n  here: {now or '(none)'}\n  file: {text}"
    if fault := shape_fault(pair.english.kind, text):
        return fault
    if pair.welsh and marks(text) == marks(pair.welsh.text):
        return ""
    wrong = differences(marks(pair.english.text), marks(text))
    return f"Beside the English it {wrong}." if wrong else ""


def _lay(source: Source, file: str, pages: list[PagePair], new: dict[str, str], found: Incoming) -> None:
    try:
        text = laid(raw_text(source, file), pages, new, source.media)
    except Lacking as lacking:
        found.refused += [Refusal(page, _lacks(units)) for page, units in lacking.units.items()]
        return
    if misread := _misread(file, text, pages, new):
        found.refused.append(misread)
        return
    found.files[file] = text
    for page in pages:
        if count := sum(pair.id in new for pair in page.pairs):
            found.changed[page.module, page.id] = count
            found.dropped += [
                Refusal(f"{file}:{unit.line}", unit.text) for unit in page.extra if page.page is None or not page.alike
            ]


def raw_text(source: Source, file: str) -> str | None:
    """The text of a file to the byte, a mark of byte order and carriage returns too; None where it is not there."""
    path = source.folder / file
    return path.read_bytes().decode("utf-8") if path.exists() else None


def _lacks(units: list[str]) -> str:
    shown = ", ".join(units[:5]) + (f" and {len(units) - 5} more" if len(units) > 5 else "")
    return f"The Welsh page is built from the English one, and these units have no Welsh yet: {shown}."


def _misread(file: str, text: str, pages: list[PagePair], new: dict[str, str]) -> Refusal | None:
    """The first unit that would not be read from the new text as it is meant; None where all are."""
    try:
        units = cut(taken_apart(file, "cy", _read_as(text)))
    except Unplaced as unplaced:
        return Refusal(file, f"The words around line {unplaced.line} would be read as something other than words.")
    for page in pages:
        concerned = any(pair.id in new for pair in page.pairs)
        if concerned or page.welsh_page or page.page is None:
            meant = _meant(page, new, concerned)
            for wanted, unit in zip_longest(meant, units.get(page.id, [])):
                if wanted is None or unit is None or wanted != (unit.path, unit.text):
                    name = f"{page.name}/{wanted[0] if wanted else unit.path if unit else ''}"
                    return Refusal(name, "It would be read as something other than the words it is.")
    return None


def _read_as(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


def _meant(page: PagePair, new: dict[str, str], concerned: bool) -> list[tuple[str, str]]:
    """Path and text of each Welsh unit of a page as they are to be read from the new file."""
    if not concerned and not page.alike:
        welsh = [pair.welsh for pair in page.pairs if pair.welsh]
        return [(unit.path, unit.text) for unit in sorted([*welsh, *page.extra], key=lambda unit: unit.spans)]
    return [
        (pair.english.path, new.get(pair.id) or (pair.welsh.text if pair.welsh else pair.english.text))
        for pair in page.pairs
    ]


def with_files(source: Source, files: dict[str, str]) -> Source:
    """The source as it would be read with these Welsh files saved."""
    modules = {slug: dict(pair) for slug, pair in source.modules.items()}
    overlays = {
        authority: {slug: dict(pair) for slug, pair in by_slug.items()}
        for authority, by_slug in source.overlays.items()
    }
    found = [one for one in source.problems if one.file not in files]
    for file, text in files.items():
        read = taken_apart(file, "cy", _read_as(text))
        *around, slug = file.removesuffix(".cy.md").split("/")
        (overlays[around[-1]] if around else modules)[slug]["cy"] = read
        found += read.problems
    names = sorted({*source.names, *(file for file in files if "/" not in file)})
    return replace(source, modules=modules, overlays=overlays, problems=found, names=names)


def _worse(source: Source, files: dict[str, str]) -> Iterator[tuple[str, Refusal]]:
    """Errors that the new files would bring, told as the rules tell them."""
    if not files:
        return
    before = Counter(_kind(one) for one in _errors(source))
    for one in _errors(with_files(source, files)):
        before[_kind(one)] -= 1
        if before[_kind(one)] < 0:
            yield one.file, Refusal(f"{one.file}:{one.line}:{one.column}", f"{one.rule} {one.message} {one.mend}")


def _kind(one: Problem) -> tuple[str, str]:
    return one.file, one.rule


def _errors(source: Source) -> list[Problem]:
    return [one for one in problems(source, date.today()) if one.severity == "error"]
