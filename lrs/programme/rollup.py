"""The national figures of a year for government and the directors: how far people came, by region and by service.

Small numbers are hidden, and with them whatever they could be worked out from. Nothing can be filtered but the year,
because two answers to two questions can be subtracted from each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, render_template

from lrs import signin, transaction
from lrs.programme import asat, board, report
from lrs.programme.moves import REASON_WORDS
from lrs.programme.words import gettext, named
from lrs.rules import outcomes, suppression
from lrs.rules.days import day_in_wales
from lrs.rules.outcomes import ALL, COMPLETE, DEFERRALS, LEFT, TREE, WALES, Placed, outcome
from lrs.rules.regions import ELSEWHERE, REGIONS, SERVICES, region_of, service_of
from lrs.rules.suppression import Cell
from lrs.rules.years import financial_year
from lrs.storage import cohorts, reports
from lrs.storage.cohorts import Cohort
from lrs.storage.database import Connection
from lrs.storage.reports import Held

REGION_WORDS = {
    "north": named("North Wales"),
    "mid": named("Mid Wales"),
    "south-west": named("South West Wales"),
    "south-east": named("South East Wales"),
    ELSEWHERE: named("Region not known"),
}
SERVICE_WORDS = {
    "education": named("Education"),
    "children": named("Children’s services"),
    "both": named("Education and children’s services"),
    ELSEWHERE: named("Service not said"),
}
ROW_WORDS = {
    ALL: named("Places on residentials"),
    COMPLETE: named("Everything complete"),
    "before": named("Before the modules opened"),
    "two-weeks": named("Within 2 weeks after the opening"),
    "four-weeks": named("2 to 4 weeks after it"),
    "eight-weeks": named("4 to 8 weeks after it"),
    "longer": named("Later than that"),
    outcomes.BY_DECISION: named("By a lead’s decision"),
    LEFT: named("Not complete"),
    outcomes.NOT_ASKED: named("Nothing asked"),
    outcomes.DEFERRED: named("Deferred to a later residential"),
    outcomes.GONE: named("Withdrawn, cancelled or replaced"),
    outcomes.WAITING: named("Place not confirmed"),
    outcomes.EXCUSED: named("Exempt or paused"),
}


class Row(NamedTuple):
    """One outcome: how deep in the tree, its words, and its number in each column; None where it is hidden."""

    depth: int
    words: str
    numbers: Sequence[int | None]


class Table(NamedTuple):
    """Wales and the groups of one dimension as columns, the outcomes as rows; shares are of those asked to finish."""

    dimension: str
    columns: Sequence[str]
    rows: Sequence[Row]
    shares: Sequence[str]


class RollUpPage(NamedTuple):
    """Everything the page shows; ``counted`` are the residentials of the year, and ``hidden`` whether anything is."""

    year: int
    counted: int
    tables: Sequence[Table]
    hidden: bool
    as_at: datetime


def in_year(every: Iterable[Cohort], year: int) -> list[Cohort]:
    """The residentials that begin in a financial year, but for those for practice."""
    return [one for one in every if not one.practice and financial_year(one.starts) == year]


def placed(connection: Connection, here: Sequence[Cohort], as_at: datetime) -> list[Placed]:
    """Every place on these residentials, with the region and service of whoever it was for and what became of it."""
    posts = reports.posts(connection)
    reasons = reports.place_reasons(connection, [one.id for one in here], as_at)
    day, standing = day_in_wales(as_at), board.standings_on(connection, here, as_at)
    return [
        Placed(
            (f"region-{region_of(one.member.authority)}", f"service-{_service(posts, one.member.person, day)}"),
            outcome(one.readiness, cohort.opens, reasons.get((cohort.id, one.member.person))),
        )
        for cohort in here
        for one in standing[cohort.id]
    ]


def _service(posts: Mapping[str, Sequence[Held]], person: str, day: object) -> str:
    held = posts.get(person, ())
    return service_of(next((post.service for post in held if post.on(day)), None))  # type: ignore[arg-type]


def dimensions(places: Sequence[Placed]) -> dict[str, list[str]]:
    """The groups of each dimension; that of whoever belongs to none only where there is anybody."""
    seen = {group for one in places for group in one.groups}
    found = {"region": [f"region-{one}" for one in REGIONS], "service": [f"service-{one}" for one in SERVICES]}
    for dimension, groups in found.items():
        if (rest := f"{dimension}-{ELSEWHERE}") in seen:
            groups.append(rest)
    return found


def tables_of(places: Sequence[Placed]) -> list[Table]:
    """The tables that may be given out, small numbers and what tells of them hidden in all of them together."""
    groups = dimensions(places)
    values, shape = outcomes.tables(places, list(groups.values()))
    left_out = suppression.too_fine(values, shape)
    kept_back = suppression.hidden(values, shape, left_out)
    shown = {cell: None if cell in kept_back else value for cell, value in values.items() if cell not in left_out}
    return [_table(dimension, [WALES, *named], shown) for dimension, named in groups.items()]


def _table(dimension: str, groups: Sequence[str], shown: Mapping[Cell, int | None]) -> Table:
    rows = [
        Row(depth, _row_words(row), [shown.get((group, row)) for group in groups])
        for depth, row in _in_order(ALL)
        if (WALES, row) in shown
    ]
    shares = [_share(shown[group, COMPLETE], shown[group, LEFT]) for group in groups]
    return Table(dimension, [_group_words(group) for group in groups], rows, shares)


def _in_order(row: str, depth: int = 0) -> list[tuple[int, str]]:
    return [(depth, row), *(one for part in TREE.get(row, ()) for one in _in_order(part, depth + 1))]


def _share(complete: int | None, left: int | None) -> str:
    return "" if complete is None or left is None else report.share(complete, complete + left)


def _row_words(row: str) -> str:
    if row in DEFERRALS:
        reason = DEFERRALS[row]
        return gettext(REASON_WORDS[reason]) if reason else gettext("No reason given")
    return gettext(ROW_WORDS[row])


def _group_words(group: str) -> str:
    dimension, _, name = group.partition("-")
    if group == WALES:
        return gettext("Wales")
    return gettext((REGION_WORDS if dimension == "region" else SERVICE_WORDS)[name])


def roll_up() -> str:
    """The page, for programme leads."""
    signin.lead()
    page = _asked()
    return render_template("rollup.html", page=page, years=report.years(), year_name=report.year_name)


def _asked() -> RollUpPage:
    connection, as_at, year = transaction.reader(), asat.asked().moment, report.year_asked()
    here = in_year(cohorts.which_cohorts(connection), year)
    found = tables_of(placed(connection, here, as_at)) if here else []
    hidden = any(number is None for table in found for row in table.rows for number in row.numbers)
    return RollUpPage(year, len(here), found, hidden, as_at)


def roll_up_file(form: str) -> Response:
    """The same numbers as a file: a row for each outcome, a column for Wales and each region and service."""
    signin.lead()
    page = _asked()
    return report.file(form, f"roll-up-{page.year}", "programme", sheet(page.tables, page.year))


def sheet(tables: Sequence[Table], year: int) -> list[list[object]]:
    """The rows of a spreadsheet, headings first. What is hidden is a dot; deeper outcomes are set in."""
    if not tables:
        return [[gettext("Year"), gettext("Outcome")]]
    first, *others = tables
    heading: list[object] = [gettext("Year"), gettext("Outcome"), *first.columns]
    rows: list[list[object]] = [[*heading, *(name for table in others for name in table.columns[1:])]]
    for index, row in enumerate(first.rows):
        more = [number for table in others for number in table.rows[index].numbers[1:]]
        words = "   " * row.depth + row.words
        rows.append([report.year_name(year), words, *map(told, (*row.numbers, *more))])
    return rows


def told(number: int | None) -> object:
    """A number as it is given out: a dot where it is not."""
    return "·" if number is None else number


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    report.add(bp, "/roll-up", roll_up, roll_up_file)
