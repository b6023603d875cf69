"""Saying which column of a list holds what, where its headings do not say it; remembered for the next list like it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from flask import Blueprint, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme.authorities import fold
from lrs.programme.pages import Page, cohort_at
from lrs.programme.roster import COLUMN_NAMES, INSTEAD, NEEDED, Table, columns_of, missing_from
from lrs.programme.site import found
from lrs.programme.words import gettext
from lrs.storage import imports, mappings
from lrs.storage.database import Connection

SAMPLES = 3  # of what a column holds, to know it by


class Column(NamedTuple):
    """One column of the file: its number from 0, its heading, and the first things under it."""

    number: int
    heading: str
    samples: str


def digest_of(headings: Sequence[str]) -> str:
    """By what lists with the same headings are known again, however they are written."""
    return hashlib.sha256("\n".join(map(fold, headings)).encode()).hexdigest()


def columns_for(connection: Connection, headings: Sequence[str]) -> dict[str, int]:
    """Which column holds what: as somebody said of such a list, or else by the headings themselves."""
    said = mappings.kept_mapping(connection, "roster", digest_of(headings))
    return columns_of(headings) if said is None else said


def waiting_table(waiting: imports.Import) -> Table:
    """The rows of a list that waits."""
    return Table(**waiting.rows)


def column_form(cohort: str, number: str) -> Page:
    """Each thing that a roster may hold, with a choice among the columns of the file."""
    signin.lead()
    waiting = found(imports.import_called(transaction.reader(), cohort_at(cohort).id, number))
    if waiting.confirmed_at:
        return redirect(url_for("programme.residential_board", cohort=cohort))  # type: ignore[return-value]
    return _page(cohort, waiting, waiting.rows["columns"], {})


def choose_columns(cohort: str, number: str) -> Page:
    """Keep what was chosen, for this list and for every one with the same headings."""
    user, here, now = signin.lead(), cohort_at(cohort), transaction.now()
    connection = transaction.connection()
    waiting = found(imports.import_called(connection, here.id, number))
    if waiting.confirmed_at:
        return redirect(url_for("programme.residential_board", cohort=cohort))  # type: ignore[return-value]
    columns = chosen_columns(request.form, COLUMN_NAMES, len(waiting.rows["headings"]))
    if problems := _problems(columns):
        return _page(cohort, waiting, columns, problems), 400
    digest = digest_of(waiting.rows["headings"])
    mappings.keep_mapping(connection, "roster", digest, columns, user.email, now)
    imports.change_import(connection, number, {**waiting.rows, "columns": columns})
    signin.noted("columns", here.id, digest[:12])
    return redirect(url_for("programme.roster_preview", cohort=here.id, number=number))  # type: ignore[return-value]


def chosen_columns(sent: Mapping[str, str], names: Iterable[str], width: int) -> dict[str, int]:
    """What a form says of each of these: the number of its column; what is no column of the list is left out."""
    typed = {key: sent.get(key, "") for key in names}
    chosen = {key: int(text) for key, text in typed.items() if text.isascii() and text.isdigit() and len(text) < 4}
    return {key: number for key, number in chosen.items() if number < width}


def _problems(columns: Mapping[str, int]) -> dict[str, str]:
    problems = {key: gettext("Choose the column that holds this.") for key in missing_from(columns)}
    holds: dict[int, str] = {}
    for key, number in columns.items():
        if holds.setdefault(number, key) != key:
            problems[key] = gettext("This column has been chosen already. Choose another, or none.")
    return problems


def _page(cohort: str, waiting: imports.Import, columns: Mapping[str, int], problems: Mapping[str, str]) -> str:
    return render_template(
        "roster_columns.html",
        cohort=cohort_at(cohort),
        filename=waiting.filename,
        names={key: gettext(name) for key, name in COLUMN_NAMES.items()},
        needed={*NEEDED} - INSTEAD.keys(),
        columns=columns,
        offered=offered(waiting_table(waiting)),
        problems=problems,
    )


def offered(table: Table) -> list[Column]:
    """The columns of a list, to choose among."""
    return [Column(number, heading, _samples(table, number)) for number, heading in enumerate(table.headings)]


def _samples(table: Table, number: int) -> str:
    cells = (cells[number].strip()[:40] for _, cells in table.lines[:SAMPLES] if number < len(cells))
    return ", ".join(cell for cell in cells if cell)


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    where = "/residentials/<cohort>/roster/<number>/columns"
    bp.add_url_rule(where, view_func=column_form)
    bp.add_url_rule(where, view_func=choose_columns, methods=["POST"])
