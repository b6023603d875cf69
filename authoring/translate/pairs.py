"""English beside Welsh, page by page and unit by unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from authoring.blocks import PageSource
from authoring.links import module_ids
from authoring.source import ModuleFile, Source, mapping
from authoring.translate.marks import shared_marks
from authoring.translate.units import FRONT, Unit, cut

State = Literal["missing", "stale", "unreviewed", "reviewed"]
STATES: tuple[State, ...] = ("missing", "stale", "unreviewed", "reviewed")
WORDS: dict[State, str] = {
    "missing": "missing", "stale": "stale", "unreviewed": "not reviewed", "reviewed": "reviewed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """One unit in English and, where it is there, in Welsh. ``id`` is module/page/path."""

    id: str
    english: Unit
    welsh: Unit | None


@dataclass(slots=True)
class PagePair:
    """One English page (or the front matter: ``page`` None) beside its Welsh, with the state of the Welsh.

    ``alike`` says whether both have the same units in the same order; ``extra`` are Welsh units without English.
    """

    module: str
    id: str
    english: ModuleFile
    page: PageSource | None
    welsh: ModuleFile | None
    welsh_page: PageSource | None
    state: State
    pairs: list[Pair]
    extra: list[Unit]
    alike: bool

    @property
    def name(self) -> str:
        """How people name it: module/page."""
        return f"{self.module}/{self.id}"

    @property
    def file(self) -> str:
        """The Welsh file, there or not."""
        return self.english.file.removesuffix(".en.md") + ".cy.md"

    @property
    def line(self) -> int:
        """The line of the Welsh page; 1 where there is none."""
        return self.welsh_page.at[0] if self.welsh_page else 1


def page_pairs(source: Source) -> list[PagePair]:
    """Every English page in order of the course, the front matter of each module before its pages; then every overlay.

    The pages of an overlay are the slots that it fills. Raises Unplaced as units.cut does; meant for a source that
    reads without problems.
    """
    order = {module: number for number, module in enumerate(module_ids(source))}
    files = [(name, pair) for name, pair in source.translated() if "en" in pair]
    files.sort(key=lambda one: (one[1]["en"].fills, order.get(one[0], len(order))))
    return [one for name, pair in files for one in _module(source, name, pair["en"], pair.get("cy"))]


def page_state(source: Source, module: str, english: ModuleFile, page: PageSource, welsh: PageSource | None) -> State:
    """How the Welsh of a page stands, by translations.yml; stale counts before reviewed."""
    entry = mapping(mapping(source.table("translations").get(module)).get(page.id or ""))
    if welsh is None:
        return "missing"
    if entry.get("from") not in (None, english.page_hash(page)):
        return "stale"
    return "reviewed" if entry.get("reviewed_by") else "unreviewed"


def _module(source: Source, module: str, english: ModuleFile, welsh: ModuleFile | None) -> list[PagePair]:
    units = cut(english)
    other = cut(welsh) if welsh else {}
    twins = {page.id: page for page in reversed(welsh.pages)} if welsh else {}
    found = []
    for page in english.pages:
        twin = twins.get(page.id)
        state = page_state(source, module, english, page, twin)
        found.append(
            _beside(module, english, page, welsh, twin, state, units[str(page.id)], other.get(str(page.id), []))
        )
    if english.fills:
        return found
    states = {one.state for one in found}
    front: State = "missing" if welsh is None else "reviewed" if states == {"reviewed"} else "unreviewed"
    return [_beside(module, english, None, welsh, None, front, units[FRONT], other.get(FRONT, [])), *found]


def _beside(
    module: str, english: ModuleFile, page: PageSource | None, welsh: ModuleFile | None, twin: PageSource | None,
    state: State, units: list[Unit], other: list[Unit],
) -> PagePair:  # fmt: skip
    alike = [unit.path for unit in units] == [unit.path for unit in other]
    matched: Sequence[Unit | None] = other if alike else aligned(units, other)
    id = str(page.id) if page else FRONT
    pairs = [Pair(f"{module}/{id}/{one.path}", one, own) for one, own in zip(units, matched, strict=True)]
    extra = [unit for unit in other if unit not in matched]
    return PagePair(module, id, english, page, welsh, twin, state, pairs, extra, alike)


def aligned(english: list[Unit], welsh: list[Unit]) -> list[Unit | None]:
    """For each English unit the Welsh one that belongs to it, or None, in order: the best sum of likenesses."""
    best = [[0.0] * (len(welsh) + 1) for _ in range(len(english) + 1)]
    for row in range(len(english) - 1, -1, -1):
        for column in range(len(welsh) - 1, -1, -1):
            together = _likeness(english[row], welsh[column]) + best[row + 1][column + 1]
            best[row][column] = max(together, best[row + 1][column], best[row][column + 1])
    found: list[Unit | None] = []
    column = 0
    for row, unit in enumerate(english):
        while column < len(welsh) and best[row][column] == best[row][column + 1]:
            column += 1
        likeness = _likeness(unit, welsh[column]) if column < len(welsh) else -1.0
        together = likeness > 0 and best[row][column] == likeness + best[row + 1][column + 1]
        found.append(welsh[column] if together else None)
        column += together
    return found


def _likeness(english: Unit, welsh: Unit) -> float:
    """Above 0 only for units of one kind in one place; terms and facts in common count most, then a like length."""
    if english.signature != welsh.signature:
        return -1.0
    short, long = sorted((len(english.text), len(welsh.text)))
    return max(1.0 + 2.0 * shared_marks(english.text, welsh.text) + short / long, 0.1)
