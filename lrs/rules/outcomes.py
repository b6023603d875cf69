"""What became of each place on a residential, in one tree of outcomes that every place is counted once in."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from lrs.rules.instants import moment
from lrs.rules.places import reasons_for
from lrs.rules.readiness import Readiness, Record, day_in_wales
from lrs.rules.suppression import Cell, Shape

ALL, COMPLETE, LEFT, NOT_ASKED, DEFERRED = "all", "complete", "not-complete", "not-asked", "deferred"
# Days from the opening of the modules within which everything was complete; the last band has no end.
BANDS: dict[str, int | None] = {"before": 0, "two-weeks": 14, "four-weeks": 28, "eight-weeks": 56, "longer": None}
BY_DECISION = "by-decision"
GONE, WAITING, EXCUSED = "gone", "waiting", "excused"
DEFERRALS = {f"deferred-{reason}": reason for reason in (*reasons_for("defer"), "")}
TREE: dict[str, tuple[str, ...]] = {
    ALL: (COMPLETE, LEFT, NOT_ASKED),
    COMPLETE: (*BANDS, BY_DECISION),
    NOT_ASKED: (DEFERRED, GONE, WAITING, EXCUSED),
    DEFERRED: tuple(DEFERRALS),
}
LEAVES = tuple(row for parts in TREE.values() for row in parts if row not in TREE)
WALES = "wales"


class Placed(NamedTuple):
    """One place: the groups that it is counted in (a region, a service), and what became of it."""

    groups: tuple[str, ...]
    outcome: str


def outcome(found: Readiness, opens: date, reason: str | None) -> str:
    """The leaf of the tree that a place is counted under; ``reason`` is the one that its last change was given."""
    if found.status == "ready":
        return BY_DECISION if found.by_decision else _band(found, opens)
    if found.status != "not-required":
        return LEFT
    if found.reason == "deferred":
        return f"deferred-{reason if reason in DEFERRALS.values() else ''}"
    if found.reason in ("withdrawn", "substituted", "cancelled"):
        return GONE
    return WAITING if found.reason == "not-confirmed" else EXCUSED


def _band(found: Readiness, opens: date) -> str:
    done = [one.happened for one in found.done.values() if isinstance(one, Record)]
    took = (day_in_wales(moment(max(done))) - opens).days if done else -1
    return next(band for band, days in BANDS.items() if days is None or took < days)


def tables(places: Iterable[Placed], dimensions: Sequence[Sequence[str]]) -> tuple[dict[Cell, int], Shape]:
    """Every number of the tables, by group and row, and how the tables are made.

    ``dimensions`` are groups of which each place has one, such as the regions, and the services.
    """
    shape = Shape(WALES, dimensions, ALL, TREE)
    values = {(group, row): 0 for group in shape.groups for path in shape.paths.values() for row in path}
    for (groups, leaf), number in Counter(places).items():
        for cell in ((group, row) for group in (WALES, *groups) for row in shape.paths[leaf]):
            values[cell] += number
    return values, shape
