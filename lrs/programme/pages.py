"""The pages: residentials, one residential's board, and how a status is worked out."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme import asat, board, export, residential
from lrs.programme.chart import Chart, chart
from lrs.programme.site import found
from lrs.programme.words import language
from lrs.rules.readiness import day_in_wales
from lrs.storage import cohorts
from lrs.storage.cohorts import Cohort

Page = str | tuple[str, int] | Response


class Listed(NamedTuple):
    """One residential in the list of them."""

    cohort: Cohort
    title: str
    people: int
    counts: dict[str, int]
    days_left: int


class BoardPage(NamedTuple):
    """Everything the board shows."""

    cohort: Cohort
    title: str
    people: int
    councils: list[board.Council]
    counts: dict[str, int]
    chase: dict[str, list[board.Standing]]
    chart: Chart | None
    wanted: board.Filter
    through: int
    shown: list[board.Standing]
    pages: int
    as_at: datetime
    newest: datetime | None
    days_left: int
    days_to_start: int


def residentials() -> str:
    """Every residential, or the three steps to the first one."""
    user, connection, as_at = signin.signed_in(), transaction.reader(), asat.asked().moment
    every = cohorts.which_cohorts(connection)
    standing = board.standings_on(connection, every, as_at, user.sees)
    if every:
        return render_template(
            "residentials.html", residentials=[_listed(one, standing[one.id], as_at) for one in every]
        )
    return render_template("first_steps.html", courses=cohorts.which_courses(connection))


def _listed(cohort: Cohort, everybody: Sequence[board.Standing], as_at: datetime) -> Listed:
    days = cohort.plan_at(as_at).days_left(as_at)
    return Listed(cohort, cohort.title(language()), len(everybody), board.counts(everybody), days)


def cohort_at(cohort: str) -> Cohort:
    """The residential of an address, or 404."""
    return found(cohorts.cohort_called(transaction.reader(), cohort))


def residential_board(cohort: str) -> str:
    """Who is ready, who is not, why, and whom to ring."""
    user, here, now = signin.signed_in(), cohort_at(cohort), asat.asked().moment
    everybody = board.standings(transaction.reader(), here, now, user.sees)
    wanted = board.Filter.asked(request.args)
    through = board.chosen(everybody, wanted)
    shown, pages = board.page_of(through, wanted.page)
    page = BoardPage(
        cohort=here,
        title=here.title(language()),
        people=len(everybody),
        councils=board.councils(everybody),
        counts=board.counts(everybody),
        chase=board.to_chase(everybody),
        chart=chart(everybody, here, now),
        wanted=wanted._replace(page=min(wanted.page, pages)),
        through=len(through),
        shown=shown,
        pages=pages,
        as_at=now,
        newest=cohorts.newest_record(transaction.reader(), here.course),
        days_left=here.plan_at(now).days_left(now),
        days_to_start=(here.starts - day_in_wales(now)).days,
    )
    return render_template("board.html", page=page)


def people_csv(cohort: str) -> Response:
    """The people of the board, filtered and in order as its address says, as a CSV file."""
    return _people_file(cohort, "csv", "text/csv", export.people_csv)


def people_xlsx(cohort: str) -> Response:
    """The same as a workbook."""
    return _people_file(cohort, "xlsx", export.XLSX, export.people_xlsx)


def _people_file(
    cohort: str, form: str, mimetype: str, made: Callable[[list[board.Standing], Cohort], bytes]
) -> Response:
    user, here = signin.signed_in(), cohort_at(cohort)
    as_at = asat.asked().moment
    everybody = board.standings(transaction.reader(), here, as_at, user.sees)
    through = board.chosen(everybody, board.Filter.asked(request.args))
    signin.noted("export", here.id, f"{len(through)} people")
    return export.download(made(through, here), mimetype, f"{here.id}-{day_in_wales(as_at)}.{form}")


def new_residential() -> str:
    """The form for a residential, with dates suggested."""
    signin.lead()
    courses = cohorts.which_courses(transaction.reader())
    return render_template("residential_form.html", form=residential.suggested(courses, transaction.now()))


def add_residential() -> Page:
    """Keep the residential, or show the form again with everything that is wrong with it."""
    signin.lead()
    connection, now = transaction.connection(), transaction.now()
    form = residential.filled(request.form, cohorts.which_courses(connection))
    if not form.problems:
        try:
            cohorts.add_cohort(connection, form.columns(), form.required, now)
        except cohorts.CohortExists:
            form.say_taken()
    if form.problems:
        return render_template("residential_form.html", form=form), 400
    signin.noted("residential", form.id)
    return redirect(url_for("programme.residential_board", cohort=form.id))  # type: ignore[return-value]


def edit_residential(cohort: str) -> str:
    """The form with what is kept of a residential."""
    signin.lead()
    form = residential.as_it_is(cohort_at(cohort), cohorts.which_courses(transaction.reader()))
    return render_template("residential_form.html", form=form)


def change_residential(cohort: str) -> Page:
    """Keep the residential otherwise, or show the form again with everything that is wrong with it."""
    signin.lead()
    connection, here = transaction.connection(), cohort_at(cohort)
    form = residential.filled(request.form, cohorts.which_courses(connection), here)
    if form.problems:
        return render_template("residential_form.html", form=form), 400
    before = {name: getattr(here, name) for name in form.changes()}
    changed = {name: value for name, value in form.changes().items() if value != before[name]}
    if changed:
        cohorts.change_cohort(connection, here.id, changed)
        told = "; ".join(f"{name}: {before[name]} > {value}" for name, value in changed.items())
        signin.noted("residential-changed", here.id, told)
    return redirect(url_for("programme.residential_board", cohort=here.id))  # type: ignore[return-value]


def rules() -> str:
    """How a status is worked out, in words."""
    return render_template("rules.html")


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    bp.add_url_rule("/", view_func=residentials)
    bp.add_url_rule("/how-status-is-worked-out", view_func=rules)
    bp.add_url_rule("/residentials/new", view_func=new_residential)
    bp.add_url_rule("/residentials/new", view_func=add_residential, methods=["POST"])
    bp.add_url_rule("/residentials/<cohort>", view_func=residential_board)
    bp.add_url_rule("/residentials/<cohort>/edit", view_func=edit_residential)
    bp.add_url_rule("/residentials/<cohort>/edit", view_func=change_residential, methods=["POST"])
    bp.add_url_rule("/residentials/<cohort>/people.csv", view_func=people_csv)
    bp.add_url_rule("/residentials/<cohort>/people.xlsx", view_func=people_xlsx)
