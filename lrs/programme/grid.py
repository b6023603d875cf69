"""Everybody on a residential beside each module: what counts and since when, and what does not."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request

from lrs import signin, transaction
from lrs.programme import asat, board, report
from lrs.programme.board import Filter, Standing
from lrs.programme.chase import module_numbers
from lrs.programme.pages import cohort_at
from lrs.programme.reasons import status_word
from lrs.programme.words import gettext, language, named
from lrs.rules.days import day_in_wales
from lrs.rules.readiness import STATUSES, Readiness, Record
from lrs.storage.cohorts import Cohort

CELLS = {
    "done": named("Complete"),
    "decided": named("By decision"),
    "disputed": named("Disagree"),
    "refused": named("Not counted"),
    "left": named("Not yet"),
}


class Cell(NamedTuple):
    """One person and one module: a key of CELLS, and the day from which it counts where it does."""

    kind: str
    day: date | None = None

    @property
    def word(self) -> str:
        """What it is, in the language being spoken."""
        return gettext(CELLS[self.kind])


class Row(NamedTuple):
    """One person and their cells, in the order of the modules."""

    standing: Standing
    cells: Sequence[Cell]


class Column(NamedTuple):
    """One module: its number, its title, and how many of the people have it."""

    number: str
    title: str
    done: int


class GridPage(NamedTuple):
    """Everything the page shows; ``councils`` and ``statuses`` are what may be asked for."""

    cohort: Cohort
    title: str
    councils: Sequence[board.Council]
    statuses: Sequence[str]
    wanted: Filter
    through: int
    columns: Sequence[Column]
    rows: Sequence[Row]
    pages: int
    as_at: datetime


def cells(found: Readiness, modules: Sequence[str]) -> list[Cell]:
    """What somebody has of each module."""
    not_counted = {one.record.module for one in found.weighed.not_counted if one.why != "failed"}
    return [_cell(found, module, not_counted) for module in modules]


def _cell(found: Readiness, module: str, not_counted: set[str | None]) -> Cell:
    done = found.done.get(module)
    if isinstance(done, Record):
        return Cell("done", day_in_wales(done.at))
    if done is not None:
        return Cell("decided", day_in_wales(done.recorded_at))
    if module in found.weighed.disputed:
        return Cell("disputed")
    return Cell("refused" if module in not_counted or None in not_counted else "left")


def columns(cohort: Cohort, people: Sequence[Standing]) -> list[Column]:
    """The modules asked for, with how many of the people have each."""
    titles: Mapping[str, str] = cohort.module_titles(language())
    return [
        Column(number, titles.get(module, module), sum(module in one.readiness.done for one in people))
        for module, number in module_numbers(cohort).items()
    ]


def grid(cohort: str) -> str:
    """The page."""
    user, here, now = signin.signed_in(), cohort_at(cohort), asat.asked().moment
    everybody = board.standings(transaction.reader(), here, now, user.sees)
    wanted = Filter.asked(request.args)
    through = board.chosen(everybody, wanted)
    shown, pages = board.page_of(through, wanted.page)
    page = GridPage(
        cohort=here,
        title=here.title(language()),
        councils=board.councils(everybody),
        statuses=STATUSES,
        wanted=wanted._replace(page=min(wanted.page, pages)),
        through=len(through),
        columns=columns(here, through),
        rows=[Row(one, cells(one.readiness, here.required)) for one in shown],
        pages=pages,
        as_at=now,
    )
    signin.noted("look", f"grid {here.id}", f"{len(through)} people")
    return render_template("grid.html", page=page)


def grid_file(cohort: str, form: str) -> Response:
    """The same people as a file, all of them."""
    user, here, now = signin.signed_in(), cohort_at(cohort), asat.asked().moment
    through = board.chosen(board.standings(transaction.reader(), here, now, user.sees), Filter.asked(request.args))
    return report.file(form, "grid", here.id, sheet(here, through))


def sheet(cohort: Cohort, people: Sequence[Standing]) -> list[list[object]]:
    """The rows of a spreadsheet, headings first: a day where a module counts by a record, else a word."""
    titles = [f"{one.number}. {one.title}" for one in columns(cohort, people)]
    first = [gettext("Name"), gettext("GSS code"), gettext("Council"), gettext("Status")]
    return [[*first, *titles], *(_line(one, cohort) for one in people)]


def _line(one: Standing, cohort: Cohort) -> list[object]:
    told = [
        cell.day.isoformat() if cell.kind == "done" and cell.day else cell.word
        for cell in cells(one.readiness, cohort.required)
    ]
    return [one.member.name, one.member.authority, one.council, status_word(one.readiness.status), *told]


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    report.add(bp, "/residentials/<cohort>/grid", grid, grid_file)
