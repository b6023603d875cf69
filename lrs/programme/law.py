"""What the law asks of leads, as pages: a copy of what is kept about somebody, erasure, and retention by rule."""

from collections.abc import Mapping
from typing import NamedTuple

import orjson
from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from lrs import signin, transaction
from lrs.programme import export
from lrs.programme.pages import Page, cohort_at
from lrs.programme.retention import Limits, carry_out, due
from lrs.programme.site import found
from lrs.programme.words import gettext, named
from lrs.storage import database, people, subjects
from lrs.storage.cohorts import Cohort
from lrs.storage.erasure import erase
from lrs.storage.subjects import Subject

LAYOUT = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS  # columns' names are SQLAlchemy's
PATIENCE = 10.0  # seconds for which one press removes things; the rest waits for the next
# What is removed or changed, as the store counts it.
WHAT = {
    "people": named("People"),
    "statements": named("Statements"),
    "names in statements": named("Names in statements"),
    "documents": named("Documents that modules kept"),
    "launch tokens": named("Keys of single launches"),
    "identifiers": named("E-mail addresses and accounts"),
    "certificates": named("Certificates"),
    "messages": named("Messages"),
    "waiting imports": named("Lists that nobody confirmed"),
    "refused matches": named("Matches that were refused"),
    "refused merges": named("Records said to be somebody else’s"),
    "rows of the log": named("Rows of the log"),
    "sessions of former users": named("Sessions of people who may look no longer"),
    "links of former users": named("Sign-in links of people who may look no longer"),
    "former users": named("People who may look no longer"),
}
KEPT = {
    "people": named("Names, after somebody’s last residential"),
    "statements": named("Statements; the evidence in them stays"),
    "certificates": named("Certificates"),
    "log": named("The log of who did what"),
}


class ErasePage(NamedTuple):
    """What erasing somebody would remove or change; ``counts`` is empty where they are erased already."""

    cohort: Cohort
    person: str
    name: str
    counts: Mapping[str, int]
    problem: str = ""


def _subject(cohort: Cohort, person: str) -> Subject:
    """Somebody on the residential's roster, or 404."""
    connection = transaction.reader()
    member = found(next(iter(people.who_is_on(connection, cohort.id, transaction.now(), person=person)), None))
    return found(subjects.subject_of(connection, member.person))


def copy(cohort: str, person_id: str) -> Response:
    """Everything that is kept about somebody, as JSON: for a subject access request."""
    signin.lead()
    subject = _subject(cohort_at(cohort), person_id)
    told = subjects.everything_about(transaction.reader(), subject)
    signin.noted("export", subject.ids[0], "subject access")
    content = orjson.dumps(told, option=LAYOUT)
    return export.download(content, "application/json", f"{subject.ids[0]}.json")


def erasing(cohort: str, person_id: str) -> str:
    """What erasing somebody would come to: it is tried, and never kept."""
    signin.lead()
    here = cohort_at(cohort)
    subject = _subject(here, person_id)
    signin.noted("look", subject.ids[0], "erasure tried")
    return _tried(here, subject)


def _tried(here: Cohort, subject: Subject, problem: str = "") -> str:
    counts: dict[str, int] = {}
    if subject.erased_at is None:
        with database.opened(current_app.extensions["engine"], writes=True) as connection:
            counts = erase(connection, subject, transaction.now())
    page = ErasePage(here, subject.ids[0], subject.names[0], counts, problem)
    return render_template("erase.html", page=page, words_of=WHAT)


def erase_person(cohort: str, person_id: str) -> Page:
    """Erase somebody for good, or say that this must be said twice."""
    signin.lead()
    here = cohort_at(cohort)
    subject = _subject(here, person_id)
    if "sure" not in request.form:
        return _tried(here, subject, gettext("Say that you are sure: nobody can undo it.")), 400
    if subject.erased_at is None:
        erase(transaction.connection(), subject, transaction.now())
        signin.noted("erase", subject.ids[0])
    return redirect(url_for("programme.erasing", cohort=here.id, person_id=subject.ids[0]))  # type: ignore[return-value]


def retention() -> str:
    """What the rule of retention lets nobody keep any longer: how long is long, and how much is due."""
    signin.lead()
    settings, now = current_app.config, transaction.now()
    limits = Limits.of(settings, now)
    rule = [(KEPT[name], settings[f"KTB_KEEP_{name.upper()}_MONTHS"], day) for name, day in limits._asdict().items()]
    counts = due(transaction.reader(), limits, now)
    return render_template("retention.html", rule=rule, counts=counts, words_of=WHAT)


def retain() -> Page:
    """Remove what is due, as far as it goes in ten seconds; the page then says what is left."""
    signin.lead()
    now = transaction.now()
    done = carry_out(current_app.extensions["engine"], Limits.of(current_app.config, now), now, PATIENCE)
    signin.noted("retention", "store", " ".join(f"{what}={number}" for what, number in done.items() if number))
    return redirect(url_for("programme.retention"))  # type: ignore[return-value]


def init(bp: Blueprint) -> None:
    """Add the addresses."""
    where = "/residentials/<cohort>/people/<person_id>"
    bp.add_url_rule(where + "/copy.json", "copy_of_everything", copy)
    bp.add_url_rule(where + "/erase", view_func=erasing)
    bp.add_url_rule(where + "/erase", view_func=erase_person, methods=["POST"])
    bp.add_url_rule("/retention", view_func=retention)
    bp.add_url_rule("/retention", view_func=retain, methods=["POST"])
