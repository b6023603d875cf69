"""The pages: residentials, one residential's board, one person, and how a status is worked out."""

from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme import board, export, person, residential
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
    user, connection, now = signin.signed_in(), transaction.reader(), transaction.now()
    every = [_listed(cohort, user.sees, now) for cohort in cohorts.which_cohorts(connection)]
    if every:
        return render_template("residentials.html", residentials=every)
    return render_template("first_steps.html", courses=cohorts.which_courses(connection))


def _listed(cohort: Cohort, sees: str | None, now: datetime) -> Listed:
    everybody = board.standings(transaction.reader(), cohort, now, sees)
    days = cohort.plan.days_left(now)
    return Listed(cohort, cohort.title(language()), len(everybody), board.counts(everybody), days)


def cohort_at(cohort: str) -> Cohort:
    """The residential of an address, or 404."""
    return found(cohorts.cohort_called(transaction.reader(), cohort))


def residential_board(cohort: str) -> str:
    """Who is ready, who is not, why, and whom to ring."""
    user, here, now = signin.signed_in(), cohort_at(cohort), transaction.now()
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
        days_left=here.plan.days_left(now),
        days_to_start=(here.starts - day_in_wales(now)).days,
    )
    return render_template("board.html", page=page)


def people_csv(cohort: str) -> Response:
    """The people of the board, filtered and in order as its address says, as a CSV file."""
    user, here = signin.signed_in(), cohort_at(cohort)
    everybody = board.standings(transaction.reader(), here, transaction.now(), user.sees)
    through = board.chosen(everybody, board.Filter.asked(request.args))
    signin.noted("export", here.id, f"{len(through)} people")
    response = make_response(export.people_csv(through, here))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{here.id}-{day_in_wales(transaction.now())}.csv"'
    return response


def one_person(cohort: str, person_id: str) -> str:
    """One person: where they stand, why, and on what evidence."""
    user, here = signin.signed_in(), cohort_at(cohort)
    page = found(person.page_about(transaction.reader(), here, person_id, transaction.now(), user.sees))
    signin.noted("look", person_id, here.id)
    return render_template("person.html", page=page, form=person.DecisionForm())


def decide(cohort: str, person_id: str) -> Page:
    """Keep a lead's decision about one person, or show again what is missing from it."""
    user, here, now = signin.lead(), cohort_at(cohort), transaction.now()
    page = found(person.page_about(transaction.connection(), here, person_id, now, user.sees))
    form = person.DecisionForm.filled(request.form, here)
    if form.problems:
        return render_template("person.html", page=page, form=form), 400
    cohorts.decide(transaction.connection(), here.id, person_id, form.decision(user.email, now))
    signin.noted("decide", person_id, f"{here.id} {form.kind} {form.reason}")
    return redirect(url_for("programme.one_person", cohort=here.id, person_id=person_id))  # type: ignore[return-value]


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
    bp.add_url_rule("/residentials/<cohort>/people.csv", view_func=people_csv)
    bp.add_url_rule("/residentials/<cohort>/people/<person_id>", view_func=one_person)
    bp.add_url_rule("/residentials/<cohort>/people/<person_id>/decisions", view_func=decide, methods=["POST"])
