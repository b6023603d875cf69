"""Who has not finished, what is left, how to reach them and when somebody last wrote: those who never began first."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request

from lrs import signin, transaction
from lrs.programme import asat, board, report
from lrs.programme.authorities import fold
from lrs.programme.board import Filter, Standing
from lrs.programme.export import people_header, people_row
from lrs.programme.pages import cohort_at
from lrs.programme.words import gettext, language
from lrs.rules.days import day_in_wales
from lrs.rules.readiness import STATUSES
from lrs.rules.reminders import FAILED, REACHED, Written
from lrs.storage import outbox, users
from lrs.storage.cohorts import Cohort
from lrs.storage.database import Connection
from lrs.storage.users import User

ASKED = tuple(status for status in STATUSES if status not in ("ready", "not-required"))


class Wrote(NamedTuple):
    """What was written to somebody: when last, how many reminders, and whether the newest failed (or was none)."""

    last: datetime | None = None
    reminders: int = 0
    failed: bool = False


class Row(NamedTuple):
    """One person who has not finished. ``officers`` are their council's link officers."""

    standing: Standing
    left: Sequence[str]
    officers: Sequence[User]
    wrote: Wrote


class ChasePage(NamedTuple):
    """Everything the page shows; ``councils`` and ``statuses`` are what may be asked for."""

    cohort: Cohort
    title: str
    councils: Sequence[board.Council]
    statuses: Sequence[str]
    wanted: Filter
    through: int
    never: int
    rows: Sequence[Row]
    pages: int
    as_at: datetime


def unfinished(everybody: Sequence[Standing], wanted: Filter) -> list[Standing]:
    """Those who have not finished and whom the filter lets through: who never began first, then the longest unseen."""
    asked = [one for one in everybody if one.readiness.status in ASKED]
    return sorted(board.chosen(asked, wanted), key=_urgency)


def _urgency(one: Standing) -> tuple[object, ...]:
    seen = one.readiness.last_seen
    begun = seen is not None, day_in_wales(seen).toordinal() if seen else 0
    return *begun, -len(one.readiness.missing), fold(one.member.name), one.member.person


def wrote_to(written: Sequence[Written], as_at: datetime) -> dict[str, Wrote]:
    """Person -> what had been written to them at a moment; what was written must be the oldest first."""
    found: dict[str, Wrote] = {}
    for one in written:
        if one.person is None or one.at > as_at:
            continue
        before = found.get(one.person, Wrote())
        if one.state in FAILED:
            found[one.person] = before._replace(failed=True)
        elif one.state in REACHED:
            found[one.person] = Wrote(one.at, before.reminders + (one.kind == "reminder"))
    return found


def officers_by_council(connection: Connection, now: datetime) -> dict[str, list[User]]:
    """Each council -> its link officers in office."""
    found: dict[str, list[User]] = {}
    for user in users.every_user(connection):
        if not user.is_lead and user.authority and user.may_look(now):
            found.setdefault(user.authority, []).append(user)
    return found


def rows_about(connection: Connection, cohort: Cohort, people: Sequence[Standing], as_at: datetime) -> list[Row]:
    """Each of these people with what is left and how they are reached."""
    wrote = wrote_to(outbox.written_for(connection, cohort.id), as_at)
    officers = officers_by_council(connection, as_at)
    numbers = module_numbers(cohort)
    return [
        Row(
            one,
            [numbers[module] for module in one.readiness.missing],
            officers.get(one.member.authority, []),
            wrote.get(one.member.person, Wrote()),
        )
        for one in people
    ]


def module_numbers(cohort: Cohort) -> dict[str, str]:
    """Required module -> its number as the course counts them; its id where the course has it no more."""
    numbers = {module: str(number) for number, module in enumerate(cohort.module_titles("en"), 1)}
    return {module: numbers.get(module, module) for module in cohort.required}


def chase(cohort: str) -> str:
    """The page."""
    user, here, now = signin.signed_in(), cohort_at(cohort), asat.asked().moment
    connection = transaction.reader()
    everybody = board.standings(connection, here, now, user.sees)
    wanted = Filter.asked(request.args)
    through = unfinished(everybody, wanted)
    shown, pages = board.page_of(through, wanted.page)
    page = ChasePage(
        cohort=here,
        title=here.title(language()),
        councils=board.councils(everybody),
        statuses=ASKED,
        wanted=wanted._replace(page=min(wanted.page, pages)),
        through=len(through),
        never=sum(one.readiness.last_seen is None for one in through),
        rows=rows_about(connection, here, shown, now),
        pages=pages,
        as_at=now,
    )
    signin.noted("look", f"chase {here.id}", f"{len(through)} people")
    return render_template("chase.html", page=page)


def chase_file(cohort: str, form: str) -> Response:
    """The same people as a file, all of them."""
    user, here, now = signin.signed_in(), cohort_at(cohort), asat.asked().moment
    connection = transaction.reader()
    everybody = board.standings(connection, here, now, user.sees)
    through = unfinished(everybody, Filter.asked(request.args))
    return report.file(form, "chase", here.id, sheet(rows_about(connection, here, through, now), here))


def sheet(rows: Sequence[Row], cohort: Cohort) -> list[list[object]]:
    """The rows of a spreadsheet, headings first; those of a list of people come first among the columns."""
    more = [gettext("Modules left"), gettext("Last written to"), gettext("Reminders"), gettext("Link officers")]
    return [[*people_header(), *more], *(_line(row, cohort) for row in rows)]


def _line(row: Row, cohort: Cohort) -> list[object]:
    last = gettext("It came back") if row.wrote.failed else _day(row.wrote.last)
    officers = ", ".join(f"{one.name} <{one.email}>" for one in row.officers)
    return [*people_row(row.standing, cohort), ", ".join(row.left), last, row.wrote.reminders, officers]


def _day(at: datetime | None) -> str:
    return day_in_wales(at).isoformat() if at else ""


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    report.add(bp, "/residentials/<cohort>/chase", chase, chase_file)
