"""Finds the block on the page that a problem of the source stands at."""

from typing import NamedTuple

from authoring.blocks import PIECES, Block, PageSource, every_block
from authoring.course import short_key
from authoring.problems import Problem
from authoring.source import ModuleFile, Source

KINDS = {**dict.fromkeys(PIECES, "reflect"), "pool": "pool", "scenario": "scenario"}


class Spot(NamedTuple):
    """Where on the pages: ids of module and page, the number of the part on the page, the key of the block if any."""

    module: str = ""
    page: str = ""
    part: int = 0
    key: str = ""


def spot_of(problem: Problem, source: Source) -> Spot:
    """The spot of a problem; that of an overlay is the slot it fills. An empty one where it stands in no module."""
    for file in source.files():
        if file.file == problem.file:
            return _in_file(file, problem.line)
    for slug, pair in ((slug, pair) for by_slug in source.overlays.values() for slug, pair in by_slug.items()):
        for language, file in pair.items():
            if file.file == problem.file and (base := source.modules.get(slug, {}).get(language)):
                return _in_slot(base, [slot.id for slot in file.pages if slot.at[0] <= problem.line])
    return Spot()


def _in_slot(base: ModuleFile, slots: list[str | None]) -> Spot:
    """The slot of a module that the last of ``slots`` names."""
    for page in base.pages if slots else ():
        for number, part in enumerate(page.parts):
            if any(block.name == "local" and block.id == slots[-1] for block in every_block([part])):
                return Spot(base.id or "", page.id or "", number)
    return Spot(base.id or "")


def _in_file(file: ModuleFile, line: int) -> Spot:
    module = file.id or ""
    pages = [page for page in file.pages if page.at[0] <= line]
    if not pages:
        return Spot(module)
    page = pages[-1]
    number = sum(part.at[0] <= line for part in page.parts) - 1
    return Spot(module, page.id or "", max(number, 0), _key(module, page, number, line))


def _key(module: str, page: PageSource, number: int, line: int) -> str:
    """The short key of the innermost block with an id at the line, by which the page knows it."""
    if number < 0 or not isinstance(page.parts[number], Block):
        return ""
    blocks = [block for block in every_block([page.parts[number]]) if block.at[0] <= line and block.id]
    if not blocks:
        return ""
    block = blocks[-1]
    return short_key(KINDS.get(block.name or "", "question"), module, str(block.id))
