"""The command ktb overlays: which council has filled which slot, in which language."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import click

from authoring.arguments import COURSE, course_folder
from authoring.course import LANGUAGES, Authority
from authoring.overlays import authorities, slots
from authoring.reports import number
from authoring.source import Source, read

FILLED = {True: "filled", False: "missing"}


class Slot(NamedTuple):
    """A place in a module that an authority may fill; ``name`` is the module's file without language and ending."""

    name: str
    module: str
    page: str
    id: str


class Fill(NamedTuple):
    """A slot that an authority has filled, in English, in Welsh or in both."""

    authority: Authority
    slot: Slot
    en: bool
    cy: bool


def all_slots(source: Source) -> list[Slot]:
    """Every slot of the course, in the order of the module files."""
    found = []
    for name, pair in sorted(source.modules.items()):
        file = pair.get("en") or pair["cy"]
        found += [Slot(name, file.id or name, str(page.id), id) for id, page in slots(file)]
    return found


def fills(source: Source, known: list[Slot]) -> list[Fill]:
    """What has been filled, authority by authority as in authorities.yml; ``ktb check`` tells what does not fit."""
    found = []
    for authority in authorities(source):
        overlays = source.overlays.get(authority.slug, {})
        for slot in known:
            files = overlays.get(slot.name, {})
            said = [
                language in files and slot.id in {page.id for page in files[language].pages} for language in LANGUAGES
            ]
            if any(said):
                found.append(Fill(authority, slot, *said))
    return found


@click.group()
def overlays() -> None:
    """What authorities put in the place of the shared words."""


@overlays.command()
@COURSE
@click.option("--format", "shape", type=click.Choice(["text", "json"]), default="text", help="For people or programs.")
def status(course: Path | None, shape: str) -> None:
    """Say which council has filled which slot of COURSE, in which language.

    A slot that a council has not filled shows its council the shared words, in both languages.
    """
    source = read(course_folder(course))
    known = all_slots(source)
    found = fills(source, known)
    if shape == "json":
        click.echo(json.dumps(_data(source, known, found), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join([*_table(found), *_summary(source, known, found)]))


def _data(source: Source, known: list[Slot], found: list[Fill]) -> dict[str, Any]:
    return {
        "slots": [{"module": slot.module, "page": slot.page, "slot": slot.id} for slot in known],
        "authorities": [
            {
                "gss": one.gss,
                "slug": one.slug,
                "filled": [
                    {"module": fill.slot.module, "slot": fill.slot.id, "en": fill.en, "cy": fill.cy}
                    for fill in found
                    if fill.authority == one
                ],
            }
            for one in authorities(source)
        ],
    }


def _table(found: list[Fill]) -> list[str]:
    rows = [("Authority", "Module", "Slot", "English", "Welsh")] if found else []
    rows += [(one.authority.slug, one.slot.module, one.slot.id, FILLED[one.en], FILLED[one.cy]) for one in found]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [*lines, ""] if lines else []


def _summary(source: Source, known: list[Slot], found: list[Fill]) -> list[str]:
    if not known:
        return ["This course has no slots. A block ::: local #slot in a module makes one."]
    busy = {one.authority for one in found}
    idle = [one.slug for one in authorities(source) if one not in busy]
    open_slots = [slot for slot in known if slot not in {one.slot for one in found}]
    lines = [f"{number(len(known), 'slot')}; filled by {len(busy)} of {number(len(authorities(source)), 'council')}."]
    if idle:
        lines.append(f"Shared words everywhere: {', '.join(idle)}.")
    if open_slots and found:
        lines.append(f"Filled by nobody: {', '.join(f'{slot.module} {slot.id}' for slot in open_slots)}.")
    return lines
